import { readRights } from '@proxim/control';

import { parseScreenCommand } from './screen-command.js';
import type { WindowCommand, WindowRights, WindowSessionType } from './window-protocol.js';

type Fields = Readonly<Record<string, unknown>>;

const sessionTypes: readonly WindowSessionType[] = ['one_time', 'temporary', 'persistent'];

const readFields = (text: string): Fields | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
};

const textField = (fields: Fields, name: string): string | undefined => {
  const value = fields[name];
  return typeof value === 'string' && value.length <= 256 ? value : undefined;
};

const rightsIn = (fields: Fields): { readonly rights?: WindowRights } => {
  const rights = readRights(fields['rights']);
  return rights ? { rights } : {};
};

/** Reads a command of the window's page; undefined for anything else. */
export const parseWindowCommand = (text: string): WindowCommand | undefined => {
  const fields = readFields(text);
  if (!fields) return undefined;
  const sessionID = textField(fields, 'sessionID');
  const promptID = textField(fields, 'promptID');
  switch (fields['command']) {
    case 'hello': {
      const token = textField(fields, 'token');
      const canShareScreen = fields['canShareScreen'] === true;
      return token === undefined ? undefined : { command: 'hello', token, canShareScreen };
    }
    case 'create': {
      const sessionType = sessionTypes.find((known) => known === fields['sessionType']);
      const ttlSeconds = fields['ttlSeconds'];
      if (!sessionType || (ttlSeconds !== undefined && typeof ttlSeconds !== 'number')) return undefined;
      return { command: 'create', sessionType, ...(ttlSeconds === undefined ? {} : { ttlSeconds }) };
    }
    case 'approve':
      if (sessionID === undefined || promptID === undefined) return undefined;
      return {
        command: 'approve',
        sessionID,
        promptID,
        ...(fields['unverified'] === true ? { unverified: true } : {}),
        ...rightsIn(fields),
      };
    case 'reject':
    case 'block':
    case 'allow':
    case 'deny':
      if (sessionID === undefined || promptID === undefined) return undefined;
      return { command: fields['command'], sessionID, promptID };
    case 'close':
      return sessionID === undefined ? undefined : { command: 'close', sessionID };
    case 'set_rights': {
      const { rights } = rightsIn(fields);
      return sessionID === undefined || !rights ? undefined : { command: 'set_rights', sessionID, rights };
    }
    case 'pause': {
      const isPaused = fields['isPaused'];
      if (sessionID === undefined || typeof isPaused !== 'boolean') return undefined;
      return { command: 'pause', sessionID, isPaused };
    }
    case 'rename': {
      const name = textField(fields, 'name');
      return sessionID === undefined || name === undefined ? undefined : { command: 'rename', sessionID, name };
    }
    case 'select_address': {
      const address = textField(fields, 'address');
      return address === undefined ? undefined : { command: 'select_address', address };
    }
    default:
      return parseScreenCommand(fields);
  }
};

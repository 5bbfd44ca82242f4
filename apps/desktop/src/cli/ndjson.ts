import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { abilities, type ControlRights, readRights } from '@proxim/control';
import { isProximError, ProximError, type SessionID, type SessionType, sessionTypes } from '@proxim/protocol';

import type { DesktopApp } from '../host/desktop-app.js';
import { texts } from './texts.js';

type Write = (event: object) => void;

type Command =
  | { readonly command: 'create'; readonly sessionType: SessionType; readonly ttlSeconds: number | undefined }
  | {
      readonly command: 'approve' | 'reject';
      readonly sessionID: SessionID;
      readonly promptID: string | undefined;
      readonly unverified: boolean;
      /** What it may do; everything when left out. */
      readonly rights?: ControlRights;
    }
  | { readonly command: 'block'; readonly sessionID: SessionID; readonly promptID: string | undefined }
  | { readonly command: 'set_rights'; readonly sessionID: SessionID; readonly rights: ControlRights }
  | { readonly command: 'close' | 'pause' | 'resume'; readonly sessionID: SessionID }
  | { readonly command: 'allow' | 'deny'; readonly sessionID: SessionID; readonly promptID: string }
  | { readonly command: 'quit' };

type Fields = Readonly<Record<string, unknown>>;

const refuse = (code: string, message: string): never => {
  throw new ProximError(code, message);
};

const readFields = (line: string): Fields => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return refuse('bad_command', 'The line is not JSON.');
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Fields) : refuse('bad_command', 'The line is not a JSON object.');
};

const sessionIDOf = (fields: Fields): SessionID => {
  const { sessionID } = fields;
  return typeof sessionID === 'string' ? (sessionID as SessionID) : refuse('bad_command', '`sessionID` is missing.');
};

/** Reads what a phone may do: what is not named is not allowed; a name that nobody knows is a mistake. */
const rightsOf = (fields: Fields): ControlRights => {
  const written = fields['rights'];
  const rights = readRights(written);
  const isRight = ([name, value]: [string, unknown]): boolean =>
    abilities.some((ability) => ability === name) && typeof value === 'boolean';
  if (!rights || !Object.entries(written ?? {}).every(isRight)) {
    return refuse('bad_command', `\`rights\` holds ${abilities.join(', ')}, each true or false.`);
  }
  return rights;
};

/** Reads one command. @throws ProximError `bad_command`, `unknown_command` */
const parseCommand = (line: string): Command => {
  const fields = readFields(line);
  const { command, promptID, ttlSeconds } = fields;
  switch (command) {
    case 'create': {
      const sessionType = sessionTypes.find((known) => known === (fields['sessionType'] ?? 'temporary'));
      if (!sessionType) return refuse('bad_command', '`sessionType` is one_time, temporary or persistent.');
      if (ttlSeconds !== undefined && typeof ttlSeconds !== 'number') {
        return refuse('bad_command', '`ttlSeconds` is not a number.');
      }
      return { command, sessionType, ttlSeconds };
    }
    case 'approve':
    case 'reject':
    case 'block':
      if (promptID !== undefined && typeof promptID !== 'string')
        return refuse('bad_command', '`promptID` is not a string.');
      return {
        command,
        sessionID: sessionIDOf(fields),
        promptID,
        unverified: fields['unverified'] === true,
        ...(fields['rights'] === undefined ? {} : { rights: rightsOf(fields) }),
      };
    case 'set_rights':
      return { command, sessionID: sessionIDOf(fields), rights: rightsOf(fields) };
    case 'allow':
    case 'deny':
      if (typeof promptID !== 'string') return refuse('bad_command', '`promptID` is missing.');
      return { command, sessionID: sessionIDOf(fields), promptID };
    case 'close':
    case 'pause':
    case 'resume':
      return { command, sessionID: sessionIDOf(fields) };
    case 'quit':
      return { command };
    default:
      return refuse(
        'unknown_command',
        '`command` is create, approve, reject, block, allow, deny, set_rights, pause, resume, close or quit.',
      );
  }
};

/** Writes the app's events, as `--json` promises them. */
export const writeEvents = (app: DesktopApp, write: Write): void => {
  app.on('session', (session) => {
    write({ event: 'session', ...session });
  });
  app.on('prompt', ({ sessionID, promptID, deviceInfo, verified }) => {
    write({ event: 'pair_prompt', sessionID, promptID, deviceInfo, verified });
  });
  app.on('prompt_gone', ({ sessionID, reason }) => {
    if (reason === 'timeout' || reason === 'mobile_left') write({ event: 'pair_cancel', sessionID, reason });
  });
  app.on('peer', ({ sessionID, state }) => {
    write({ event: 'peer', sessionID, state });
  });
  app.on('rights', ({ sessionID, rights, isPaused }) => {
    write({ event: 'rights', sessionID, rights, paused: isPaused });
  });
  app.on('system_prompt', (prompt) => {
    write({ event: 'system_prompt', ...prompt });
  });
  app.on('system_prompt_gone', ({ sessionID, promptID, reason }) => {
    const isAnswered = reason === 'allowed' || reason === 'rejected_by_user';
    if (!isAnswered) write({ event: 'system_cancel', sessionID, promptID, reason });
  });
  app.on('system', ({ sessionID, action, reason }) => {
    write({ event: 'system', sessionID, action, ...(reason === null ? {} : { reason }) });
  });
  app.on('session_closed', ({ sessionID, reason }) => {
    write({ event: 'session_closed', sessionID, reason });
  });
  app.on('turned_away', ({ deviceName, why }) => {
    write({ event: 'error', code: why, message: texts.turnedAway(deviceName, why) });
  });
  app.on('error', ({ code, message }) => {
    write({ event: 'error', code, message });
  });
};

/** Carries out the commands that come in, until `quit` or the end of the input. */
export const readCommands = (app: DesktopApp, input: Readable, write: Write, quit: () => void): void => {
  const lines = createInterface({ input, crlfDelay: Infinity });
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    try {
      const command = parseCommand(line);
      if (command.command === 'quit') quit();
      else carryOut(app, command);
    } catch (error) {
      if (!isProximError(error)) throw error;
      write(errorEvent(error));
    }
  });
  lines.on('close', quit);
};

const errorEvent = ({ code, message }: ProximError) => ({ event: 'error', code, message });

const carryOut = (app: DesktopApp, command: Exclude<Command, { command: 'quit' }>): void => {
  switch (command.command) {
    case 'create':
      app.createSession(command);
      break;
    case 'approve':
      app.approve(command.sessionID, command);
      break;
    case 'reject':
      app.reject(command.sessionID, command);
      break;
    case 'block':
      app.block(command.sessionID, command);
      break;
    case 'set_rights':
      app.setRights(command.sessionID, command.rights);
      break;
    case 'pause':
    case 'resume':
      app.pause(command.sessionID, command.command === 'pause');
      break;
    case 'allow':
    case 'deny':
      app.answerSystem(command.sessionID, command.promptID, command.command === 'allow');
      break;
    case 'close':
      app.closeSession(command.sessionID);
      break;
    default:
      command satisfies never;
  }
};

import { randomBytes, randomUUID } from 'node:crypto';

import { WireClient } from '../../../../conformance/src/wire-client.js';

const token = (): string => randomBytes(16).toString('base64url');

/** Two peers of one session, and all that they said to the server. */
export interface WirePairing {
  readonly desktop: WireClient;
  readonly phone: WireClient;
  readonly sessionID: string;
  readonly create: object;
  readonly request: { readonly deviceInfo: { readonly name: string; readonly id: string } };
  readonly signal: object;
  readonly close: object;
  /** Everything of it that is nobody else's business. */
  readonly secrets: readonly string[];
}

/**
 * Lets a desktop and a phone meet over a server.
 *
 * @param refusal the desktop refuses, and gives this reason
 * @param desktopToken what the server wants of desktops
 */
export const pairOver = async (url: string, refusal?: string, desktopToken?: string): Promise<WirePairing> => {
  const sessionID = token();
  const uuid = randomUUID();
  const [desktopSecret, phoneSecret, auth] = [token(), token(), token()];
  const deviceInfo = { name: `Phone of ${token()}`, id: `device-${token()}` };
  const sdp = `v=0 ice-pwd:${token()}`;
  const create = { type: 'session_create', sessionID, uuid, peerToken: desktopSecret, token: desktopToken };
  const request = { type: 'pair_request', sessionID, deviceInfo, peerToken: phoneSecret, auth };
  const desktop = await WireClient.connect(url, { name: 'desktop' });
  desktop.send(create);
  await desktop.next('session_created');
  const phone = await WireClient.connect(url, { name: 'phone' });
  phone.send(request);
  const { promptID } = await desktop.next('pair_prompt');
  desktop.send({ type: 'pair_response', sessionID, approved: refusal === undefined, reason: refusal });
  await phone.next('pair_result');
  return {
    desktop,
    phone,
    sessionID,
    create,
    request,
    signal: { type: 'signal', sessionID, payload: { sdp } },
    close: { type: 'session_close', sessionID },
    secrets: [
      sessionID,
      uuid,
      desktopSecret,
      phoneSecret,
      auth,
      deviceInfo.name,
      deviceInfo.id,
      sdp,
      String(promptID),
      ...(desktopToken === undefined ? [] : [desktopToken]),
      ...(refusal === undefined ? [] : [refusal]),
    ],
  };
};

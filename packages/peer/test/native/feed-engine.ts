import { loadNodeRtcEngine, unloadNodeRtcEngine } from '../../src/node/index.js';

/** What is fed to the engine: a description of either kind, and the candidates that follow it. */
export interface Feed {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
  readonly candidates: readonly string[];
}

const read = async (): Promise<readonly Feed[]> => {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Feed[];
};

const noHandlers = { onCandidate: () => undefined, onState: () => undefined, onChannel: () => undefined };

/** Gives each feed to a connection of its own; tells which one on its last line should the process die of it. */
const feedAll = async (): Promise<void> => {
  const engine = await loadNodeRtcEngine();
  let taken = 0;
  for (const [index, { type, sdp, candidates }] of (await read()).entries()) {
    process.stdout.write(`${index}\n`);
    const add = (connection: { addCandidate(candidate: object): void }): void => {
      for (const candidate of candidates) {
        connection.addCandidate({ candidate, sdpMid: null, sdpMLineIndex: null, usernameFragment: null });
      }
    };
    const options = { iceServers: [], handlers: noHandlers };
    try {
      if (type === 'offer') {
        const connection = engine.answer(options);
        add(connection);
        await connection.acceptOffer(sdp).finally(() => {
          add(connection);
          connection.close();
        });
        add(connection);
      } else {
        const connection = engine.offer({ ...options, channels: [{ label: 'x', ordered: true }] });
        await connection.createOffer();
        add(connection);
        await connection.acceptAnswer(sdp).finally(() => {
          add(connection);
          connection.close();
        });
        add(connection);
      }
      taken += 1;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'bad_description')) throw error;
    }
  }
  process.stdout.write(`survived, ${taken} taken\n`);
};

await feedAll();
await unloadNodeRtcEngine();

/** What runs in the hostile phone's page. It has the page's own direct connection in its hands. */

/** The connections that the page has made, oldest first; set up before its scripts. */
export const seizeConnections = (): void => {
  const seized: { connection: RTCPeerConnection; channels: RTCDataChannel[] }[] = [];
  const Original = RTCPeerConnection;
  Object.assign(globalThis, {
    seized,
    RTCPeerConnection: class extends Original {
      readonly #entry = { connection: this as RTCPeerConnection, channels: [] as RTCDataChannel[] };

      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        seized.push(this.#entry);
      }

      override createDataChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel {
        const channel = super.createDataChannel(label, init);
        this.#entry.channels.push(channel);
        return channel;
      }

      // What the desktop says about the largest message does not bind this phone.
      override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
        const sdp = description.sdp?.replace(/a=max-message-size:\d+/, 'a=max-message-size:67108864');
        return super.setRemoteDescription({ ...description, ...(sdp === undefined ? {} : { sdp }) });
      }
    },
  });
};

export type Misuse = 'odd channels' | 'many channels' | 'short channels' | 'large messages' | 'floods' | 'media';

/** Misuses the newest connection; resolves with how much of it the browser let through. */
export const misuse = async (kind: Misuse): Promise<number> => {
  const { seized } = globalThis as unknown as {
    seized: { connection: RTCPeerConnection; channels: RTCDataChannel[] }[];
  };
  const { connection, channels } = seized.at(-1) ?? {};
  if (!connection || !channels) throw new Error('there is no connection');
  let done = 0;
  const attempt = (act: () => void): void => {
    try {
      act();
      done += 1;
    } catch {
      // The browser forbids it.
    }
  };
  const open = (label: string, init?: RTCDataChannelInit): RTCDataChannel | undefined => {
    let made: RTCDataChannel | undefined;
    attempt(() => {
      made = connection.createDataChannel(label, init);
    });
    return made;
  };
  const isOver = (channel: RTCDataChannel): boolean =>
    channel.readyState === 'closing' || channel.readyState === 'closed';
  const opened = (channel: RTCDataChannel): Promise<void> =>
    new Promise((resolve) => {
      if (channel.readyState !== 'connecting') resolve();
      channel.addEventListener('open', () => {
        resolve();
      });
      channel.addEventListener('close', () => {
        resolve();
      });
    });
  /** Until what was said has left, or can never leave. */
  const drained = (channel: RTCDataChannel): Promise<void> =>
    new Promise((resolve) => {
      if (channel.bufferedAmount === 0 || isOver(channel)) {
        resolve();
        return;
      }
      channel.bufferedAmountLowThreshold = 0;
      channel.addEventListener('bufferedamountlow', () => {
        resolve();
      });
      channel.addEventListener('close', () => {
        resolve();
      });
    });
  const say = (channel: RTCDataChannel, data: string | Uint8Array<ArrayBuffer>): void => {
    attempt(() => {
      if (typeof data === 'string') channel.send(data);
      else channel.send(data);
    });
  };
  const isControl = ({ label }: RTCDataChannel): boolean => label === 'control';
  switch (kind) {
    case 'odd channels': {
      const labels = ['', 'x'.repeat(65_535), 'control', 'control', 'motion', 'proxim', '\u202e<b>', '__proto__'];
      const odd = [
        ...labels.map((label) => open(label)),
        open('long protocol', { protocol: 'p'.repeat(65_535) }),
        open('motion', { ordered: true }),
        open('unknown to the desktop', { negotiated: true, id: 500 }),
      ].filter((channel) => channel !== undefined);
      await Promise.all(odd.map(opened));
      for (const channel of odd) {
        say(channel, 'hello');
        say(channel, '');
        say(channel, new Uint8Array(3));
      }
      await Promise.all(odd.map(drained));
      break;
    }
    case 'many channels': {
      const many = Array.from({ length: 1000 }, (_, index) => open(`many-${String(index)}`));
      const blob = new Uint8Array(65_000);
      for (const channel of many) {
        if (!channel) continue;
        await opened(channel);
        say(channel, blob);
      }
      break;
    }
    case 'short channels':
      for (let index = 0; index < 200; index += 1) open('control')?.close();
      break;
    case 'large messages':
      for (const channel of channels.filter(isControl)) {
        for (const size of [1, 65_536, 262_144, 262_145, 1_048_576, 16_777_216]) {
          say(channel, 'x'.repeat(size));
          await drained(channel);
          say(channel, new Uint8Array(size));
          await drained(channel);
        }
      }
      break;
    case 'floods': {
      const messages = [
        '',
        '{',
        '{"type":"alive"}',
        '{"type":"device_secret_kept"}',
        '{"type":"release_all"}',
        '{"type":"key","code":"KeyA","key":"a","pressed":true}',
        '{"type":"button","button":"left","pressed":true,"at":{"sequence":1,"x":0,"y":0,"scrollX":0,"scrollY":0}}',
        '{"type":"text","text":"漢"}',
        new Uint8Array(21).fill(1),
      ];
      for (const channel of channels) {
        for (let count = 0; count < 100_000; count += 1) {
          say(channel, messages[count % messages.length] ?? '');
          if (channel.bufferedAmount > 1_000_000) await drained(channel);
        }
        await drained(channel);
      }
      break;
    }
    case 'media':
      connection.addTransceiver('audio');
      connection.addTransceiver('video');
      await connection.setLocalDescription(await connection.createOffer());
      done += 1;
      break;
    default:
      kind satisfies never;
  }
  return done;
};

// The attackers: a process of its own, of the lowest priority, so that what is measured is the server and not their
// share of the processor. Its parent tells it what to do.
import { setPriority } from 'node:os';
import { clearInterval, setInterval } from 'node:timers';

import { kinds } from './abuse-kinds.mjs';
import { openSocket } from './abuse-raw-socket.mjs';

setPriority(19);

const tickMs = 4;

/** One attacker's place: when its socket is ended, it comes back with another. */
const takePlace = ({ kind, port, from, isDesktop, counts }) => {
  const place = { isDesktop, from, partner: undefined, isReady: false, isOver: false, due: Math.random() };
  place.enter = () => {
    if (place.isOver) return;
    place.isReady = false;
    place.socket = openSocket({ port, from });
    counts.sockets += 1;
    const { socket } = place;
    socket.once('close', () => {
      if (place.socket !== socket || place.isOver) return;
      counts.ended += 1;
      place.isReady = false;
      place.isGone = true;
    });
    socket.once('connect', () => {
      Promise.resolve(kind.begin(place)).then(
        () => {
          // What comes is taken and thrown away, except by those who do not read.
          if (!socket.isPaused()) socket.resume();
          place.isReady = true;
        },
        () => undefined,
      );
    });
  };
  return place;
};

const attack = ({ name, port, connections, addresses, net }) => {
  const kind = kinds[name];
  const counts = { sockets: 0, ended: 0, acts: 0 };
  const places = Array.from({ length: connections }, (_, index) =>
    takePlace({
      kind,
      port,
      // Neighbours are partners, and come from one address.
      from: `127.${net}.0.${1 + (Math.floor(index / 2) % addresses)}`,
      isDesktop: index % 2 === 0,
      counts,
    }),
  );
  places.forEach((place, index) => {
    place.partner = places[index ^ 1];
    place.enter();
  });
  let last = performance.now();
  let comeBack = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    const seconds = Math.min(0.1, (now - last) / 1000);
    last = now;
    // At most a thousand a second in all come back: what connects is a kind of its own.
    comeBack = Math.min(20, comeBack + seconds * 1000);
    for (const place of places) {
      if (place.isGone && comeBack >= 1) {
        comeBack -= 1;
        place.isGone = false;
        place.enter();
      }
      if (!place.isReady) continue;
      place.due += kind.rate * seconds;
      for (; place.due >= 1 && place.isReady; place.due -= 1) {
        // One that is not read from waits; it does not fill its own memory.
        if (place.socket.writableLength < 262_144) {
          counts.acts += 1;
          kind.act(place);
        }
      }
    }
  }, tickMs);
  return {
    counts,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(
        places.map((place) => {
          place.isOver = true;
          if (place.socket.closed) return undefined;
          const closed = new Promise((resolve) => place.socket.once('close', resolve));
          place.socket.destroy();
          return closed;
        }),
      );
    },
  };
};

let running;
process.on('message', async (message) => {
  if (message.start) running = attack(message.start);
  else {
    const { counts, stop } = running;
    await stop();
    process.send({ stopped: counts });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });

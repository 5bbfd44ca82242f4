// The two ends of many pairs, and what they say to each other: so many frames a second, or as many as go through. Each
// frame is looked at where it arrives.
import { setTimeout as after } from 'node:timers/promises';

/** Between two looks at the clock, in milliseconds. */
const tickMs = 1;
/** How long frames may be on their way once nothing more is sent, in milliseconds. */
const graceMs = 5000;

/** One direction of a pair. */
class Lane {
  sent = 0;
  received = 0;
  fault;
  onArrival;
  #from;
  #times = [];

  constructor(from, to) {
    this.#from = from;
    const arrival = from.arrival ?? from.frame;
    to.socket.on('message', (data) => {
      const latency = performance.now() - this.#times.shift();
      if (!data.equals(arrival(this.received))) this.fault ??= `frame ${this.received} arrived otherwise: ${data}`;
      this.received += 1;
      this.onArrival?.(this, latency);
    });
    to.socket.on('close', (code) => (this.fault ??= `the socket was closed with ${code}`));
  }

  send() {
    const frame = this.#from.frame(this.sent);
    this.sent += 1;
    this.#times.push(performance.now());
    this.#from.socket.send(frame, { binary: false });
  }
}

const until = async (isSo, ms) => {
  const end = performance.now() + ms;
  while (!isSo() && performance.now() <= end) await after(tickMs);
};

/** All lanes of one server. */
export class Load {
  #lanes;

  constructor(pairs) {
    this.#lanes = pairs.flatMap(([one, other]) => [new Lane(one, other), new Lane(other, one)]);
  }

  get received() {
    return this.#lanes.reduce((sum, { received }) => sum + received, 0);
  }

  /** Every frame has arrived, as it was sent. @throws Error what did not */
  async settle() {
    await until(
      () => this.#lanes.every(({ sent, received, fault }) => fault !== undefined || sent === received),
      graceMs,
    );
    for (const { sent, received, fault } of this.#lanes) {
      if (fault !== undefined) throw new Error(fault);
      if (sent !== received) throw new Error(`${sent - received} of ${sent} frames did not arrive.`);
    }
  }

  /** So many frames a second, evenly over all lanes. @returns what each took, in milliseconds */
  async pace({ seconds, rate }) {
    const latencies = [];
    for (const lane of this.#lanes) lane.onArrival = (_lane, latency) => latencies.push(latency);
    const start = performance.now();
    const total = seconds * rate;
    let sent = 0;
    await until(() => {
      const due = Math.min(total, ((performance.now() - start) / 1000) * rate);
      for (; sent < due; sent += 1) this.#lanes[sent % this.#lanes.length].send();
      return sent >= total;
    }, Infinity);
    await this.settle();
    return latencies;
  }

  /** One frame of each lane on its way all the time. */
  async press({ seconds }) {
    let isOver = false;
    for (const lane of this.#lanes) {
      lane.onArrival = () => {
        if (!isOver) lane.send();
      };
      lane.send();
    }
    await until(() => false, seconds * 1000);
    isOver = true;
    await this.settle();
  }
}

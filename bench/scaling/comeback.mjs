// Many who lost their server come back: every one of them on its own, with the peers' back-off.
import { backoffMs } from '../../packages/peer/dist/common/backoff.js';

import { openWithinMs } from './peer-constants.mjs';

const slotMs = 50;
/** After this nobody is waited for. */
const horizonSeconds = 900;
const slots = (horizonSeconds * 1000) / slotMs;
/** When a SYN that nobody answered is sent again, in milliseconds after the first (RFC 6298: doubling from one second). */
const synAgainMs = [1000, 3000, 7000];

const nobody = -1;

/**
 * @param count how many are to come back
 * @param noticeMs after how long each notices, by its index
 * @param notBeforeMs how long each was told to stay away, by its index
 * @param rateAt connections a second that those who are left can take, once so many are back
 * @param backlog how many may wait; who comes on top is not heard
 * @param reachableMs from when on somebody answers at all
 * @returns when each is back, in milliseconds (`Infinity` when not within the horizon), and what was tried a second
 */
export const comeBack = (
  { count, noticeMs = () => 0, notBeforeMs = () => 0, rateAt, backlog, reachableMs = 0 },
  random,
) => {
  const heads = new Int32Array(slots).fill(nobody);
  const followers = new Int32Array(count).fill(nobody);
  const waits = new Uint8Array(count);
  const syns = new Uint8Array(count);
  const begunMs = new Float64Array(count);
  const backMs = new Float64Array(count).fill(Infinity);
  const perSecond = Array.from({ length: horizonSeconds }, () => ({ attempts: 0, back: 0, waiting: 0 }));
  let freeMs = 0;
  let taken = 0;
  let unheard = 0;
  let tooLate = 0;

  const at = (index, ms) => {
    const slot = Math.ceil(ms / slotMs);
    if (slot >= slots) return;
    followers[index] = heads[slot];
    heads[slot] = index;
  };
  const retry = (index, fromMs, toldMs = 0) => {
    const wait = Math.max(toldMs, backoffMs(waits[index], random.next()));
    waits[index] = Math.min(255, waits[index] + 1);
    syns[index] = 0;
    at(index, fromMs + wait);
  };
  const giveUp = (index) => {
    retry(index, begunMs[index] + openWithinMs);
  };
  const attempt = (index, nowMs) => {
    if (syns[index] === 0) {
      begunMs[index] = nowMs;
      perSecond[Math.floor(nowMs / 1000)].attempts += 1;
    }
    const startMs = Math.max(nowMs, freeMs);
    const eachMs = 1000 / rateAt(taken);
    const isHeard = nowMs >= reachableMs && startMs - nowMs <= backlog * eachMs;
    if (!isHeard) {
      unheard += 1;
      const again = synAgainMs[syns[index]];
      if (again === undefined) giveUp(index);
      else {
        syns[index] += 1;
        at(index, begunMs[index] + again);
      }
      return;
    }
    freeMs = startMs + eachMs;
    // Whoever has given up meanwhile has cost as much as all others.
    if (freeMs - begunMs[index] > openWithinMs) {
      tooLate += 1;
      giveUp(index);
      return;
    }
    taken += 1;
    backMs[index] = freeMs;
    const second = Math.floor(freeMs / 1000);
    if (second < horizonSeconds) perSecond[second].back += 1;
  };

  for (let index = 0; index < count; index += 1) retry(index, noticeMs(index), notBeforeMs(index));
  for (let slot = 0; slot < slots; slot += 1) {
    let index = heads[slot];
    while (index !== nobody) {
      const follower = followers[index];
      attempt(index, slot * slotMs);
      index = follower;
    }
  }
  let waiting = count;
  for (const second of perSecond) {
    waiting -= second.back;
    second.waiting = waiting;
  }
  return { backMs, perSecond, unheard, tooLate };
};

/** When so large a share is back, in seconds. */
export const backBy = (backMs, share) => {
  const sorted = Float64Array.from(backMs).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] / 1000;
};

import { afterAll, beforeAll } from 'vitest';

import { type LivingRoom, makeLivingRoom } from './lab.js';
import { Scene } from './scene.js';

/** What the tests of a file share. */
export interface SharedScene {
  readonly room: LivingRoom;
  readonly scene: Scene;
}

const made = <T>(part: T | undefined): T => {
  if (part === undefined) throw new Error('this exists within tests alone');
  return part;
};

/** A phone and a desk in one living room: made before the tests around it, taken away after them whatever happened. */
export const shareLivingRoom = (): SharedScene => {
  let room: LivingRoom | undefined;
  let scene: Scene | undefined;
  beforeAll(async () => {
    room = makeLivingRoom();
    scene = await Scene.make({ desk: room.desk.namespace, phone: room.phone.namespace });
  });
  afterAll(async () => {
    try {
      await scene?.close();
    } finally {
      room?.lab.remove();
    }
  });
  return {
    get room() {
      return made(room);
    },
    get scene() {
      return made(scene);
    },
  };
};

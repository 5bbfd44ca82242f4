import { once } from 'node:events';

import x11, { type XClient, type XEvent } from 'x11';

/** A program that has a selection, and what it answers for each format (a list of formats among them). */
export interface SelectionAnswers {
  readonly selection: string;
  readonly formats: Readonly<Record<string, () => string | Promise<string>>>;
}

/** A program on the screen that answers for a selection as no program that a test can install does. */
export const ownSelection = async (
  display: string,
  { selection, formats }: SelectionAnswers,
): Promise<{ stop(): Promise<void> }> => {
  const { client, root } = await new Promise<{ client: XClient; root: number }>((resolve, reject) => {
    x11.createClient({ display, shm: false, disableBigRequests: true, bufferRequests: true }, (error, opened) => {
      const screen = error ? undefined : opened.screen[0];
      if (screen === undefined) reject(error ?? new Error('no screen'));
      else resolve({ client: opened.client, root: screen.root });
    });
  });
  client.atoms = {};
  const ask = <T>(send: (reply: (error: Error | null | undefined, value: T) => boolean) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      send((error, value) => {
        if (error) reject(error);
        else resolve(value);
        return true;
      });
    });
  const atom = (name: string): Promise<number> =>
    ask<number>((reply) => {
      client.InternAtom(false, name, reply);
    });
  const window = client.AllocID();
  client.CreateWindow(window, root, 0, 0, 1, 1, 0, 0, 2, 0, {});
  const own = await atom(selection);
  const targets = await atom('TARGETS');
  const known = new Map<number, () => string | Promise<string>>();
  for (const [name, answer] of Object.entries(formats)) known.set(await atom(name), answer);

  const answer = async ({ requestor = 0, target = 0, property = 0, time = 0 }: XEvent): Promise<void> => {
    const format = known.get(target);
    if (target === targets) client.ChangeProperty(0, requestor, property, 4, 32, [...known.keys()]);
    else if (format) client.ChangeProperty(0, requestor, property, target, 8, Buffer.from(await format()));
    const isGiven = target === targets || format !== undefined;
    client.SendEvent(requestor, 0, 0, {
      name: 'SelectionNotify',
      time,
      requestor,
      selection: own,
      target,
      property: isGiven ? property : 0,
    });
  };
  client.on('event', (event: XEvent) => {
    if (event.name === 'SelectionRequest') void answer(event);
  });
  client.SetSelectionOwner(window, own, 0);
  const owner = await ask<number>((reply) => {
    client.GetSelectionOwner(own, reply);
  });
  if (owner !== window) throw new Error(`${selection} went to somebody else`);
  return {
    stop: async () => {
      if (!client.stream || client.stream.destroyed) return;
      const closed = once(client.stream, 'close');
      client.stream.destroy();
      await closed;
    },
  };
};

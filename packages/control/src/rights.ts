/** What a phone can be allowed to do, each by itself. */
export const abilities = ['view', 'point', 'type', 'clipboard', 'system'] as const;

/**
 * `view`: see the screen. `point`: move the pointer, press its buttons, turn the wheel. `type`: press keys and type text.
 * `clipboard`: read and write the clipboard. `system`: lock, sleep, restart and shut down.
 */
export type Ability = (typeof abilities)[number];

/** What a phone may do on the computer; the computer decides, and enforces it there. */
export type ControlRights = Readonly<Record<Ability, boolean>>;

const rightsOf = (isAllowed: (ability: Ability) => boolean): ControlRights => ({
  view: isAllowed('view'),
  point: isAllowed('point'),
  type: isAllowed('type'),
  clipboard: isAllowed('clipboard'),
  system: isAllowed('system'),
});

export const allRights: ControlRights = rightsOf(() => true);
export const noRights: ControlRights = rightsOf(() => false);

/** Reads rights from JSON; what is not said to be allowed is not. Undefined when it is not an object. */
export const readRights = (value: unknown): ControlRights | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  return rightsOf((ability) => fields.get(ability) === true);
};

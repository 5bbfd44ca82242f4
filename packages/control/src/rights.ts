/** What a phone may do on the computer; the computer decides, and enforces it there. */
export interface ControlRights {
  /** Move the pointer, press its buttons, turn the wheel. */
  readonly point: boolean;
  /** Press keys and type text. */
  readonly type: boolean;
}

export const allRights: ControlRights = { point: true, type: true };
export const noRights: ControlRights = { point: false, type: false };

/** What a page sends over its control channels to see whom it reaches. */
export interface Probe {
  readonly page: string;
  readonly device: string;
  /** The moment of the run at which it was sent. */
  readonly moment: number;
}

export const writeProbe = (probe: Probe): string => JSON.stringify(probe);

/** Reads a probe; undefined for anything else. */
export const parseProbe = (data: string | Uint8Array): Probe | undefined => {
  if (typeof data !== 'string') return undefined;
  const value: unknown = JSON.parse(data);
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('page' in value) || !('device' in value) || !('moment' in value)) return undefined;
  const { page, device, moment } = value;
  if (typeof page !== 'string' || typeof device !== 'string' || typeof moment !== 'number') return undefined;
  return { page, device, moment };
};

/** The longest that a session for a while may live: the signaling server takes up to 2,000,000 seconds. */
const longestMinutes = 33_333;

/** Reads what somebody typed as a number of whole minutes, 1 or more: in seconds, or null for anything else. */
export const parseMinutes = (text: string): number | null => {
  const trimmed = text.trim();
  if (!/^\d+$/.test(trimmed)) return null;
  const minutes = Number(trimmed);
  return minutes >= 1 && minutes <= longestMinutes ? minutes * 60 : null;
};

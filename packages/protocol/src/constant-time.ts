/**
 * Compares two texts in a time that depends on their lengths alone, so that an answer's delay tells nothing about how
 * much of a guess was right.
 */
export const equalInConstantTime = (left: string, right: string): boolean => {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1) {
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  }
  return difference === 0;
};

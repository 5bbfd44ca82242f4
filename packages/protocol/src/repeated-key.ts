const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/** Whether an odd number of backslashes stands before this index, down to the string's first character. */
const isEscaped = (json: string, index: number, start: number): boolean => {
  let first = index;
  while (first > start && json.charCodeAt(first - 1) === backslash) first -= 1;
  return (index - first) % 2 === 1;
};

/**
 * The index behind the string's closing quote. `start` is the index behind its opening quote. Descriptions are long
 * strings, and `indexOf` goes through them many times faster than a loop.
 */
const endOfString = (json: string, start: number): number => {
  let end = json.indexOf('"', start);
  while (end !== -1 && isEscaped(json, end, start)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end + 1;
};

/**
 * Finds a key that stands twice in the outermost object of a JSON text, which `JSON.parse` would pass over in silence.
 *
 * @param json a text that `JSON.parse` has accepted as an object: nothing else is checked here.
 * @returns the first repeated key, or undefined.
 */
export const repeatedTopLevelKey = (json: string): string | undefined => {
  const seen = new Set<string>();
  let depth = 0;
  let keyExpected = false;
  let index = 0;
  while (index < json.length) {
    const code = json.charCodeAt(index);
    if (code === quote) {
      const end = endOfString(json, index + 1);
      if (depth === 1 && keyExpected) {
        const literal = json.slice(index, end);
        // An escaped spelling names the same key.
        const key = literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1);
        if (seen.has(key)) return key;
        seen.add(key);
        keyExpected = false;
      }
      index = end;
      continue;
    }
    if (code === openBrace || code === openBracket) {
      depth += 1;
      keyExpected = depth === 1;
    } else if (code === closeBrace || code === closeBracket) {
      depth -= 1;
    } else if (code === comma && depth === 1) {
      keyExpected = true;
    }
    index += 1;
  }
  return undefined;
};

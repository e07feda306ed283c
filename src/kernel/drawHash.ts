/*
 * The hash of a draw. A seed and a key are 128 bits each, mixed already. Two lanes of 32 bits fold them together, once for
 * each row. A counter, the number of the draw, then runs through a permutation that the lanes select. That is three products
 * a draw, where a hash of all input would be 48.
 */

/** Words of a seed, and of a key. */
export const wordsOfKey = 4;

/** Returns eight of the 32 hexadecimal digits of a key as one word. */
export function wordOfKey(key: string, word: number): number {
  const at = 8 * word;
  return (fourDigits(key, at) << 4) | fourDigits(key, at + 4);
}

/** Folds two words of a key and two of a seed. A change of one word alone always changes the lane. */
export function laneOf(first: number, second: number, seed: number, otherSeed: number): number {
  const hash = Math.imul((first + seed) | 0, 0x21f0aaad);
  return Math.imul(hash ^ (hash >>> 15) ^ second ^ otherSeed, 0x735a2d97);
}

/**
 * Returns the draw with this number of a row and a purpose, as a signed word. Draws of one row and purpose differ for all
 * numbers, as each selects another input of one permutation (the steps of triple32 by C. Wellons, the second lane between
 * them).
 */
export function drawOf(lane: number, otherLane: number, purpose: number, sequence: number): number {
  let hash = (lane + Math.imul(sequence, 0x9e3779b9)) | 0;
  hash = Math.imul(hash ^ (hash >>> 17), 0xed5ad4bb) ^ (otherLane + Math.imul(purpose, 0x85ebca77));
  hash = Math.imul(hash ^ (hash >>> 11), 0xac4c1b51);
  hash = Math.imul(hash ^ (hash >>> 15), 0x31848bab);
  return hash ^ (hash >>> 14);
}

/** Redraws have purposes of their own: that of the draw and this. */
const redrawPurposes = 1000;

/** The rank of a candidate is its draw for this purpose; the number is what is drawn for its strike. */
export const rankPurpose = 2000;

/** Returns the draw that replaces that of a number and a purpose at a time, as a signed word. */
export function redrawOf(
  lane: number,
  otherLane: number,
  {
    number,
    sequence,
    at,
  }: { readonly number: number; readonly sequence: number; readonly at: number },
): number {
  const drawn = drawOf(lane, otherLane, redrawPurposes + number, sequence);
  return drawOf(drawn, otherLane, Math.floor(at / 0x1_0000_0000), at);
}

/** Four hexadecimal digits, one in the lower half of each byte. */
function fourDigits(key: string, at: number): number {
  const codes =
    key.charCodeAt(at) |
    (key.charCodeAt(at + 1) << 8) |
    (key.charCodeAt(at + 2) << 16) |
    (key.charCodeAt(at + 3) << 24);
  // The code of a letter has bit 6, and is 9 short in its lower half.
  return (codes & 0x0f0f0f0f) + 9 * ((codes >> 6) & 0x01010101);
}

/**
 * Mixes one 32-bit word into a running hash (the block step of MurmurHash3). O(1), stateless.
 * Start from any 32-bit number, end with `finish`.
 */
export function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const mixed = hash ^ Math.imul(k, 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** Spreads a running hash over all 32 bits (the final step of MurmurHash3); the result is not negative. O(1). */
export function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Mixes a string, code unit by code unit, and its length. O(length). */
export function mixText(hash: number, text: string): number {
  let mixed = hash;
  for (let at = 0; at < text.length; at++) mixed = mix(mixed, text.charCodeAt(at));
  return mix(mixed, text.length);
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Formats a 32-bit word as eight hexadecimal digits. O(1). */
export function hex(word: number): string {
  return (
    digits(word >>> 24) +
    digits((word >>> 16) & 255) +
    digits((word >>> 8) & 255) +
    digits(word & 255)
  );
}

function digits(byte: number): string {
  return hexOfByte[byte] as string; // 0 to 255
}

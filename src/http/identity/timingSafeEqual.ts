/**
 * Whether two texts are the same, in a time that depends on the length of the text that was sent alone: how much of a
 * secret was guessed right cannot be measured.
 */
export function timingSafeEqual(sent: string, secret: string): boolean {
  let difference = sent.length ^ secret.length;
  for (let at = 0; at < sent.length; at++) {
    // Past its end a secret is compared with itself from the start; the lengths differ then anyway.
    difference |= sent.charCodeAt(at) ^ secret.charCodeAt(at % Math.max(1, secret.length));
  }
  return difference === 0;
}

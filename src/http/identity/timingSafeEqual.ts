/**
 * Compares two strings in a time that depends only on the length of the sent one, so that timing does not reveal how
 * much of a secret was guessed.
 */
export function timingSafeEqual(sent: string, secret: string): boolean {
  let difference = sent.length ^ secret.length;
  for (let at = 0; at < sent.length; at++) {
    // Beyond its end, a secret is compared from its start again; the lengths differ in that case.
    difference |= sent.charCodeAt(at) ^ secret.charCodeAt(at % Math.max(1, secret.length));
  }
  return difference === 0;
}

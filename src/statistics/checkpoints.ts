/** Futures before the first look. */
const firstLook = 100;

/**
 * Returns the numbers of futures at which to look whether to stop: 100, 200, 400, ... and the whole. Only the prefix of
 * that many seeds counts at a look, so the order in which results arrive cannot change where an ensemble stops.
 */
export function checkpoints(total: number): readonly number[] {
  const looks: number[] = [];
  for (let at = firstLook; at < total; at *= 2) looks.push(at);
  return [...looks, total];
}

/**
 * Returns the confidence of a verdict at each of several looks, such that all looks together are wrong in at most
 * 1 - confidence of the cases. Looking again and again at 95 % is wrong in a quarter of them.
 */
export function confidenceOfLook(confidence: number, looks: number): number {
  return 1 - (1 - confidence) / Math.max(1, looks);
}

import { exp, ln } from "../collections/deterministicMath.js";

/** Returns the cube root of x, the same on every runtime, to the last bit or the one before it. */
export function cubeRoot(x: number): number {
  if (x === 0) return 0;
  const size = Math.abs(x);
  const rough = exp(ln(size) / 3);
  // One step of Newton's method; the division keeps it from overflowing.
  const root = rough - (rough - size / rough / rough) / 3;
  return x < 0 ? -root : root;
}

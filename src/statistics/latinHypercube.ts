import { finish, mix } from "../collections/murmur3.js";
import { assertCount, assertObject } from "./assertInput.js";

/**
 * Returns points in the unit cube such that each dimension, cut into as many equal slices as there are points, has one
 * point in each slice. Drawn by key: the same seed gives the same points, and one dimension more moves no other.
 */
export function latinHypercube(options: {
  readonly points: number;
  readonly dimensions: number;
  readonly seed: number;
}): readonly (readonly number[])[] {
  assertObject(options, "options");
  const { points, dimensions, seed } = options;
  assertCount(points, "points", 1);
  assertCount(dimensions, "dimensions", 1);
  assertCount(seed, "seed", Number.MIN_SAFE_INTEGER);
  const draw = (dimension: number, point: number, what: number): number =>
    finish(mix(mix(mix(mix(0, seed | 0), dimension), point), what));
  const columns = Array.from({ length: dimensions }, (_, dimension) => {
    const slices = Array.from({ length: points }, (_, slice) => slice);
    slices.sort((a, b) => draw(dimension, a, 1) - draw(dimension, b, 1) || a - b);
    return slices.map(
      (slice, point) => (slice + draw(dimension, point, 2) / 0x1_0000_0000) / points,
    );
  });
  return Array.from({ length: points }, (_, point) =>
    columns.map((column) => column[point] as number),
  );
}

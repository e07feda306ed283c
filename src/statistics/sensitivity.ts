import { ln } from "../collections/deterministicMath.js";
import { assertSameLength } from "./assertInput.js";
import { gainOf } from "./comparison.js";
import type { Elasticity } from "./elasticity.js";
import { defaultConfidence, notZeroMin } from "./interval.js";
import { skewT } from "./mean.js";
import { PowerSums } from "./powerSums.js";

/** A parameter with its value in each design. */
export interface VariedParameter {
  readonly parameter: string;
  /** One for each design, all over 0. */
  readonly values: readonly number[];
}

/**
 * Returns by how many percent a mean changes where a parameter grows by one percent: the slopes of the logarithm of the
 * mean over the logarithms of all parameters, by least squares over the designs. A slope is a weighted sum of logarithms of
 * means. So it is, but for a constant, the mean over futures of the weighted sum of their relative values, and has the
 * interval of that mean: what designs share on the same seeds cancels in it.
 *
 * @param columns - a column of values for each design, all on the same seeds, row by row
 * @throws InvalidInputError `statistics-input` where the columns have different lengths
 */
export function sensitivity(
  parameters: readonly VariedParameter[],
  columns: readonly ArrayLike<number>[],
  confidence = defaultConfidence,
): readonly (Elasticity | undefined)[] {
  const [first = []] = columns;
  for (const [at, column] of columns.entries()) {
    assertSameLength(first, column, `columns[${String(at)}]`);
  }
  const means = columns.map((column) => PowerSums.of(Array.from(column)).moments());
  const weights = leastSquares(parameters.map(({ values }) => values.map(ln)));
  if (weights === undefined) return parameters.map(() => undefined);
  const hasMeans = means.every(({ mean }) => mean > 0);
  const hasIntervals = means.every(({ notZero }) => notZero >= notZeroMin);
  return weights.map((weight) => {
    if (!hasMeans) return { value: null, interval: null, confidence, gain: null };
    const relative = weight.map((factor, design) => factor / (means[design]?.mean ?? 1));
    const value = weight.reduce(
      (sum, factor, design) => sum + factor * ln(means[design]?.mean ?? 1),
      0,
    );
    const sums = PowerSums.of(
      Array.from({ length: first.length }, (_, future) =>
        relative.reduce(
          // A factor has a column, and all columns are of one length.
          (sum, factor, design) => sum + factor * (columns[design]?.[future] as number),
          0,
        ),
      ),
    ).moments();
    const apart = relative.reduce(
      (sum, factor, design) => sum + factor * factor * (means[design]?.variance ?? 0),
      0,
    );
    const { low, high } = skewT(sums, confidence);
    const interval =
      low === null || high === null || !hasIntervals
        ? null
        : { low: value + low - sums.mean, high: value + high - sums.mean };
    return { value, interval, confidence, gain: gainOf(apart, sums.variance) };
  });
}

/**
 * The weights by which least squares makes each slope of the observations, with a free constant. Undefined where the
 * columns are not independent: a parameter that does not vary, or two that vary together.
 */
function leastSquares(columns: readonly (readonly number[])[]): readonly number[][] | undefined {
  const centred = columns.map((column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    return column.map((value) => value - mean);
  });
  const rows = centred.map((column, at) => [
    ...centred.map((other) => column.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0)),
    ...centred.map((_, other) => (other === at ? 1 : 0)),
  ]);
  const inverse = inverted(rows, centred.length);
  return inverse?.map((row) =>
    (centred[0] ?? []).map((_, design) =>
      row.reduce((sum, value, at) => sum + value * (centred[at]?.[design] ?? 0), 0),
    ),
  );
}

/** The right half of a matrix after its left half has become the identity; undefined where it cannot. */
function inverted(rows: readonly number[][], size: number): readonly number[][] | undefined {
  for (let pivot = 0; pivot < size; pivot++) {
    const largest = rows
      .slice(pivot)
      .reduce((a, b) => (Math.abs(b[pivot] ?? 0) > Math.abs(a[pivot] ?? 0) ? b : a));
    const at = rows.indexOf(largest);
    const scale = largest[pivot] ?? 0;
    if (Math.abs(scale) < 1e-9) return undefined;
    const [mine, other] = [rows[pivot], rows[at]];
    if (mine === undefined || other === undefined) return undefined;
    (rows as number[][])[pivot] = other;
    (rows as number[][])[at] = mine;
    for (let column = 0; column < other.length; column++) {
      other[column] = (other[column] ?? 0) / scale;
    }
    for (const row of rows) {
      const factor = row[pivot] ?? 0;
      if (row === other || factor === 0) continue;
      for (let column = 0; column < row.length; column++) {
        row[column] = (row[column] ?? 0) - factor * (other[column] ?? 0);
      }
    }
  }
  return rows.map((row) => row.slice(size));
}

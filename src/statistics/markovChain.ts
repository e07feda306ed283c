/*
 * Markov chains in continuous time, without a subtraction anywhere: all terms are positive, so that a probability of
 * 1e-10 keeps its digits.
 */

import { exp } from "../collections/deterministicMath.js";

/** The rate from each state to each other, by ms; what stands on the diagonal is ignored. */
export type Rates = readonly (readonly number[])[];

/**
 * The probability of each state after a time, from the first state on or from a distribution. By uniformization of a short
 * step, squared until it is as long as the time. O(n^3 log(rate * time)).
 */
export function distributionAfter(
  rates: Rates,
  timeMs: number,
  start: readonly number[] = rates.map((_, state) => (state === 0 ? 1 : 0)),
): readonly number[] {
  const after = solved(rates, timeMs)?.after;
  return after === undefined ? start : (product([start], after)[0] ?? []);
}

/**
 * The expected time in each state, in ms, within a time that begins after another time. By the same steps: their integrals
 * are added, as the step is squared.
 */
export function occupancy(
  rates: Rates,
  { afterMs = 0, timeMs }: { readonly afterMs?: number; readonly timeMs: number },
): readonly number[] {
  const start = distributionAfter(rates, afterMs);
  const during = solved(rates, timeMs)?.during;
  if (during === undefined) return start.map((share) => share * timeMs);
  return product([start], during)[0] ?? [];
}

/** The transition probabilities of a time, and the time in each state during it; undefined where nothing happens. */
function solved(
  rates: Rates,
  timeMs: number,
): { readonly after: Matrix; readonly during: Matrix } | undefined {
  const outflows = rates.map((row, from) =>
    row.reduce((sum, rate, to) => (to === from ? sum : sum + rate), 0),
  );
  const fastest = Math.max(...outflows, 0);
  if (fastest === 0 || timeMs === 0) return undefined;
  // One jump of the uniformized chain. It stays with what is left, which is at least half: nothing cancels.
  const pace = 2 * fastest;
  const jump = rates.map((row, from) =>
    row.map((rate, to) => (to === from ? 1 - (outflows[from] ?? 0) / pace : rate / pace)),
  );
  let halvings = 0;
  while ((pace * timeMs) / 2 ** halvings > 0.0625) halvings += 1;
  const mean = (pace * timeMs) / 2 ** halvings;
  let term: Matrix = rates.map((_, from) => rates.map((__, to) => (from === to ? 1 : 0)));
  let step = term;
  let weight = 1;
  // After so many jumps the time that is left is a tail of the Poisson distribution, over the pace.
  const tails = poissonTails(mean, 16);
  let during = term.map((row) => row.map((value) => (value * (tails[0] ?? 0)) / pace));
  // The 16th term of a mean of 1/16 is below 1e-32.
  for (let count = 1; count <= 16; count++) {
    term = product(term, jump);
    weight *= mean / count;
    const factor = weight;
    const added = term;
    step = step.map((row, from) =>
      row.map((value, to) => value + factor * (added[from]?.[to] ?? 0)),
    );
    const tail = (tails[count] ?? 0) / pace;
    during = during.map((row, from) =>
      row.map((value, to) => value + tail * (added[from]?.[to] ?? 0)),
    );
  }
  step = normalized(step);
  for (let squared = 0; squared < halvings; squared++) {
    const second = product(step, during);
    during = during.map((row, from) => row.map((value, to) => value + (second[from]?.[to] ?? 0)));
    step = normalized(product(step, step));
  }
  return { after: step, during };
}

/** The probability of more than 0, 1, 2, ... events of a Poisson distribution, as sums of positive terms. */
function poissonTails(mean: number, count: number): readonly number[] {
  const terms = [exp(-mean)];
  for (let events = 1; events <= 2 * count; events++) {
    terms.push(((terms[events - 1] ?? 0) * mean) / events);
  }
  return Array.from({ length: count + 1 }, (_, events) =>
    terms.slice(events + 1).reduce((sum, term) => sum + term, 0),
  );
}

/**
 * The share of time in each state in the long run, by the elimination of Grassmann, Taksar and Heyman. Undefined where
 * some state does not lead back.
 */
export function stationaryDistribution(rates: Rates): readonly number[] | undefined {
  const left = rates.map((row) => [...row]);
  const at = (from: number, to: number): number => left[from]?.[to] ?? 0;
  for (let last = rates.length - 1; last > 0; last--) {
    let back = 0;
    for (let to = 0; to < last; to++) back += at(last, to);
    if (back === 0) return undefined;
    for (let from = 0; from < last; from++) {
      const row = left[from];
      if (row === undefined) continue;
      row[last] = at(from, last) / back;
      for (let to = 0; to < last; to++) {
        if (to !== from) row[to] = at(from, to) + at(from, last) * at(last, to);
      }
    }
  }
  const weights = [1];
  for (let state = 1; state < rates.length; state++) {
    weights.push(weights.reduce((sum, weight, from) => sum + weight * at(from, state), 0));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

type Matrix = number[][];

function product(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): Matrix {
  return a.map((row) => {
    const sums = new Float64Array(row.length);
    for (const [middle, factor] of row.entries()) {
      const other = b[middle];
      if (factor === 0 || other === undefined) continue;
      for (let to = 0; to < sums.length; to++) {
        sums[to] = (sums[to] ?? 0) + factor * (other[to] ?? 0);
      }
    }
    return [...sums];
  });
}

/** The same rows, each with a sum of 1 again. */
function normalized(rows: readonly (readonly number[])[]): Matrix {
  return rows.map((row) => {
    const sum = row.reduce((total, value) => total + value, 0);
    return row.map((value) => value / sum);
  });
}

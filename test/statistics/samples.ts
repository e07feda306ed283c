/** More repetitions than the usual ones, for a longer look: STATISTICS_REPETITIONS=10000. */
export const repetitions = Number(process.env["STATISTICS_REPETITIONS"] ?? 1000);

/** Draws from 0 to 1, in an order that the seed fixes (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
}

export type Sampler = (next: () => number) => number;

export const exponential = (mean: number, next: () => number): number => -mean * Math.log(next());

export const normal = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());

/** An instance that is up for `mtbf` and down for `mttr` on average, and begins up: its time down within a horizon. */
export function twoState({ mtbf, mttr, horizon }: TwoState): Sampler {
  return (next) => {
    let down = 0;
    for (let at = exponential(mtbf, next); at < horizon; at += exponential(mtbf, next)) {
      const repair = Math.min(exponential(mttr, next), horizon - at);
      down += repair;
      at += repair;
    }
    return down;
  };
}

export interface TwoState {
  readonly mtbf: number;
  readonly mttr: number;
  readonly horizon: number;
}

/** The closed form of its mean, for an instance that begins up. */
export function meanDown({ mtbf, mttr, horizon }: TwoState): number {
  const rate = 1 / mtbf + 1 / mttr;
  const share = 1 / mtbf / rate;
  return share * horizon - (share / rate) * (1 - Math.exp(-rate * horizon));
}

export const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** In how many percent of some intervals the truth lies. */
export function coverage(
  truth: number,
  interval: () => { readonly low: number | null; readonly high: number | null } | null,
): number {
  let inside = 0;
  for (let at = 0; at < repetitions; at++) {
    const found = interval();
    if (found === null) throw new Error("no interval");
    if ((found.low ?? -Infinity) <= truth && truth <= (found.high ?? Infinity)) inside++;
  }
  return (100 * inside) / repetitions;
}

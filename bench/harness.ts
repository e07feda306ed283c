/** One figure to reach: `npm run bench` prints it, `--json` writes its first five parts. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number;
  readonly met: boolean;
  readonly stretch?: number;
  /** What the figure was measured against, in words. */
  readonly against: string;
}

/** A row whose value must not be above its goal. */
export function atMost(row: Omit<Row, "met">): Row {
  return { ...row, met: row.value <= row.goal };
}

/** A row whose value must not be below its goal. */
export function atLeast(row: Omit<Row, "met">): Row {
  return { ...row, met: row.value >= row.goal };
}

/** What a comparison found; times in ns a call. */
export interface Comparison {
  readonly ratio: number;
  readonly subjectNs: number;
  readonly baselineNs: number;
}

/**
 * How much longer `subject` takes than `baseline`: measured in interleaved pairs, each order in turn, and reported
 * as the median of the pairs' ratios. What disturbs the machine disturbs both halves of a pair, and an odd pair
 * does not count. Both are called once with half the batch before anything is measured.
 */
export function compare(
  subject: () => void,
  baseline: () => void,
  batch: {
    readonly pairs: number;
    readonly subjectCalls: number;
    readonly baselineCalls: number;
    readonly warmUp?: number;
  },
): Comparison {
  const { pairs, subjectCalls, baselineCalls, warmUp = 3 } = batch;
  for (let round = 0; round < warmUp; round++) {
    timed(subject, subjectCalls);
    timed(baseline, baselineCalls);
  }
  const ratios: number[] = [];
  const subjectNs: number[] = [];
  const baselineNs: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    let a: number;
    let b: number;
    if (pair % 2 === 0) {
      a = timed(subject, subjectCalls);
      b = timed(baseline, baselineCalls);
    } else {
      b = timed(baseline, baselineCalls);
      a = timed(subject, subjectCalls);
    }
    subjectNs.push(a);
    baselineNs.push(b);
    ratios.push(a / b);
  }
  return {
    ratio: median(ratios),
    subjectNs: median(subjectNs),
    baselineNs: median(baselineNs),
  };
}

/** Mean time of a call in ns. */
export function timed(call: () => void, calls: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) call();
  return Number(process.hrtime.bigint() - start) / calls;
}

/** The middle one of some figures. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1] as number;
}

/** Bytes on the heap after everything unreachable is gone. */
export function heapBytes(): number {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("run with --expose-gc");
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** Two or three figures that can be read aloud. */
export function figure(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US");
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

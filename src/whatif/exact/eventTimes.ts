import type { LatencyKey } from "../../kernel/latency.js";

/** A task on a way of events: it starts with one, and ends with another one, or not before it. */
export interface TaskSpan {
  readonly latency: LatencyKey;
  readonly factor: number;
  /** What it takes besides its duration, in ms. */
  readonly extraMs: number;
  readonly from: number;
  /** The event that is its end; null where it has not ended by `until`. */
  readonly to: number | null;
  /** The event with which it was given up, or the last one. */
  readonly until: number;
}

/** Times of events, and the durations of tasks that lead to them. */
export interface EventTimes {
  /** Since time 0, by the number of the event; event 0 is time 0. */
  readonly times: readonly number[];
  readonly durations: ReadonlyMap<LatencyKey, number>;
}

/** At least so much between two events, in ms. */
const gapMs = 1000;

/** Durations that are tried, besides the one of the scenario. */
const durationsTried = [1000, 10_000, 60_000, 600_000, 3_600_000, 86_400_000];

/** So many combinations of durations are tried. */
const maxCombinations = 20_000;

/**
 * Finds times at which events come in a given order although the tasks of one kind all take the same time; undefined where
 * there are none among the durations that are tried.
 * @param events - number of events after time 0
 * @param isEnd - whether an event is the end of a task: such events may coincide
 * @param own - the duration that a kind of task has in the scenario; it is tried first
 */
export function eventTimes(
  events: number,
  spans: readonly TaskSpan[],
  {
    isEnd,
    own,
  }: {
    readonly isEnd: (event: number) => boolean;
    readonly own: (latency: LatencyKey) => number | undefined;
  },
): EventTimes | undefined {
  const keys = [...new Set(spans.map(({ latency }) => latency))];
  const tried = keys.map((key) => [...new Set([own(key) ?? gapMs, ...durationsTried])]);
  const combinations = tried.reduce((product, { length }) => product * length, 1);
  for (let nth = 0; nth < Math.min(combinations, maxCombinations); nth++) {
    const durations = new Map<LatencyKey, number>();
    let rest = nth;
    for (const [at, key] of keys.entries()) {
      const values = tried[at] ?? [];
      durations.set(key, values[rest % values.length] ?? gapMs);
      rest = Math.floor(rest / values.length);
    }
    const times = earliest(events, constraintsOf(events, spans, durations, isEnd));
    if (times !== undefined) return { times, durations };
  }
  return undefined;
}

/** An event that comes at least so long after another one; a negative time is at most so long before it. */
interface Constraint {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}

function constraintsOf(
  events: number,
  spans: readonly TaskSpan[],
  durations: ReadonlyMap<LatencyKey, number>,
  isEnd: (event: number) => boolean,
): readonly Constraint[] {
  const constraints: Constraint[] = [];
  for (let event = 1; event <= events; event++) {
    const ms = event > 1 && isEnd(event - 1) && isEnd(event) ? 0 : gapMs;
    constraints.push({ from: event - 1, to: event, ms });
  }
  for (const { latency, factor, extraMs, from, to, until } of spans) {
    const ms = Math.round((durations.get(latency) ?? 0) * factor) + extraMs;
    if (to === null) constraints.push({ from: until, to: from, ms: 1 - ms });
    else constraints.push({ from, to, ms }, { from: to, to: from, ms: -ms });
  }
  return constraints;
}

/** The earliest times that meet all constraints, by relaxation; undefined where they contradict each other. */
function earliest(
  events: number,
  constraints: readonly Constraint[],
): readonly number[] | undefined {
  const times = Array.from({ length: events + 1 }, () => 0);
  for (let round = 0; round <= events + 1; round++) {
    let isChanged = false;
    for (const { from, to, ms } of constraints) {
      const least = (times[from] ?? 0) + ms;
      if (least <= (times[to] ?? 0)) continue;
      times[to] = least;
      isChanged = true;
    }
    // Time 0 does not move.
    if (!isChanged) return times[0] === 0 ? times : undefined;
  }
  return undefined;
}

import type { JournalEntry } from "../../kernel/journal.js";
import { InvalidInputError } from "../../model/errors.js";
import { nearestHint } from "../../model/schema/nearest.js";
import { assertScenario } from "../../scenario/format/assertScenario.js";
import { measureDurations } from "../../scenario/format/measureSets.js";
import { formatDuration } from "../../scenario/format/quantities.js";
import { parseReference } from "../../scenario/format/references.js";
import type {
  ExpectationOf,
  MeasureKind,
  MeasureSpecOf,
  Scenario,
} from "../../scenario/format/scenario.js";
import type { ScenarioRun } from "../../scenario/run/runScenario.js";
import { NeverWatch } from "../future/neverWatch.js";
import { beginMeasure } from "../future/runFuture.js";
import type { Measure } from "../measures/measure.js";
import { measureFactories } from "../measures/measures.js";

/** Finds whether the event of an expectation has happened in a future. */
export interface EventWatch {
  readonly hasHappened: boolean;
  /** Virtual time at which it happens if nothing else does before; undefined where it does not. */
  readonly nextAt: number | undefined;
  /** To be called after every journal entry, and without one when time has passed. */
  after(entry: JournalEntry | undefined, now: number): void;
  /** To be called when an operator has executed commands. */
  reacted(commands: number, now: number, watched: string): void;
  /** The same watch in a fork of the world. */
  copyFor(run: ScenarioRun): EventWatch;
}

/** An event of which a probability can be estimated. */
export interface RareEvent {
  /** The name of its expectation. */
  readonly name: string;
  /** Description of the event. */
  readonly text: string;
  /** Names of the things that it is about. */
  readonly things: readonly string[];
  /** The largest probability that the expectation allows, or null. Of what must never happen 0. */
  readonly atMost: number | null;
  /** The least probability that the expectation asks for, or null. */
  readonly atLeast: number | null;
  /** The measure that has to pass a bound; undefined where a condition must never hold. */
  readonly bound?: { readonly measure: string; readonly above: number };
  /** Returns a watch for the event in a run. */
  watch(run: ScenarioRun): EventWatch;
}

/** Measures that only grow, by what happens after a fork as if it had begun there: their sum can pass a bound. */
const additiveMeasures: ReadonlySet<MeasureKind> = new Set([
  "writesDown",
  "readsDown",
  "degraded",
  "noCopy",
  "semiSyncOff",
  "lostTransactions",
  "failovers",
  "abortedFailovers",
  "faults",
  "operatorActions",
]);

/**
 * Returns the events of a scenario: what its expectations say must never happen, or only in a share of futures.
 * @throws InvalidInputError `rare-event` for a name that no such expectation has, or a scenario without one
 */
export function rareEventsOf(scenario: Scenario, name?: string): readonly RareEvent[] {
  assertScenario(scenario);
  const { expect = {} } = scenario;
  const events = Object.entries(expect).flatMap(([each, expectation]) => {
    const event = eventOf(scenario, each, expectation);
    return event === undefined ? [] : [event];
  });
  const wanted = name === undefined ? events : events.filter((event) => event.name === name);
  if (wanted.length > 0) return wanted;
  const known = events.map((event) => event.name).join(", ");
  const measures = [...additiveMeasures].join(", ");
  const expected =
    name === undefined || known === ""
      ? `an expectation { never: ... }, or { share: ..., above: ... } of a measure that adds up: ${measures}`
      : `one of ${known}${nearestHint(name, known.split(", "))}`;
  const value = name ?? Object.keys(expect).join(", ");
  throw new InvalidInputError([{ field: "expect", value, expected, rule: "rare-event" }]);
}

function eventOf(
  scenario: Scenario,
  name: string,
  expectation: ExpectationOf<number>,
): RareEvent | undefined {
  if ("never" in expectation) {
    const { never, of } = expectation;
    return {
      name,
      text: `${never} of ${of}`,
      things: [parseReference(of).name],
      atMost: 0,
      atLeast: null,
      watch: (run) => neverEvent(new NeverWatch(expectation, run.names, run.sim.now)),
    };
  }
  if (!("share" in expectation)) return undefined;
  const { share, above, atMost, atLeast } = expectation;
  const spec = scenario.measures?.[share];
  if (spec === undefined || !additiveMeasures.has(spec.measure)) return undefined;
  const { warmUp = 0, topology = {} } = scenario;
  const isDuration = measureDurations.has(spec.measure) && above > 0;
  return {
    name,
    text: `${share} above ${isDuration ? formatDuration(above) : String(above)}`,
    things: spec.of === undefined ? Object.keys(topology) : [parseReference(spec.of).name],
    atMost: atMost ?? null,
    atLeast: atLeast ?? null,
    bound: { measure: share, above },
    watch: (run) => new MeasureEvent({ spec, above, begin: run.start + warmUp }, run),
  };
}

function neverEvent(watch: NeverWatch): EventWatch {
  return {
    get hasHappened() {
      return watch.brokenAt !== undefined;
    },
    get nextAt() {
      return watch.nextAt;
    },
    after: (entry, now) => {
      watch.after(entry, now);
    },
    reacted: () => undefined,
    copyFor: (run) => neverEvent(watch.copyFor(run.names, run.sim.now)),
  };
}

interface MeasuredBound {
  readonly spec: MeasureSpecOf<number>;
  readonly above: number;
  /** Virtual time from which it counts. */
  readonly begin: number;
}

/** A measure that has passed a bound. A fork begins a measure of its own and adds what there was before. */
class MeasureEvent implements EventWatch {
  readonly #bound: MeasuredBound;
  readonly #measure: Measure;
  readonly #before: number;
  #total: number;
  readonly nextAt = undefined;

  constructor(bound: MeasuredBound, run: ScenarioRun, before = 0) {
    const { spec, begin } = bound;
    const planned = { spec, create: measureFactories[spec.measure] };
    this.#bound = bound;
    this.#measure = beginMeasure(planned, run, Math.max(begin, run.sim.now));
    this.#before = before;
    this.#total = before;
  }

  get hasHappened(): boolean {
    return this.#total > this.#bound.above;
  }

  after(entry: JournalEntry | undefined, now: number): void {
    if (entry !== undefined) this.#measure.after?.(entry);
    this.#total = this.#totalAt(now);
  }

  reacted(commands: number, now: number, watched: string): void {
    this.#measure.reacted?.(commands, now, watched);
  }

  copyFor(run: ScenarioRun): EventWatch {
    return new MeasureEvent(this.#bound, run, this.#totalAt(run.sim.now));
  }

  #totalAt(now: number): number {
    const value = this.#measure.end(now);
    return this.#before + (typeof value === "number" ? value : 0);
  }
}

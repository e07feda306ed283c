import { jitterOf } from "../../kernel/latency.js";
import type { Distribution } from "../../model/distributions.js";
import { parseReference } from "../../scenario/format/references.js";
import type { Scenario } from "../../scenario/format/scenario.js";
import { conditionsOfTime } from "../../scenario/run/conditions.js";
import { Automaton, type CompiledState } from "../compiled/automaton.js";
import { whyNotCompiled } from "../compiled/compiledDesign.js";
import { NotCompilableError } from "../compiled/notCompilable.js";
import type { RareEvent } from "./rareEvent.js";
import { LevelWatch, type RareLevel } from "./rareLevel.js";
import { affectsThings } from "./scenarioWorld.js";

/** What decides whether an event has happened, by its place in the tables. */
export type CompiledEvent =
  | { readonly kind: "never"; readonly longest: number }
  | { readonly kind: "level" | "count"; readonly above: number };

/** What a state says beside its clocks. */
export interface StateNotes {
  /** How far it is from health. */
  readonly level: number;
  /** Whether the condition of the event holds; false of an event that is a measure. */
  readonly holds: boolean;
  /** The level of the event's measure, in its own unit. */
  readonly measured: number;
  /** Clocks of failures that lead to the event, in the order of their rows. */
  readonly clocks: readonly NotedClock[];
  /** What a fork draws anew, in the order in which the simulator does. */
  readonly redrawn: readonly RedrawnRow[];
}

/** The clock of a failure. */
export interface NotedClock {
  /** Its register. */
  readonly row: number;
  readonly law: Distribution;
  readonly isRunning: boolean;
}

/** What is under way at random. */
export type RedrawnRow =
  | {
      readonly kind: "work";
      readonly row: number;
      readonly law: Distribution;
      readonly jitter: number;
      readonly factor: number;
    }
  | {
      readonly kind: "clock";
      readonly row: number;
      readonly law: Distribution;
      readonly isRunning: boolean;
      readonly isRepair: boolean;
      /** Whether a proposal may decide it. */
      readonly leadsToEvent: boolean;
    };

/** The tables of the one thing that an event is about. */
export class CompiledQuestion {
  readonly automaton: Automaton;
  readonly event: CompiledEvent;
  /** Virtual time from which a measure counts. */
  readonly begin: number;
  readonly start: number;
  readonly end: number;
  readonly #of: { readonly event: RareEvent; readonly level: RareLevel };
  readonly #notes = new Map<CompiledState, StateNotes>();

  /** @throws NotCompilableError */
  constructor(scenario: Scenario, event: RareEvent, level: RareLevel) {
    const reason = whyNotCompiledRare(scenario, event, level);
    if (reason !== undefined) throw new NotCompilableError(reason);
    const [thing = ""] = event.things;
    this.automaton = new Automaton(aboutEvent(scenario, event), thing);
    this.#of = { event, level };
    const { prepared, plan } = this.automaton;
    this.start = prepared.start;
    this.begin = prepared.start + (scenario.warmUp ?? 0);
    this.end = prepared.start + (scenario.horizon ?? 0);
    const { bound } = event;
    if (bound === undefined) {
      const [flag] = plan.flags;
      const longest = flag?.kind === "never" ? (flag.never.for ?? 0) : 0;
      this.event = { kind: "never", longest };
    } else {
      this.event = { kind: plan.levels.length > 0 ? "level" : "count", above: bound.above };
    }
  }

  /** What a state says, found when a path first comes there. */
  notesOf(state: CompiledState): StateNotes {
    const known = this.#notes.get(state);
    if (known !== undefined) return known;
    const notes = this.#read(state);
    this.#notes.set(state, notes);
    return notes;
  }

  #read({ world, places, levels, flags }: CompiledState): StateNotes {
    const { event, level } = this.#of;
    const { names, rows, sim } = world;
    const { latency, jitter } = sim.settings;
    const work: RedrawnRow[] = [];
    const clocks: Extract<RedrawnRow, { readonly kind: "clock" }>[] = [];
    for (const kind of ["instances", "groups", "backups"] as const) {
      for (const [at, { value }] of rows.entries()) {
        if (value.kind !== kind || value.row.work === null) continue;
        const { latency: named, task, factor } = value.row.work;
        if (factor === 0) continue;
        const law = latency[named];
        const row = places[at] ?? 0;
        work.push({ kind: "work", row, law, jitter: jitterOf(task, jitter), factor });
      }
    }
    for (const [at, { value }] of rows.entries()) {
      if (value.kind !== "faults" || value.row.clock === null) continue;
      const { distribution: law, since } = value.row.clock;
      clocks.push({
        kind: "clock",
        row: places[at] ?? 0,
        law,
        isRunning: since !== null,
        isRepair: value.row.phase !== "recurring",
        leadsToEvent: affectsThings(value.row, names, event.things),
      });
    }
    return {
      level: new LevelWatch(level, event.things, names).value,
      holds: flags[0] ?? false,
      measured: levels[0] ?? 0,
      clocks: clocks.filter(({ leadsToEvent }) => leadsToEvent),
      redrawn: [...work, ...clocks],
    };
  }
}

/** Why roots cannot be computed from tables, as far as the scenario says it; undefined where they can. */
function whyNotCompiledRare(
  scenario: Scenario,
  event: RareEvent,
  level: RareLevel,
): string | undefined {
  if (event.things.length !== 1) return "the event is about several things";
  const dependsOnTime =
    level !== "copies" && level.find(({ condition }) => conditionsOfTime.has(condition));
  if (typeof dependsOnTime === "object")
    return `level ${dependsOnTime.condition} changes by itself`;
  const { steps = [], operators = {} } = scenario;
  if (steps.length > 0) return "steps come at given times";
  if (Object.keys(operators).length > 0) return "operators act";
  return whyNotCompiled(aboutEvent(scenario, event));
}

/** A scenario that measures its event alone. */
function aboutEvent(scenario: Scenario, { name, bound }: RareEvent): Scenario {
  const { measures = {}, expect = {} } = scenario;
  const spec = bound === undefined ? undefined : measures[bound.measure];
  const expectation = expect[name];
  return {
    ...scenario,
    measures: bound === undefined || spec === undefined ? {} : { [bound.measure]: spec },
    expect: bound !== undefined || expectation === undefined ? {} : { [name]: expectation },
  };
}

/**
 * Returns a scenario with the one thing that an event is about, where nothing else has an influence on it. Roots of the
 * rest would be run for nothing.
 */
export function withoutOthers(scenario: Scenario, { things }: RareEvent): Scenario {
  const { topology = {}, random = {}, steps = [], operators = {} } = scenario;
  const [thing = ""] = things;
  const fixture = topology[thing];
  const isAlone =
    things.length === 1 &&
    fixture !== undefined &&
    steps.length === 0 &&
    Object.keys(operators).length === 0 &&
    Object.values(random).every(
      ({ of }) => of !== undefined && topology[parseReference(of).name] !== undefined,
    );
  if (!isAlone) return scenario;
  const own = Object.entries(random).filter(
    ([, { of }]) => of !== undefined && parseReference(of).name === thing,
  );
  return { ...scenario, topology: { [thing]: fixture }, random: Object.fromEntries(own) };
}

import type { Distribution } from "../../model/distributions.js";
import { InvalidInputError } from "../../model/errors.js";
import { assertKnownOptions, type OptionNames } from "../../model/schema/entryPointOptions.js";
import { assertScenario } from "../../scenario/format/assertScenario.js";
import { formatDuration } from "../../scenario/format/quantities.js";
import type { ExpectationOf, Scenario } from "../../scenario/format/scenario.js";
import { conditionsOfTime, watchCondition } from "../../scenario/run/conditions.js";
import { readRows, type ShapeNode } from "../../simulator/shape.js";
import { openChoices } from "../../simulator/stateSpace.js";
import { assertSpace } from "../assertInput.js";
import {
  countsOf,
  flagsOf,
  levelsOf,
  type MeasurePlan,
  planMeasures,
} from "../compiled/measurePlan.js";
import { type Move, movesOf, readyMoves } from "./moves.js";
import { StateReader } from "./stateReader.js";
import { beginning, type Forked, fired, isFaultDue, moved, nameOf, type World } from "./worlds.js";

/** Bounds of an exploration. */
export interface ExplorationBounds {
  /** More states than this are refused. Default 20,000, at most 1,000,000. A state takes some 3 kB, and 10 kB until all that can happen in it was tried. */
  readonly maxStates?: number;
  /** Maximum number of random faults, one after the other. Default: no limit. */
  readonly maxFaults?: number;
  /** Commands and faults of steps at most, in any order. Default 2. */
  readonly maxCommands?: number;
}

/** One state of the world of a scenario: all worlds of its shape. */
export interface ReachableState {
  /** Names of the expectations whose condition holds. */
  readonly holds: ReadonlySet<string>;
  /** The state from which it was first found, and what happened then; null for the first state. */
  readonly from: {
    readonly state: number;
    readonly event: string;
    /** Place of the event among all that can happen in that state: choices, then moves. */
    readonly place: number;
  } | null;
  /** Events on a shortest way to it. */
  readonly depth: number;
  readonly transitions: readonly Transition[];
  /** The value of each level that a measure integrates. */
  readonly levels: readonly number[];
}

/** A transition between two states. */
export interface Transition {
  readonly to: number;
  readonly event: string;
  /** Distribution of its duration; null for a fixed time. */
  readonly distribution: Distribution | null;
  readonly factor: number;
  readonly outOf: number;
  /** Increment of each count of a measure. */
  readonly counts: readonly number[];
}

/** All states that a scenario can reach, whatever its durations are. */
export interface StateSpace {
  readonly scenario: Scenario;
  /** Names of the expectations that are watched: those of the form `never`. */
  readonly watched: readonly string[];
  readonly states: readonly ReachableState[];
  /** Number of events tried in a state, also of those that lead to a known state. */
  readonly tries: number;
  /** Indexes of the measures among the levels of states and the counts of transitions. */
  readonly measured: readonly MeasuredPart[];
}

/** A part of a measure: the integral of a level, divided by `unit`, or a count. */
export interface MeasuredPart {
  readonly name: string;
  readonly kind: "level" | "count";
  /** Place among the levels of a state, or among the counts of a transition. */
  readonly at: number;
  readonly unit: number;
}

/** Commands at most, unless said. */
export const defaultMaxCommands = 2;

/** States at most, unless said. */
export const defaultMaxStates = 20_000;

/** The largest bound of an exploration: 10 GB of states. */
export const largestMaxStates = 1_000_000;

/** Number of remaining events of each kind. */
interface EventsLeft {
  readonly faults: number;
  readonly commands: number;
}

const boundNames: OptionNames<ExplorationBounds> = {
  maxStates: true,
  maxFaults: true,
  maxCommands: true,
};

interface OpenState {
  /** Its world and the rows of it; null after everything that can happen in it has been tried. */
  inside: { readonly world: World; readonly rows: readonly ShapeNode[] } | null;
  readonly left: EventsLeft;
  readonly state: ReachableState & { readonly transitions: Transition[] };
}

/**
 * Finds every state that one thing of a topology reaches under its random faults, in every order of failures, repairs and
 * ends of work, by the rules of the simulator. Breadth first: the way to each state is a shortest one.
 *
 * Commands and faults of its steps come at any moment and in any order, whatever their times are.
 *
 * @throws InvalidInputError `exact-scenario` for what a state does not hold: moves of time, operators, schedules, positions,
 * several things; `exact-states` above the bound
 */
export function exploreScenario(scenario: Scenario, bounds: ExplorationBounds = {}): StateSpace {
  assertKnownOptions(bounds, boundNames, "bounds");
  assertScenario(scenario);
  assertMaxStates(bounds.maxStates, largestMaxStates, "a state takes some 10 kB");
  return new Exploration(scenario, bounds).run();
}

/**
 * Refuses a bound of states that no memory holds.
 * @throws InvalidInputError `exact-states`
 */
export function assertMaxStates(maxStates: number | undefined, most: number, why: string): void {
  if (maxStates === undefined) return;
  if (Number.isSafeInteger(maxStates) && maxStates >= 1 && maxStates <= most) return;
  const expected = `an integer from 1 to ${String(most)}: ${why}`;
  throw new InvalidInputError([
    { field: "maxStates", value: maxStates, expected, rule: "exact-states" },
  ]);
}

class Exploration {
  readonly #scenario: Scenario;
  readonly #maxStates: number;
  readonly #watched: ReturnType<typeof watchedExpectations>;
  readonly #moves: readonly Move[];
  readonly #plan: MeasurePlan;
  readonly #reader: StateReader;
  readonly #found = new Map<string, number>();
  readonly #open: OpenState[] = [];
  #tries = 0;

  constructor(scenario: Scenario, bounds: ExplorationBounds) {
    const { maxStates = defaultMaxStates, maxFaults = Number.POSITIVE_INFINITY } = bounds;
    this.#scenario = scenario;
    this.#maxStates = maxStates;
    this.#watched = watchedExpectations(scenario);
    this.#moves = movesOf(scenario);
    const start = beginning(scenario);
    const [thing = ""] = Object.keys(scenario.topology ?? {});
    this.#plan = planMeasures(withoutHours(scenario), thing, start.names);
    this.#reader = new StateReader(scenario, this.#moves, this.#plan);
    const commands = this.#moves.length === 0 ? 0 : (bounds.maxCommands ?? defaultMaxCommands);
    this.#add(start, { faults: maxFaults, commands }, null);
  }

  run(): StateSpace {
    // States are added while they are gone through.
    for (const [at, state] of this.#open.entries()) this.#leave(at, state);
    return {
      scenario: this.#scenario,
      watched: this.#watched.map(([name]) => name),
      states: this.#open.map(({ state }) => state),
      tries: this.#tries,
      measured: measuredBy(this.#plan, Object.keys(this.#scenario.measures ?? {})),
    };
  }

  /** Tries everything that can happen in a state. */
  #leave(at: number, from: OpenState): void {
    const { inside, left } = from;
    if (inside === null) return;
    const { world } = inside;
    const choices = openChoices(world.sim);
    for (const [place, open] of choices.entries()) {
      const isActivation = isFaultDue(open.due);
      if (isActivation && left.faults === 0) continue;
      this.#tries += 1;
      const rest = isActivation ? { ...left, faults: left.faults - 1 } : left;
      const { distribution, factor, outOf } = open.choice;
      const event = { state: at, place, event: nameOf(world, open) };
      this.#lead(from, event, { next: fired(world, open), rest }, { distribution, factor, outOf });
    }
    const rest = { ...left, commands: left.commands - 1 };
    const moves = left.commands === 0 ? [] : readyMoves(this.#moves, world.names);
    for (const [place, move] of moves.entries()) {
      this.#tries += 1;
      const next = moved(world, move);
      if (next === undefined) continue;
      const event = { state: at, place: choices.length + place, event: move.event };
      const given = { distribution: null, factor: 1, outOf: 1 };
      this.#lead(from, event, { next, rest }, given);
    }
    from.inside = null;
  }

  /** Adds the transition to another world. */
  #lead(
    from: OpenState,
    event: NonNullable<ReachableState["from"]>,
    { next, rest }: { readonly next: Forked; readonly rest: EventsLeft },
    about: Pick<Transition, "distribution" | "factor" | "outOf">,
  ): void {
    if (from.inside === null) return;
    const to = this.#add(next, rest, { open: from, event });
    const counts = countsBetween(this.#plan, from.inside.world, next);
    // A transition to the same state that counts nothing is dropped: the end of a deletion, a fault without a target.
    if (to !== event.state || counts.some((count) => count !== 0)) {
      // Field by field: an object that is spread and then gets more fields takes more memory.
      const { distribution, factor, outOf } = about;
      const { event: name } = event;
      from.state.transitions.push({ distribution, factor, outOf, event: name, to, counts });
    }
  }

  /** Returns the place of the state of a world, which is added if it is a new one. */
  #add(
    world: World,
    left: EventsLeft,
    from: {
      readonly open: OpenState;
      readonly event: NonNullable<ReachableState["from"]>;
    } | null,
  ): number {
    const rows = readRows(world.topology, from?.open.inside?.rows);
    const key = `${String(left.faults)} ${String(left.commands)} ${this.#reader.read(world, rows)}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const open = this.#open;
    if (open.length === this.#maxStates) throw tooManyStates(this.#maxStates);
    this.#found.set(key, open.length);
    const { names } = world;
    const held = this.#watched.flatMap(([name, { never: condition, of, copies }]) => {
      const about = { condition, of, ...(copies === undefined ? {} : { copies }) };
      return watchCondition(about, names).holds() ? [name] : [];
    });
    const holds = held.length === 0 ? nothing : new Set(held);
    const depth = from === null ? 0 : from.open.state.depth + 1;
    const levels = [...levelsOf(this.#plan, names)];
    const state = { holds, from: from?.event ?? null, depth, levels, transitions: [] };
    // Without the entries that led to it, which nothing reads again.
    const { sim, topology } = world;
    open.push({ inside: { world: { sim, names, topology }, rows }, left, state });
    return open.length - 1;
  }
}

/** What holds in a state in which no watched expectation is broken. */
const nothing: ReadonlySet<string> = new Set();

/** The events of a shortest way to a state. */
export function wayTo(space: StateSpace, state: number): readonly string[] {
  assertSpace(space);
  const events: string[] = [];
  let from = space.states[state]?.from;
  while (from != null) {
    events.unshift(from.event);
    from = space.states[from.state]?.from;
  }
  return events;
}

type Watched = Extract<ExpectationOf<number>, { readonly never: unknown }>;

function watchedExpectations(scenario: Scenario): readonly (readonly [string, Watched])[] {
  const { topology = {}, steps = [], operators = {}, expect = {}, random = {} } = scenario;
  const things = Object.entries(topology);
  const refuse = (field: string, value: unknown, expected: string): never => {
    throw new InvalidInputError([{ field, value, expected, rule: "exact-scenario" }]);
  };
  if (things.length !== 1) {
    return refuse("topology", things.length, "one thing: states of several multiply");
  }
  if (Object.keys(operators).length > 0) return refuse("operators", "some", "none");
  if (Object.keys(random).length === 0 && steps.length === 0) {
    return refuse("random", "none", "at least one process, or steps");
  }
  for (const [name, { of }] of Object.entries(random)) {
    if (of === undefined) {
      return refuse(`random.${name}`, "a zone or a rack", "of: states contain no places");
    }
  }
  for (const [at, { do: action }] of steps.entries()) {
    if (typeof action === "object" && "fault" in action && action.fault === "correlated") {
      return refuse(`steps[${String(at)}].do.fault`, "correlated", "faults of instances");
    }
  }
  for (const [name, { backup }] of things) {
    if (backup !== undefined) {
      return refuse(`topology.${name}.backup`, "a schedule", "none: it depends on the hour");
    }
  }
  const unanswered = new Set(unansweredExpectations(scenario).map(({ name }) => name));
  return neverExpectations(expect).filter(([name]) => !unanswered.has(name));
}

function neverExpectations(
  expect: NonNullable<Scenario["expect"]>,
): readonly (readonly [string, Watched])[] {
  return Object.entries(expect).flatMap(([name, one]) =>
    "never" in one ? [[name, one] as const] : [],
  );
}

/** An expectation that a command does not check, and why. */
export interface UnansweredExpectation {
  readonly name: string;
  readonly reason: string;
}

/** Returns the expectations that depend on more than which states are reached. */
export function unansweredExpectations({
  expect = {},
}: Scenario): readonly UnansweredExpectation[] {
  return Object.entries(expect).flatMap(([name, expectation]) => {
    const reason = unansweredReason(expectation);
    return reason === undefined ? [] : [{ name, reason }];
  });
}

function unansweredReason(expectation: ExpectationOf<number>): string | undefined {
  if (!("never" in expectation)) {
    return `${expectationKind(expectation)}, not a condition that must never hold`;
  }
  const { never, for: lasting = 0 } = expectation;
  if (conditionsOfTime.has(never)) {
    return `${never} is no condition of states alone`;
  }
  if (lasting === 0) return undefined;
  return `for: ${formatDuration(lasting)} asks how long a state lasts, and a state has no age`;
}

/** Returns what kind of figure or property an expectation is about, with its article. */
export function expectationKind(
  expectation: Exclude<ExpectationOf<number>, { readonly never: unknown }>,
): string {
  if ("mean" in expectation) return "a mean over many futures";
  if ("share" in expectation) return "a share of many futures";
  return "quantile" in expectation ? "a quantile over many futures" : "a property of whole futures";
}

/**
 * Returns the increment of each count by a transition, then the number of interruptions of each kind that it begins.
 */
function countsBetween(plan: MeasurePlan, before: World, after: Forked): readonly number[] {
  if (plan.counts.length === 0 && plan.flags.length === 0) return noCounts;
  const all = after.entries.map((entry) => countsOf(plan, after.names, entry));
  const was = flagsOf(plan, before.names);
  const begun = flagsOf(plan, after.names).map((holds, at) => (holds && was[at] !== true ? 1 : 0));
  return [
    ...plan.counts.map((_, at) => all.reduce((sum, counts) => sum + (counts[at] ?? 0), 0)),
    ...begun,
  ];
}

const noCounts: readonly number[] = [];

/** The measured part of each state and each transition. */
function measuredBy(
  { levels, counts, flags }: MeasurePlan,
  order: readonly string[],
): readonly MeasuredPart[] {
  const begun = flags.flatMap((flag, at) =>
    flag.kind === "interruptions" && flag.isTakeover === null
      ? [{ name: flag.name, kind: "count" as const, at: counts.length + at, unit: 1 }]
      : [],
  );
  return [
    ...levels.map(({ name, unit }, at) => ({ name, kind: "level" as const, at, unit })),
    ...counts.map(({ name }, at) => ({ name, kind: "count" as const, at, unit: 1 })),
    ...begun,
  ].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

/** Instances that are being deleted still cost something, but are no part of a state. */
function withoutHours(scenario: Scenario): Scenario {
  const states = Object.entries(scenario.measures ?? {}).filter(
    ([, { measure }]) => measure !== "instanceHours",
  );
  return { ...scenario, measures: Object.fromEntries(states) };
}

function tooManyStates(maxStates: number): InvalidInputError {
  const expected =
    "fewer replicas, kinds of faults or faults at once (maxFaults), or a larger maxStates";
  return new InvalidInputError([
    { field: "maxStates", value: maxStates, expected, rule: "exact-states" },
  ]);
}

import type { JournalEntry } from "../../kernel/journal.js";
import type { Distribution } from "../../model/distributions.js";
import { InvalidInputError } from "../../model/errors.js";
import type { ExpectationOf, Scenario } from "../../scenario/format/scenario.js";
import { conditionsOfPositions, watchCondition } from "../../scenario/run/conditions.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { prepareScenario } from "../../scenario/run/prepare.js";
import { startRandomFaults } from "../../scenario/run/randomProcesses.js";
import type { Choice } from "../../simulator/choices.js";
import { shapeOf } from "../../simulator/shape.js";
import type { ReplicationSimulator } from "../../simulator.js";
import {
  countsOf,
  flagsOf,
  levelsOf,
  type MeasurePlan,
  planMeasures,
} from "../compiled/measurePlan.js";
import { type Move, makeMove, marksOf, movesOf, readyMoves } from "./moves.js";

/** Bounds of an exploration. */
export interface ExplorationBounds {
  /** More states than this are refused. Default 20,000; each holds a world of some 10 kB. */
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
  readonly from: { readonly state: number; readonly event: string } | null;
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

interface World {
  readonly sim: ReplicationSimulator;
  readonly names: NameTable;
}

/** Number of remaining events of each kind. */
interface EventsLeft {
  readonly faults: number;
  readonly commands: number;
}

interface OpenState {
  readonly world: World;
  readonly left: EventsLeft;
  readonly state: { -readonly [K in keyof ReachableState]: ReachableState[K] };
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
  const { maxStates = defaultMaxStates, maxFaults = Number.POSITIVE_INFINITY } = bounds;
  const watched = watchedExpectations(scenario);
  const moves = movesOf(scenario);
  const maxCommands = moves.length === 0 ? 0 : (bounds.maxCommands ?? defaultMaxCommands);
  const start = beginning(scenario);
  const [thing = ""] = Object.keys(scenario.topology ?? {});
  const plan = planMeasures(withoutHours(scenario), thing, start.names);
  const stateOf = stateReader(scenario, moves, plan);
  const found = new Map<string, number>();
  const open: OpenState[] = [];
  const add = (
    world: World,
    left: EventsLeft,
    from: { readonly state: number; readonly event: string; readonly depth: number } | null,
  ): number => {
    const { names } = world;
    const key = `${String(left.faults)} ${String(left.commands)} ${stateOf(names)}`;
    const known = found.get(key);
    if (known !== undefined) return known;
    if (open.length === maxStates) throw tooManyStates(maxStates);
    found.set(key, open.length);
    const holds = new Set(
      watched.flatMap(([name, { never: condition, of, copies }]) => {
        const about = { condition, of, ...(copies === undefined ? {} : { copies }) };
        return watchCondition(about, names).holds() ? [name] : [];
      }),
    );
    const depth = from === null ? 0 : from.depth + 1;
    const levels = [...levelsOf(plan, names)];
    open.push({ world, left, state: { holds, from, depth, levels, transitions: [] } });
    return open.length - 1;
  };
  add(start, { faults: maxFaults, commands: maxCommands }, null);
  // States are added while they are gone through.
  for (const [at, { world, left, state }] of open.entries()) {
    const transitions: Transition[] = [];
    const lead = (
      next: Forked,
      rest: EventsLeft,
      about: Omit<Transition, "to" | "counts">,
    ): void => {
      const { depth } = state;
      const to = add(next, rest, { state: at, event: about.event, depth });
      const counts = countsBetween(plan, world, next);
      // A transition to the same state that counts nothing is dropped: the end of a deletion, a fault without a target.
      if (to !== at || counts.some((count) => count !== 0))
        transitions.push({ ...about, to, counts });
    };
    for (const choice of world.sim.stateSpace.choices()) {
      const isStrike = strikes(world.sim, choice);
      if (isStrike && left.faults === 0) continue;
      const { distribution, factor, outOf } = choice;
      const rest = isStrike ? { ...left, faults: left.faults - 1 } : left;
      const event = nameOf(world, choice);
      const next = fired(world, (sim) => {
        sim.stateSpace.fire(choice);
        return true;
      });
      if (next !== undefined) lead(next, rest, { event, distribution, factor, outOf });
    }
    if (left.commands > 0) {
      const rest = { ...left, commands: left.commands - 1 };
      for (const move of readyMoves(moves, world.names)) {
        const next = fired(world, (sim, names) => makeMove(move, sim, names));
        const { event } = move;
        if (next !== undefined)
          lead(next, rest, { event, distribution: null, factor: 1, outOf: 1 });
      }
    }
    state.transitions = transitions;
  }
  return {
    scenario,
    watched: watched.map(([name]) => name),
    states: open.map(({ state }) => state),
    measured: measuredBy(plan, Object.keys(scenario.measures ?? {})),
  };
}

/** The events of a shortest way to a state. */
export function wayTo(space: StateSpace, state: number): readonly string[] {
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
  for (const [name, { backup }] of things) {
    if (backup !== undefined) {
      return refuse(`topology.${name}.backup`, "a schedule", "none: it depends on the hour");
    }
  }
  const watched = Object.entries(expect).flatMap(([name, one]) =>
    "never" in one ? [[name, one] as const] : [],
  );
  for (const [name, { never, for: lasting }] of watched) {
    const isLevel = !conditionsOfPositions.has(never) && never !== "backupOlderThan";
    if (!isLevel) refuse(`expect.${name}.never`, never, "a condition of states alone");
    if (lasting !== undefined && lasting > 0) {
      refuse(`expect.${name}.for`, lasting, "none: a state has no age");
    }
  }
  return watched;
}

/** The world at time 0, with its random faults. */
function beginning(scenario: Scenario): World {
  const prepared = prepareScenario(scenario, { journal: false, store: "immutable" });
  const sim = prepared.base.fork();
  const names = prepared.names.copyFor(sim);
  startRandomFaults(scenario, names);
  return { sim, names };
}

/** A world with what led to it. */
interface Forked extends World {
  readonly entries: readonly JournalEntry[];
}

/** Another world, in which something has happened; undefined where it was refused. */
function fired(
  { sim, names }: World,
  happen: (sim: ReplicationSimulator, names: NameTable) => boolean,
): Forked | undefined {
  const next = sim.fork();
  const copied = names.copyFor(next);
  const entries: JournalEntry[] = [];
  const end = next.subscribe((entry) => {
    copied.follow(entry);
    entries.push(entry);
  });
  const isAccepted = happen(next, copied);
  end();
  return isAccepted ? { sim: next, names: copied, entries } : undefined;
}

/**
 * Returns the increment of each count by a transition, then the number of interruptions of each kind that it begins.
 */
function countsBetween(plan: MeasurePlan, before: World, after: Forked): readonly number[] {
  const all = after.entries.map((entry) => countsOf(plan, after.names, entry));
  const was = flagsOf(plan, before.names);
  const begun = flagsOf(plan, after.names).map((holds, at) => (holds && was[at] !== true ? 1 : 0));
  return [
    ...plan.counts.map((_, at) => all.reduce((sum, counts) => sum + (counts[at] ?? 0), 0)),
    ...begun,
  ];
}

/** Returns what makes two worlds one state. */
function stateReader(
  { random = {} }: Scenario,
  moves: readonly Move[],
  { watched }: MeasurePlan,
): (names: NameTable) => string {
  const faults = [
    ...Object.values(random).map(({ fault }) => fault),
    ...moves.map(({ action }) => ("fault" in action ? action.fault : "")),
  ];
  // Of equally fresh members the first is promoted, so that their order matters where links are cut.
  const ordered = faults.includes("cutLink") || faults.includes("partition");
  return (names) => {
    const marks = new Map(moves.length === 0 ? [] : marksOf(moves, names));
    for (const [at, id] of watched.entries()) marks.set(id, `${marks.get(id) ?? ""} ${String(at)}`);
    return shapeOf(names.topology, { ordered, deleting: false }, marks);
  };
}

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

/** Whether a choice is the strike of a random process, not a repair. */
function strikes(sim: ReplicationSimulator, { kind, id }: Choice): boolean {
  if (kind !== "fault") return false;
  return sim.listFaults().some((fault) => fault.id === id && fault.phase === "recurring");
}

function nameOf({ sim, names }: World, { kind, id, task, victimId }: Choice): string {
  const [thing] = names.things;
  const place = (instanceId: string): string => {
    const at = thing?.born.indexOf(instanceId) ?? -1;
    return at < 0 ? "a new instance" : `${thing?.name ?? ""}.${String(at + 1)}`;
  };
  if (kind !== "fault") {
    return `${task ?? kind} of ${kind === "instance" ? place(id) : (thing?.name ?? kind)} ends`;
  }
  const row = sim.listFaults().find((fault) => fault.id === id);
  if (row === undefined) return "a fault";
  const { fault, phase } = row;
  if (phase === "recurring" && (fault.kind === "random" || fault.kind === "randomAmong")) {
    const { target } = fault;
    const struck =
      victimId ?? (target !== "all" && "instanceId" in target ? target.instanceId : "");
    return `${fault.fault} of ${place(struck)}`;
  }
  const struck =
    "instanceId" in fault ? fault.instanceId : "replicaId" in fault ? fault.replicaId : "";
  return `repair of ${place(struck)}`;
}

function tooManyStates(maxStates: number): InvalidInputError {
  const expected =
    "fewer replicas, kinds of faults or faults at once (maxFaults), or a larger maxStates";
  return new InvalidInputError([
    { field: "maxStates", value: maxStates, expected, rule: "exact-states" },
  ]);
}

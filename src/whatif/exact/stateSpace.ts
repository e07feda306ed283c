import type { Distribution } from "../../domain/distributions.js";
import { InvalidInputError } from "../../domain/errors.js";
import type { ExpectationOf, Scenario } from "../../scenario/format/scenario.js";
import { conditionsOfPositions, watchCondition } from "../../scenario/run/conditions.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { prepareScenario } from "../../scenario/run/prepare.js";
import { startRandomFaults } from "../../scenario/run/randomProcesses.js";
import type { Choice } from "../../simulator/choices.js";
import type { ReplicationSimulator } from "../../simulator.js";

/** How far an exploration goes. */
export interface ExplorationBounds {
  /** More states than this are refused. Default 20,000; each holds a world of some 10 kB. */
  readonly maxStates?: number;
  /** Random faults that strike at most, one after the other. Default: as many as can. */
  readonly maxFaults?: number;
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
}

/** What leads from one state to another. */
export interface Transition {
  readonly to: number;
  readonly event: string;
  /** What its duration is drawn from; null for a time that was given. */
  readonly distribution: Distribution | null;
  readonly factor: number;
  readonly outOf: number;
}

/** All states that a scenario can reach, whatever its durations are. */
export interface StateSpace {
  readonly scenario: Scenario;
  /** Names of the expectations that are watched: those of the form `never`. */
  readonly watched: readonly string[];
  readonly states: readonly ReachableState[];
}

/** States at most, unless said. */
export const defaultMaxStates = 20_000;

interface World {
  readonly sim: ReplicationSimulator;
  readonly names: NameTable;
}

interface OpenState {
  readonly world: World;
  readonly faultsLeft: number;
  readonly state: { -readonly [K in keyof ReachableState]: ReachableState[K] };
}

/**
 * Finds every state that one thing of a topology reaches under its random faults, in every order of failures, repairs and
 * ends of work, by the rules of the simulator. Breadth first: the way to each state is a shortest one.
 *
 * @throws InvalidInputError `exact-scenario` for what a state does not hold: steps, operators, schedules, positions,
 * several things; `exact-states` above the bound
 */
export function exploreScenario(scenario: Scenario, bounds: ExplorationBounds = {}): StateSpace {
  const { maxStates = defaultMaxStates, maxFaults = Number.POSITIVE_INFINITY } = bounds;
  const watched = watchedExpectations(scenario);
  const isOrdered = Object.values(scenario.random ?? {}).some(({ fault }) => fault === "cutLink");
  const found = new Map<string, number>();
  const open: OpenState[] = [];
  const add = (
    world: World,
    faultsLeft: number,
    from: { readonly state: number; readonly event: string; readonly depth: number } | null,
  ): number => {
    const shape = world.sim.shape({ ordered: isOrdered, deleting: false });
    const key = Number.isFinite(faultsLeft) ? `${String(faultsLeft)} ${shape}` : shape;
    const known = found.get(key);
    if (known !== undefined) return known;
    if (open.length === maxStates) throw tooManyStates(maxStates);
    found.set(key, open.length);
    const holds = new Set(
      watched.flatMap(([name, { never: condition, of, copies }]) => {
        const about = { condition, of, ...(copies === undefined ? {} : { copies }) };
        return watchCondition(about, world.names).holds() ? [name] : [];
      }),
    );
    const depth = from === null ? 0 : from.depth + 1;
    open.push({ world, faultsLeft, state: { holds, from, depth, transitions: [] } });
    return open.length - 1;
  };
  add(beginning(scenario), maxFaults, null);
  // States are added while they are gone through.
  for (const [at, { world, faultsLeft, state }] of open.entries()) {
    const transitions: Transition[] = [];
    for (const choice of world.sim.choices()) {
      const isStrike = strikes(world.sim, choice);
      if (isStrike && faultsLeft === 0) continue;
      const event = nameOf(world, choice);
      const next = fired(world, choice);
      const to = add(next, isStrike ? faultsLeft - 1 : faultsLeft, {
        state: at,
        event,
        depth: state.depth,
      });
      // What leads back changes nothing: the end of a deletion, a strike at nobody.
      if (to === at) continue;
      const { distribution, factor, outOf } = choice;
      transitions.push({ to, event, distribution, factor, outOf });
    }
    state.transitions = transitions;
  }
  return {
    scenario,
    watched: watched.map(([name]) => name),
    states: open.map(({ state }) => state),
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
  if (steps.length > 0) return refuse("steps", steps.length, "none: only random faults happen");
  if (Object.keys(operators).length > 0) return refuse("operators", "some", "none");
  if (Object.keys(random).length === 0) return refuse("random", "none", "at least one process");
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

/** Another world, in which a choice has happened. */
function fired({ sim, names }: World, choice: Choice): World {
  const next = sim.fork();
  const copied = names.copyFor(next);
  const end = next.subscribe((entry) => {
    copied.follow(entry);
  });
  next.fire(choice);
  end();
  return { sim: next, names: copied };
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

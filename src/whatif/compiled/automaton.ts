import type { JournalEntry } from "../../kernel/journal.js";
import type { Command } from "../../model/commandTypes.js";
import { ReplicationError } from "../../model/errors.js";
import type { Scenario } from "../../scenario/format/scenario.js";
import { commandsOf } from "../../scenario/run/actions.js";
import { createdId, kindOf } from "../../scenario/run/created.js";
import { type PreparedScenario, prepareScenario } from "../../scenario/run/prepare.js";
import { startRandomFaults } from "../../scenario/run/randomProcesses.js";
import type { OpenChoice } from "../../simulator/choices.js";
import { openChoices, tryOpen } from "../../simulator/stateSpace.js";
import { simulatorOf } from "../../simulator.js";
import { changesStates } from "../measures/measure.js";
import { type CompiledWorld, madeBefore, readWorld, type WorldRow } from "./compiledWorld.js";
import {
  type CountedBirth,
  countedBirths,
  deriveChanges,
  type PlacedWorld,
  placeRows,
  sizeOf,
} from "./deriveChanges.js";
import { KeyTable } from "./keyTable.js";
import { LawTable } from "./lawTable.js";
import {
  countsOf,
  flagsOf,
  levelsOf,
  type MeasurePlan,
  planMeasures,
  takeoversOf,
} from "./measurePlan.js";
import { NotCompilableError } from "./notCompilable.js";
import { bornReferences, type CompiledAction, type NamedAction } from "./plannedActions.js";
import type { RegisterProgram } from "./registerProgram.js";

/** A state of a thing: all worlds with one list of rows. */
export interface CompiledState {
  readonly world: CompiledWorld;
  /** The register of each row of the world: as far as possible the one that it had in the state before. */
  readonly places: Int32Array;
  /** Number of registers up to the last of them. */
  readonly registers: number;
  /** What can happen next. */
  readonly choices: readonly OpenChoice[];
  /** Registers of the rows that are due at some time. */
  readonly due: Int32Array;
  /** For each of `due`: the registers of what a process on a population can strike; null for everything else. */
  readonly victims: readonly (Int32Array | null)[];
  /** For each of `due` the place of the first of its transitions. */
  readonly first: Int32Array;
  /** For each of `due`, and for each victim, what leads on; of a process on a population the last is for no victim. */
  readonly transitions: (CompiledTransition | undefined)[];
  /** What each action of a step or an operator leads to, by its number. */
  readonly reactions: (CompiledReaction | undefined)[];
  readonly levels: Float64Array;
  /** Whether any level is not 0. */
  readonly isMeasured: boolean;
  readonly flags: readonly boolean[];
}

/** A transition between two states. */
export interface CompiledTransition {
  readonly to: CompiledState;
  readonly registers: RegisterProgram;
  /** Indexes of the counts that increase; null for none. */
  readonly counts: readonly number[] | null;
  /** Interruptions during which this moves the clients. */
  readonly takeovers: readonly number[];
  /** Flags that change. */
  readonly flips: readonly number[];
  /** Whether there are counts, takeovers or flips. */
  readonly isMeasured: boolean;
}

/** What an action leads to, in the state in which it happens. */
export interface CompiledReaction {
  /** One for each command that changed something, in order. */
  readonly transitions: readonly CompiledTransition[];
  /** Commands executed, refused ones included. */
  readonly commands: number;
  readonly refusals: number;
}

/** More states than this are not compiled; each holds a world of some 10 kB. */
export const maxCompiledStates = 5000;

/** The seed of the worlds that transitions are computed in; what is drawn there is drawn again in each future. */
const compilerSeed = "compiled";

/**
 * The states of one thing of a scenario and what leads from one to another, each found by the rules of the simulator
 * when a future first comes there.
 */
export class Automaton {
  readonly prepared: PreparedScenario;
  readonly keys = new KeyTable();
  readonly laws = new LawTable();
  readonly plan: MeasurePlan;
  readonly start: CompiledState;
  readonly startRegisters: RegisterProgram;
  /** The births that a future counts; a group that a step makes adds its own. */
  readonly counted: CountedBirth[];
  /** Number of counted births before time 0. */
  readonly startCounters: number[];
  readonly #actions: readonly CompiledAction[];
  readonly #states = new Map<string, CompiledState>();
  #transitions = 0;

  /** @throws NotCompilableError */
  constructor(scenario: Scenario, thing: string, actions: readonly CompiledAction[] = []) {
    this.#actions = actions;
    this.prepared = prepareScenario(scenario, { journal: false, store: "immutable" });
    const sim = this.prepared.base.fork({ seed: compilerSeed });
    const names = this.prepared.names.copyFor(sim);
    const plan = planMeasures(scenario, thing, names);
    const named = bornReferences(actions).flatMap((reference) => names.resolve(reference));
    this.plan = { ...plan, watched: [...new Set([...plan.watched, ...named])] };
    startRandomFaults(scenario, names);
    const world = readWorld({ sim, names }, this.plan.watched);
    this.counted = [...countedBirths(world)];
    this.startCounters = this.counted.map(({ counted }) => madeBefore(world, counted));
    this.start = this.#stateOf(world, undefined);
    this.startRegisters = deriveChanges(undefined, this.start, this);
  }

  /** Number of states and transitions so far. */
  get size(): { readonly states: number; readonly transitions: number } {
    return { states: this.#states.size, transitions: this.#transitions };
  }

  /** Returns the transition when a row is due; undefined above the bound of states. */
  transition(state: CompiledState, slot: number, victim: number): CompiledTransition | undefined {
    const { world, places } = state;
    const rowAt = (place: number | undefined): WorldRow | undefined =>
      place === undefined ? undefined : world.rows[places.indexOf(place)];
    const row = rowAt(state.due[slot]);
    const victimId = rowAt(state.victims[slot]?.[victim])?.id ?? null;
    const open = state.choices.find(
      ({ choice }) =>
        choice.seq === row?.seq && (victimId === null || choice.victimId === victimId),
    );
    if (open === undefined) throw new NotCompilableError("what is due is none of the choices");
    const { sim, names, entry } = fireChoice(world.sim, world.names, open);
    const transition = this.#between(state, world, { ...measuredBy(sim, names, entry), entry });
    if (transition !== undefined) {
      state.transitions[(state.first[slot] ?? 0) + victim] = transition.made;
    }
    return transition?.made;
  }

  /** Returns what an action leads to in a state; undefined above the bound of states. */
  reaction(state: CompiledState, action: number): CompiledReaction | undefined {
    let from = state;
    let { world } = state;
    let commands = 0;
    let refusals = 0;
    const transitions: CompiledTransition[] = [];
    for (const named of this.#actions[action] ?? []) {
      for (const command of commandsOf(named.action as never, world.names, named)) {
        commands += 1;
        const executed = execute(world, command, named);
        if (executed === undefined) {
          refusals += 1;
          continue;
        }
        const { entry } = executed;
        if (entry === undefined) {
          world = readWorld(executed, this.plan.watched, world);
          continue;
        }
        const next = this.#between(from, world, { ...executed, entry, isCommanded: true });
        if (next === undefined) return undefined;
        transitions.push(next.made);
        from = next.made.to;
        world = next.after;
      }
    }
    const reaction = { transitions, commands, refusals };
    state.reactions[action] = reaction;
    return reaction;
  }

  /** The transition that an entry of the journal has made; undefined above the bound of states. */
  #between(
    state: CompiledState,
    world: CompiledWorld,
    fired: Fired & { readonly entry: JournalEntry; readonly isCommanded?: boolean },
  ): { readonly made: CompiledTransition; readonly after: CompiledWorld } | undefined {
    const { entry, isCommanded = false } = fired;
    const after = readWorld(fired, this.plan.watched, world);
    const before: PlacedWorld = { world, places: state.places };
    const to = this.#stateOf(after, before);
    if (this.#states.size > maxCompiledStates) return undefined;
    const watchesStates = changesStates(entry);
    const flips = to.flags.flatMap((flag, at) => (flag === state.flags[at] ? [] : [at]));
    const isStale = !watchesStates && (flips.length > 0 || differ(to.levels, state.levels));
    if (isStale) throw new NotCompilableError("a level changes without a change of state");
    this.#countBirthsOf(after);
    const counts = fired.counts(this.plan);
    const takeovers = watchesStates ? fired.takeovers(this.plan) : [];
    const registers = deriveChanges(
      before,
      { world: after, places: to.places },
      { keys: this.keys, laws: this.laws, counted: this.counted, isCommanded },
    );
    // Written out, not spread: V8 would give each transition a shape of its own, and every future reads them.
    const isMeasured = counts !== null || takeovers.length > 0 || flips.length > 0;
    const made: CompiledTransition = { to, registers, counts, takeovers, flips, isMeasured };
    this.#transitions += 1;
    return { made, after };
  }

  /** Counts the births of groups that were not there at time 0: none before they were made. */
  #countBirthsOf(world: CompiledWorld): void {
    for (const birth of countedBirths(world)) {
      if (this.counted.some(({ counted }) => counted === birth.counted)) continue;
      this.counted.push(birth);
      this.startCounters.push(0);
    }
  }

  #stateOf(world: CompiledWorld, before: PlacedWorld | undefined): CompiledState {
    const known = this.#states.get(world.text);
    if (known !== undefined) return known;
    const choices = openChoices(world.sim);
    const places = placeRows(before, world);
    const due = world.rows.flatMap(({ seq }, at) => (seq === null ? [] : [at]));
    const victims = due.map((at) => victimsOf({ world, places }, at, choices));
    if (due.length !== new Set(choices.map(({ choice }) => choice.seq)).size) {
      throw new NotCompilableError("something is due that no row says");
    }
    let transitions = 0;
    const first = victims.map((affected) => {
      const at = transitions;
      transitions += affected === null ? 1 : affected.length + 1;
      return at;
    });
    const levels = levelsOf(this.plan, world.names);
    const state: CompiledState = {
      world,
      places,
      registers: sizeOf(places),
      choices,
      due: Int32Array.from(due, (at) => places[at] ?? 0),
      victims,
      first: Int32Array.from(first),
      transitions: Array.from({ length: transitions }, () => undefined),
      reactions: [],
      levels,
      isMeasured: levels.some((level) => level !== 0),
      flags: flagsOf(this.plan, world.names),
    };
    this.#states.set(world.text, state);
    return state;
  }
}

/** Registers of what can be struck when a row is due; null where it is no process on a population. */
function victimsOf(
  { world: { rows }, places }: PlacedWorld,
  at: number,
  choices: readonly OpenChoice[],
): Int32Array | null {
  const row = rows[at];
  const isAmong =
    row?.value.kind === "faults" &&
    row.value.row.fault.kind === "randomAmong" &&
    row.value.row.phase === "recurring";
  if (!isAmong) return null;
  const affected = choices.filter(
    ({ choice: { seq, victimId } }) => seq === row.seq && victimId !== null,
  );
  return Int32Array.from(
    affected.map(({ choice }) => places[rows.findIndex(({ id }) => id === choice.victimId)] ?? 0),
  );
}

/** A fork in which something has happened, and what it meant for the measures at that moment. */
interface Fired extends Pick<CompiledWorld, "sim" | "names"> {
  /** Undefined where nothing was written to the journal. */
  readonly entry: JournalEntry | undefined;
  /** The increments of counts; null for none. */
  readonly counts: (plan: MeasurePlan) => readonly number[] | null;
  readonly takeovers: (plan: MeasurePlan) => readonly number[];
}

/** Lets a choice of a world happen in a fork: without a subscriber, and without looking for the choice in it. */
function fireChoice(
  sim: CompiledWorld["sim"],
  names: CompiledWorld["names"],
  open: OpenChoice,
): Pick<CompiledWorld, "sim" | "names"> & { readonly entry: JournalEntry } {
  const { entry, world } = tryOpen(sim, open);
  const fork = simulatorOf(world());
  const copied = names.copyFor(fork);
  copied.follow(entry);
  return { sim: fork, names: copied, entry };
}

/** Executes something in a fork. */
function executeInFork(
  { sim, names }: Pick<CompiledWorld, "sim" | "names">,
  happens: (fork: CompiledWorld["sim"]) => void,
): Fired {
  const fork = sim.fork();
  const copied = names.copyFor(fork);
  const entries: JournalEntry[] = [];
  const end = fork.subscribe((entry) => {
    copied.follow(entry);
    entries.push(entry);
  });
  happens(fork);
  end();
  const [entry] = entries;
  if (entries.length > 1) throw new NotCompilableError("a choice leads to several transactions");
  return measuredBy(fork, copied, entry);
}

/** What an entry means for the measures. */
function measuredBy(
  sim: CompiledWorld["sim"],
  names: CompiledWorld["names"],
  entry: JournalEntry | undefined,
): Fired {
  const counts = (plan: MeasurePlan): readonly number[] | null => {
    const all = entry === undefined ? [] : countsOf(plan, names, entry);
    return all.some((count) => count !== 0) ? all : null;
  };
  const takeovers = (plan: MeasurePlan): readonly number[] =>
    entry === undefined ? [] : takeoversOf(plan, names, entry);
  return { sim, names, entry, counts, takeovers };
}

/** Executes a command in a fork, and names what it creates as the run of a scenario does; undefined where it is refused. */
function execute(world: CompiledWorld, command: Command, { name }: NamedAction): Fired | undefined {
  let value: unknown;
  try {
    const fired = executeInFork(world, (fork) => {
      value = fork.execute(command);
    });
    const id = createdId(value);
    if (name !== undefined && id !== undefined) {
      const { accountId } = fired.sim;
      fired.names.add(name, { id, kind: kindOf(command), isFixture: false, accountId });
    }
    return fired;
  } catch (error) {
    if (error instanceof ReplicationError) return undefined;
    throw error;
  }
}

function differ(a: Float64Array, b: Float64Array): boolean {
  return a.some((value, at) => value !== b[at]);
}

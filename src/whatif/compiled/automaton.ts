import type { JournalEntry } from "../../kernel/journal.js";
import type { Scenario } from "../../scenario/format/scenario.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { type PreparedScenario, prepareScenario } from "../../scenario/run/prepare.js";
import { startRandomFaults } from "../../scenario/run/randomProcesses.js";
import type { Choice } from "../../simulator/choices.js";
import { changesStates } from "../measures/measure.js";
import { type CompiledWorld, madeBefore, readWorld } from "./compiledWorld.js";
import { type CountedBirths, countedBirths, deriveChanges } from "./deriveChanges.js";
import { KeyTable } from "./keyTable.js";
import {
  countsOf,
  flagsOf,
  levelsOf,
  type MeasurePlan,
  planMeasures,
  takeoversOf,
} from "./measurePlan.js";
import { NotCompilableError } from "./notCompilable.js";
import type { RegisterChanges } from "./registers.js";

/** A state of a thing: all worlds with one list of rows. */
export interface CompiledState {
  readonly world: CompiledWorld;
  /** Rows that are due at some time. */
  readonly due: Int32Array;
  /** For each of `due`: the rows that a process on a population can strike; null for everything else. */
  readonly victims: readonly (Int32Array | null)[];
  /** For each of `due`, and for each victim, what leads on; of a process on a population the last is for no victim. */
  readonly transitions: (CompiledTransition | undefined)[][];
  readonly levels: Float64Array;
  /** Whether any level is not 0. */
  readonly isMeasured: boolean;
  readonly flags: readonly boolean[];
}

/** A transition between two states. */
export interface CompiledTransition {
  readonly to: CompiledState;
  readonly registers: RegisterChanges;
  /** Indexes of the counts that increase; null for none. */
  readonly counts: readonly number[] | null;
  /** Interruptions during which this moves the clients. */
  readonly takeovers: readonly number[];
  /** Flags that change. */
  readonly flips: readonly number[];
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
  readonly plan: MeasurePlan;
  readonly start: CompiledState;
  readonly startRegisters: RegisterChanges;
  readonly counted: CountedBirths;
  /** Number of counted births before time 0. */
  readonly startCounters: readonly number[];
  readonly #states = new Map<string, CompiledState>();
  #transitions = 0;

  /** @throws NotCompilableError */
  constructor(scenario: Scenario, thing: string) {
    this.prepared = prepareScenario(scenario, { journal: false, store: "immutable" });
    const sim = this.prepared.base.fork({ seed: compilerSeed });
    const names = this.prepared.names.copyFor(sim);
    this.plan = planMeasures(scenario, thing, names);
    startRandomFaults(scenario, names);
    const world = readWorld({ sim, names }, this.plan.watched);
    this.counted = countedBirths(world);
    this.startCounters = this.counted.map(({ counted }) => madeBefore(world, counted));
    this.startRegisters = deriveChanges(undefined, world, this);
    this.start = this.#stateOf(world);
  }

  /** Number of states and transitions so far. */
  get size(): { readonly states: number; readonly transitions: number } {
    return { states: this.#states.size, transitions: this.#transitions };
  }

  /** Returns the transition when a row is due; undefined above the bound of states. */
  transition(state: CompiledState, slot: number, victim: number): CompiledTransition | undefined {
    const { world } = state;
    const row = world.rows[state.due[slot] ?? -1];
    const victimId = world.rows[state.victims[slot]?.[victim] ?? -1]?.id ?? null;
    const choice = world.sim.stateSpace
      .choices()
      .find((one) => one.seq === row?.seq && (victimId === null || one.victimId === victimId));
    if (choice === undefined) throw new NotCompilableError("what is due is none of the choices");
    const fired = fire(world, choice);
    const { sim, names, entry, watchesStates } = fired;
    const after = readWorld({ sim, names }, this.plan.watched);
    const to = this.#stateOf(after);
    if (this.#states.size > maxCompiledStates) return undefined;
    const counts = countsOf(this.plan, names, entry);
    const flips = to.flags.flatMap((flag, at) => (flag === state.flags[at] ? [] : [at]));
    const takeovers = watchesStates ? takeoversOf(this.plan, names, entry) : [];
    const isStale = !watchesStates && (flips.length > 0 || differ(to.levels, state.levels));
    if (isStale) throw new NotCompilableError("a level changes without a change of state");
    const transition = {
      to,
      registers: deriveChanges(world, after, this),
      counts: counts.some((count) => count !== 0) ? counts : null,
      takeovers,
      flips,
    };
    this.#transitions += 1;
    (state.transitions[slot] ??= [])[victim] = transition;
    return transition;
  }

  #stateOf(world: CompiledWorld): CompiledState {
    const known = this.#states.get(world.text);
    if (known !== undefined) return known;
    const choices = world.sim.stateSpace.choices();
    const due = world.rows.flatMap(({ seq }, at) => (seq === null ? [] : [at]));
    const victims = due.map((at) => victimsOf(world, at, choices));
    if (due.length !== new Set(choices.map(({ seq }) => seq)).size) {
      throw new NotCompilableError("something is due that no row says");
    }
    const levels = levelsOf(this.plan, world.names);
    const state: CompiledState = {
      world,
      due: Int32Array.from(due),
      victims,
      transitions: due.map(() => []),
      levels,
      isMeasured: levels.some((level) => level !== 0),
      flags: flagsOf(this.plan, world.names),
    };
    this.#states.set(world.text, state);
    return state;
  }
}

/** Rows that can be struck when a row is due; null where it is no process on a population. */
function victimsOf(
  { rows }: CompiledWorld,
  at: number,
  choices: readonly Choice[],
): Int32Array | null {
  const row = rows[at];
  const isAmong =
    row?.value.kind === "faults" &&
    row.value.row.fault.kind === "randomAmong" &&
    row.value.row.phase === "recurring";
  if (!isAmong) return null;
  const struck = choices.filter(({ seq, victimId }) => seq === row.seq && victimId !== null);
  return Int32Array.from(struck.map(({ victimId }) => rows.findIndex(({ id }) => id === victimId)));
}

/** Lets a choice happen in a fork. */
function fire(
  { sim, names }: CompiledWorld,
  choice: Choice,
): {
  readonly sim: CompiledWorld["sim"];
  readonly names: NameTable;
  readonly entry: JournalEntry;
  readonly watchesStates: boolean;
} {
  const fork = sim.fork();
  const copied = names.copyFor(fork);
  const entries: JournalEntry[] = [];
  const end = fork.subscribe((entry) => {
    copied.follow(entry);
    entries.push(entry);
  });
  fork.stateSpace.fire(choice);
  end();
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    throw new NotCompilableError("a choice leads to several transactions");
  }
  return { sim: fork, names: copied, entry, watchesStates: changesStates(entry) };
}

function differ(a: Float64Array, b: Float64Array): boolean {
  return a.some((value, at) => value !== b[at]);
}

import { deepFreeze } from "../../collections/deepFreeze.js";
import type { JournalEntry } from "../../kernel/journal.js";
import type { Seed } from "../../kernel/keyedRandom.js";
import type { Command } from "../../model/commandTypes.js";
import { ReplicationError } from "../../model/errors.js";
import { assertParts } from "../../model/schema/argument.js";
import { assertKnownOptions, type OptionNames } from "../../model/schema/entryPointOptions.js";
import type { RedrawProposal } from "../../service/redraw.js";
import { executeParsed, follow } from "../../simulator/clientKernel.js";
import type { SnapshotJson } from "../../simulator/serialization.js";
import { forkWithProposal, ReplicationSimulator } from "../../simulator.js";
import { parseShape } from "../format/parseScenario.js";
import type { CheckAction, ScenarioInput, StepOf } from "../format/scenario.js";
import { commandsOf } from "./actions.js";
import { checkNow } from "./checks.js";
import { createdId, kindOf } from "./created.js";
import type { NameTable } from "./nameTable.js";
import { Operator } from "./operators.js";
import { namesOfStep, type PlannedStep } from "./planSteps.js";
import {
  forkOptionsOf,
  type PreparedScenario,
  prepareScenario,
  type WorldStorage,
} from "./prepare.js";

/** One step of a run. */
export interface StepOutcome {
  readonly step: StepOf<number>;
  /** Its place in the scenario, from 0. */
  readonly index: number;
  /** The world in which it happened. */
  readonly sim: ReplicationSimulator;
  /** The account that acted. */
  readonly accountId: string;
  /** The commands executed; several if the reference stands for several ids. */
  readonly commands: readonly Command[];
  /** The result of each command, or the reason of its refusal. */
  readonly results: readonly StepResult[];
  /** The world in which the scenario goes on: another one after a fork or a restore. */
  readonly next: ReplicationSimulator;
}

/** The value of a command, or its refusal. */
export type StepResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ReplicationError };

/** A command that was refused: part of the scenario, no failure. */
export interface Refusal {
  /** Place of the step, or the name of the operator. */
  readonly by: number | string;
  readonly at: number;
  readonly command: Command;
  readonly error: ReplicationError;
}

/** A check of a step that did not hold. */
export interface FailedCheck {
  readonly index: number;
  readonly at: number;
  readonly check: CheckAction;
  readonly message: string;
}

/** Options of a run. */
export interface RunScenarioOptions extends WorldStorage {
  /** Default: the seed of the scenario's world, or 1. */
  readonly seed?: number | string;
  /** Whether the writes of the topology begin at time 0. Default true. */
  readonly workload?: boolean;
  /** Called once the future has begun, before its first step. */
  readonly onStart?: (run: ScenarioRun) => void;
  /** Called with every journal entry, after the names have followed it. */
  readonly onEntry?: (entry: JournalEntry, run: ScenarioRun) => void;
  /** Whether entries are frozen before they are handed over. Default true; false for code that keeps no entry. @internal */
  readonly frozenEntries?: boolean;
  /** Called before a step, with the world in which it happens. */
  readonly beforeStep?: (about: Omit<StepOutcome, "results" | "next">) => void;
  /** Called after a step. */
  readonly afterStep?: (outcome: StepOutcome) => void;
  /** Replaces the draws of failure clocks in a fork. @internal */
  readonly proposal?: RedrawProposal;
  /** Called when an operator has acted, with the name of the thing that it watches. */
  readonly onReaction?: (
    operator: string,
    commands: readonly Command[],
    at: number,
    watched: string,
  ) => void;
}

const optionNames: OptionNames<RunScenarioOptions> = {
  seed: true,
  workload: true,
  onStart: true,
  onEntry: true,
  frozenEntries: true,
  beforeStep: true,
  afterStep: true,
  proposal: true,
  onReaction: true,
  store: true,
  journal: true,
  maxSteps: true,
  hooks: true,
};

/** Result of a run. */
export interface ScenarioRun {
  /** The world at the end. */
  sim: ReplicationSimulator;
  readonly names: NameTable;
  /** Virtual time at time 0, in ms since the epoch. */
  readonly start: number;
  /** Virtual time at the horizon; undefined where the scenario has none. */
  readonly end: number | undefined;
  readonly refusals: Refusal[];
  readonly failedChecks: FailedCheck[];
}

/**
 * Runs a scenario from time 0 to its horizon, or to its last step if it has none. Refused commands do not end the
 * run.
 *
 * @example
 * ```ts
 * import { runScenario } from "replication-simulator/scenario";
 *
 * const { sim } = runScenario({
 *   scenario: 1,
 *   topology: { orders: { kind: "set", replicas: 1 } },
 *   steps: [{ at: "1h", do: { fault: "crash", of: "orders.source" } }],
 *   horizon: "2h",
 * });
 * console.log(sim.instances({ status: "SHUTDOWN" }).length); // 1
 * ```
 * @param input - the scenario
 * @param options - seed, hooks before and after each step
 * @returns the simulator at the end, the outcomes of the steps, and the names
 * @throws InvalidInputError when the scenario does not have the form of one
 */
export function runScenario(input: ScenarioInput, options: RunScenarioOptions = {}): ScenarioRun {
  assertKnownOptions(options, optionNames);
  const scenario = parseShape(input);
  const { store, journal, maxSteps, hooks } = options;
  const storage = { store, journal, maxSteps, hooks } as WorldStorage;
  return runPrepared(prepareScenario(scenario, storage), options);
}

/**
 * Runs one future of a prepared scenario.
 * @throws InvalidInputError for an unknown option
 */
export function runPrepared(
  prepared: PreparedScenario,
  options: RunScenarioOptions = {},
): ScenarioRun {
  assertKnownOptions(options, optionNames);
  const expected = "a scenario that prepareScenario has prepared";
  assertParts(
    prepared,
    { field: "prepared", expected, rule: "scenario" },
    "scenario",
    "base",
    "plan",
    "initialCommands",
  );
  return runValid(prepared, options);
}

/** The same for what this library has prepared itself. */
export function runValid(prepared: PreparedScenario, options: RunScenarioOptions): ScenarioRun {
  const run = new PreparedRun(prepared, options);
  run.begin();
  run.proceed();
  return run;
}

/** Options of a run that continues in a fork. */
export interface ForkedRun {
  readonly seed: Seed;
  /** Replaces the draws of clocks of failures. */
  readonly proposal?: RedrawProposal;
  /** As in `RunScenarioOptions`, of the fork alone. */
  readonly onEntry?: NonNullable<RunScenarioOptions["onEntry"]>;
  readonly onReaction?: NonNullable<RunScenarioOptions["onReaction"]>;
}

/**
 * One future of a prepared scenario: to its horizon at once, or event by event. What goes event by event can be forked.
 */
export class PreparedRun implements ScenarioRun {
  sim: ReplicationSimulator;
  readonly names: NameTable;
  readonly start: number;
  readonly end: number | undefined;
  readonly refusals: Refusal[];
  readonly failedChecks: FailedCheck[] = [];
  readonly #prepared: PreparedScenario;
  readonly #options: RunScenarioOptions;
  readonly #seed: Seed;
  #operators: readonly Operator[] = [];
  /** Virtual time of the last step. */
  #last: number;
  /** Number of planned steps done; counted only if the run goes event by event. */
  #performed = 0;

  /** @param from - the run that this one is a fork of; begins at time 0 without it */
  constructor(prepared: PreparedScenario, options: RunScenarioOptions, from?: PreparedRun) {
    const { scenario, base, names, start } = prepared;
    this.#prepared = prepared;
    this.#options = options;
    this.#seed = options.seed ?? scenario.world?.seed ?? 1;
    this.start = start;
    this.end = scenario.horizon === undefined ? undefined : start + scenario.horizon;
    this.#last = start;
    this.refusals = [...(from?.refusals ?? [])];
    if (from === undefined) {
      this.sim = base.settings.seed === this.#seed ? base.fork() : base.fork({ seed: this.#seed });
      this.names = names.copyFor(this.sim);
    } else {
      this.#last = from.#last;
      this.#performed = from.#performed;
      this.sim = forkWithProposal(from.sim, { seed: this.#seed }, options.proposal);
      this.names = from.names.copyFor(this.sim);
      const world = { names: this.names, seed: this.#seed };
      this.#operators = from.#operators.map((operator) => operator.copyFor(world));
      this.#subscribe();
    }
  }

  /** Subscribes, then starts workloads and random faults: what they draw belongs to the future. */
  begin(): void {
    const { scenario } = this.#prepared;
    this.#subscribe();
    const operators = Object.entries(scenario.operators ?? {});
    const world = { names: this.names, seed: this.#seed };
    this.#operators = operators.map(([name, policy]) => new Operator(name, policy, world));
    this.#options.onStart?.(this);
    const { workloads, randomFaults } = this.#prepared.initialCommands;
    if (this.#options.workload !== false) this.#executeAll(workloads);
    this.#executeAll(randomFaults);
  }

  proceed(): void {
    const { plan } = this.#prepared;
    for (const planned of plan) {
      const { time, after } = planned;
      this.#advanceTo(time === undefined ? this.#last + after : this.start + time);
      this.#perform(planned);
      this.#last = this.sim.now;
    }
    if (this.end !== undefined) this.#advanceTo(this.end);
  }

  /**
   * Virtual time at which the next event happens: the end of work, a fault, a step or an operator. Undefined when nothing
   * is to come within the horizon.
   */
  get nextAt(): number | undefined {
    const next = Math.min(this.#plannedAt, this.#stopAt);
    return next <= (this.end ?? Number.POSITIVE_INFINITY) && next < Number.POSITIVE_INFINITY
      ? next
      : undefined;
  }

  /** Lets the next event happen. What `proceed` does at once happens here in the same order. */
  step(): void {
    const { nextAt } = this;
    if (nextAt === undefined) return;
    if (this.#plannedAt < this.#stopAt) {
      if (nextAt > this.sim.now) this.sim.advanceTo(nextAt);
      const planned = this.#prepared.plan[this.#performed];
      this.#performed += 1;
      if (planned !== undefined) this.#perform(planned);
      this.#last = this.sim.now;
      return;
    }
    if (this.sim.nextDueAt === nextAt) this.sim.step();
    else this.sim.advanceTo(nextAt);
    // Operators act when everything that is due at this moment has happened.
    if (this.#operators.length > 0 && this.sim.nextDueAt !== this.sim.now) this.#react();
  }

  /** Lets time pass to a moment before which nothing happens. */
  waitUntil(time: number): void {
    if (time > this.sim.now) this.sim.advanceTo(time);
  }

  /** Another future from this moment on, with draws of its own. The world must keep versions. */
  fork(options: ForkedRun): PreparedRun {
    const { workload } = this.#options;
    return new PreparedRun(
      this.#prepared,
      { ...options, ...(workload === undefined ? {} : { workload }) },
      this,
    );
  }

  /** Virtual time of the next planned step; infinite after the last. */
  get #plannedAt(): number {
    const planned = this.#prepared.plan[this.#performed];
    if (planned === undefined) return Number.POSITIVE_INFINITY;
    const { time, after } = planned;
    return Math.max(this.sim.now, time === undefined ? this.#last + after : this.start + time);
  }

  /** Virtual time at which something is due, or an operator has to be asked. */
  get #stopAt(): number {
    let next = this.sim.nextDueAt ?? Number.POSITIVE_INFINITY;
    for (const { nextAt } of this.#operators) next = Math.min(next, Math.max(nextAt, this.sim.now));
    return next;
  }

  #subscribe(): void {
    const { onEntry, frozenEntries = true } = this.#options;
    follow(this.sim, (entry) => {
      this.names.follow(entry);
      for (const operator of this.#operators) operator.watch(entry.at);
      onEntry?.(frozenEntries ? deepFreeze(entry) : entry, this);
    });
  }

  #executeAll(commands: readonly Command[]): void {
    for (const command of commands) executeParsed(this.sim, command);
  }

  /** Moves time on. Where operators watch, every change and every alarm on the way is a stop. */
  #advanceTo(time: number): void {
    // Steps of one time are executed together, before tasks due at that time.
    if (time <= this.sim.now) return;
    if (this.#operators.length === 0) {
      this.sim.advanceTo(time);
      return;
    }
    for (;;) {
      let next = Math.min(time, this.sim.nextDueAt ?? Number.POSITIVE_INFINITY);
      for (const { nextAt } of this.#operators) next = Math.min(next, nextAt);
      this.sim.advanceTo(Math.max(next, this.sim.now));
      this.#react();
      if (this.sim.now >= time) return;
    }
  }

  #react(): void {
    for (const operator of this.#operators) {
      if (!operator.isDue(this.sim.now)) continue;
      const commands: Command[] = [];
      for (const action of operator.policy.do) {
        for (const command of commandsOf(action, this.names)) {
          commands.push(command);
          this.#execute(command, { by: operator.name, accountId: this.sim.accountId });
        }
      }
      const [watched = ""] = operator.policy.when.of.split(".");
      this.#options.onReaction?.(operator.name, commands, this.sim.now, watched);
    }
  }

  #perform(planned: PlannedStep): void {
    const { step, index } = planned;
    const { do: action, by: accountId = this.sim.accountId } = step;
    const { label, name } = namesOfStep(planned);
    const isCommand = typeof action === "object" && ("command" in action || "fault" in action);
    const commands = isCommand ? commandsOf(action, this.names, { label }) : [];
    const about = { step, index, sim: this.sim, accountId, commands };
    this.#options.beforeStep?.(about);
    const results = isCommand
      ? commands.map((command) => this.#execute(command, { by: index, accountId, name }))
      : [this.#attempt(() => this.#move(step, index))];
    this.#options.afterStep?.({ ...about, results, next: this.sim });
  }

  #execute(
    command: Command,
    about: {
      readonly by: number | string;
      readonly accountId: string;
      readonly name?: string | undefined;
    },
  ): StepResult {
    const { by, accountId, name } = about;
    const client = accountId === this.sim.accountId ? this.sim : this.sim.account(accountId);
    const result = this.#attempt(() => client.execute(command));
    if (!result.ok) {
      this.refusals.push({ by, at: this.sim.now, command, error: result.error });
    } else if (name !== undefined) this.#name(name, { command, accountId, value: result.value });
    return result;
  }

  #name(
    name: string,
    made: { readonly command: Command; readonly accountId: string; readonly value: unknown },
  ): void {
    const { command, accountId, value } = made;
    const id = createdId(value);
    if (id === undefined) return;
    this.names.add(name, { id, kind: kindOf(command), isFixture: false, accountId });
  }

  #move({ do: action }: StepOf<number>, index: number): unknown {
    if (action === "settle") {
      this.sim.settle();
      return undefined;
    }
    if (action === "step") return this.sim.step();
    if (action === "restore") {
      const snapshot = JSON.parse(JSON.stringify(this.sim.snapshot())) as SnapshotJson;
      this.#goOnIn(ReplicationSimulator.restore(snapshot, this.#options.hooks ?? {}));
      return this.sim;
    }
    if (typeof action !== "object") return undefined;
    if ("advance" in action) this.#advanceTo(this.sim.now + action.advance);
    else if ("fork" in action) this.#goOnIn(this.sim.fork(forkOptionsOf(action.fork)));
    else if ("expect" in action) {
      const message = checkNow(action, this.names);
      if (message !== undefined) {
        this.failedChecks.push({ index, at: this.sim.now, check: action, message });
      }
      return message === undefined;
    }
    return undefined;
  }

  #goOnIn(sim: ReplicationSimulator): void {
    this.sim = sim;
    this.names.sim = sim;
    this.#subscribe();
  }

  #attempt(run: () => unknown): StepResult {
    try {
      return { ok: true, value: run() };
    } catch (error) {
      if (error instanceof ReplicationError) return { ok: false, error };
      throw error;
    }
  }
}

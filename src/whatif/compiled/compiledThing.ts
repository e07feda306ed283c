import type { Scenario } from "../../scenario/format/scenario.js";
import { Operator } from "../../scenario/run/operators.js";
import { Automaton, type CompiledState, type CompiledTransition } from "./automaton.js";
import { NotCompilableError } from "./notCompilable.js";
import type { ThingActions } from "./plannedActions.js";
import { Registers } from "./registers.js";

/** Outcome of one future of a thing, by the indexes of its plan. Valid until the next future is run. */
export interface ThingOutcome {
  /** Integral of each level, in ms. */
  readonly levels: Float64Array;
  readonly counts: Float64Array;
  /** Lengths of the interruptions of each flag that is one. */
  readonly lengths: readonly (readonly number[])[];
  /** Flags of `never` that were broken. */
  readonly broken: Uint8Array;
  /** Commands of operators, and refused commands. */
  readonly actions: number;
  readonly refusals: number;
}

const never = -1;
const infinite = Number.POSITIVE_INFINITY;

/** Runs futures of one thing of a scenario: the least clock, the transition, the next least clock. */
export class CompiledThing {
  readonly automaton: Automaton;
  readonly #registers: Registers;
  readonly #start: number;
  readonly #begin: number;
  readonly #end: number;
  readonly #maxSteps: number;
  readonly #levels: Float64Array;
  readonly #counts: Float64Array;
  readonly #lengths: number[][];
  readonly #broken: Uint8Array;
  /** Since when each flag holds; `never` while it does not. */
  readonly #since: Float64Array;
  readonly #wasTaken: Uint8Array;
  /** Maximum duration of a condition: the flag is an interruption without meaning. */
  readonly #longest: Float64Array;
  readonly #onlyTaken: Uint8Array;
  readonly #isNever: Uint8Array;
  readonly #steps: ThingActions["steps"];
  readonly #planned: ThingActions["operators"];
  /** For each flag the operator that watches it. */
  readonly #watched: readonly (number | undefined)[];
  /** Whether there are steps or operators. */
  readonly #hasActions: boolean;
  #operators: readonly { readonly operator: Operator; readonly action: number }[] = [];
  #performed = 0;
  #actions = 0;
  #refusals = 0;
  /** The state that operators look at. */
  #state: CompiledState;

  /** @throws NotCompilableError */
  constructor(scenario: Scenario, thing: string, planned: ThingActions = nothingPlanned) {
    this.automaton = new Automaton(scenario, thing, planned.actions);
    this.#steps = planned.steps;
    this.#planned = planned.operators;
    this.#hasActions = planned.actions.length > 0;
    this.#state = this.automaton.start;
    const { keys, laws, prepared, plan } = this.automaton;
    this.#registers = new Registers(keys, laws);
    this.#start = prepared.start;
    this.#begin = prepared.start + (scenario.warmUp ?? 0);
    this.#end = prepared.start + (scenario.horizon ?? 0);
    this.#maxSteps = prepared.base.settings.maxSteps;
    const { levels, counts, flags } = plan;
    this.#levels = new Float64Array(levels.length);
    this.#counts = new Float64Array(counts.length);
    this.#lengths = flags.map(() => []);
    this.#broken = new Uint8Array(flags.length);
    this.#since = new Float64Array(flags.length);
    this.#wasTaken = new Uint8Array(flags.length);
    this.#isNever = Uint8Array.from(flags, ({ kind }) => (kind === "never" ? 1 : 0));
    this.#longest = Float64Array.from(flags, (flag) =>
      flag.kind === "never" ? (flag.never.for ?? 0) : 0,
    );
    this.#onlyTaken = Uint8Array.from(flags, (flag) =>
      flag.kind === "interruptions" && flag.isTakeover !== null ? 1 : 0,
    );
    this.#watched = flags.map((flag) => {
      const at = this.#planned.findIndex(
        ({ name }) => flag.kind === "operator" && flag.name === name,
      );
      return at < 0 ? undefined : at;
    });
    // In the simulator an operator first looks when anything happens to any thing.
    if (this.#watched.some((at, flag) => at !== undefined && this.#state.flags[flag] === true)) {
      throw new NotCompilableError("the condition of an operator holds at time 0");
    }
  }

  /**
   * Runs the future of a seed; undefined above the bound of states or of steps.
   * @throws NotCompilableError
   */
  simulate(seed: number): ThingOutcome | undefined {
    const { automaton } = this;
    const registers = this.#registers;
    const end = this.#end;
    let state = this.#reset(seed);
    for (let steps = 0; ; steps++) {
      const { due } = state;
      const slot = registers.nextOf(due);
      if (this.#hasActions) {
        if (steps > this.#maxSteps) return undefined;
        const next = slot < 0 ? infinite : (registers.time[due[slot] as number] as number);
        const stepAt = this.#stepAt();
        const stop = Math.min(stepAt, this.#nextOperatorAt(registers.now));
        // Everything that is due at a moment comes before those who act at it.
        if (next > stop && (stop < end || stepAt === end)) {
          this.#integrateTo(state, stop);
          this.#state = state;
          if (!this.#react(stop) || !this.#performSteps(stop)) return undefined;
          state = this.#state;
          if (stop >= end && stepAt === end) return this.#outcome();
          continue;
        }
      }
      if (slot < 0) break;
      const row = due[slot] as number;
      const at = registers.time[row] as number;
      if (at > end) break;
      if (steps === this.#maxSteps) return undefined;
      if (state.isMeasured) this.#integrateTo(state, at);
      else registers.now = at;
      const candidates = state.victims[slot] as Int32Array | null;
      const victim = candidates === null ? 0 : registers.victim(row, candidates);
      const transition =
        state.transitions[(state.first[slot] as number) + victim] ??
        automaton.transition(state, slot, victim);
      if (transition === undefined) return undefined;
      registers.apply(transition.registers);
      state = transition.to;
      if (this.#hasActions) this.#state = state;
      if (transition.isMeasured) this.#measure(transition);
    }
    this.#integrateTo(state, end);
    this.#state = state;
    return this.#react(end) ? this.#outcome() : undefined;
  }

  #make(transition: CompiledTransition): void {
    this.#registers.apply(transition.registers);
    // Operators look at the state that the transition leads to.
    if (this.#hasActions) this.#state = transition.to;
    this.#measure(transition);
  }

  /** Virtual time of the next step. */
  #stepAt(): number {
    const next = this.#steps[this.#performed];
    return next === undefined ? infinite : this.#start + next.time;
  }

  /** Virtual time at which an operator has to be asked. */
  #nextOperatorAt(now: number): number {
    let next = infinite;
    for (const { operator } of this.#operators) next = Math.min(next, operator.nextAt);
    return Math.max(next, now);
  }

  /** Asks the operators, each once; false above the bound of states. */
  #react(now: number): boolean {
    for (const { operator, action } of this.#operators) {
      if (!operator.isDue(now)) continue;
      const commands = this.#runAction(action, now);
      if (commands === undefined) return false;
      if (now >= this.#begin) this.#actions += commands;
    }
    return true;
  }

  /** Performs the steps of this moment together; false above the bound of states. */
  #performSteps(now: number): boolean {
    while (this.#stepAt() <= now) {
      const { action } = this.#steps[this.#performed] as ThingActions["steps"][number];
      this.#performed += 1;
      if (this.#runAction(action, now) === undefined) return false;
    }
    return true;
  }

  /** Returns the number of commands of an action; undefined above the bound of states. */
  #runAction(action: number, now: number): number | undefined {
    const state = this.#state;
    const reaction = state.reactions[action] ?? this.automaton.reaction(state, action);
    if (reaction === undefined) return undefined;
    for (const transition of reaction.transitions) this.#make(transition);
    if (now >= this.#begin) this.#refusals += reaction.refusals;
    return reaction.commands;
  }

  #reset(seed: number): CompiledState {
    const { start, startRegisters, startCounters } = this.automaton;
    const registers = this.#registers;
    registers.begin(seed, this.#start, startCounters);
    registers.apply(startRegisters);
    this.#state = start;
    this.#performed = 0;
    this.#actions = 0;
    this.#refusals = 0;
    if (this.#planned.length > 0) this.#beginOperators(seed);
    this.#levels.fill(0);
    this.#counts.fill(0);
    this.#broken.fill(0);
    this.#wasTaken.fill(0);
    for (let flag = 0; flag < this.#since.length; flag++) {
      this.#since[flag] = start.flags[flag] === true ? this.#start : never;
      if ((this.#lengths[flag] as number[]).length > 0) this.#lengths[flag] = [];
    }
    return start;
  }

  #beginOperators(seed: number): void {
    this.#operators = this.#planned.map(({ name, policy, action }, at) => {
      const flag = this.#watched.indexOf(at);
      const holds = (): boolean => this.#state.flags[flag] === true;
      const condition = { holds, turnsAt: () => undefined };
      return { operator: new Operator(name, policy, { condition, seed }), action };
    });
  }

  /** Time passes in a state. */
  #integrateTo({ levels }: CompiledState, time: number): void {
    const registers = this.#registers;
    if (time > this.#begin) {
      const ms = time - Math.max(registers.now, this.#begin);
      const sums = this.#levels;
      for (let at = 0; at < sums.length; at++) {
        sums[at] = (sums[at] as number) + (levels[at] as number) * ms;
      }
    }
    registers.now = time;
  }

  #measure({ to, counts, takeovers, flips }: CompiledTransition): void {
    const { now } = this.#registers;
    if (counts !== null && now >= this.#begin) {
      const sums = this.#counts;
      for (let at = 0; at < sums.length; at++) {
        sums[at] = (sums[at] as number) + (counts[at] as number);
      }
    }
    for (const flag of takeovers) this.#wasTaken[flag] = 1;
    for (const flag of flips) {
      const operator = this.#hasActions ? this.#watched[flag] : undefined;
      if (operator !== undefined) {
        this.#operators[operator]?.operator.watch(now);
        continue;
      }
      if (to.flags[flag] === true) this.#since[flag] = now;
      else this.#close(flag, now);
    }
    for (const flag of takeovers) if (to.flags[flag] !== true) this.#wasTaken[flag] = 0;
  }

  /** Ends the interval that a flag has marked. */
  #close(flag: number, now: number): void {
    const since = this.#since[flag] as number;
    this.#since[flag] = never;
    if (this.#isNever[flag] === 1) {
      if (now - since >= (this.#longest[flag] as number)) this.#broken[flag] = 1;
      return;
    }
    const counts = this.#onlyTaken[flag] === 0 || this.#wasTaken[flag] === 1;
    if (counts && now > this.#begin) {
      (this.#lengths[flag] as number[]).push(now - Math.max(this.#begin, since));
    }
    this.#wasTaken[flag] = 0;
  }

  #outcome(): ThingOutcome {
    for (let flag = 0; flag < this.#since.length; flag++) {
      const isOpen = this.#since[flag] !== never && this.#watched[flag] === undefined;
      if (isOpen) this.#close(flag, this.#end);
    }
    return {
      levels: this.#levels,
      counts: this.#counts,
      lengths: this.#lengths,
      broken: this.#broken,
      actions: this.#actions,
      refusals: this.#refusals,
    };
  }
}

const nothingPlanned: ThingActions = { actions: [], steps: [], operators: [] };

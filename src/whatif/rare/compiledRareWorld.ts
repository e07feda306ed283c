import { purposes, type Seed } from "../../kernel/keyedRandom.js";
import { redrawDuration } from "../../kernel/latency.js";
import { totalBeyond } from "../../service/redraw.js";
import type { CompiledState, CompiledTransition } from "../compiled/automaton.js";
import { NotCompilableError } from "../compiled/notCompilable.js";
import type { RegisterProgram } from "../compiled/registerProgram.js";
import { Registers } from "../compiled/registers.js";
import type { CompiledQuestion, NotedClock, RedrawnRow, StateNotes } from "./compiledQuestion.js";
import type { ClockProposal, FailureClock, RareWorld } from "./rareWorld.js";

const never = -1;
const unknown = -2;

/**
 * A world of a rare event that is computed from tables. What it goes through is what the simulator goes through under the
 * same seeds, its forks included.
 */
export class CompiledRareWorld implements RareWorld {
  readonly #question: CompiledQuestion;
  readonly #pool: CompiledRareWorld[];
  readonly #registers: Registers;
  #state: CompiledState;
  #notes: StateNotes;
  /** Place of what is due next among what is due; `never` without any, `unknown` where it has to be looked for. */
  #slot = unknown;
  /** Since when the condition of the event holds; `never` while it does not. */
  #since = never;
  #measured = 0;
  #hasHappened = false;

  private constructor(question: CompiledQuestion, pool: CompiledRareWorld[]) {
    const { automaton } = question;
    this.#question = question;
    this.#pool = pool;
    this.#registers = new Registers(automaton.keys, automaton.laws);
    this.#state = automaton.start;
    this.#notes = question.notesOf(automaton.start);
  }

  /** The world of one root: the future of a seed, from time 0 on. */
  static begin(
    question: CompiledQuestion,
    seed: Seed,
    pool: CompiledRareWorld[],
  ): CompiledRareWorld {
    const world = pool.pop() ?? new CompiledRareWorld(question, pool);
    world.#begin(seed);
    return world;
  }

  get now(): number {
    return this.#registers.now;
  }

  get level(): number {
    return this.#notes.level;
  }

  get nextAt(): number | undefined {
    const { end } = this.#question;
    const next = Math.min(this.#dueAt, this.#alarmAt);
    return next <= end ? next : undefined;
  }

  hasHappened(): boolean {
    return this.#hasHappened;
  }

  step(): void {
    const [dueAt, alarmAt] = [this.#dueAt, this.#alarmAt];
    if (Math.min(dueAt, alarmAt) > this.#question.end) return;
    if (alarmAt < dueAt) {
      this.#waitUntil(alarmAt);
      return;
    }
    this.#integrate(dueAt);
    const transition = this.#transition();
    this.#apply(transition.registers);
    this.#state = transition.to;
    this.#notes = this.#question.notesOf(transition.to);
    this.#count(transition);
    this.#checkEvent();
  }

  finish(): void {
    this.#waitUntil(this.#question.end);
  }

  failureClocks(): readonly FailureClock[] {
    return this.#notes.clocks.map((noted) => this.#clockOf(noted));
  }

  clock(id: number): FailureClock | undefined {
    const { key } = this.#registers;
    for (const noted of this.#notes.clocks) if (key[noted.row] === id) return this.#clockOf(noted);
    return undefined;
  }

  fork(seed: string, proposal?: ClockProposal): RareWorld {
    const world = this.#pool.pop() ?? new CompiledRareWorld(this.#question, this.#pool);
    world.#continue(this, seed);
    for (const redrawn of world.#notes.redrawn) {
      if (redrawn.kind === "work") world.#redrawWork(redrawn);
      else world.#redrawClock(redrawn, proposal);
    }
    world.#slot = unknown;
    return world;
  }

  release(): void {
    this.#pool.push(this);
  }

  #begin(seed: Seed): void {
    const { automaton, start } = this.#question;
    const { startRegisters, startCounters } = automaton;
    this.#state = automaton.start;
    this.#notes = this.#question.notesOf(automaton.start);
    this.#registers.begin(seed, start, startCounters);
    this.#apply(startRegisters);
    this.#since = this.#notes.holds ? start : never;
    this.#measured = 0;
    this.#hasHappened = false;
    this.#checkEvent();
  }

  #continue(from: CompiledRareWorld, seed: Seed): void {
    this.#registers.continue(from.#registers, from.#state.registers, seed);
    this.#state = from.#state;
    this.#notes = from.#notes;
    this.#since = from.#since;
    this.#measured = from.#measured;
    this.#hasHappened = from.#hasHappened;
  }

  /** Virtual time of what is due next; infinite where nothing is. */
  get #dueAt(): number {
    if (this.#slot === unknown) this.#slot = this.#registers.nextOf(this.#state.due);
    if (this.#slot === never) return Number.POSITIVE_INFINITY;
    return this.#registers.time[this.#state.due[this.#slot] as number] as number;
  }

  /** Virtual time at which the event happens if nothing else does before; infinite where it does not. */
  get #alarmAt(): number {
    const { event } = this.#question;
    if (event.kind !== "never" || this.#since === never || this.#hasHappened) {
      return Number.POSITIVE_INFINITY;
    }
    return Math.max(this.#since + event.longest, this.#registers.now);
  }

  /** What is due next leads on. */
  #transition(): CompiledTransition {
    const state = this.#state;
    const slot = this.#slot;
    const candidates = state.victims[slot] ?? null;
    const victim =
      candidates === null ? 0 : this.#registers.victim(state.due[slot] as number, candidates);
    const transition =
      state.transitions[(state.first[slot] as number) + victim] ??
      this.#question.automaton.transition(state, slot, victim);
    if (transition === undefined) throw new NotCompilableError("too many states");
    return transition;
  }

  #apply(program: RegisterProgram): void {
    this.#registers.apply(program);
    this.#slot = unknown;
  }

  #redrawWork({ row, law, jitter, factor }: Extract<RedrawnRow, { readonly kind: "work" }>): void {
    const registers = this.#registers;
    const { count, time, seq } = registers;
    const now = this.#registers.now;
    if ((time[row] as number) <= now) return;
    const startedAt = this.#registers.begun[row] as number;
    const sequence = (count[row] as number) - 1;
    const draw = registers.redraw(row, { number: purposes.duration, sequence, at: now });
    const ageMs = Math.max(0, Math.floor((now - startedAt) / factor));
    const ms = redrawDuration(law, { ageMs, draw, jitter });
    const dueAt = Math.max(now + 1, startedAt + Math.round(ms * factor));
    if (dueAt === time[row]) return;
    time[row] = dueAt;
    seq[row] = registers.nextSeq++;
  }

  #redrawClock(
    {
      row,
      law,
      isRunning,
      isRepair,
      leadsToEvent,
    }: Extract<RedrawnRow, { readonly kind: "clock" }>,
    proposal: ClockProposal | undefined,
  ): void {
    const registers = this.#registers;
    const { count, time, seq } = registers;
    const now = this.#registers.now;
    const before = time[row] as number;
    const begun = this.#registers.begun[row] as number;
    if (isRunning && before <= now) return;
    const ageMs = isRunning ? now - begun : begun;
    const sequence = isRepair ? 0 : (count[row] as number);
    const number = isRepair ? purposes.timeToRepair : purposes.timeToFailure;
    const draw = registers.redraw(row, { number, sequence, at: now });
    const proposed =
      isRepair || !leadsToEvent || proposal === undefined
        ? undefined
        : proposal(this.#clockOf({ row, law, isRunning }), draw);
    const totalMs = proposed === undefined ? totalBeyond(law, ageMs, draw) : ageMs + proposed;
    const due = isRunning ? begun + totalMs : totalMs - begun;
    if (due === before) return;
    time[row] = due;
    if (isRunning) seq[row] = registers.nextSeq++;
  }

  #clockOf({ row, law, isRunning }: NotedClock): FailureClock {
    const { key, count } = this.#registers;
    const begun = this.#registers.begun[row] as number;
    return {
      id: key[row] as number,
      law,
      ageMs: isRunning ? this.#registers.now - begun : begun,
      isRunning,
      activations: count[row] as number,
    };
  }

  #waitUntil(time: number): void {
    this.#integrate(time);
    this.#checkEvent();
  }

  /** Time passes, and the level of a measure with it. */
  #integrate(time: number): void {
    const { begin } = this.#question;
    if (time > begin)
      this.#measured += this.#notes.measured * (time - Math.max(this.#registers.now, begin));
    this.#registers.now = time;
  }

  #count({ counts }: CompiledTransition): void {
    if (counts === null || this.#registers.now < this.#question.begin) return;
    this.#measured += counts[0] ?? 0;
  }

  /** To be called after every transition, and when time has passed. */
  #checkEvent(): void {
    const { event } = this.#question;
    if (event.kind !== "never") {
      this.#hasHappened = this.#measured > event.above;
      return;
    }
    this.#checkLasting(event.longest);
    if (!this.#notes.holds) this.#since = never;
    else if (this.#since === never) this.#since = this.#registers.now;
    this.#checkLasting(event.longest);
  }

  #checkLasting(longest: number): void {
    if (this.#since !== never && this.#registers.now - this.#since >= longest)
      this.#hasHappened = true;
  }
}

import { purposes } from "../../kernel/keyedRandom.js";
import type { FutureDraws } from "./futureDraws.js";
import type { KeyTable } from "./keyTable.js";
import { type LawTable, scaledMs } from "./lawTable.js";
import {
  nextPurposes,
  type RegisterProgram,
  type ScaledWork,
  steps,
  wordsOfStep,
} from "./registerProgram.js";

/** The registers of one future at a time: of each row everything that its draws and clocks depend on. */
export class Registers {
  readonly #keys: KeyTable;
  readonly #laws: LawTable;
  readonly #draws: FutureDraws;
  /** Number of its lineage key. */
  key = new Int32Array(16);
  /** Tasks started, or strikes of a clock. */
  count = new Int32Array(16);
  /** Order among what is due at one moment. */
  seq = new Int32Array(16);
  /** Time at which it is due; for a stopped clock, the remaining time. */
  time = new Float64Array(16);
  /** When its clock would have begun had it never stood, or its work, without copying; of a clock that stands, how long it ran. */
  begun = new Float64Array(16);
  /** Number of counted births of each kind. */
  readonly counters: number[] = [];
  /** The number of the next thing that is due. */
  nextSeq = 0;

  constructor(parts: {
    readonly keys: KeyTable;
    readonly laws: LawTable;
    readonly draws: FutureDraws;
  }) {
    this.#keys = parts.keys;
    this.#laws = parts.laws;
    this.#draws = parts.draws;
  }

  /** Begins a future after so many births of each kind. */
  begin(counters: readonly number[]): void {
    this.nextSeq = 0;
    const kinds = Math.max(counters.length, this.counters.length);
    for (let at = 0; at < kinds; at++) this.counters[at] = counters[at] ?? 0;
  }

  /** Goes on as others do, of which so many rows are in use. */
  continue(from: Registers, rows: number): void {
    this.reserve(rows);
    for (let row = 0; row < rows; row++) {
      this.key[row] = from.key[row] as number;
      this.count[row] = from.count[row] as number;
      this.seq[row] = from.seq[row] as number;
      this.time[row] = from.time[row] as number;
      this.begun[row] = from.begun[row] as number;
    }
    this.begin(from.counters);
    this.nextSeq = from.nextSeq;
  }

  /** Makes room for so many rows. */
  reserve(rows: number): void {
    if (rows <= this.key.length) return;
    this.key = longer(this.key, new Int32Array(2 * rows));
    this.count = longer(this.count, new Int32Array(2 * rows));
    this.seq = longer(this.seq, new Int32Array(2 * rows));
    this.time = longer(this.time, new Float64Array(2 * rows));
    this.begun = longer(this.begun, new Float64Array(2 * rows));
  }

  /** Makes the changes of a transition at a time. */
  apply({ rows, code, times, works }: RegisterProgram, now: number): void {
    if (rows > this.key.length) this.reserve(rows);
    const { key, count, seq, time, begun } = this;
    for (let at = 0; at < code.length; at += wordsOfStep) {
      const step = code[at] as number;
      const row = code[at + 1] as number;
      const first = code[at + 2] as number;
      const second = code[at + 3] as number;
      const third = code[at + 4] as number;
      if (step < steps.count) {
        switch (step) {
          case steps.move:
            key[row] = key[first] as number;
            count[row] = count[first] as number;
            seq[row] = seq[first] as number;
            time[row] = time[first] as number;
            begun[row] = begun[first] as number;
            break;
          case steps.key:
            key[row] = first;
            break;
          case steps.fault:
            key[row] = this.#keys.fault(key[first] as number, count[first] as number);
            break;
          default:
            key[row] = this.#bornKey(code, at);
        }
        continue;
      }
      const counted = ((count[row] as number) & first) + second;
      count[row] = counted;
      if (step === steps.count) continue;
      seq[row] = this.nextSeq++;
      switch (step) {
        case steps.work:
          begun[row] = now;
          time[row] =
            now + this.#duration(purposes.duration, third, key[row] as number, counted - 1);
          break;
        case steps.runningFailure:
          begun[row] = now;
          time[row] =
            now +
            Math.max(1, this.#duration(purposes.timeToFailure, third, key[row] as number, counted));
          break;
        case steps.standingFailure:
          begun[row] = 0;
          time[row] = Math.max(
            1,
            this.#duration(purposes.timeToFailure, third, key[row] as number, counted),
          );
          break;
        case steps.repair:
          begun[row] = now;
          time[row] = now + this.#duration(purposes.timeToRepair, third, key[row] as number, 0);
          break;
        case steps.scaledWork:
          this.#beginScaled(row, works[third] as ScaledWork, now);
          break;
        case steps.after:
          time[row] = now + (times[third] as number);
          break;
        case steps.stop:
          time[row] = (time[row] as number) - now;
          begun[row] = now - (begun[row] as number);
          break;
        case steps.start:
          time[row] = (time[row] as number) + now;
          begun[row] = now - (begun[row] as number);
          break;
      }
    }
  }

  /** The key of a row that is hidden, a clock or made again. */
  #bornKey(code: Int32Array, at: number): number {
    const { key } = this;
    const first = code[at + 2] as number;
    const second = code[at + 3] as number;
    const third = code[at + 4] as number;
    if (code[at] === steps.hidden) return this.#keys.hiddenBackup(key[first] as number);
    if (code[at] === steps.clock) {
      return this.#keys.clock(key[first] as number, key[second] as number);
    }
    const number = this.counters[third] ?? 0;
    this.counters[third] = number + 1;
    return this.#keys.next(nextPurposes[first] ?? "member", second, number);
  }

  #beginScaled(row: number, { law, factor, copies }: ScaledWork, now: number): void {
    const key = this.key[row] as number;
    const drawn = this.#duration(purposes.duration, law, key, (this.count[row] as number) - 1);
    const ms = factor === 1 ? drawn : scaledMs(drawn, factor);
    const copied =
      copies === null ? 0 : this.#duration(purposes.copy, copies.law, key, 0) * copies.gb;
    const begun = now + scaledMs(copied, factor);
    this.begun[row] = begun;
    this.time[row] = begun + ms;
  }

  #duration(purpose: number, law: number, key: number, sequence: number): number {
    const laws = this.#laws;
    const draw = laws.isFixed(law) ? 0 : this.#draws.draw(purpose, key, sequence);
    return laws.durationOf(law, draw);
  }
}

function longer<T extends Int32Array | Float64Array>(before: T, after: T): T {
  after.set(before);
  return after;
}

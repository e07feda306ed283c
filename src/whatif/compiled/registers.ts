import { drawOf, rankPurpose, redrawOf } from "../../kernel/drawHash.js";
import { purposes, type Seed } from "../../kernel/keyedRandom.js";
import { FutureDraws } from "./futureDraws.js";
import type { KeyTable } from "./keyTable.js";
import { type LawTable, scaledMs } from "./lawTable.js";
import {
  nextPurposes,
  type RegisterProgram,
  type ScaledWork,
  steps,
  wordsOfStep,
} from "./registerProgram.js";

/**
 * The registers of one future at a time: of each row everything that its draws and clocks depend on. Which register a row
 * has is said by its state.
 */
export class Registers {
  readonly #keys: KeyTable;
  readonly #laws: LawTable;
  readonly #draws: FutureDraws;
  /** Number of its lineage key. */
  key = new Int32Array(16);
  /** Its key folded with the seed: two lanes, which all of its draws begin with. */
  lane = new Int32Array(16);
  otherLane = new Int32Array(16);
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
  /** Virtual time, in an array, since V8 would box it in a field and in each call that takes it. */
  readonly #now = new Float64Array(1);

  constructor(keys: KeyTable, laws: LawTable) {
    this.#keys = keys;
    this.#laws = laws;
    this.#draws = new FutureDraws(keys);
  }

  /** Virtual time. */
  get now(): number {
    return this.#now[0] as number;
  }

  set now(time: number) {
    this.#now[0] = time;
  }

  /** Begins the future of a seed at a time, after so many births of each kind. */
  begin(seed: Seed, now: number, counters: readonly number[]): void {
    this.#draws.begin(seed);
    this.now = now;
    this.#beginCounts(counters);
  }

  /** Goes on as others do, of which so many are in use, with the draws of another seed. */
  continue(from: Registers, size: number, seed: Seed): void {
    this.reserve(size);
    this.#draws.begin(seed);
    for (let row = 0; row < size; row++) {
      this.setKey(row, from.key[row] as number);
      this.count[row] = from.count[row] as number;
      this.seq[row] = from.seq[row] as number;
      this.time[row] = from.time[row] as number;
      this.begun[row] = from.begun[row] as number;
    }
    this.#beginCounts(from.counters);
    this.nextSeq = from.nextSeq;
    this.now = from.now;
  }

  #beginCounts(counters: readonly number[]): void {
    this.nextSeq = 0;
    const kinds = Math.max(counters.length, this.counters.length);
    for (let at = 0; at < kinds; at++) this.counters[at] = counters[at] ?? 0;
  }

  /** Sets the key of a row, and folds it with the seed. */
  setKey(row: number, key: number): void {
    this.key[row] = key;
    this.lane[row] = this.#draws.lane(key);
    this.otherLane[row] = this.#draws.otherLane(key);
  }

  /** Makes room for so many rows. */
  reserve(rows: number): void {
    if (rows <= this.key.length) return;
    this.key = longer(this.key, new Int32Array(2 * rows));
    this.lane = longer(this.lane, new Int32Array(2 * rows));
    this.otherLane = longer(this.otherLane, new Int32Array(2 * rows));
    this.count = longer(this.count, new Int32Array(2 * rows));
    this.seq = longer(this.seq, new Int32Array(2 * rows));
    this.time = longer(this.time, new Float64Array(2 * rows));
    this.begun = longer(this.begun, new Float64Array(2 * rows));
  }

  /** Which of some rows is due next: its place among them; -1 of none. */
  nextOf(due: Int32Array): number {
    const { time, seq } = this;
    if (due.length === 0) return -1;
    let slot = 0;
    // Times are read anew instead of kept: V8 would box a number that lives through the rounds.
    for (let place = 1; place < due.length; place++) {
      const row = due[place] as number;
      const first = due[slot] as number;
      const until = (time[row] as number) - (time[first] as number);
      if (until < 0 || (until === 0 && (seq[row] as number) < (seq[first] as number))) slot = place;
    }
    return slot;
  }

  /** Makes the changes of a transition now. */
  apply({ rows, code, times, works }: RegisterProgram): void {
    if (rows > this.key.length) this.reserve(rows);
    const { now } = this;
    const { key, lane, otherLane, count, seq, time, begun } = this;
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
            lane[row] = lane[first] as number;
            otherLane[row] = otherLane[first] as number;
            count[row] = count[first] as number;
            seq[row] = seq[first] as number;
            time[row] = time[first] as number;
            begun[row] = begun[first] as number;
            break;
          case steps.key:
            this.setKey(row, first);
            break;
          case steps.fault:
            this.setKey(row, this.#keys.fault(key[first] as number, count[first] as number));
            break;
          default:
            this.setKey(row, this.#bornKey(code, at));
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
          time[row] = now + this.#duration(purposes.duration, third, row, counted - 1);
          break;
        case steps.runningFailure:
          begun[row] = now;
          time[row] =
            now + Math.max(1, this.#duration(purposes.timeToFailure, third, row, counted));
          break;
        case steps.standingFailure:
          begun[row] = 0;
          time[row] = Math.max(1, this.#duration(purposes.timeToFailure, third, row, counted));
          break;
        case steps.repair:
          begun[row] = now;
          time[row] = now + this.#duration(purposes.timeToRepair, third, row, 0);
          break;
        case steps.scaledWork:
          this.#beginScaled(row, works[third] as ScaledWork);
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

  #beginScaled(row: number, { law, factor, copies }: ScaledWork): void {
    const drawn = this.#duration(purposes.duration, law, row, (this.count[row] as number) - 1);
    const ms = factor === 1 ? drawn : scaledMs(drawn, factor);
    const copied =
      copies === null ? 0 : this.#duration(purposes.copy, copies.law, row, 0) * copies.gb;
    const begun = this.now + scaledMs(copied, factor);
    this.begun[row] = begun;
    this.time[row] = begun + ms;
  }

  #duration(purpose: number, law: number, row: number, sequence: number): number {
    const laws = this.#laws;
    const draw = laws.isFixed(law) ? 0 : this.#draw(purpose, row, sequence);
    return laws.durationOf(law, draw);
  }

  /** A draw of a row for one of `purposes`, as a signed number: what is not signed would have to be boxed. */
  #draw(purpose: number, row: number, sequence: number): number {
    return drawOf(this.lane[row] as number, this.otherLane[row] as number, purpose, sequence);
  }

  /** A draw of 32 bits that replaces an earlier one of a row at a time: what `KeyedRandom.redraw` gives. */
  redraw(row: number, { number, sequence, at }: Redraw): number {
    const of = { number, sequence, at };
    return redrawOf(this.lane[row] as number, this.otherLane[row] as number, of) >>> 0;
  }

  /**
   * Which of some rows a process on a population strikes next: the place of the one whose rank in this strike is the
   * highest; the place after the last where there is none.
   */
  victim(process: number, candidates: Int32Array): number {
    const { key, lane, otherLane } = this;
    const drawn = this.#draw(purposes.victim, process, this.count[process] as number);
    let best = candidates.length;
    let height = 0;
    for (let place = 0; place < candidates.length; place++) {
      const row = candidates[place] as number;
      const hash = drawOf(lane[row] as number, otherLane[row] as number, rankPurpose, drawn);
      // Signed numbers in the order of those without a sign.
      const rank = hash ^ 0x80000000;
      if (place > 0) {
        if (rank < height) continue;
        if (rank === height) {
          const highest = this.#keys.keyOf(key[candidates[best] as number] as number);
          if (this.#keys.keyOf(key[row] as number) <= highest) continue;
        }
      }
      best = place;
      height = rank;
    }
    return best;
  }
}

/** What a redraw replaces: the number of a purpose and of the draw; and when. */
interface Redraw {
  readonly number: number;
  readonly sequence: number;
  readonly at: number;
}

function longer<T extends Int32Array | Float64Array>(before: T, after: T): T {
  after.set(before);
  return after;
}

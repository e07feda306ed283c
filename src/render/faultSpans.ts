import type { Fact } from "../model/facts.js";
import { faultWords } from "./describeFault.js";
import type { Directory } from "./directory.js";
import { open, type TimeSpan } from "./timeSpan.js";

/** An interval in which a fault is active. */
export interface FaultSpan extends TimeSpan {
  /** Kind of the fault in words: `crash`, `cut link`. */
  readonly kind: string;
  /** Effect of the fault in words. */
  readonly title: string;
  /** Id of the instance, group or backup that it affects; empty if it affects none in particular. */
  readonly targetId: string;
  /** Its name. */
  readonly target: string;
}

/** Collects the intervals in which faults are active, from the facts of a journal. */
export class FaultSpans {
  /** In order of activation. */
  readonly all: FaultSpan[] = [];
  readonly #active = new Map<number, FaultSpan>();
  readonly #directory: Directory;

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /** Adds a fact. Facts about other things are ignored. */
  note(fact: Fact, at: number): void {
    if (fact.type === "FaultInjected" && fact.injected.phase === "active")
      this.begin(fact.injected.ordinal, at);
    if (fact.type === "FaultActivated" && fact.changes.phase === "active") this.begin(fact.row, at);
    if (fact.type === "FaultEnded") this.#end(fact.row, at, fact.outcome);
  }

  /** Begins the interval of a fault, by its row. */
  begin(row: number, from: number): void {
    const fault = this.#directory.faultOf(row);
    if (fault === undefined || this.#active.has(row)) return;
    const targetId = this.#directory.targetAt(row);
    const span: FaultSpan = {
      from,
      to: open,
      kind: faultWords(fault.kind),
      title: this.#directory.faultAt(row) ?? "",
      targetId,
      target: targetId === "" ? "" : this.#directory.nameOf(targetId),
    };
    this.all.push(span);
    this.#active.set(row, span);
  }

  #end(row: number, at: number, outcome: string): void {
    const span = this.#active.get(row);
    if (span === undefined) return;
    this.#active.delete(row);
    span.to = at;
    // A repair is done at once and has no interval. It is among the last ones.
    if (outcome === "completed" && span.from === at) this.all.splice(this.all.lastIndexOf(span), 1);
  }
}

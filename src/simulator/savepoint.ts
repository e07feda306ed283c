import type { JournalLog } from "../engine/journal.js";
import { Snapshot } from "./serialization.js";

/** What leads to a savepoint. */
interface Past {
  /** What the simulator stands on whose moment it is. */
  readonly home: object;
  readonly origin: Snapshot | null;
  readonly journal: JournalLog;
}

/** A moment of a simulator to come back to: the world as it was, and what was written until then. */
export class Savepoint {
  /** Whether a value is one; asking touches nothing of it. @internal */
  static is(value: unknown): value is Savepoint {
    return typeof value === "object" && value !== null && #mark in value;
  }

  /** The world at that moment. */
  readonly snapshot: Snapshot;
  /** @internal */
  readonly past: Past;
  readonly #mark = true;

  /** @internal */
  constructor(snapshot: Snapshot, past: Past) {
    this.snapshot = snapshot;
    this.past = past;
  }

  /** Whether this moment came after another one, with nothing taken back in between: one journal leads from it to this. */
  follows(earlier: Savepoint): boolean {
    return (
      this.past.journal.lineage === earlier.past.journal.lineage &&
      Snapshot.positionOf(this.snapshot).seq >= Snapshot.positionOf(earlier.snapshot).seq
    );
  }
}

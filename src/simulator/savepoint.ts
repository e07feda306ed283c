import type { JournalLog } from "../kernel/journal.js";
import type { Snapshot, TakenSnapshot } from "./serialization.js";

/** Origin of a savepoint. */
interface Past {
  /** The simulator that it belongs to. */
  readonly home: object;
  readonly origin: TakenSnapshot | null;
  readonly journal: JournalLog;
}

/** A state of a simulator to return to with `rollbackTo`, and the journal until then. */
export interface Savepoint {
  /** The world at that time. */
  readonly snapshot: Snapshot;
  /** Returns whether this savepoint was taken after another one, with no rollback in between. */
  follows(earlier: Savepoint): boolean;
}

/** A savepoint of `savepoint()`. */
export class TakenSavepoint implements Savepoint {
  /** Returns whether a value is one, without reading any property. */
  static is(value: unknown): value is TakenSavepoint {
    return typeof value === "object" && value !== null && #mark in value;
  }

  readonly snapshot: TakenSnapshot;
  readonly past: Past;
  readonly #mark = true;

  constructor(snapshot: TakenSnapshot, past: Past) {
    this.snapshot = snapshot;
    this.past = past;
  }

  follows(earlier: Savepoint): boolean {
    return (
      TakenSavepoint.is(earlier) &&
      this.past.journal.lineage === earlier.past.journal.lineage &&
      this.snapshot.position.seq >= earlier.snapshot.position.seq
    );
  }
}

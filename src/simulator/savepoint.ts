import type { JournalLog } from "../engine/journal.js";
import type { Snapshot, TakenSnapshot } from "./serialization.js";

/** What leads to a savepoint. */
interface Past {
  /** What the simulator stands on whose moment it is. */
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

/** A savepoint as `savepoint()` gives it. */
export class TakenSavepoint implements Savepoint {
  /** Whether a value is one; asking touches nothing of it. */
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

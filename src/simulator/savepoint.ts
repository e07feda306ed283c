import type { JournalLog } from "../engine/journal.js";
import type { Snapshot } from "./records.js";

/** A moment of a simulator to come back to: the world as it was, and what was written until then. */
export class Savepoint {
  /** The world at that moment. */
  readonly snapshot: Snapshot;
  /** @internal */
  readonly past: { readonly origin: Snapshot | null; readonly journal: JournalLog };

  /** @internal */
  constructor(snapshot: Snapshot, past: Savepoint["past"]) {
    this.snapshot = snapshot;
    this.past = past;
  }
}

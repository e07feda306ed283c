import type { JournalEntry } from "../kernel/journal.js";
import type { Snapshot, SnapshotJson } from "../simulator/serialization.js";
import { type AppendBatch, type StoredWorld, StoreError, type WorldStore } from "./store.js";

/** A store in memory: for tests, and as the shortest example of a store. */
export class MemoryStore implements WorldStore {
  #first: SnapshotJson | undefined;
  #latest: SnapshotJson | undefined;
  #lines: JournalEntry[] = [];
  #now = 0;

  read(from: "start" | "latest"): StoredWorld | undefined {
    const snapshot = from === "start" ? this.#first : this.#latest;
    if (snapshot === undefined) return undefined;
    return {
      snapshot,
      lines: this.#lines.filter(({ seq }) => seq >= snapshot.seq),
      now: this.#now,
    };
  }

  append({ lines, now, origin }: AppendBatch): void {
    if (origin !== undefined) {
      this.#first = plain(origin);
      this.#latest = this.#first;
      this.#lines = [];
    }
    if (this.#first === undefined)
      throw new StoreError("write", "the store has no saved world yet");
    const next = this.#lines.at(-1)?.seq ?? this.#first.seq - 1;
    if (lines.some(({ seq }, index) => seq !== next + 1 + index)) {
      throw new StoreError("write", "the entries do not continue the stored journal");
    }
    this.#lines.push(...lines);
    this.#now = now;
  }

  snapshot(snapshot: Snapshot): void {
    this.#latest = plain(snapshot);
  }

  /** Does nothing: the next server can read its content. */
  close(): void {
    // the content is lost with the process
  }
}

/** A store that stores nothing, for a server without persistence. */
export const noStore: WorldStore = {
  read: () => undefined,
  append: () => undefined,
  snapshot: () => undefined,
  close: () => undefined,
};

/** Returns a copy as plain data. */
function plain(snapshot: Snapshot | SnapshotJson): SnapshotJson {
  return JSON.parse(JSON.stringify(snapshot)) as SnapshotJson;
}

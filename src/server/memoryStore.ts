import type { JournalEntry } from "../engine/journal.js";
import type { Snapshot, SnapshotJson } from "../simulator/serialization.js";
import { type AppendBatch, type StoredWorld, StoreError, type WorldStore } from "./store.js";

/** A store that lasts as long as the process: for tests, and as the shortest example of a store. */
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

  /** Does nothing: what it holds can be read by the next server. */
  close(): void {
    // what it holds goes with the process
  }
}

/** A store that keeps nothing, for a server whose world need not outlast it. */
export const noStore: WorldStore = {
  read: () => undefined,
  append: () => undefined,
  snapshot: () => undefined,
  close: () => undefined,
};

/** As plain data that nobody else holds. */
function plain(snapshot: Snapshot | SnapshotJson): SnapshotJson {
  return JSON.parse(JSON.stringify(snapshot)) as SnapshotJson;
}

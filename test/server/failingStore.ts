import type { Snapshot } from "replication-simulator";
import {
  type AppendBatch,
  MemoryStore,
  type StoredWorld,
  type WorldStore,
} from "replication-simulator/server";

/** A disk that can be full, or slow. */
export class FailingStore implements WorldStore {
  readonly inner = new MemoryStore();
  /** Whether it refuses to take anything. */
  isFull = false;
  /** Whether it refuses snapshots alone. */
  isShort = false;
  /** How long it takes, in ms; undefined when it answers at once. */
  slowMs: number | undefined;
  appends = 0;
  snapshots = 0;

  read(from: "start" | "latest"): StoredWorld | undefined {
    return this.inner.read(from);
  }

  append(batch: AppendBatch): void | Promise<void> {
    this.appends++;
    return this.#taking(() => {
      this.inner.append(batch);
    });
  }

  snapshot(snapshot: Snapshot): void | Promise<void> {
    this.snapshots++;
    return this.#taking(() => {
      if (this.isShort) throw new Error("no space left for a snapshot");
      this.inner.snapshot(snapshot);
    });
  }

  close(): void {
    // stays, to be looked into
  }

  #taking(take: () => void): void | Promise<void> {
    const taken = (): void => {
      if (this.isFull) throw new Error("no space left on device");
      take();
    };
    if (this.slowMs === undefined) {
      taken();
      return undefined;
    }
    return new Promise((resolve) => setTimeout(resolve, this.slowMs)).then(taken);
  }
}

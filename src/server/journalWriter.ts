import { ReplicationError } from "../model/errors.js";
import { topologyOf } from "../simulator/clientKernel.js";
import type { Savepoint } from "../simulator/savepoint.js";
import { ReplicationSimulator } from "../simulator.js";
import type { AppendBatch, WorldStore } from "./store.js";

/** Options of a recorder. */
export interface RecorderOptions {
  /**
   * Minimum number of entries between two stored snapshots; a world with more rows waits for as many entries as it has
   * rows.
   */
  readonly snapshotEvery: number;
  /** Number of entries that the latest stored snapshot does not cover yet. */
  readonly linesSinceSnapshot: number;
  /** Brings the world up to the present: called before and after each request, and after a rollback. */
  readonly sync: () => void;
  /** Called with the errors of the store. */
  readonly onError: (error: unknown) => void;
}

/** Callers that wait for a write. */
interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Keeps a store in step with a world. A response is sent only when everything that it depends on, its own effect and
 * all before it, is stored. Requests that arrive together share one write.
 *
 * If a write fails, the world is rolled back to the stored state, and every waiting caller is refused: nothing that
 * their responses depend on has happened.
 */
export class Recorder {
  readonly #sim: ReplicationSimulator;
  readonly #store: WorldStore;
  readonly #options: RecorderOptions;
  readonly #unsubscribe: () => void;
  /** The stored state. */
  #stored: Savepoint;
  /** Start of the journal in memory once the next snapshot is stored. */
  #kept: Savepoint;
  #linesSinceSnapshot: number;
  /** Real time of the last write, in ms. */
  #storedAt = performance.now();
  /** Number of rollbacks. */
  #epoch = 0;
  readonly #streams = new Set<() => void>();
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #later: NodeJS.Timeout | undefined;

  /** The world must equal the stored one. */
  constructor(sim: ReplicationSimulator, store: WorldStore, options: RecorderOptions) {
    this.#sim = sim;
    this.#store = store;
    this.#options = options;
    this.#stored = sim.history.savepoint();
    this.#kept = this.#stored;
    this.#linesSinceSnapshot = options.linesSinceSnapshot;
    this.#unsubscribe = sim.subscribe(() => {
      this.#writeLater();
    });
  }

  /**
   * Runs work at the present time, and resolves with its result when it is stored.
   * @throws what the work threw, when everything before it is stored
   * @throws ReplicationError `store-available` if the store refused; then the work has not happened
   */
  async transact<T>(work: () => T): Promise<T> {
    const { sync } = this.#options;
    sync();
    const { now } = this.#sim;
    let outcome: () => T;
    try {
      const result = work();
      outcome = () => result;
    } catch (error) {
      outcome = () => {
        throw error;
      };
    }
    const isMoved = this.#sim.now !== now;
    sync();
    await this.#reached({ clock: isMoved });
    return outcome();
  }

  /**
   * Returns a stream that holds back each chunk until what it reports is stored. It ends on a rollback and when the
   * recorder closes.
   */
  heldBack(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const epoch = this.#epoch;
    let end: (() => void) | undefined;
    const held = new TransformStream<Uint8Array, Uint8Array>({
      start: (controller) => {
        end = () => {
          controller.terminate();
        };
        this.#streams.add(end);
      },
      transform: async (piece, controller) => {
        const isStored = await this.#reached({ clock: false }).then(
          () => epoch === this.#epoch,
          () => false,
        );
        if (isStored) controller.enqueue(piece);
        else controller.terminate();
      },
    });
    // However it ends (the caller disconnects, the recorder closes), it is no longer waited for.
    const over = stream.pipeTo(held.writable).catch(() => undefined);
    void over.then(() => this.#streams.delete(end as () => void));
    return held.readable;
  }

  /** Ends all streams, so that a server can stop. */
  endStreams(): void {
    for (const end of this.#streams) end();
  }

  /** Writes the rest, with a snapshot for a quick start, and closes the store. */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.endStreams();
    try {
      await this.#writing;
      if (this.#isAhead({ clock: true })) await this.#write();
      clearTimeout(this.#later);
      if (this.#linesSinceSnapshot > 0) await this.#store.snapshot(this.#stored.snapshot);
    } catch (error) {
      // No acknowledged change is lost.
      this.#options.onError(error);
    } finally {
      await this.#store.close();
    }
  }

  /** Resolves when everything until now is stored, at once if it is. The clock alone may be stored a little later. */
  #reached({ clock }: { readonly clock: boolean }): Promise<void> {
    if (!this.#isAhead({ clock })) {
      if (this.#sim.now === this.#stored.snapshot.now) return Promise.resolve();
      // A reported clock goes back by at most this time. A failing store does not block reads.
      if (performance.now() - this.#storedAt > writeLaterMs) return this.#write();
      this.#writeLater();
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      void this.#write();
    });
  }

  #isAhead({ clock }: { readonly clock: boolean }): boolean {
    const { now, seq } = this.#stored.snapshot;
    const present = this.#sim.history.savepoint();
    if (!present.follows(this.#stored) || present.snapshot.seq > seq) return true;
    return clock && this.#sim.now !== now;
  }

  /** For changes without requests: the store is at most a second behind, or the next response updates it. */
  #writeLater(): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      void this.#write();
    }, writeLaterMs).unref();
  }

  /** Starts a write, unless one is running; callers that arrive meanwhile are served by the same or the next round. */
  #write(): Promise<void> {
    this.#writing ??= this.#rounds();
    return this.#writing;
  }

  async #rounds(): Promise<void> {
    do {
      // All requests that arrived together run first.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#round();
    } while (this.#waiting.length > 0);
    // Reset at once, so that no later caller relies on a round that has ended.
    this.#writing = undefined;
  }

  async #round(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const present = this.#sim.history.savepoint();
    const batch = this.#pendingBatch(present);
    try {
      await this.#store.append(batch);
    } catch (error) {
      this.#undo(waiting, error);
      return;
    }
    const isAnother = batch.origin !== undefined;
    this.#linesSinceSnapshot = batch.lines.length + (isAnother ? 0 : this.#linesSinceSnapshot);
    if (isAnother) this.#kept = present;
    this.#stored = present;
    this.#storedAt = performance.now();
    for (const { resolve } of waiting) resolve();
    await this.#snapshotWhenDue();
  }

  /** Returns what is not stored yet. */
  #pendingBatch(present: Savepoint): AppendBatch {
    const { now } = present.snapshot;
    if (present.follows(this.#stored)) {
      const { seq } = this.#stored.snapshot;
      return { lines: this.#sim.history.entries(seq), now };
    }
    // Another world was loaded: it replaces the old one.
    const { origin, lines, settings } = this.#sim.journal();
    return { origin: origin ?? new ReplicationSimulator(settings).snapshot(), lines, now };
  }

  /** Changes that no caller waits for are kept, and written with the next round. */
  #undo(waiting: readonly Waiting[], cause: unknown): void {
    const requests = [...waiting, ...this.#waiting];
    this.#waiting = [];
    if (requests.length > 0) {
      this.#sim.history.rollbackTo(this.#stored);
      this.#stored = this.#sim.history.savepoint();
      this.#kept = this.#stored;
      this.#epoch++;
      this.#options.sync();
      for (const { reject } of requests) reject(refused(cause));
    }
    this.#options.onError(cause);
  }

  async #snapshotWhenDue(): Promise<void> {
    const { instances, groups, schedules, backups, configurations } = topologyOf(this.#sim);
    const tables = [instances, groups, schedules, backups, configurations];
    const rows = tables.reduce((sum, { count }) => sum + count, 0);
    if (this.#linesSinceSnapshot < Math.max(this.#options.snapshotEvery, rows)) return;
    const present = this.#stored;
    try {
      await this.#store.snapshot(present.snapshot);
    } catch (error) {
      this.#options.onError(error);
    }
    // If the snapshot failed, the journal alone suffices for another interval.
    this.#linesSinceSnapshot = 0;
    // In memory, the entries of the last two intervals suffice.
    if (this.#sim.history.savepoint().follows(this.#kept)) this.#sim.history.truncate(this.#kept);
    this.#kept = present;
  }
}

const writeLaterMs = 1000;

function refused(cause?: unknown): ReplicationError {
  return new ReplicationError(
    {
      code: "serviceUnavailable",
      rule: "store-available",
      message: "the change could not be persisted and was rolled back; see the server log",
    },
    { cause },
  );
}

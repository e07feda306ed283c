import { ReplicationError } from "../domain/errors.js";
import type { Savepoint } from "../simulator/savepoint.js";
import { Snapshot } from "../simulator/serialization.js";
import { ReplicationSimulator } from "../simulator.js";
import type { AppendBatch, WorldStore } from "./store.js";

/** How a recorder records. */
export interface RecorderOptions {
  /** Fewest lines between two stored snapshots; a world of more rows waits for as many lines as it has rows. */
  readonly snapshotEvery: number;
  /** Lines that the latest stored snapshot does not cover yet. */
  readonly linesSinceSnapshot: number;
  /** Brings the world up to the present: called before and after each piece of work, and after the world went back. */
  readonly sync: () => void;
  /** Hears what the store has refused. */
  readonly onError: (error: unknown) => void;
}

/** Those who wait for a write. */
interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Keeps a store in step with a world. What a request did is told only when everything that the answer was computed
 * from, its own work and all before it, is in the store. Requests that come together share one write.
 *
 * Where a write fails, the world goes back to what the store has, and everybody who waited is refused: none of what
 * their answers were computed from has happened.
 */
export class Recorder {
  readonly #sim: ReplicationSimulator;
  readonly #store: WorldStore;
  readonly #options: RecorderOptions;
  readonly #unsubscribe: () => void;
  /** What the store has. */
  #stored: Savepoint;
  /** Where the journal in memory will begin once the next snapshot is stored. */
  #kept: Savepoint;
  #linesSinceSnapshot: number;
  /** Real time, in ms, at which the store was last brought up. */
  #storedAt = performance.now();
  /** How often the world has gone back. */
  #epoch = 0;
  readonly #streams = new Set<() => void>();
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #later: NodeJS.Timeout | undefined;

  /** The world must be what the store has. */
  constructor(sim: ReplicationSimulator, store: WorldStore, options: RecorderOptions) {
    this.#sim = sim;
    this.#store = store;
    this.#options = options;
    this.#stored = sim.savepoint();
    this.#kept = this.#stored;
    this.#linesSinceSnapshot = options.linesSinceSnapshot;
    this.#unsubscribe = sim.subscribe(() => {
      this.#writeLater();
    });
  }

  /**
   * Does a piece of work at the present moment, and gives what came of it when that is stored.
   * @throws what the work threw, when everything before it is stored
   * @throws ReplicationError `store-available` when the store refused; the work has not happened then
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
   * A stream of what happens in the world, each piece held back until what it tells of is stored. It ends when the world
   * goes back, and when the recorder closes.
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
    // However it ends (the caller goes away, the recorder closes), nobody waits for it any more.
    const over = stream.pipeTo(held.writable).catch(() => undefined);
    void over.then(() => this.#streams.delete(end as () => void));
    return held.readable;
  }

  /** Ends all streams, so that a server can stop. */
  endStreams(): void {
    for (const end of this.#streams) end();
  }

  /** Writes what is left, with a snapshot, so that the next start is a quick one, and closes the store. */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.endStreams();
    try {
      await this.#writing;
      if (this.#isAhead({ clock: true })) await this.#write();
      clearTimeout(this.#later);
      if (this.#linesSinceSnapshot > 0) await this.#store.snapshot(this.#stored.snapshot);
    } catch (error) {
      // Nothing that was acknowledged is lost.
      this.#options.onError(error);
    } finally {
      await this.#store.close();
    }
  }

  /** Resolves when everything until now is stored: at once, when it is. The clock by itself may come a little later. */
  #reached({ clock }: { readonly clock: boolean }): Promise<void> {
    if (!this.#isAhead({ clock })) {
      if (this.#sim.now === Snapshot.positionOf(this.#stored.snapshot).now)
        return Promise.resolve();
      // A clock that was answered goes back by what passes in this time at most. A store that refuses holds up no reading.
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
    const { now, seq } = Snapshot.positionOf(this.#stored.snapshot);
    const present = this.#sim.savepoint();
    if (!present.follows(this.#stored) || Snapshot.positionOf(present.snapshot).seq > seq)
      return true;
    return clock && this.#sim.now !== now;
  }

  /** For what happens while nobody asks: the store is a second behind at most, or the next answer brings it up. */
  #writeLater(): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      void this.#write();
    }, writeLaterMs).unref();
  }

  /** Starts to write, unless that is being done; whoever waits meanwhile is served by the same or the next round. */
  #write(): Promise<void> {
    this.#writing ??= this.#rounds();
    return this.#writing;
  }

  async #rounds(): Promise<void> {
    do {
      // All requests that have come in together do their work first.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#round();
    } while (this.#waiting.length > 0);
    // At once, so that nobody who comes now relies on a round that does not come any more.
    this.#writing = undefined;
  }

  async #round(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const present = this.#sim.savepoint();
    const news = this.#news(present);
    try {
      await this.#store.append(news);
    } catch (error) {
      this.#undo(waiting, error);
      return;
    }
    const isAnother = news.origin !== undefined;
    this.#linesSinceSnapshot = news.lines.length + (isAnother ? 0 : this.#linesSinceSnapshot);
    if (isAnother) this.#kept = present;
    this.#stored = present;
    this.#storedAt = performance.now();
    for (const { resolve } of waiting) resolve();
    await this.#snapshotWhenDue();
  }

  /** What the store does not have yet. */
  #news(present: Savepoint): AppendBatch {
    const { now } = Snapshot.positionOf(present.snapshot);
    if (present.follows(this.#stored)) {
      const { seq } = Snapshot.positionOf(this.#stored.snapshot);
      return { lines: this.#sim.journalEntries(seq), now };
    }
    // Another world was loaded: it takes the place of the old one.
    const { origin, lines, settings } = this.#sim.journal();
    return { origin: origin ?? new ReplicationSimulator(settings).snapshot(), lines, now };
  }

  /** What nobody waits for is left as it is, and written with what comes next. */
  #undo(waiting: readonly Waiting[], cause: unknown): void {
    const everybody = [...waiting, ...this.#waiting];
    this.#waiting = [];
    if (everybody.length > 0) {
      this.#sim.rollbackTo(this.#stored);
      this.#stored = this.#sim.savepoint();
      this.#kept = this.#stored;
      this.#epoch++;
      this.#options.sync();
      for (const { reject } of everybody) reject(refused(cause));
    }
    this.#options.onError(cause);
  }

  async #snapshotWhenDue(): Promise<void> {
    const { instances, groups, schedules, backups, configurations } = this.#sim.topology;
    const tables = [instances, groups, schedules, backups, configurations];
    const rows = tables.reduce((sum, { count }) => sum + count, 0);
    if (this.#linesSinceSnapshot < Math.max(this.#options.snapshotEvery, rows)) return;
    const present = this.#stored;
    try {
      await this.#store.snapshot(present.snapshot);
    } catch (error) {
      this.#options.onError(error);
    }
    // Where it failed, the journal alone does for so much longer.
    this.#linesSinceSnapshot = 0;
    // In memory, the lines of the last two stretches are enough.
    if (this.#sim.savepoint().follows(this.#kept)) this.#sim.truncateJournal(this.#kept);
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

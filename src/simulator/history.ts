import type { JournalEntry } from "../kernel/journal.js";
import { withSharedRows } from "../kernel/shareRows.js";
import type { Store } from "../kernel/store.js";
import { startStacksAtCallers } from "../model/callerStack.js";
import {
  formatValue,
  InvalidInputError,
  ReplicationError,
  RuleViolationError,
} from "../model/errors.js";
import type { Fact } from "../model/facts.js";
import { record } from "../model/schema/compositeFields.js";
import { integer, optional } from "../model/schema/fields.js";
import { clockTime } from "../model/time.js";
import { readValue } from "../service/commands/parseCommand.js";
import { readCaller } from "./caller.js";
import { cloneTopology } from "./createWorld.js";
import { type Savepoint, TakenSavepoint } from "./savepoint.js";
import {
  invalidWorldDataError,
  readLine,
  readSnapshot,
  type Snapshot,
  type SnapshotJson,
  TakenSnapshot,
  throwReplayMismatch,
} from "./serialization.js";
import type { World } from "./world.js";
import type { WorldRef } from "./worldRef.js";
import type { WorldState } from "./worldState.js";

/** The journal of a simulator, and ways back to earlier states. All of it covers all accounts. */
export interface SimulationHistory {
  /**
   * Returns the journal entries from a number on, as far as the journal reaches back. A copy. O(entries returned).
   *
   * @example
   * ```ts
   * const before = sim.history.entries().length;
   * sim.restartInstance(source.id);
   * console.log(sim.history.entries(before).map(({ trigger }) => trigger.kind)); // [ 'command' ]
   * ```
   * @param fromSeq - `seq` of the first entry; default 0
   * @returns the entries, oldest first
   * @throws InvalidInputError `line-number`
   */
  entries(fromSeq?: number): readonly JournalEntry[];

  /**
   * Folds all facts of the journal into one value, oldest first.
   *
   * @example
   * ```ts
   * const failovers = sim.history.fold(0, (n, { type }) => (type === "SourcePromoted" ? n + 1 : n));
   * ```
   * @param initial - the value before the first fact
   * @param step - returns the next value from the value, a fact and its entry
   * @returns the value after the last fact
   * @throws InvalidInputError `fold-step`
   */
  fold<Value>(
    initial: Value,
    step: (value: Value, fact: Fact, entry: JournalEntry) => Value,
  ): Value;

  /**
   * Returns the present state, for `rollbackTo` and `truncate`. O(1) for the immutable store.
   *
   * @example
   * ```ts
   * const savepoint = sim.history.savepoint();
   * sim.deleteInstance(replica.id);
   * sim.history.rollbackTo(savepoint);
   * console.log(sim.getInstance(replica.id).status); // ACTIVE
   * ```
   * @returns the savepoint
   */
  savepoint(): Savepoint;

  /**
   * Returns to a savepoint of this simulator: later changes are removed from the state and from the journal. Account
   * clients and subscribers stay; subscribers are not notified. O(n).
   *
   * @example
   * ```ts
   * const savepoint = sim.history.savepoint();
   * sim.advance(3_600_000);
   * sim.history.rollbackTo(savepoint);
   * ```
   * @param savepoint - a savepoint of this simulator
   * @throws RuleViolationError `savepoint-of-this-simulator` when the savepoint is another simulator's
   */
  rollbackTo(savepoint: Savepoint): void;

  /**
   * Loads the world of a snapshot; the journal begins there. Account clients and subscribers stay, and so do the settings
   * that are not part of a world: the account of the simulator, `store`, `journal` and `maxSteps`. Subscribers are not
   * notified. O(n).
   *
   * @example
   * ```ts
   * const text = JSON.stringify(sim.snapshot());
   * sim.deleteInstance(replica.id);
   * sim.history.loadSnapshot(JSON.parse(text));
   * console.log(sim.getInstance(replica.id).status); // ACTIVE
   * ```
   * @param snapshot - a snapshot, or its JSON after `JSON.parse`
   * @throws InvalidWorldDataError; nothing has changed then
   */
  loadSnapshot(snapshot: Snapshot | SnapshotJson): void;

  /**
   * Removes the journal entries before a savepoint. The state stays, but `explain` does not reach back beyond it.
   * O(entries kept).
   *
   * @example
   * ```ts
   * const savepoint = sim.history.savepoint();
   * sim.history.truncate(savepoint);
   * console.log(sim.history.entries().length); // 0
   * ```
   * @param savepoint - a savepoint in the past of this journal
   * @throws RuleViolationError `savepoint-of-this-simulator` when the savepoint is not in this journal's past
   */
  truncate(savepoint: Savepoint): void;

  /**
   * Replays journal entries in order and verifies that each produces the recorded facts. Not atomic: what comes before
   * a rejected entry stays applied. Take a `savepoint` first if that matters.
   *
   * @example
   * ```ts
   * const origin = sim.fork();
   * const known = sim.history.entries().length;
   * sim.restartInstance(source.id);
   * origin.history.replayEntries(sim.history.entries(known));
   * ```
   * @param entries - journal entries, the first one next in number
   * @param options - `until`: virtual time at which to end, in ms since the epoch; default is the time of the last entry
   * @throws InvalidInputError `repeat-options`
   * @throws InvalidWorldDataError `journal-differs` when an entry produces other facts, `journal-facts` when a recorded
   * fact has a value that it cannot have; `journal-lines` for a value that is not an entry
   */
  replayEntries(entries: Iterable<JournalEntry>, options?: { readonly until?: number }): void;
}

const seqField = integer({
  rule: "line-number",
  source: "§11",
  min: 0,
  max: Number.MAX_SAFE_INTEGER,
});
const replayField = record<{ readonly until?: number }>({
  rule: "repeat-options",
  source: "§6",
  of: { until: optional(clockTime) },
});

/** The history of one simulator. */
export class WorldHistory implements SimulationHistory {
  static {
    startStacksAtCallers(this.prototype, Object.prototype);
  }

  readonly #worldRef: WorldRef;

  constructor(worldRef: WorldRef) {
    this.#worldRef = worldRef;
  }

  get #world(): World {
    return this.#worldRef.world;
  }

  entries(fromSeq = 0): readonly JournalEntry[] {
    const { limits } = this.#world.settings;
    return this.#world.journal.lines(readValue(seqField, fromSeq, { path: "fromSeq", limits }));
  }

  fold<Value>(
    initial: Value,
    step: (value: Value, fact: Fact, entry: JournalEntry) => Value,
  ): Value {
    if (typeof step !== "function") {
      const expected = "a function";
      throw new InvalidInputError([{ field: "step", value: step, expected, rule: "fold-step" }]);
    }
    let value = initial;
    for (const entry of this.entries()) {
      for (const fact of entry.facts) value = step(value, fact, entry);
    }
    return value;
  }

  savepoint(): TakenSavepoint {
    const worldRef = this.#worldRef;
    return new TakenSavepoint(snapshotOf(worldRef), {
      home: worldRef,
      origin: worldRef.origin,
      journal: this.#world.journal,
    });
  }

  rollbackTo(savepoint: Savepoint): void {
    const { snapshot, past } = this.#ownPast(savepoint);
    const { settings, position } = snapshot;
    this.#worldRef.world = this.#world.replaced(settings, {
      position: ownPosition(this.#world.store, position),
      // A log of its own, because forks may share the old one with entries that are rolled back.
      journal: past.journal.until(position.seq),
    });
    this.#worldRef.origin = past.origin;
  }

  loadSnapshot(snapshot: Snapshot | SnapshotJson): void {
    const { settings: found, position } = readSnapshot(snapshot);
    const { store, journal, maxSteps } = this.#world.settings;
    const settings = { ...found, store, journal, maxSteps };
    this.#worldRef.world = this.#world.replaced(settings, {
      position: ownPosition(this.#world.store, position),
    });
    this.#worldRef.origin = new TakenSnapshot(settings, position);
  }

  truncate(savepoint: Savepoint): void {
    const world = this.#world;
    const { snapshot } = this.#ownPast(savepoint);
    const { firstSeq } = world.journal;
    if (!this.savepoint().follows(savepoint) || snapshot.position.seq < firstSeq) {
      throw notInPast(`at line ${String(snapshot.position.seq)}`);
    }
    world.forget(snapshot.position.seq);
    this.#worldRef.origin = snapshot;
  }

  replayEntries(entries: Iterable<JournalEntry>, options: { readonly until?: number } = {}): void {
    const { limits } = this.#world.settings;
    const { until } = readValue(replayField, options, { path: "options", limits });
    for (const entry of each(entries)) {
      const line = readLine(entry);
      const again = this.#again(line);
      if (JSON.stringify(again) !== JSON.stringify(line)) throwReplayMismatch(line, limits);
    }
    if (until !== undefined) this.#world.jumpTo(until);
  }

  /** Returns a savepoint of this simulator. */
  #ownPast(savepoint: unknown): TakenSavepoint {
    if (!TakenSavepoint.is(savepoint)) throw notInPast(formatValue(savepoint));
    if (savepoint.past.home !== this.#worldRef) throw notInPast("of another simulator");
    return savepoint;
  }

  /** One entry at a time, because a task that is due at the time of a command may have completed after it. */
  #again(line: JournalEntry): JournalEntry | undefined {
    const { at, trigger } = line;
    const { limits } = this.#world.settings;
    if (trigger.kind !== "command") return this.#world.step();
    try {
      this.#world.jumpTo(at);
      const caller = readCaller(trigger.accountId, {}, limits);
      return this.#world.executeAny(caller, trigger.command).line;
    } catch (cause) {
      if (cause instanceof ReplicationError) return throwReplayMismatch(line, limits, cause);
      throw cause;
    }
  }
}

/** Returns the world at this moment. */
export function snapshotOf({ world }: WorldRef): TakenSnapshot {
  return new TakenSnapshot(world.settings, ownPosition(world.store, world.position));
}

/** Returns a position that nothing changes any more. */
export function ownPosition({ keepsVersions }: Store, position: WorldState): WorldState {
  if (keepsVersions) return position;
  return { ...position, topology: cloneTopology(position.topology) };
}

/** Returns a position that nothing changes any more, with rows of the world: frozen before they are handed out. */
export function keptPosition({ keepsVersions }: Store, position: WorldState): WorldState {
  if (keepsVersions) return position;
  return { ...position, topology: withSharedRows(position.topology) };
}

/** Item by item; an iterable that throws ends there. */
function* each(lines: Iterable<unknown>): Generator {
  try {
    yield* lines;
  } catch (cause) {
    throw invalidWorldDataError(
      "journal-lines",
      "the journal has no entries, or they cannot be read",
      cause,
    );
  }
}

function notInPast(which: string): RuleViolationError {
  return new RuleViolationError({
    code: "badRequest",
    rule: "savepoint-of-this-simulator",
    message: `savepoint ${which} is not in the past of this journal`,
    field: "savepoint",
    allowed: "a moment that led to this one, as savepoint() gave it",
  });
}

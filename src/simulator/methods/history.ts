import { finish, hex, mixText } from "../../collections/murmur3.js";
import { record } from "../../domain/compositeFields.js";
import { formatValue, ReplicationError, RuleViolationError } from "../../domain/errors.js";
import { integer, optional } from "../../domain/fields.js";
import { readValue } from "../../domain/parseCommand.js";
import { clockTime } from "../../domain/time.js";
import { type Cause, causesOf } from "../../engine/explain.js";
import type { JournalEntry } from "../../engine/journal.js";
import { withSharedRows } from "../../topology/shareRows.js";
import type { Topology } from "../../topology/state.js";
import type { Store } from "../../topology/store.js";
import { readCaller } from "../caller.js";
import { cloneTopology } from "../createWorld.js";
import { Savepoint } from "../savepoint.js";
import {
  invalidWorldDataError,
  type Journal,
  journalFrom,
  readLine,
  readSnapshot,
  Snapshot,
  type SnapshotJson,
  throwReplayMismatch,
} from "../serialization.js";
import { foldJournal, type Told } from "../worldDiff.js";
import { WorldRef } from "../worldRef.js";
import type { WorldState } from "../worldState.js";
import { AccountClient } from "./account.js";

/** Where a repetition ends. */
export interface ReplayOptions {
  /** Virtual time, ms since the epoch; default that of the last line. */
  readonly until?: number;
}

const seqField = integer({
  rule: "line-number",
  source: "§11",
  min: 0,
  max: Number.MAX_SAFE_INTEGER,
});
const repeatField = record<ReplayOptions>({
  rule: "repeat-options",
  source: "§6",
  of: {
    until: optional(clockTime),
  },
});

/** What has been, and how to come back to it. Never an account's business, but the whole world's. */
export class HistoryVerbs extends AccountClient {
  /** What has happened since the journal begins, as plain data; enough to replay it. A copy. O(lines). */
  journal(): Journal {
    return journalFrom({
      settings: this.world.settings,
      origin: this.ground.origin?.toJSON() ?? null,
      now: this.world.now,
      lines: this.world.journal.lines(),
    });
  }

  /**
   * The lines of the journal from a number on, as far as it reaches back. A copy. O(lines given).
   * @throws InvalidInputError `line-number`
   */
  journalEntries(fromSeq = 0): readonly JournalEntry[] {
    const { limits } = this.world.settings;
    return this.world.journal.lines(readValue(seqField, fromSeq, { path: "fromSeq", limits }));
  }

  /**
   * Explains the state of an instance, a group or a schedule: entries newest first, back to a command. Empty for
   * an id that is not in the journal.
   */
  explain(id: string): readonly Cause[] {
    return causesOf(this.world.journal, id, this.world.position.seq - 1);
  }

  /** Whether a value is a simulator, or a stand-in that one is reached through. @internal */
  static is(value: unknown): value is HistoryVerbs {
    return groundOf(value) !== undefined;
  }

  /** The rows themselves, for layers above that read them often: never to be kept or handed out. @internal */
  static rowsOf(client: HistoryVerbs): Topology {
    return client.world.topology;
  }

  /** What `diff` compares. @internal */
  static tell(world: HistoryVerbs | Journal): Told {
    const ground = groundOf(world);
    if (ground === undefined) return foldJournal(world as Journal);
    const { settings, now, topology, journal: log } = ground.world;
    return { settings, now, topology, log, origin: ground.origin };
  }

  /** The whole world at this moment. O(1) for the immutable store; `JSON.stringify` gives its rows. */
  snapshot(): Snapshot {
    return new Snapshot(this.world.settings, ownPosition(this.world.store, this.world.position));
  }

  /** A hash of the whole world: equal for equal worlds, on every runtime. 32 hexadecimal digits. O(n). */
  fingerprint(): string {
    const { settings, position } = this.world;
    const text = JSON.stringify(Snapshot.plain(new Snapshot(settings, position)));
    return [1, 2, 3, 4].map((part) => hex(finish(mixText(part, text)))).join("");
  }

  /** This moment, for `rollbackTo` and `forget`. O(1) for the immutable store. */
  savepoint(): Savepoint {
    const { origin } = this.ground;
    return new Savepoint(this.snapshot(), {
      home: this.ground,
      origin,
      journal: this.world.journal,
    });
  }

  /**
   * Goes back to a savepoint of this simulator: what came after it has not happened, and the journal does not know it.
   * Account clients and subscribers stay. Subscribers are not notified. O(n).
   * @throws RuleViolationError `savepoint-of-this-simulator` when the savepoint is another simulator's
   */
  rollbackTo(savepoint: Savepoint): void {
    const { snapshot, past } = this.#ownPast(savepoint);
    const { settings } = snapshot;
    const position = Snapshot.positionOf(snapshot);
    this.ground.world = this.world.replaced(settings, {
      position: ownPosition(this.world.store, position),
      // A log of its own: forks may share the old one, with what did not happen in it.
      journal: past.journal.until(position.seq),
    });
    this.ground.origin = past.origin;
  }

  /**
   * Loads the world of a snapshot; its journal begins there. Account clients and subscribers stay, and so does what
   * is not part of a world: the account of these methods, `store`, `journal` and `maxSteps`. Subscribers are not
   * notified. O(n).
   * @throws InvalidWorldDataError; nothing has changed then
   */
  loadSnapshot(snapshot: Snapshot | SnapshotJson): void {
    const read = readSnapshot(snapshot);
    const { settings: found } = read;
    const position = Snapshot.positionOf(read);
    const { store, journal, maxSteps } = this.world.settings;
    const settings = { ...found, store, journal, maxSteps };
    this.ground.world = this.world.replaced(settings, {
      position: ownPosition(this.world.store, position),
    });
    this.ground.origin = new Snapshot(settings, position);
  }

  /**
   * Drops the lines of the journal before a savepoint; it begins there from now on. What is true stays true, but
   * `explain` does not reach back beyond it. O(lines kept).
   * @throws RuleViolationError `savepoint-of-this-simulator` when the savepoint is not in this journal's past
   */
  truncateJournal(savepoint: Savepoint): void {
    const { world } = this;
    const { snapshot } = this.#ownPast(savepoint);
    const { firstSeq } = world.journal;
    const { seq } = Snapshot.positionOf(snapshot);
    if (!this.savepoint().follows(savepoint) || seq < firstSeq) {
      throw notInPast(`at line ${String(seq)}`);
    }
    world.forget(seq);
    this.ground.origin = snapshot;
  }

  /**
   * Replays journal entries in order and verifies that each produces the recorded facts. Not atomic: what comes before
   * a rejected entry stays applied. Take a `savepoint` first if that matters.
   * @param options - `until`: virtual time at which to end; default is the time of the last line
   * @throws InvalidInputError `repeat-options`
   * @throws InvalidWorldDataError `journal-differs` when a line comes out differently; `journal-lines` where there
   * is none
   */
  replayEntries(lines: Iterable<JournalEntry>, options: ReplayOptions = {}): void {
    const { limits } = this.world.settings;
    const { until } = readValue(repeatField, options, { path: "options", limits });
    for (const entry of each(lines)) {
      const line = readLine(entry);
      const again = this.#again(line);
      if (JSON.stringify(again) !== JSON.stringify(line)) throwReplayMismatch(line.seq);
    }
    if (until !== undefined) this.world.jumpTo(until);
  }

  /** A savepoint, where it is one of this simulator's. */
  #ownPast(savepoint: unknown): Savepoint {
    if (!Savepoint.is(savepoint)) throw notInPast(formatValue(savepoint));
    if (savepoint.past.home !== this.ground) throw notInPast("of another simulator");
    return savepoint;
  }

  /** One line at a time, since work that is due at the moment of a command may have been settled after it. */
  #again({ seq, at, trigger }: JournalEntry): JournalEntry | undefined {
    if (trigger.kind !== "command") return this.world.step();
    try {
      this.world.jumpTo(at);
      const caller = readCaller(trigger.accountId, {}, this.world.settings.limits);
      return this.world.executeAny(caller, trigger.command).line;
    } catch (cause) {
      if (cause instanceof ReplicationError) return throwReplayMismatch(seq, cause);
      throw cause;
    }
  }
}

/** What a simulator stands on, also one that is reached through a stand-in; undefined for anything else. */
function groundOf(value: unknown): WorldRef | undefined {
  try {
    const { ground } = value as { readonly ground?: unknown };
    return WorldRef.is(ground) ? ground : undefined;
  } catch {
    return undefined;
  }
}

/** Item by item; what throws while it is asked has no more lines. */
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

/** A position that nothing changes any more. */
export function ownPosition({ keepsVersions }: Store, position: WorldState): WorldState {
  if (keepsVersions) return position;
  return { ...position, topology: cloneTopology(position.topology) };
}

/** A position that nothing changes any more, with rows that the world has too: frozen before they are handed out. */
export function keptPosition({ keepsVersions }: Store, position: WorldState): WorldState {
  if (keepsVersions) return position;
  return { ...position, topology: withSharedRows(position.topology) };
}

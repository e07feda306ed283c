import { finish, hex, mixText } from "../../collections/hash.js";
import { ReplicationError, RuleRefusedError } from "../../domain/errors.js";
import { type Cause, causesOf } from "../../engine/explain.js";
import type { JournalLine } from "../../engine/journal.js";
import { copyOf } from "../beginning.js";
import { differenceOf, type Told, toldBy, type WorldDifference } from "../difference.js";
import type { Position } from "../position.js";
import {
  differs,
  type Journal,
  journalFrom,
  readSnapshot,
  Snapshot,
  type SnapshotJson,
} from "../records.js";
import { Savepoint } from "../savepoint.js";
import { AccountVerbs } from "./account.js";

/** What has been, and how to come back to it. Never an account's business, but the whole world's. */
export class HistoryVerbs extends AccountVerbs {
  /** What has happened since the journal begins, as plain data; enough to replay it. A copy. O(lines). */
  journal(): Journal {
    return journalFrom({
      settings: this.world.settings,
      origin: this.ground.origin?.toJSON() ?? null,
      now: this.world.now,
      lines: this.world.journal.lines(),
    });
  }

  /** The lines of the journal from a number on, as far as it reaches back. A copy. O(lines given). */
  journalLines(fromSeq = 0): readonly JournalLine[] {
    return this.world.journal.lines(fromSeq);
  }

  /** Why an instance, a group or a schedule is as it is: newest line first, back to a command. */
  explain(id: string): readonly Cause[] {
    return causesOf(this.world.journal, id, this.world.position.seq - 1);
  }

  /** What `diff` compares. @internal */
  static tell(world: HistoryVerbs | Journal): Told {
    if (!(world instanceof HistoryVerbs)) return toldBy(world);
    const { settings, now, topology, journal: log } = world.world;
    return { settings, now, topology, log, origin: world.ground.origin };
  }

  /** The whole world at this moment. O(1) for the immutable store; `JSON.stringify` gives its rows. */
  snapshot(): Snapshot {
    return new Snapshot(this.world.settings, ownPosition(this.world.settings, this.world.position));
  }

  /** A hash of the whole world: equal for equal worlds, on every runtime. 32 hexadecimal digits. O(n). */
  fingerprint(): string {
    const text = JSON.stringify(this.snapshot());
    return [1, 2, 3, 4].map((part) => hex(finish(mixText(part, text)))).join("");
  }

  /** This moment, for `rollBack` and `forget`. O(1) for the immutable store. */
  savepoint(): Savepoint {
    const { journal } = this.world;
    return new Savepoint(this.snapshot(), { origin: this.ground.origin, journal });
  }

  /**
   * Goes back to a savepoint of this simulator: what came after it has not happened, and the journal does not know it.
   * Tenants and subscribers stay; subscribers are not told. O(n).
   */
  rollBack({ snapshot, past }: Savepoint): void {
    const { settings, position } = snapshot;
    this.ground.world = this.world.replaced(settings, {
      position: ownPosition(settings, position),
      // A log of its own: forks may share the old one, with what did not happen in it.
      journal: past.journal.until(position.seq),
    });
    this.ground.origin = past.origin;
  }

  /**
   * Becomes the world that a snapshot holds; its journal begins there. Tenants and subscribers stay, and so does what
   * is no part of a world: the account of these verbs, `store`, `journal` and `stepsMax`. Subscribers are not told. O(n).
   * @throws UnreadableWorldError; nothing has changed then
   */
  load(snapshot: Snapshot | SnapshotJson): void {
    const { settings: found, position } = readSnapshot(snapshot);
    const { store, journal, stepsMax } = this.world.settings;
    const settings = { ...found, store, journal, stepsMax };
    this.ground.world = this.world.replaced(settings, {
      position: ownPosition(settings, position),
    });
    this.ground.origin = new Snapshot(settings, position);
  }

  /**
   * Drops the lines of the journal before a savepoint; it begins there from now on. What is true stays true, but
   * `explain` does not reach back beyond it. O(lines kept).
   * @throws RuleRefusedError `own-past` when the savepoint is not in this journal's past
   */
  forget(savepoint: Savepoint): void {
    const { world } = this;
    const { snapshot } = savepoint;
    const { firstSeq } = world.journal;
    if (!this.savepoint().follows(savepoint) || snapshot.position.seq < firstSeq) {
      throw new RuleRefusedError({
        fault: "badRequest",
        rule: "own-past",
        message: `the savepoint at line ${String(snapshot.position.seq)} is not in the past of this journal`,
      });
    }
    world.forget(snapshot.position.seq);
    this.ground.origin = snapshot;
  }

  /**
   * Lets happen again what lines of a journal tell, line by line, and holds each to what is written.
   * @param ending - `until`: virtual time at which to end; default is the time of the last line
   * @throws UnreadableWorldError `journal-differs` when a line comes out differently
   */
  repeat(lines: Iterable<JournalLine>, { until }: { readonly until?: number } = {}): void {
    for (const line of lines) {
      if (JSON.stringify(this.#again(line)) !== JSON.stringify(line)) differs(line.seq);
    }
    if (until !== undefined) this.world.jumpTo(until);
  }

  /** One line at a time, since work that is due at the moment of a command may have been settled after it. */
  #again({ seq, at, trigger }: JournalLine): JournalLine | undefined {
    if (trigger.kind !== "command") return this.world.step();
    try {
      this.world.jumpTo(at);
      return this.world.executeAny({ accountId: trigger.accountId, role: "admin" }, trigger.command)
        .line;
    } catch (cause) {
      if (cause instanceof ReplicationError) return differs(seq, cause);
      throw cause;
    }
  }
}

/**
 * How two worlds of common origin differ, as plain data: simulators that were forked of one another or of the same
 * world, or journals, which are folded for it.
 * O(lines since they parted + rows that differ) between forks on the immutable store, else O(lines + rows).
 * @throws UnreadableWorldError `common-origin` when they have no past in common
 */
export function diff(left: HistoryVerbs | Journal, right: HistoryVerbs | Journal): WorldDifference {
  return differenceOf(HistoryVerbs.tell(left), HistoryVerbs.tell(right));
}

/** A position whose topology nobody else changes. */
function ownPosition(settings: { readonly store: string }, position: Position): Position {
  if (settings.store === "immutable") return position;
  return { ...position, topology: copyOf(position.topology) };
}

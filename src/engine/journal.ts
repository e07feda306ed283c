import { deepFreeze } from "../collections/deepFreeze.js";
import type { Command } from "../domain/commandTypes.js";
import type { EntityKind } from "../domain/entities.js";
import type { Fact } from "../domain/facts.js";
import type { InjectedFault } from "../domain/faults.js";
import type { TaskKind } from "../domain/statuses.js";

/**
 * What made a journal line: a command, work that ended, the hour of a schedule, acknowledgements of a source that were
 * due, or the turn of a fault.
 */
export type Trigger =
  | { readonly kind: "command"; readonly accountId: string; readonly command: Command }
  | {
      readonly kind: "task";
      readonly task: TaskKind;
      readonly entity: EntityKind;
      readonly id: string;
    }
  | { readonly kind: "tick"; readonly scheduleId: string }
  | { readonly kind: "acknowledgement"; readonly instanceId: string }
  | {
      readonly kind: "fault";
      readonly accountId: string;
      readonly faultId: string;
      readonly action: "activate" | "clear";
    };

/** What a fault does when its turn comes. */
export function faultTrigger({ id, accountId, phase, dueAt, endsAt }: InjectedFault): Trigger {
  const isEnd = phase !== "scheduled" && dueAt === endsAt;
  return { kind: "fault", accountId, faultId: id, action: isEnd ? "clear" : "activate" };
}

/** Why something happened. */
export interface Why {
  /** What made it happen. */
  readonly trigger: Trigger;
  /** The line that made this one due; null for a command, which has no cause inside the world. */
  readonly cause: number | null;
}

/** One thing that happened, with everything that became true by it. */
export interface JournalEntry extends Why {
  /** Number of the line, from 0 on, without gaps. */
  readonly seq: number;
  /** Virtual time, ms since the epoch. */
  readonly at: number;
  /**
   * More lines without which it would have come out differently: a failure that was planned, the schedule that a group
   * has taken over. Left out where there are none.
   */
  readonly contributingCauses?: readonly number[];
  /** What became true, in order. */
  readonly facts: readonly Fact[];
}

/** The line of a moment. */
export function journalEntry(
  moment: {
    readonly seq: number;
    readonly now: number;
    readonly also: readonly number[];
    readonly facts: readonly Fact[];
  },
  { trigger, cause }: Why,
): JournalEntry {
  const { seq, now: at, facts } = moment;
  const also = moment.also.filter((reason) => reason !== cause);
  if (also.length === 0) return { seq, at, trigger, cause, facts };
  return { seq, at, trigger, cause, contributingCauses: also, facts };
}

/**
 * An append-only log. A fork shares its past with its origin and writes on by itself. What it gives out is frozen then:
 * entries that nobody reads cost nothing more than being kept.
 */
export class JournalLog {
  /** Logs of the same lineage tell one story, each as far as it goes; another future is another lineage. */
  readonly lineage: object;
  readonly #first: number;
  readonly #ancestor: Ancestor | undefined;
  readonly #own: Segment;
  /** Where an entry was found last: whoever goes back through a log goes on from there. */
  #found: Segment;

  private constructor(first: number, origin: Origin = {}) {
    const { past, pastEnd = first, ancestor, lineage = {} } = origin;
    this.lineage = lineage;
    this.#first = first;
    this.#ancestor = ancestor;
    this.#own = { first: pastEnd, past, entries: [] };
    this.#found = this.#own;
  }

  /** An empty log whose first entry will have this number. */
  static startingAt(seq: number): JournalLog {
    return new JournalLog(seq);
  }

  /** Number of the first entry that two logs do not share, though it may say the same; undefined for strangers. */
  static parting(one: JournalLog, other: JournalLog): number | undefined {
    const ends = new Map<object, number>();
    for (const { lineage, end } of one.#ancestry()) ends.set(lineage, end);
    for (const { lineage, end } of other.#ancestry()) {
      const shared = ends.get(lineage);
      if (shared !== undefined) return Math.min(shared, end);
    }
    return undefined;
  }

  /** The same past, another future. O(1). */
  fork(): JournalLog {
    // A segment without entries is no part of anybody's past.
    const past = this.#own.entries.length === 0 ? this.#own.past : this.#own;
    const ancestor = this.#asAncestor(this.end);
    return new JournalLog(this.#first, { past, pastEnd: this.end, ancestor });
  }

  /**
   * Another future under other conditions: its journal begins with this number, since it cannot be replayed from
   * further back, but `line` reaches back to what led here. O(1).
   */
  branch(seq: number): JournalLog {
    return new JournalLog(seq, { ancestor: this.#asAncestor(this.end) });
  }

  /** The entries before a number, in a log of their own that goes on with that number. O(entries kept). */
  until(seq: number): JournalLog {
    const isShared = this.#ancestor === undefined || this.#ancestor.end <= seq;
    const part = new JournalLog(this.#first, isShared ? { ancestor: this.#ancestor } : {});
    for (const line of this.lines().slice(0, seq - this.#first)) part.append(line);
    return part;
  }

  /** The same log without the entries before a number. O(entries kept). */
  from(seq: number): JournalLog {
    const rest = new JournalLog(seq, { lineage: this.lineage });
    for (const line of this.lines(seq)) rest.append(line);
    return rest;
  }

  /** Number of the first entry, whether it is there yet or not. */
  get firstSeq(): number {
    return this.#first;
  }

  /** Number of the next entry. */
  get end(): number {
    return this.#own.first + this.#own.entries.length;
  }

  /** How many entries there are, the shared past included. */
  get length(): number {
    return this.end - this.#first;
  }

  /** Adds the next entry. */
  append(entry: JournalEntry): void {
    this.#own.entries.push(entry);
  }

  /**
   * The entry with this number, frozen; undefined when the log does not reach back so far. O(generations of forks), O(1)
   * for one near the last one found.
   */
  line(seq: number): JournalEntry | undefined {
    // The walk goes over other logs, and begins at this one.
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    let log: JournalLog = this;
    // From before the first entry, where this log branched off another.
    while (seq < log.#first) {
      const ancestor: Ancestor | undefined = log.#ancestor;
      if (ancestor === undefined || seq >= ancestor.end) return undefined;
      log = ancestor.log;
    }
    return seq < log.end ? log.#entry(seq) : undefined;
  }

  /** All entries, or those from a number on, oldest first: a list of one's own, of frozen entries. O(entries given + generations of forks). */
  lines(from = this.#first): readonly JournalEntry[] {
    const parts: (readonly JournalEntry[])[] = [];
    let { end } = this;
    for (let at: Segment | undefined = this.#own; at !== undefined && end > from; at = at.past) {
      // What its log has added after the fork is not shared.
      parts.push(at.entries.slice(Math.max(0, from - at.first), end - at.first));
      end = Math.min(end, at.first);
    }
    const lines = parts.reverse().flat();
    for (const line of lines) deepFreeze(line);
    return lines;
  }

  /** An entry that this log has, or its past. */
  #entry(seq: number): JournalEntry | undefined {
    let at: Segment | undefined = seq < this.#found.first ? this.#found : this.#own;
    while (at !== undefined && seq < at.first) at = at.past;
    if (at === undefined) return undefined;
    this.#found = at;
    return deepFreeze(at.entries[seq - at.first]);
  }

  #asAncestor(end: number): Ancestor {
    return { lineage: this.lineage, end, log: this, ancestor: this.#ancestor };
  }

  /** Itself and all that it descends from, each as far as it is shared. */
  *#ancestry(): Generator<Pick<Ancestor, "lineage" | "end">> {
    yield { lineage: this.lineage, end: this.end };
    for (let at = this.#ancestor; at !== undefined; at = at.ancestor) yield at;
  }
}

/** What one log has written, and what it goes on from: a log is a list of these, walked without recursion. */
interface Segment {
  /** Number of its first entry, and of the first one that it does not share with its past. */
  readonly first: number;
  readonly past: Segment | undefined;
  readonly entries: JournalEntry[];
}

/** A log that others have branched off, and the number of the first entry that they do not share. */
interface Ancestor {
  readonly lineage: object;
  readonly end: number;
  readonly log: JournalLog;
  readonly ancestor: Ancestor | undefined;
}

/** What a log begins with. */
interface Origin {
  readonly past?: Segment | undefined;
  readonly pastEnd?: number;
  readonly ancestor?: Ancestor | undefined;
  readonly lineage?: object;
}

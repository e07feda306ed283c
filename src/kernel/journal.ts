import { deepFreeze } from "../collections/deepFreeze.js";
import type { TaskKind } from "../lifecycle/tasks.js";
import type { Command } from "../model/commandTypes.js";
import type { Fact } from "../model/facts.js";
import type { InjectedFault } from "../service/faults/fault.model.js";

/**
 * What caused a journal entry: a command, a completed task, a schedule, due acknowledgements of a source, or a fault
 * that is due.
 */
export type Trigger =
  | { readonly kind: "command"; readonly accountId: string; readonly command: Command }
  | {
      readonly kind: "task";
      readonly task: TaskKind;
      readonly entity: "instance" | "group" | "backup";
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

/** Returns the trigger of a due fault. */
export function faultTrigger({ id, accountId, phase, dueAt, endsAt }: InjectedFault): Trigger {
  const isEnd = phase !== "scheduled" && dueAt === endsAt;
  return { kind: "fault", accountId, faultId: id, action: isEnd ? "clear" : "activate" };
}

/** One command or one due item, with all its facts. */
export interface JournalEntry {
  /** Number of the entry, from 0, without gaps. */
  readonly seq: number;
  /** Virtual time, ms since the epoch. */
  readonly at: number;
  /** The command or the due item that the entry records. */
  readonly trigger: Trigger;
  /** Number of the entry that made this one due; null for a command, which has no cause inside the world. */
  readonly cause: number | null;
  /**
   * Other entries without which the outcome would differ: an injected failure, the schedule that a group took over.
   * Absent if there are none.
   */
  readonly contributingCauses?: readonly number[];
  /** Its facts, in order. */
  readonly facts: readonly Fact[];
}

/** Trigger and cause of a journal entry. */
export type EntryOrigin = Pick<JournalEntry, "trigger" | "cause">;

/** Returns the journal entry of a transaction. */
export function journalEntry(
  moment: {
    readonly seq: number;
    readonly now: number;
    readonly also: readonly number[];
    readonly facts: readonly Fact[];
  },
  { trigger, cause }: EntryOrigin,
): JournalEntry {
  const { seq, now: at, facts } = moment;
  const { also: all } = moment;
  const also = all.length === 0 ? all : all.filter((reason) => reason !== cause);
  if (also.length === 0) return { seq, at, trigger, cause, facts };
  return { seq, at, trigger, cause, contributingCauses: also, facts };
}

/**
 * An append-only log. A fork shares the past with its origin and continues on its own. Entries are frozen when they are
 * handed out, so that entries that are never read cost only their memory.
 */
export class JournalLog {
  /** Logs of equal lineage have equal entries, as far as each reaches. Another future has another lineage. */
  readonly lineage: object;
  readonly #first: number;
  readonly #ancestor: Ancestor | undefined;
  readonly #own: Segment;
  /** Where an entry was last found: a backward walk continues from there. */
  #found: Segment;

  private constructor(first: number, origin: Origin = {}) {
    const { past, pastEnd = first, ancestor, lineage = {} } = origin;
    this.lineage = lineage;
    this.#first = first;
    this.#ancestor = ancestor;
    this.#own = { first: pastEnd, past, entries: [] };
    this.#found = this.#own;
  }

  /** Creates an empty log whose first entry has this number. */
  static startingAt(seq: number): JournalLog {
    return new JournalLog(seq);
  }

  /**
   * Returns the number of the first entry that two logs do not share, even if its content is equal; undefined for
   * unrelated logs.
   */
  static parting(one: JournalLog, other: JournalLog): number | undefined {
    const ends = new Map<object, number>();
    for (const { lineage, end } of one.#ancestry()) ends.set(lineage, end);
    for (const { lineage, end } of other.#ancestry()) {
      const shared = ends.get(lineage);
      if (shared !== undefined) return Math.min(shared, end);
    }
    return undefined;
  }

  /** Returns a log with the same past and another future. O(1). */
  fork(): JournalLog {
    // A segment without entries is in no log's past.
    const past = this.#own.entries.length === 0 ? this.#own.past : this.#own;
    const ancestor = this.#asAncestor(this.end);
    return new JournalLog(this.#first, { past, pastEnd: this.end, ancestor });
  }

  /**
   * Returns a log for another future under other options. Its journal begins with this number, because it cannot be
   * replayed from further back; `line` still reaches earlier entries. O(1).
   */
  branch(seq: number): JournalLog {
    return new JournalLog(seq, { ancestor: this.#asAncestor(this.end) });
  }

  /** Returns a log of the entries before a number, which continues at that number. O(entries kept). */
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

  /** Number of the first entry, present or not. */
  get firstSeq(): number {
    return this.#first;
  }

  /** Number of the next entry. */
  get end(): number {
    return this.#own.first + this.#own.entries.length;
  }

  /** Adds the next entry. */
  append(entry: JournalEntry): void {
    this.#own.entries.push(entry);
  }

  /**
   * Returns the entry with this number, frozen; undefined when the log does not reach back so far. O(generations of
   * forks), O(1) near the last one found.
   */
  line(seq: number): JournalEntry | undefined {
    // The walk goes over other logs, and begins at this one.
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    let log: JournalLog = this;
    // It is older than the first entry, where this log branched off another.
    while (seq < log.#first) {
      const ancestor: Ancestor | undefined = log.#ancestor;
      if (ancestor === undefined || seq >= ancestor.end) return undefined;
      log = ancestor.log;
    }
    return log.#entry(seq);
  }

  /**
   * Returns all entries, or those from a number on, oldest first: a new array of frozen entries. O(entries returned +
   * generations of forks).
   */
  lines(from = this.#first): readonly JournalEntry[] {
    const parts: (readonly JournalEntry[])[] = [];
    let { end } = this;
    for (let at: Segment | undefined = this.#own; at !== undefined && end > from; at = at.past) {
      // Entries that the origin added after the fork are not shared.
      parts.push(at.entries.slice(Math.max(0, from - at.first), end - at.first));
      end = Math.min(end, at.first);
    }
    const lines = parts.reverse().flat();
    for (const line of lines) deepFreeze(line);
    return lines;
  }

  /** Returns an entry of this log or of its past; undefined when there is none with this number yet. */
  #entry(seq: number): JournalEntry | undefined {
    let at = seq < this.#found.first ? this.#found : this.#own;
    while (seq < at.first && at.past !== undefined) at = at.past;
    this.#found = at;
    return deepFreeze(at.entries[seq - at.first]);
  }

  #asAncestor(end: number): Ancestor {
    return { lineage: this.lineage, end, log: this, ancestor: this.#ancestor };
  }

  /** Yields this log and its ancestors, each as far as it is shared. */
  *#ancestry(): Generator<Pick<Ancestor, "lineage" | "end">> {
    yield { lineage: this.lineage, end: this.end };
    for (let at = this.#ancestor; at !== undefined; at = at.ancestor) yield at;
  }
}

/**
 * The entries that one log wrote, and the segment that it continues. A log is a linked list of these, walked without
 * recursion.
 */
interface Segment {
  /** Numbers of its first entry and of the first entry that it does not share with its past. */
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

/** Start of a log. */
interface Origin {
  readonly past?: Segment | undefined;
  readonly pastEnd?: number;
  readonly ancestor?: Ancestor | undefined;
  readonly lineage?: object;
}

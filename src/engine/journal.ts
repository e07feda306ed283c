import type { Command } from "../domain/commands.js";
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

/** An append-only log. A fork shares its past with its origin and writes on by itself. */
export class JournalLog {
  /** Logs of the same lineage tell one story, each as far as it goes; another future is another lineage. */
  readonly lineage: object;
  readonly #past: JournalLog | undefined;
  readonly #pastLength: number;
  readonly #first: number;
  readonly #ancestor: Ancestor | undefined;
  readonly #lines: JournalEntry[] = [];

  private constructor(first: number, origin: Origin = {}) {
    const { past, ancestor, lineage = {} } = origin;
    this.lineage = lineage;
    this.#past = past;
    this.#first = first;
    this.#ancestor = ancestor;
    this.#pastLength = past?.length ?? 0;
  }

  /** An empty log whose first line will have this number. */
  static startingAt(seq: number): JournalLog {
    return new JournalLog(seq);
  }

  /** Number of the first line that two logs do not share, though it may say the same; undefined for strangers. */
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
    return new JournalLog(this.#first, { past: this, ancestor: this.#asAncestor(this.end) });
  }

  /**
   * Another future under other conditions: its journal begins with this number, since it cannot be replayed from further back, but
   * `line` reaches back to what led here. O(1).
   */
  branch(seq: number): JournalLog {
    return new JournalLog(seq, { ancestor: this.#asAncestor(this.end) });
  }

  /** The lines before a number, in a log of their own that goes on with that number. O(lines kept). */
  until(seq: number): JournalLog {
    const isShared = this.#ancestor === undefined || this.#ancestor.end <= seq;
    const part = new JournalLog(this.#first, isShared ? { ancestor: this.#ancestor } : {});
    for (const line of this.lines().slice(0, seq - this.#first)) part.append(line);
    return part;
  }

  /** The same log without the lines before a number. O(lines kept). */
  from(seq: number): JournalLog {
    const rest = new JournalLog(seq, { lineage: this.lineage });
    for (const line of this.lines(seq)) rest.append(line);
    return rest;
  }

  /** Number of the first line, whether it is there yet or not. */
  get firstSeq(): number {
    return this.#first;
  }

  /** Number of the next line. */
  get end(): number {
    return this.#first + this.length;
  }

  /** How many lines there are, the shared past included. */
  get length(): number {
    return this.#pastLength + this.#lines.length;
  }

  /** Adds the next line. */
  append(line: JournalEntry): void {
    this.#lines.push(line);
  }

  /** The line with this number, or undefined when the log does not reach back so far. */
  line(seq: number): JournalEntry | undefined {
    const at = seq - this.#first;
    if (at < 0) return this.#before(seq);
    if (at >= this.length) return undefined;
    return at < this.#pastLength ? this.#past?.line(seq) : this.#lines[at - this.#pastLength];
  }

  /** All lines, or those from a number on, oldest first: a copy. O(lines given) where the past is not shared. */
  lines(from = this.#first): readonly JournalEntry[] {
    const skipped = Math.max(0, from - this.#first);
    if (skipped >= this.#pastLength) return this.#lines.slice(skipped - this.#pastLength);
    const past = this.#past?.lines(from).slice(0, this.#pastLength - skipped) ?? [];
    return [...past, ...this.#lines];
  }

  /** A line from before the first one, where this log branched off another. */
  #before(seq: number): JournalEntry | undefined {
    const ancestor = this.#ancestor;
    return ancestor === undefined || seq >= ancestor.end ? undefined : ancestor.log.line(seq);
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

/** A log that others have branched off, and the number of the first line that they do not share. */
interface Ancestor {
  readonly lineage: object;
  readonly end: number;
  readonly log: JournalLog;
  readonly ancestor: Ancestor | undefined;
}

/** What a log begins with. */
interface Origin {
  readonly past?: JournalLog;
  readonly ancestor?: Ancestor | undefined;
  readonly lineage?: object;
}

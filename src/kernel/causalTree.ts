import type { Fact } from "../model/facts.js";
import type { JournalEntry, Trigger } from "./journal.js";

/** A journal entry and its consequences. */
export interface Consequence {
  /** Number of the journal entry. */
  readonly seq: number;
  /** Virtual time, ms since the epoch. */
  readonly at: number;
  readonly trigger: Trigger;
  readonly facts: readonly Fact[];
  /** The entries that it caused, in order. */
  readonly then: readonly Consequence[];
}

/** The first entry that differs between two journals; null where a journal has ended. */
export interface Divergence {
  readonly seq: number;
  readonly left: JournalEntry | null;
  readonly right: JournalEntry | null;
}

/** Returns the first entries of two journals that differ; null when neither contradicts the other. O(entries). */
export function firstDivergence(
  left: readonly JournalEntry[],
  right: readonly JournalEntry[],
): Divergence | null {
  for (let at = 0; ; at++) {
    const [one, other] = [left[at] ?? null, right[at] ?? null];
    const seq = one?.seq ?? other?.seq;
    if (seq === undefined) return null; // both have ended
    if (one !== other && JSON.stringify(one) !== JSON.stringify(other)) {
      return { seq, left: one, right: other };
    }
  }
}

/**
 * Returns the entries that only one of two journals has, each below the entry that caused it. Entries with equal
 * content at equal times are equal, whatever their numbers. O(entries).
 */
export function eventsOnlyIn(
  left: readonly JournalEntry[],
  right: readonly JournalEntry[],
): { readonly left: readonly Consequence[]; readonly right: readonly Consequence[] } {
  return { left: treesOf(without(left, right)), right: treesOf(without(right, left)) };
}

function without(
  lines: readonly JournalEntry[],
  others: readonly JournalEntry[],
): readonly JournalEntry[] {
  const known = new Map<string, number>();
  for (const line of others) {
    const description = describeEntry(line);
    known.set(description, (known.get(description) ?? 0) + 1);
  }
  return lines.filter((line) => {
    const description = describeEntry(line);
    const count = known.get(description) ?? 0;
    if (count > 0) known.set(description, count - 1);
    return count === 0;
  });
}

/** Sequence numbers that are local to one world; another world counts differently. */
const bookkeeping: ReadonlySet<string> = new Set([
  "seq",
  "cause",
  "also",
  "ordinal",
  "accountOrdinal",
  "row",
  "number",
  "replicaRow",
  "sourceRow",
  "groupRow",
  "instanceRow",
  "ownerRow",
  "targetOrdinal",
  "processOrdinal",
  "instanceOrdinal",
]);

/** Returns a value without the sequence numbers that are local to its world. */
export function stripSequenceNumbers(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => (bookkeeping.has(key) ? undefined : part));
}

function describeEntry(line: JournalEntry): string {
  return stripSequenceNumbers({ at: line.at, trigger: line.trigger, facts: line.facts });
}

function treesOf(lines: readonly JournalEntry[]): readonly Consequence[] {
  const nodes = new Map<number, { readonly then: Consequence[] }>();
  const roots: Consequence[] = [];
  for (const line of lines) {
    const { seq, at, trigger, facts } = line;
    const node = { seq, at, trigger, facts, then: [] };
    nodes.set(seq, node);
    const parents = causesOfEntry(line).flatMap((reason) => nodes.get(reason) ?? []);
    (parents[0]?.then ?? roots).push(node);
  }
  return roots;
}

/** Returns the entries that an entry names as its causes. */
export function causesOfEntry({
  cause,
  contributingCauses: also = [],
}: JournalEntry): readonly number[] {
  return cause === null ? also : [cause, ...also];
}

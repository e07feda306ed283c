import type { Fact } from "../domain/facts.js";
import type { JournalEntry, Trigger } from "./journal.js";

/** A line of a journal, and what followed from it. */
export interface Consequence {
  /** Number of the journal line. */
  readonly seq: number;
  /** Virtual time, ms since the epoch. */
  readonly at: number;
  readonly trigger: Trigger;
  readonly facts: readonly Fact[];
  /** What followed from it, in order. */
  readonly then: readonly Consequence[];
}

/** The first line that is not the same in two journals; null is the end of one. */
export interface Divergence {
  readonly seq: number;
  readonly left: JournalEntry | null;
  readonly right: JournalEntry | null;
}

/** The first lines of two journals that differ; null where neither says what the other does not. O(lines). */
export function firstDivergence(
  left: readonly JournalEntry[],
  right: readonly JournalEntry[],
): Divergence | null {
  for (let at = 0; at < left.length || at < right.length; at++) {
    const [one, other] = [left[at] ?? null, right[at] ?? null];
    const seq = one?.seq ?? other?.seq;
    if (seq === undefined) break;
    if (one !== other && JSON.stringify(one) !== JSON.stringify(other)) {
      return { seq, left: one, right: other };
    }
  }
  return null;
}

/**
 * What happened in one of two journals and not in the other, each line below the one that it followed from. Lines that
 * say the same at the same time are the same, whatever their numbers. O(lines).
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
    const said = saidBy(line);
    known.set(said, (known.get(said) ?? 0) + 1);
  }
  return lines.filter((line) => {
    const said = saidBy(line);
    const count = known.get(said) ?? 0;
    if (count > 0) known.set(said, count - 1);
    return count === 0;
  });
}

/** Numbers by which the books of one world find their rows and lines; another world counts differently. */
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

/** A value without the numbers that only its own world understands. */
export function stripSequenceNumbers(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => (bookkeeping.has(key) ? undefined : part));
}

function saidBy(line: JournalEntry): string {
  return stripSequenceNumbers({ at: line.at, trigger: line.trigger, facts: line.facts });
}

function treesOf(lines: readonly JournalEntry[]): readonly Consequence[] {
  const nodes = new Map<number, { readonly then: Consequence[] }>();
  const roots: Consequence[] = [];
  for (const line of lines) {
    const { seq, at, trigger, facts } = line;
    const node = { seq, at, trigger, facts, then: [] };
    nodes.set(seq, node);
    const parent = causesOfEntry(line).find((reason) => nodes.has(reason));
    (parent === undefined ? roots : (nodes.get(parent)?.then ?? roots)).push(node);
  }
  return roots;
}

/** The lines that a line names as its causes. */
export function causesOfEntry({
  cause,
  contributingCauses: also = [],
}: JournalEntry): readonly number[] {
  return cause === null ? also : [cause, ...also];
}

import { causesOfEntry } from "../kernel/causalTree.js";
import type { JournalEntry, JournalLog } from "../kernel/journal.js";
import { isDown } from "../lifecycle/instanceStates.js";
import type { Fact } from "../model/facts.js";
import { givesState, isAbout } from "./factSubjects.js";

/** What the search reads of a log: its entries by number. */
type Entries = Pick<JournalLog, "line">;

/** One cause: the journal entry, with its facts about the explained row or about the failure. */
export interface Cause {
  readonly line: JournalEntry;
  readonly facts: readonly Fact[];
}

/**
 * Returns why a row is in its current state: the last entry that changed its status (or created or moved it), the
 * entries that it names as causes, and so on back to commands and injected faults. Newest first, each entry once; empty
 * when the journal has nothing about the id.
 */
export function causesOf(journal: Entries, id: string, lastSeq: number): readonly Cause[] {
  const last = lastAbout(journal, id, lastSeq);
  const lines = new Map<number, JournalEntry>();
  const open = last === undefined ? [] : [last];
  for (let line = open.pop(); line !== undefined; line = open.pop()) {
    lines.set(line.seq, line);
    for (const reason of [
      ...causesOfEntry(line),
      ...desertionsBefore(journal, line),
      ...outagesBefore(journal, line),
    ]) {
      const earlier = lines.has(reason) ? undefined : journal.line(reason);
      if (earlier !== undefined) open.push(earlier);
    }
  }
  return [...lines.values()]
    .sort((a, b) => b.seq - a.seq)
    .map((line) => ({
      line,
      facts: line.facts.filter((fact) => isAbout(fact, id) || isInjectedFault(fact)),
    }));
}

/**
 * Returns the entries in which members left a conversion that ended without them. No row records them, because a
 * conversion ends as soon as a member is missing.
 */
function desertionsBefore(journal: Entries, line: JournalEntry): readonly number[] {
  const { trigger, cause, seq } = line;
  if (trigger.kind !== "task" || trigger.task !== "convert" || cause === null) return [];
  const members = line.facts.flatMap((fact) =>
    fact.type === "MemberLeft" ? [fact.instanceId] : [],
  );
  const found: number[] = [];
  for (let at = seq - 1; members.length > 0 && at > cause; at--) {
    const hasLeft = journal
      .line(at)
      ?.facts.some(
        (fact) =>
          fact.type === "InstanceStateEntered" &&
          fact.from === "converting" &&
          members.includes(fact.id),
      );
    if (hasLeft === true) found.push(at);
  }
  return found;
}

/**
 * Returns the entries in which sources went down or were cut off whose clients lost writes. A detached replica has no row that records
 * the outage of its former source.
 */
function outagesBefore(journal: Entries, { facts, seq }: JournalEntry): readonly number[] {
  return facts.flatMap((fact) =>
    (fact.type === "LogStarted" || fact.type === "WorkloadMoved") && fact.lostTransactions > 0
      ? outageBefore(journal, fact.type === "LogStarted" ? fact.replacedId : fact.id, seq)
      : [],
  );
}

/** Returns the entry in which an instance last went down or was cut off, as far back as the journal reaches. */
function outageBefore(journal: Entries, id: string, lastSeq: number): readonly number[] {
  for (let seq = lastSeq - 1; ; seq--) {
    const line = journal.line(seq);
    if (line === undefined) return [];
    if (line.facts.some((fact) => isOutageOf(fact, id))) return [seq];
  }
}

/** Whether an instance goes down with a fact, or is cut off from its replicas. */
function isOutageOf(fact: Fact, id: string): boolean {
  switch (fact.type) {
    case "InstanceStateEntered":
      return fact.id === id && isDown(fact.state) && !isDown(fact.from);
    case "PartitionChanged":
      return fact.id === id && fact.partitionId !== null;
    default:
      return false;
  }
}

/** Returns whether a fact is an injected fault: the cause of its own effect and of much else. */
function isInjectedFault({ type }: Fact): boolean {
  return type === "FaultInjected";
}

function lastAbout(journal: Entries, id: string, lastSeq: number): JournalEntry | undefined {
  let other: JournalEntry | undefined;
  for (let seq = lastSeq; ; seq--) {
    const line = journal.line(seq);
    if (line === undefined) return other;
    if (line.facts.some((fact) => givesState(fact, id))) return line;
    if (line.facts.some((fact) => isAbout(fact, id))) other ??= line;
  }
}

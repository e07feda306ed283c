import type { Fact } from "../domain/facts.js";
import { isDown } from "../lifecycle/instanceStates.js";
import { targetIdOf } from "../topology/faults.js";
import { causesOfEntry } from "./causalTree.js";
import type { JournalEntry, JournalLog } from "./journal.js";

/** One of the causes of something: the line, and its facts about what is explained, or about what went wrong. */
export interface Cause {
  readonly line: JournalEntry;
  readonly facts: readonly Fact[];
}

/**
 * Why something is as it is: the last line that changed its status (or made or moved it), the lines that it names as
 * its causes, and so on back to commands, which are the root causes: what was asked, and the faults that were ordered.
 * Newest first, each line once; empty when the journal knows nothing of the id.
 */
export function causesOf(journal: JournalLog, id: string, lastSeq: number): readonly Cause[] {
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
      facts: line.facts.filter((fact) => isAbout(fact, id) || isMisfortune(fact)),
    }));
}

/**
 * The lines in which a member left a conversion that ended without it. They stand in no row, since what ends a
 * conversion is only that somebody is missing.
 */
function desertionsBefore(journal: JournalLog, line: JournalEntry): readonly number[] {
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
 * The lines in which the sources went down whose users lost what they had written. To a replica that is detached they
 * come only because its source is down, which stands in no row of its own.
 */
function outagesBefore(journal: JournalLog, { facts, seq }: JournalEntry): readonly number[] {
  return facts.flatMap((fact) =>
    fact.type === "LogStarted" && fact.lostTransactions > 0
      ? outageBefore(journal, fact.replacedId, seq)
      : [],
  );
}

/** The line in which an instance went down for the last time, as far as the journal reaches back. */
function outageBefore(journal: JournalLog, id: string, lastSeq: number): readonly number[] {
  for (let seq = lastSeq - 1; ; seq--) {
    const line = journal.line(seq);
    if (line === undefined) return [];
    const isOutage = line.facts.some(
      (fact) =>
        fact.type === "InstanceStateEntered" &&
        fact.id === id &&
        isDown(fact.state) &&
        !isDown(fact.from),
    );
    if (isOutage) return [seq];
  }
}

/** What an operator ordered to go wrong: a cause of what it is about, and of much else. */
function isMisfortune({ type }: Fact): boolean {
  return type === "FaultInjected";
}

function lastAbout(journal: JournalLog, id: string, lastSeq: number): JournalEntry | undefined {
  let other: JournalEntry | undefined;
  for (let seq = lastSeq; ; seq--) {
    const line = journal.line(seq);
    if (line === undefined) return other;
    if (line.facts.some((fact) => givesStatus(fact, id))) return line;
    if (line.facts.some((fact) => isAbout(fact, id))) other ??= line;
  }
}

/** Facts that decide what a reader sees as the status of an id. */
function givesStatus(fact: Fact, id: string): boolean {
  switch (fact.type) {
    case "InstanceCreated":
      return fact.instance.id === id;
    case "GroupCreated":
      return fact.group.id === id;
    case "ScheduleCreated":
      return fact.schedule.id === id;
    case "BackupCreated":
      return fact.backup.id === id;
    case "ConfigurationCreated":
      return fact.configuration.id === id;
    case "BackupStateEntered":
    case "BackupRemoved":
    case "GroupRemoved":
    case "ConfigurationRemoved":
    case "InstanceStateEntered":
    case "GroupStateEntered":
    case "InstanceRemoved":
    case "ScheduleRemoved":
      return fact.id === id;
    default:
      return false;
  }
}

function isAbout(fact: Fact, id: string): boolean {
  switch (fact.type) {
    case "ReplicationStarted":
    case "ReplicationStopped":
      return fact.replicaId === id || fact.sourceId === id;
    case "MemberJoined":
    case "MemberLeft":
      return fact.groupId === id || fact.instanceId === id;
    case "SourcePromoted":
      return fact.id === id || fact.oldSourceId === id || fact.newSourceId === id;
    case "ReplicaPromoted":
      return fact.id === id || fact.oldSourceId === id;
    case "ScheduleCreated":
      return fact.schedule.id === id || fact.schedule.ownerId === id || fact.carriedFrom === id;
    case "AccountOpened":
      return false;
    case "FaultInjected":
      return fact.injected.id === id || targetIdOf(fact.injected.fault) === id;
    case "BackupCreated":
      return fact.backup.id === id || fact.backup.ownerId === id;
    case "InstanceCreated":
    case "GroupCreated":
    case "ConfigurationCreated":
      return givesStatus(fact, id);
    default:
      return fact.id === id;
  }
}

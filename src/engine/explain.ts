import type { Fact } from "../domain/facts.js";
import { targetIdOf } from "../topology/faults.js";
import type { JournalLine, JournalLog } from "./journal.js";

/** One link of a chain of causes: the line, and its facts about the thing that is explained. */
export interface Cause {
  readonly line: JournalLine;
  readonly facts: readonly Fact[];
}

/**
 * Why something is as it is: the last line that changed its status (or made or moved it), the line that made that
 * one due, and so on back to a command. Newest first; empty when the journal knows nothing of the id.
 */
export function causesOf(journal: JournalLog, id: string, lastSeq: number): readonly Cause[] {
  const causes: Cause[] = [];
  let line = lastAbout(journal, id, lastSeq);
  while (line !== undefined) {
    causes.push({ line, facts: line.facts.filter((fact) => isAbout(fact, id)) });
    line = line.cause === null ? undefined : journal.line(line.cause);
  }
  return causes;
}

function lastAbout(journal: JournalLog, id: string, lastSeq: number): JournalLine | undefined {
  let other: JournalLine | undefined;
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

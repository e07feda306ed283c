import type { Fact } from "../model/facts.js";
import { formatDuration } from "../outline/formatTime.js";
import { describeSchedule } from "../outline/groupInstances.js";
import type { Instance } from "../service/instances/instance.model.js";
import { describeDataFact } from "./describeDataFact.js";
import { describeFault, subjectOfFault } from "./describeFault.js";
import type { Directory } from "./directory.js";
import { faultWords } from "./faultSpans.js";

/** A description of what happened to an instance or a group. */
export interface FactText {
  readonly who: string;
  readonly words: string;
}

/** Describes the status change that a fact causes, or returns undefined if it causes none. */
export function statusChange(fact: Fact, directory: Directory): FactText | undefined {
  switch (fact.type) {
    case "InstanceCreated":
      return { who: fact.instance.id, words: `→ ${fact.instance.status}` };
    case "GroupCreated":
      return { who: fact.group.id, words: `→ ${fact.group.status}` };
    case "InstanceStateEntered":
    case "GroupStateEntered":
      // Two states can have one status: then there is no visible change.
      if (fact.statusBefore === fact.status) return undefined;
      return { who: fact.id, words: changeOfStatus(fact) };
    case "InstanceRemoved":
    case "GroupRemoved":
      return { who: fact.id, words: `${directory.statusOf(fact.id) ?? ""} → gone` };
    default:
      return undefined;
  }
}

/** Describes everything but the status change of a fact. */
export function describeFact(fact: Fact, directory: Directory): FactText | undefined {
  switch (fact.type) {
    case "InstanceCreated":
      return { who: fact.instance.id, words: sizeWords(fact.instance) };
    case "InstanceStateEntered":
    case "GroupStateEntered":
      return fact.lastError === null ? undefined : { who: fact.id, words: fact.lastError.message };
    case "InstanceChanged":
    case "GroupChanged": {
      const words = changeWords(fact.changes);
      return words === "" ? undefined : { who: fact.id, words };
    }
    case "PartitionChanged":
      // The fault that cuts it off describes it.
      return fact.partitionId === null ? { who: fact.id, words: "is reached again" } : undefined;
    case "DatabasesChanged": {
      const removed = fact.removed.map((name) => ({ name }));
      return { who: fact.id, words: contentWords("databases", { added: fact.added, removed }) };
    }
    case "UsersChanged":
      return { who: fact.id, words: contentWords("users", fact) };
    case "ReplicationStarted":
      return { who: fact.replicaId, words: `replicates from ${directory.nameOf(fact.sourceId)}` };
    case "ReplicationStopped":
      return { who: fact.replicaId, words: `cut from ${directory.nameOf(fact.sourceId)}` };
    case "MemberJoined":
      return {
        who: fact.instanceId,
        words: `joins ${directory.nameOf(fact.groupId)} as ${fact.role}`,
      };
    case "MemberLeft":
      return { who: fact.instanceId, words: `leaves ${directory.nameOf(fact.groupId)}` };
    case "FailoverStarted": {
      const { candidateId } = fact;
      const next =
        candidateId === null
          ? ", and no replica is eligible"
          : ` for ${directory.nameOf(candidateId)}`;
      return { who: fact.id, words: `gives up ${directory.nameOf(fact.sourceId)}${next}` };
    }
    case "SourcePromoted": {
      const { oldSourceId, newSourceId } = fact;
      const words = `${directory.nameOf(newSourceId)} is its source after ${directory.nameOf(oldSourceId)}`;
      return { who: fact.id, words };
    }
    case "ReplicaPromoted": {
      const old = directory.nameOf(fact.oldSourceId);
      const left = fact.isEjected ? `, and ${old} is left behind` : "";
      return { who: fact.id, words: `is the source of its set after ${old}${left}` };
    }
    case "FailoverAborted":
      return { who: fact.id, words: `no replica is promoted: ${fact.reason}` };
    case "ReplicationModeChanged":
      return { who: fact.id, words: `replication is ${fact.mode}` };
    case "AclAdded":
      return { who: fact.id, words: `open to ${fact.address}` };
    case "AclRemoved":
      return { who: fact.id, words: `closed to ${fact.address}` };
    case "ScheduleCreated": {
      const how = fact.carriedFrom === null ? "" : "takes over: ";
      return { who: fact.schedule.ownerId, words: how + describeSchedule(fact.schedule) };
    }
    case "ScheduleChanged": {
      const { dayOfWeek, hour, minute } = fact.changes;
      if (dayOfWeek === undefined || hour === undefined || minute === undefined) return undefined;
      return {
        who: directory.ownerOf(fact.id),
        words: describeSchedule({ dayOfWeek, hour, minute }),
      };
    }
    case "ScheduleRemoved":
      return { who: directory.ownerOf(fact.id), words: "its backup schedule ends" };
    case "ScheduleFired": {
      // The facts of the backup describe it.
      if (fact.reason === null) return undefined;
      return { who: directory.ownerOf(fact.id), words: `nothing is taken (${fact.reason})` };
    }
    case "BackupCreated": {
      const { owner, words, isHidden } = directory.backup(fact.backup.id);
      return isHidden ? undefined : { who: owner, words };
    }
    case "BackupStateEntered": {
      const { owner, words } = directory.backup(fact.id);
      const why = fact.lastError === null ? "" : ` (${fact.lastError.message})`;
      return { who: owner, words: `${words} ${changeOfStatus(fact)}${why}` };
    }
    case "BackupRemoved": {
      const { owner, words, isHidden } = directory.backup(fact.id);
      return isHidden ? undefined : { who: owner, words: `${words} is gone` };
    }
    case "ConfigurationChanged": {
      const { changes, set, removed } = fact;
      const words = [
        ...(changes.name === undefined ? [] : [`is called ${changes.name}`]),
        ...Object.entries(set).map(([name, value]) => `${name} = ${String(value)}`),
        ...removed.map((name) => `without ${name}`),
      ];
      return words.length === 0 ? undefined : { who: "", words: words.join(", ") };
    }
    case "ConfigurationCreated": {
      const { name, datastoreType, datastoreVersion } = fact.configuration;
      return { who: "", words: `${name} for ${datastoreType} ${datastoreVersion}` };
    }
    case "FaultInjected": {
      const { fault, phase, dueAt, injectedAt, clockOf } = fact.injected;
      // The process names each place.
      if (clockOf !== null && clockOf.instanceOrdinal === null) return undefined;
      const when = phase === "scheduled" ? `in ${formatDuration((dueAt ?? 0) - injectedAt)}: ` : "";
      return { who: subjectOfFault(fault), words: when + describeFault(fault) };
    }
    case "FaultActivated": {
      const who = directory.targetAt(fact.row);
      if (fact.skipped !== null)
        return { who, words: `${nameOfFault(fact.row, directory)} skips: ${fact.skipped}` };
      // The fault that it injects describes a recurring process.
      if (fact.changes.phase === "recurring") return undefined;
      return { who, words: directory.faultAt(fact.row) ?? "" };
    }
    case "FaultEnded":
      if (fact.outcome === "completed" || fact.outcome === "exhausted") return undefined;
      return {
        who: directory.targetAt(fact.row),
        words: `${nameOfFault(fact.row, directory)} is ${fact.outcome}${fact.reason === null ? "" : ` (${withNames(fact.reason, directory)})`}`,
      };
    case "WorkloadSet":
    case "WorkloadMoved":
    case "WritesInterrupted":
    case "WritesResumed":
    case "SemiSynchronousDegraded":
    case "SemiSynchronousRestored":
    case "CommitsStalled":
    case "CommitStallEnded":
    case "LinkChanged":
      return describeDataFact(fact, directory);
    case "LogStarted":
    case "LogEnded":
    case "AcknowledgementChanged":
    case "AccountOpened":
    case "GroupCreated":
    case "GroupRemoved":
    case "InstanceRemoved":
    case "BackupEnded":
    case "ConfigurationRemoved":
    case "WorkRedrawn":
    case "FaultClockChanged":
    case "FaultCounterChanged":
      return undefined;
  }
}

/** Returns a fault by its kind: `fault crash`. */
function nameOfFault(row: number, directory: Directory): string {
  return `fault ${faultWords(directory.faultOf(row)?.kind ?? "")}`;
}

/** Replaces ids by names. */
function withNames(reason: string, directory: Directory): string {
  return reason.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) =>
    directory.nameOf(id),
  );
}

function changeOfStatus({
  statusBefore,
  status,
}: {
  readonly statusBefore: string;
  readonly status: string;
}): string {
  return statusBefore === status ? status : `${statusBefore} → ${status}`;
}

function sizeWords({ datastoreType, datastoreVersion, flavorId, volumeGb }: Instance): string {
  return `${datastoreType} ${datastoreVersion}, flavor ${flavorId}, ${String(volumeGb)} GB`;
}

type Changes = Partial<
  (Fact & { readonly type: "InstanceChanged" })["changes"] &
    (Fact & { readonly type: "GroupChanged" })["changes"]
>;

/** Omits the few hundred megabytes that every new instance holds. */
function changeWords(changes: Changes): string {
  const { name, flavorId, volumeGb, usedGb, configurationId } = changes;
  return [
    ...(name === undefined ? [] : [`is called ${name}`]),
    ...(flavorId === undefined ? [] : [`has flavor ${flavorId}`]),
    ...(volumeGb === undefined ? [] : [`has ${String(volumeGb)} GB`]),
    ...(usedGb === undefined || usedGb < 1 ? [] : [`holds ${String(usedGb)} GB of data`]),
    ...(configurationId === undefined ? [] : [configurationWords(configurationId)]),
  ].join(", ");
}

function configurationWords(id: string | null): string {
  return id === null ? "has no configuration" : `has configuration ${id}`;
}

/** Names a few of what an instance has more, and less. */
function contentWords(
  kind: string,
  { added, removed }: { readonly added: readonly Named[]; readonly removed: readonly Named[] },
): string {
  return [
    ...(added.length === 0 ? [] : [`has ${kind} ${names(added)}`]),
    ...(removed.length === 0 ? [] : [`has no ${kind} ${names(removed)}`]),
  ].join(", ");
}

interface Named {
  readonly name: string;
}

function names(rows: readonly Named[]): string {
  const few = rows.slice(0, namesMax).map(({ name }) => name);
  const more = rows.length - few.length;
  return few.join(" ") + (more === 0 ? "" : ` and ${String(more)} more`);
}

const namesMax = 20;

import type { Instance } from "../domain/entities.js";
import type { Fact } from "../domain/facts.js";
import type { JournalLine } from "../engine/journal.js";
import type { Cast } from "./cast.js";
import { scheduleWords } from "./sets.js";

/** What one journal line did to one instance or group. */
export interface Effect {
  /** Id of the instance or group; empty where a line is about none. */
  readonly who: string;
  /** `BUILD → ACTIVE`; empty where the status stayed. */
  readonly status: string;
  readonly what: readonly string[];
}

/** The effects of a line, its subject first. The cast must have heard the facts already. */
export function effectsOf(line: JournalLine, cast: Cast): readonly Effect[] {
  const byWho = new Map<string, { status: string; what: string[] }>();
  const on = (who: string) => {
    const effect = byWho.get(who) ?? { status: "", what: [] };
    byWho.set(who, effect);
    return effect;
  };
  on(subjectOf(line, cast)).what.push(triggerWords(line));
  for (const fact of line.facts) {
    const status = statusChange(fact, cast);
    if (status !== undefined) on(status.who).status = status.words;
    const told = factWords(fact, cast);
    if (told !== undefined) on(told.who).what.push(told.words);
  }
  return [...byWho].map(([who, effect]) => ({ who, ...effect }));
}

/** The instance or group that a line is about. */
export function subjectOf({ trigger, facts }: JournalLine, cast: Cast): string {
  switch (trigger.kind) {
    case "task":
      return trigger.id;
    case "tick":
      return cast.ownerOf(trigger.scheduleId);
    case "command": {
      for (const fact of facts) {
        if (fact.type === "GroupCreated") return fact.group.id;
        if (fact.type === "InstanceCreated") return fact.instance.id;
      }
      const { command } = trigger;
      if ("groupId" in command) return command.groupId;
      if ("instanceId" in command) return command.instanceId;
      if ("ownerId" in command) return command.ownerId;
      if ("scheduleId" in command) return cast.ownerOf(command.scheduleId);
      return ("of" in command ? command.of : undefined) ?? "";
    }
  }
}

/** What set a line off, in a few words. */
export function triggerWords(line: JournalLine): string {
  const { trigger } = line;
  switch (trigger.kind) {
    case "command":
      return trigger.command.type;
    case "tick":
      return "the hour of its backup";
    case "task":
      return `${trigger.task} ${failureOf(line) === undefined ? "is done" : "has failed"}`;
  }
}

/** The fault that work left on its owner, if the line ended that work badly. */
export function failureOf({ trigger, facts }: JournalLine): string | undefined {
  for (const fact of facts) {
    if (fact.type !== "InstanceStateEntered" && fact.type !== "GroupStateEntered") continue;
    if (trigger.kind === "task" && fact.id === trigger.id && fact.fault !== null)
      return fact.fault.message;
  }
  return undefined;
}

interface Told {
  readonly who: string;
  readonly words: string;
}

function statusChange(fact: Fact, cast: Cast): Told | undefined {
  switch (fact.type) {
    case "InstanceCreated":
      return { who: fact.instance.id, words: `→ ${fact.instance.status}` };
    case "GroupCreated":
      return { who: fact.group.id, words: `→ ${fact.group.status}` };
    case "InstanceStateEntered":
    case "GroupStateEntered":
      return {
        who: fact.id,
        words:
          fact.statusBefore === fact.status ? fact.status : `${fact.statusBefore} → ${fact.status}`,
      };
    case "InstanceRemoved":
    case "GroupRemoved":
      return { who: fact.id, words: `${cast.statusOf(fact.id) ?? ""} → gone` };
    default:
      return undefined;
  }
}

function factWords(fact: Fact, cast: Cast): Told | undefined {
  switch (fact.type) {
    case "InstanceCreated":
      return { who: fact.instance.id, words: sizeWords(fact.instance) };
    case "InstanceStateEntered":
    case "GroupStateEntered":
      return fact.fault === null ? undefined : { who: fact.id, words: fact.fault.message };
    case "InstanceChanged": {
      const words = changeWords(fact.changes);
      return words === "" ? undefined : { who: fact.id, words };
    }
    case "ReplicationStarted":
      return { who: fact.replicaId, words: `replicates from ${cast.nameOf(fact.sourceId)}` };
    case "ReplicationStopped":
      return { who: fact.replicaId, words: `cut from ${cast.nameOf(fact.sourceId)}` };
    case "MemberJoined":
      return { who: fact.instanceId, words: `joins ${cast.nameOf(fact.groupId)} as ${fact.role}` };
    case "MemberLeft":
      return { who: fact.instanceId, words: `leaves ${cast.nameOf(fact.groupId)}` };
    case "ReplicationModeChanged":
      return { who: fact.id, words: `replication is ${fact.mode}` };
    case "AclAdded":
      return { who: fact.id, words: `open to ${fact.address}` };
    case "AclRemoved":
      return { who: fact.id, words: `closed to ${fact.address}` };
    case "ScheduleCreated": {
      const how = fact.carriedFrom === null ? "" : "takes over: ";
      return { who: fact.schedule.ownerId, words: how + scheduleWords(fact.schedule) };
    }
    case "ScheduleChanged": {
      const { dayOfWeek, hour, minute } = fact.changes;
      if (dayOfWeek === undefined || hour === undefined || minute === undefined) return undefined;
      return { who: cast.ownerOf(fact.id), words: scheduleWords({ dayOfWeek, hour, minute }) };
    }
    case "ScheduleRemoved":
      return { who: cast.ownerOf(fact.id), words: "its backup schedule ends" };
    case "ScheduleFired":
      return {
        who: cast.ownerOf(fact.id),
        words: fact.reason === null ? `takes a ${fact.took} backup` : `no backup: ${fact.reason}`,
      };
    case "BackupCreated": {
      const { hiddenFor, ownerId, name } = fact.backup;
      return hiddenFor === null ? { who: ownerId, words: `backup ${name}` } : undefined;
    }
    case "GroupChanged": {
      const { flavorId, volumeGb } = fact.changes;
      const words = changeWords({
        ...(flavorId === undefined ? {} : { flavorId }),
        ...(volumeGb === undefined ? {} : { volumeGb }),
      });
      return words === "" ? undefined : { who: fact.id, words };
    }
    case "FailurePlanned": {
      const { task, skip, times, of } = fact.failure;
      const which = skip === 0 ? "the next" : `after ${String(skip)} more, the next`;
      return {
        who: of ?? "",
        words: `${which} ${times === 1 ? "" : `${String(times)} `}${task} will fail`,
      };
    }
    case "AccountOpened":
    case "GroupCreated":
    case "GroupRemoved":
    case "InstanceRemoved":
    case "BackupStateEntered":
    case "BackupEnded":
    case "BackupRemoved":
    case "ConfigurationCreated":
    case "ConfigurationRemoved":
    case "FailureCounted":
      return undefined;
  }
}

function sizeWords({ datastoreType, datastoreVersion, flavorId, volumeGb }: Instance): string {
  return `${datastoreType} ${datastoreVersion}, flavor ${flavorId}, ${String(volumeGb)} GB`;
}

/** The few hundred megabytes that every new instance holds are no news. */
function changeWords({
  name,
  flavorId,
  volumeGb,
  usedGb,
}: (Fact & { readonly type: "InstanceChanged" })["changes"]): string {
  return [
    ...(name === undefined ? [] : [`is called ${name}`]),
    ...(flavorId === undefined ? [] : [`has flavor ${flavorId}`]),
    ...(volumeGb === undefined ? [] : [`has ${String(volumeGb)} GB`]),
    ...(usedGb === undefined || usedGb < 1 ? [] : [`holds ${String(usedGb)} GB of data`]),
  ].join(", ");
}

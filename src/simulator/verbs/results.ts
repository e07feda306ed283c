import type { CommandType } from "../../domain/commands.js";
import type { BackupSchedule, HaGroup, Instance } from "../../domain/entities.js";
import { InvariantBrokenError } from "../../domain/errors.js";
import type { Fact } from "../../domain/facts.js";
import { groupOf, instanceOf, scheduleOf } from "../../topology/queries.js";
import type { Topology } from "../../topology/state.js";

/** What a command gives back. */
export interface CommandResults {
  readonly createInstance: Instance;
  readonly createReplica: Instance;
  readonly renameInstance: Instance;
  readonly restartInstance: Instance;
  readonly resizeFlavor: Instance;
  readonly resizeVolume: Instance;
  readonly deleteInstance: Instance;
  readonly detachReplica: Instance;
  readonly convertToHa: HaGroup;
  readonly addAcl: HaGroup;
  readonly deleteAcl: HaGroup;
  readonly createSchedule: BackupSchedule;
  readonly updateSchedule: BackupSchedule;
  readonly deleteSchedule: undefined;
  readonly setDataSize: Instance;
  readonly failTask: undefined;
}

/** What is known after an accepted command. */
export interface Accepted {
  readonly input: object;
  readonly facts: readonly Fact[];
  readonly topology: Topology;
  readonly accountId: string;
}

/** The row that a command was about, as it is after it. */
export function resultOf<K extends CommandType>(type: K, accepted: Accepted): CommandResults[K] {
  // Each case gives what the table above says for it; TypeScript cannot follow K through a switch.
  return rowOf(type, accepted) as CommandResults[K];
}

function rowOf(type: CommandType, { input, facts, topology, accountId }: Accepted) {
  const ids = input as { instanceId?: string; groupId?: string; scheduleId?: string };
  const own = (id: string | undefined) => ({ accountId, id: proven(id) });
  switch (type) {
    case "createInstance":
    case "createReplica":
      return instanceOf(topology, own(createdId(facts)));
    case "convertToHa":
      return groupOf(topology, own(createdId(facts)));
    case "createSchedule":
      return scheduleOf(topology, own(createdId(facts)));
    case "addAcl":
    case "deleteAcl":
      return groupOf(topology, own(ids.groupId));
    case "updateSchedule":
      return scheduleOf(topology, own(ids.scheduleId));
    case "deleteSchedule":
    case "failTask":
      return undefined;
    default:
      return instanceOf(topology, own(ids.instanceId));
  }
}

function createdId(facts: readonly Fact[]): string | undefined {
  for (const fact of facts) {
    if (fact.type === "InstanceCreated") return fact.instance.id;
    if (fact.type === "GroupCreated") return fact.group.id;
    if (fact.type === "ScheduleCreated") return fact.schedule.id;
  }
  return undefined;
}

function proven(id: string | undefined): string {
  if (id === undefined) throw new InvariantBrokenError("an accepted command names nothing");
  return id;
}

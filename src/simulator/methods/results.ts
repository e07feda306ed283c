import type { CommandType } from "../../domain/commands.js";
import type {
  Backup,
  BackupSchedule,
  Configuration,
  HaGroup,
  Instance,
} from "../../domain/entities.js";
import { InvariantViolationError } from "../../domain/errors.js";
import type { Fact } from "../../domain/facts.js";
import {
  backupOf,
  configurationOf,
  groupOf,
  instanceOf,
  scheduleOf,
} from "../../topology/queries.js";
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
  readonly createHaGroup: HaGroup;
  readonly deleteHaGroup: undefined;
  readonly addReplica: Instance;
  readonly removeReplica: HaGroup;
  readonly restartGroup: HaGroup;
  readonly resizeGroupFlavor: HaGroup;
  readonly resizeGroupVolumes: HaGroup;
  readonly attachGroupConfiguration: HaGroup;
  readonly detachGroupConfiguration: HaGroup;
  readonly forceFailover: HaGroup;
  readonly disableFailover: HaGroup;
  readonly enableFailover: HaGroup;
  readonly updateProxyNodes: HaGroup;
  readonly repairGroup: HaGroup;
  readonly addAcl: HaGroup;
  readonly deleteAcl: HaGroup;
  readonly createSchedule: BackupSchedule;
  readonly updateSchedule: BackupSchedule;
  readonly deleteSchedule: undefined;
  readonly createBackup: Backup;
  readonly deleteBackup: Backup;
  readonly createConfiguration: Configuration;
  readonly deleteConfiguration: undefined;
  readonly attachConfiguration: Instance;
  readonly detachConfiguration: Instance;
  readonly createDatabases: Instance;
  readonly deleteDatabase: Instance;
  readonly createUsers: Instance;
  readonly deleteUser: Instance;
  readonly setDataSize: Instance;
  readonly setWorkload: Instance;
  readonly failTask: string;
  readonly injectFault: string;
  readonly clearFault: undefined;
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
  const ids = input as {
    instanceId?: string;
    groupId?: string;
    scheduleId?: string;
    backupId?: string;
  };
  const own = (id: string | undefined) => ({ accountId, id: proven(id) });
  switch (type) {
    case "createInstance":
    case "createReplica":
    case "addReplica":
      return instanceOf(topology, own(created(facts, "InstanceCreated")?.instance.id));
    case "convertToHa":
    case "createHaGroup":
      return groupOf(topology, own(created(facts, "GroupCreated")?.group.id));
    case "createSchedule":
      return scheduleOf(topology, own(created(facts, "ScheduleCreated")?.schedule.id));
    case "createBackup":
      return backupOf(topology, own(created(facts, "BackupCreated")?.backup.id));
    case "createConfiguration":
      return configurationOf(
        topology,
        own(created(facts, "ConfigurationCreated")?.configuration.id),
      );
    case "deleteBackup":
      return backupOf(topology, own(ids.backupId));
    case "updateSchedule":
      return scheduleOf(topology, own(ids.scheduleId));
    case "deleteSchedule":
    case "deleteHaGroup":
    case "deleteConfiguration":
    case "clearFault":
      return undefined;
    case "failTask":
    case "injectFault":
      return created(facts, "FaultInjected")?.injected.id;
    default:
      return ids.groupId === undefined
        ? instanceOf(topology, own(ids.instanceId))
        : groupOf(topology, own(ids.groupId));
  }
}

function created<T extends Fact["type"]>(
  facts: readonly Fact[],
  type: T,
): Extract<Fact, { readonly type: T }> | undefined {
  return facts.find((fact): fact is Extract<Fact, { readonly type: T }> => fact.type === type);
}

function proven(id: string | undefined): string {
  if (id === undefined) throw new InvariantViolationError("an accepted command names nothing");
  return id;
}

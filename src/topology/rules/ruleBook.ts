import type { Command, CommandOf, CommandType } from "../../domain/commands.js";
import type { ReplicationError } from "../../domain/errors.js";
import { addAclRules, deleteAclRules } from "./acls.js";
import { createBackupRules, deleteBackupRules } from "./backups.js";
import {
  attachConfigurationRules,
  attachGroupConfigurationRules,
  createConfigurationRules,
  deleteConfigurationRules,
  detachConfigurationRules,
  detachGroupConfigurationRules,
} from "./configurations.js";
import { convertRules } from "./convertToHa.js";
import { createHaGroupRules } from "./createHaGroup.js";
import { createInstanceRules } from "./createInstance.js";
import { createReplicaRules } from "./createReplica.js";
import {
  createDatabasesRules,
  createUsersRules,
  deleteDatabaseRules,
  deleteUserRules,
} from "./databases.js";
import { detachRules } from "./detachReplica.js";
import {
  disableFailoverRules,
  enableFailoverRules,
  forceFailoverRules,
  repairGroupRules,
  updateProxyNodesRules,
} from "./failover.js";
import { failTaskRules, injectFaultRules, liftFaultRules } from "./faults.js";
import {
  addReplicaRules,
  deleteHaGroupRules,
  removeReplicaRules,
  resizeGroupFlavorRules,
  resizeGroupVolumesRules,
  restartGroupRules,
} from "./groups.js";
import {
  deleteRules,
  renameRules,
  resizeFlavorRules,
  resizeVolumeRules,
  restartRules,
  setDataSizeRules,
  setWorkloadRules,
} from "./instances.js";
import { roleRefusal } from "./roleAllows.js";
import { type Rule, type RuleContext, refusalOf } from "./rule.js";
import { createScheduleRules, deleteScheduleRules, updateScheduleRules } from "./schedules.js";

/** The rule book: for each command its rules, in the order in which a caller hears of them. */
export const ruleBook: { readonly [K in CommandType]: readonly Rule<CommandOf<K>>[] } = {
  createInstance: createInstanceRules,
  createReplica: createReplicaRules,
  renameInstance: renameRules,
  restartInstance: restartRules,
  resizeFlavor: resizeFlavorRules,
  resizeVolume: resizeVolumeRules,
  deleteInstance: deleteRules,
  detachReplica: detachRules,
  convertToHa: convertRules,
  createHaGroup: createHaGroupRules,
  deleteHaGroup: deleteHaGroupRules,
  addReplica: addReplicaRules,
  removeReplica: removeReplicaRules,
  restartGroup: restartGroupRules,
  resizeGroupFlavor: resizeGroupFlavorRules,
  resizeGroupVolumes: resizeGroupVolumesRules,
  attachGroupConfiguration: attachGroupConfigurationRules,
  detachGroupConfiguration: detachGroupConfigurationRules,
  forceFailover: forceFailoverRules,
  disableFailover: disableFailoverRules,
  enableFailover: enableFailoverRules,
  updateProxyNodes: updateProxyNodesRules,
  repairGroup: repairGroupRules,
  addAcl: addAclRules,
  deleteAcl: deleteAclRules,
  createSchedule: createScheduleRules,
  updateSchedule: updateScheduleRules,
  deleteSchedule: deleteScheduleRules,
  createBackup: createBackupRules,
  deleteBackup: deleteBackupRules,
  createConfiguration: createConfigurationRules,
  deleteConfiguration: deleteConfigurationRules,
  attachConfiguration: attachConfigurationRules,
  detachConfiguration: detachConfigurationRules,
  createDatabases: createDatabasesRules,
  deleteDatabase: deleteDatabaseRules,
  createUsers: createUsersRules,
  deleteUser: deleteUserRules,
  setDataSize: setDataSizeRules,
  setWorkload: setWorkloadRules,
  failTask: failTaskRules,
  injectFault: injectFaultRules,
  clearFault: liftFaultRules,
};

/** The first rule that refuses a command, as the error that a caller gets; undefined when all let it pass. */
export function firstRefusal(command: Command, context: RuleContext): ReplicationError | undefined {
  const denied = roleRefusal(command.type, context.role);
  if (denied !== undefined) return denied;
  for (const rule of rulesFor(command)) {
    const violation = rule.violation(command, context);
    if (violation !== undefined) return refusalOf(rule, violation);
  }
  return undefined;
}

/** Every rule that refuses a command: that of the role alone, where it does. */
export function allRefusals(command: Command, context: RuleContext): readonly ReplicationError[] {
  const denied = roleRefusal(command.type, context.role);
  if (denied !== undefined) return [denied];
  return rulesFor(command).flatMap((rule) => {
    const violation = rule.violation(command, context);
    return violation === undefined ? [] : [refusalOf(rule, violation)];
  });
}

/** The book's row for a command; TypeScript cannot see that the row fits the command it was found by. */
function rulesFor<C extends Command>(command: C): readonly Rule<C>[] {
  return ruleBook[command.type] as unknown as readonly Rule<C>[];
}

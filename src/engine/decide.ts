import type { Command, CommandOf, CommandType } from "../domain/commands.js";
import { accountOf } from "../topology/queries.js";
import { firstRefusal } from "../topology/rules/ruleBook.js";
import { createBackup, deleteBackup } from "./commands/backups.js";
import {
  attachConfiguration,
  attachGroupConfiguration,
  createConfiguration,
  deleteConfiguration,
  detachConfiguration,
  detachGroupConfiguration,
} from "./commands/configurations.js";
import { createDatabases, createUsers, deleteDatabase, deleteUser } from "./commands/databases.js";
import {
  disableFailover,
  enableFailover,
  forceFailover,
  repairGroup,
  updateProxyNodes,
} from "./commands/failover.js";
import { clearFault, failTask, injectFault } from "./commands/faults.js";
import { addAcl, convertToHa, deleteAcl } from "./commands/groups.js";
import {
  addReplica,
  createHaGroup,
  deleteHaGroup,
  removeReplica,
  resizeGroupFlavor,
  resizeGroupVolumes,
  restartGroup,
} from "./commands/haGroups.js";
import { change, createInstance, createReplica, detachReplica } from "./commands/instances.js";
import { requireInstance, requireSchedule } from "./commands/lookups.js";
import { createSchedule, removeSchedule, updateSchedule } from "./commands/schedules.js";
import { setDataSize, setWorkload } from "./commands/workload.js";
import { runReactions } from "./reactions.js";
import type { Transaction } from "./transaction.js";

/**
 * Decides a command: refused by the first rule that forbids it, or turned into facts in `moment`.
 * Reads only; whatever it throws, nothing has changed.
 * @throws ReplicationError by the rule book
 */
export function decide(moment: Transaction, command: Command): void {
  const refusal = firstRefusal(command, moment.context);
  if (refusal !== undefined) throw refusal;
  const { topology, accountId } = moment.context;
  if (accountOf(topology, accountId) === undefined)
    moment.emit({ type: "AccountOpened", accountId });
  // The decision was found by the command's own type; TypeScript cannot join the two halves of the union.
  (decisions[command.type] as (moment: Transaction, command: Command) => void)(moment, command);
  runReactions(moment);
}

/** What each command leads to, once no rule refuses it. */
const decisions: {
  readonly [K in CommandType]: (moment: Transaction, command: CommandOf<K>) => void;
} = {
  createInstance,
  createReplica,
  renameInstance: (moment, command) => {
    change(moment, requireInstance(moment, command), { name: command.name });
  },
  restartInstance: (moment, command) => {
    moment.stepInstance(requireInstance(moment, command), "restart.requested");
  },
  resizeFlavor: (moment, command) => {
    const target = String(command.flavorId);
    moment.stepInstance(requireInstance(moment, command), "flavorResize.requested", { target });
  },
  resizeVolume: (moment, command) => {
    const target = command.volumeGb;
    moment.stepInstance(requireInstance(moment, command), "volumeResize.requested", { target });
  },
  deleteInstance: (moment, command) => {
    moment.stepInstance(requireInstance(moment, command), "delete.requested");
  },
  detachReplica,
  convertToHa,
  createHaGroup,
  deleteHaGroup,
  addReplica,
  removeReplica,
  restartGroup,
  resizeGroupFlavor,
  resizeGroupVolumes,
  attachGroupConfiguration,
  detachGroupConfiguration,
  forceFailover,
  disableFailover,
  enableFailover,
  updateProxyNodes,
  repairGroup,
  addAcl,
  deleteAcl,
  createSchedule,
  updateSchedule,
  deleteSchedule: (moment, command) => {
    removeSchedule(moment, requireSchedule(moment, command.scheduleId));
  },
  createBackup,
  deleteBackup,
  createConfiguration,
  deleteConfiguration,
  attachConfiguration,
  detachConfiguration,
  createDatabases,
  deleteDatabase,
  createUsers,
  deleteUser,
  setDataSize,
  setWorkload,
  failTask,
  injectFault,
  clearFault,
};

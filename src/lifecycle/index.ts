/**
 * The lifecycles themselves, for readers and for tools: open a machine in XState's visualiser, run one as an
 * actor, or let the simulator step by actors instead of tables.
 *
 * @module replication-simulator/lifecycle
 */

export { backupMachine } from "./backup.machine.js";
export { type BackupState, type BackupStatus, backupStatuses } from "./backupStates.js";
export {
  type BackupTable,
  compileMachine,
  type HaGroupTable,
  type InstanceTable,
  type LifecycleTables,
  type TransitionTable,
  transitionTables,
} from "./compile.js";
export {
  type GroupStateInfo,
  groupStates,
  type HaGroupState,
  type HaGroupStatus,
} from "./groupStates.js";
export { haGroupMachine } from "./haGroup.machine.js";
export { instanceMachine } from "./instance.machine.js";
export {
  type InstanceState,
  type InstanceStateInfo,
  type InstanceStatus,
  instanceStates,
  type ServiceCondition,
} from "./instanceStates.js";
export { actorInterpreter, type Interpreter, tableInterpreter } from "./interpreter.js";
export type { BackupSignal, HaGroupSignal, InstanceSignal } from "./signals.js";
export {
  type BackupTask,
  type HaGroupTask,
  type InstanceTask,
  type TaskKind,
  taskKinds,
} from "./tasks.js";

/**
 * The simulator: make a `ReplicationSimulator`, give it commands, move its time.
 *
 * @module replication-simulator
 */

export type { Consequence } from "./kernel/causalTree.js";
export type { JournalEntry, Trigger } from "./kernel/journal.js";
export {
  documentedLatency,
  fastLatency,
  instantLatency,
  type LatencyKey,
  type LatencyProfile,
} from "./kernel/latency.js";
export type { Page } from "./kernel/queries.js";
export type { KindDifference } from "./kernel/stateDifference.js";
export type { BackupStatus } from "./lifecycle/backupStates.js";
export type { HaGroupStatus } from "./lifecycle/groupStates.js";
export type { InstanceStatus } from "./lifecycle/instanceStates.js";
export { type Catalog, documentedCatalog } from "./model/catalog.js";
export type {
  Command,
  CommandOf,
  Commands,
  CommandType,
  InputOf,
  ResultOf,
} from "./model/commandTypes.js";
export type { DatastoreVersion, Flavor } from "./model/datastores.js";
export type { Distribution } from "./model/distributions.js";
export {
  type ErrorCode,
  type ErrorDetails,
  InjectedOutageError,
  type InputIssue,
  InvalidInputError,
  InvalidStatusError,
  InvalidWorldDataError,
  InvariantViolationError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  ReplicationError,
  RuleViolationError,
  TimeLimitError,
} from "./model/errors.js";
export type { Fact, FactOf, Facts } from "./model/facts.js";
export type { LabelInput } from "./model/labels.js";
export { documentedLimits, type Limits } from "./model/limits.js";
export { type Role } from "./model/operationPolicy.js";
export { documentedPolicy, type Policy } from "./model/policy.js";
export { documentedRates, type RateLimits } from "./model/rates.js";
export type { AccountRow, LifecycleRow, OperationError, Work } from "./model/rows.js";
export type { TopologyData } from "./model/topology.js";
export type { Backup } from "./service/backups/backup.model.js";
export type { Configuration } from "./service/configurations/configuration.model.js";
export type { Cause } from "./service/explain.js";
export type {
  Fault,
  FaultOf,
  Faults,
  InjectedFault,
  InjectOptions,
  RandomTarget,
} from "./service/faults/fault.model.js";
export type { HaGroup } from "./service/haGroups/haGroup.model.js";
export type { Instance } from "./service/instances/instance.model.js";
export type { PlaceInput, PlacementSettings } from "./service/placement/placement.model.js";
export type {
  LogPosition,
  ReplicationLink,
  ReplicationLog,
} from "./service/replication/dataPlane.model.js";
export type { ReplicaStatus, SourceStatus } from "./service/replication/positions.js";
export type { BackupSchedule } from "./service/schedules/schedule.model.js";
export type { AccountClient, TryMethods } from "./simulator/accountClient.js";
export type { AccountView } from "./simulator/accountView.js";
export type { BranchSpec, ForkOptions } from "./simulator/branches.js";
export type { Choice } from "./simulator/choices.js";
export { diff, equalWorlds } from "./simulator/diff.js";
export type { SimulationHistory } from "./simulator/history.js";
export type { BackupMethods } from "./simulator/methods/backups.js";
export type { CatalogMethods } from "./simulator/methods/catalog.js";
export type { CommandMethods } from "./simulator/methods/commands.js";
export type { ConfigurationMethods } from "./simulator/methods/configurations.js";
export type { DatabaseMethods } from "./simulator/methods/databases.js";
export type { FaultMethods } from "./simulator/methods/faults.js";
export type { HaGroupMethods } from "./simulator/methods/haGroups.js";
export type { InstanceMethods } from "./simulator/methods/instances.js";
export type { ListOptions } from "./simulator/methods/listing.js";
export type { OperatorMethods } from "./simulator/methods/operator.js";
export type { Result } from "./simulator/methods/result.js";
export type { InstanceFilter, RowMethods } from "./simulator/methods/rows.js";
export type { WaitMethods } from "./simulator/methods/waits.js";
export type { WorkloadMethods } from "./simulator/methods/workload.js";
export type { RuntimeHooks, Settings, SimulatorOptions } from "./simulator/options.js";
export type { PendingTask } from "./simulator/pending.js";
export type { Savepoint } from "./simulator/savepoint.js";
export type { Journal, Snapshot, SnapshotJson } from "./simulator/serialization.js";
export type { SimulationStateSpace } from "./simulator/stateSpace.js";
export type { Change } from "./simulator/subscribers.js";
export type { WorldDifference } from "./simulator/worldDiff.js";
export { ReplicationSimulator, type StepOptions } from "./simulator.js";

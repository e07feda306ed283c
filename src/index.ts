/**
 * The simulator: make a `ReplicationSimulator`, give it commands, move its time.
 *
 * @module replication-simulator
 */
export { type Catalog, documentedCatalog } from "./domain/catalog.js";
export type {
  Command,
  CommandOf,
  Commands,
  CommandType,
  InputOf,
  ResultOf,
} from "./domain/commandTypes.js";
export type { LogPosition, ReplicationLink, ReplicationLog } from "./domain/dataPlane.js";
export type { Distribution } from "./domain/distributions.js";
export type {
  Backup,
  BackupSchedule,
  Configuration,
  DatastoreVersion,
  Flavor,
  HaGroup,
  Instance,
  OperationError,
  Work,
} from "./domain/entities.js";
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
} from "./domain/errors.js";
export type { Fact, FactOf, Facts } from "./domain/facts.js";
export type {
  Fault,
  FaultOf,
  Faults,
  InjectedFault,
  InjectOptions,
  RandomTarget,
} from "./domain/faults.js";
export type { LabelInput } from "./domain/labels.js";
export { documentedLimits, type Limits } from "./domain/limits.js";
export { type Role } from "./domain/operationPolicy.js";
export { documentedPolicy, type Policy } from "./domain/policy.js";
export { documentedRates, type RateLimits } from "./domain/rates.js";
export type {
  BackupState,
  BackupStatus,
  HaGroupState,
  HaGroupStatus,
  InstanceState,
  InstanceStatus,
  TaskKind,
} from "./domain/statuses.js";
export type { Consequence } from "./engine/causalTree.js";
export type { Cause } from "./engine/explain.js";
export type { JournalEntry, Trigger } from "./engine/journal.js";
export {
  documentedLatency,
  fastLatency,
  instantLatency,
  type LatencyKey,
  type LatencyProfile,
} from "./engine/latency.js";
export type { KindDifference } from "./engine/stateDifference.js";
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
export type { ReplicaStatus, SourceStatus } from "./topology/positions.js";
export type { Page } from "./topology/queries.js";
export type { TopologyData } from "./topology/state.js";

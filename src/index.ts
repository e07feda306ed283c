/**
 * The simulator: make a `ReplicationSimulator`, give it commands, move its time.
 *
 * @module replication-simulator
 */
export { groupHostnameOf, hostnameOf, ipOf } from "./domain/addresses.js";
export { type Catalog, type DatastoreInput, documentedCatalog } from "./domain/catalog.js";
export type {
  Command,
  CommandOf,
  Commands,
  CommandType,
  InputOf,
  ResultOf,
} from "./domain/commandTypes.js";
export type {
  LinkCondition,
  LogPosition,
  LogSegment,
  ReplicationFailure,
  ReplicationLink,
  ReplicationLog,
  ScheduledTransition,
  SemiSyncState,
  Workload,
} from "./domain/dataPlane.js";
export type { Distribution } from "./domain/distributions.js";
export type {
  Backup,
  BackupSchedule,
  Configuration,
  Database,
  DatabaseUser,
  DatastoreVersion,
  EntityKind,
  Failover,
  Flavor,
  HaGroup,
  Instance,
  Network,
  OperationError,
  OwnerKind,
  ReplicationMode,
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
  FaultKind,
  FaultOf,
  Faults,
  InjectedFault,
  InjectOptions,
  RandomTarget,
} from "./domain/faults.js";
export type { LabelInput } from "./domain/labels.js";
export { documentedLimits, type Limits } from "./domain/limits.js";
export { type OperationPolicy, type Role, roles } from "./domain/operationPolicy.js";
export { type OperationName, operationPolicies, type ReadOperation } from "./domain/operations.js";
export { documentedPolicy, type Policy } from "./domain/policy.js";
export { documentedRates, type RateLimits, type RateName } from "./domain/rates.js";
export type {
  BackupState,
  BackupStatus,
  BackupTask,
  HaGroupState,
  HaGroupStatus,
  HaGroupTask,
  InstanceState,
  InstanceStatus,
  InstanceTask,
  TaskKind,
} from "./domain/statuses.js";
export type { Consequence, Divergence } from "./engine/causalTree.js";
export type { Cause } from "./engine/explain.js";
export type { JournalEntry, Trigger } from "./engine/journal.js";
export type { IdKind, Seed } from "./engine/keyedRandom.js";
export {
  documentedLatency,
  fastLatency,
  instantLatency,
  type LatencyDistribution,
  type LatencyKey,
  type LatencyProfile,
} from "./engine/latency.js";
export type { RateLimitBucket, RateLimitBuckets } from "./engine/rateLimiter.js";
export type { TableJson, TopologyJson } from "./engine/snapshot.js";
export type {
  ChangedRow,
  FieldDifference,
  KindDifference,
  StateDifference,
} from "./engine/stateDifference.js";
export type { BranchOptions, BranchSpec, ForkOptions } from "./simulator/branches.js";
export type { AccountOptions } from "./simulator/caller.js";
export type { Choice } from "./simulator/choices.js";
export type { CommandCandidates } from "./simulator/commandCandidates.js";
export { diff, equalWorlds } from "./simulator/diff.js";
export { AccountClient, type MethodName, type TryMethods } from "./simulator/methods/account.js";
export type { AccountView } from "./simulator/methods/accountView.js";
export type { ListBackupsOptions } from "./simulator/methods/backups.js";
export type { ListOptions } from "./simulator/methods/base.js";
export type { ReplayOptions } from "./simulator/methods/history.js";
export type { ListInstancesOptions } from "./simulator/methods/instances.js";
export type { Result } from "./simulator/methods/result.js";
export type { InstanceFilter, StatusFilter } from "./simulator/methods/rows.js";
export type { LatencyName, RuntimeHooks, Settings, SimulatorOptions } from "./simulator/options.js";
export type { PendingTask } from "./simulator/pending.js";
export type { Savepoint } from "./simulator/savepoint.js";
export { type Journal, Snapshot, type SnapshotJson } from "./simulator/serialization.js";
export type { ShapeOptions } from "./simulator/shape.js";
export type { Change, Listener, SubscribeOptions } from "./simulator/subscribers.js";
export type { PastPoint } from "./simulator/timePoints.js";
export type { WaitOptions } from "./simulator/waitForStatus.js";
export type { WorldDifference } from "./simulator/worldDiff.js";
export type { WorldState } from "./simulator/worldState.js";
export { ReplicationSimulator } from "./simulator.js";
export { brokenInvariants, type InvariantContext, invariantNames } from "./topology/invariants.js";
export type { ReplicaStatus, SourceStatus } from "./topology/positions.js";
export type { Page } from "./topology/queries.js";
export type { Account, OwnedKind, Topology } from "./topology/state.js";
export type { Patch } from "./topology/store.js";

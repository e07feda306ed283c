/**
 * The simulator: make a `ReplicationSimulator`, give it commands, move its time.
 *
 * @module replication-simulator
 */
export { groupHostnameOf, hostnameOf, ipOf } from "./domain/addresses.js";
export type {
  BackupCreated,
  BackupEnded,
  BackupRemoved,
  BackupStateEntered,
  ConfigurationCreated,
  ConfigurationRemoved,
  ScheduleChanged,
  ScheduleCreated,
  ScheduleFired,
  ScheduleRemoved,
} from "./domain/backupFacts.js";
export type {
  BackupIdInput,
  ConfigurationIdInput,
  CreateBackupInput,
  CreateConfigurationInput,
  CreateScheduleInput,
  ScheduleIdInput,
  UpdateScheduleInput,
} from "./domain/backupInputs.js";
export { type Catalog, type DatastoreInput, documentedCatalog } from "./domain/catalog.js";
export type {
  AclInput,
  AddReplicaInput,
  AttachConfigurationInput,
  AttachGroupConfigurationInput,
  Command,
  CommandInputs,
  CommandOf,
  CommandType,
  ConvertToHaInput,
  CreateDatabasesInput,
  CreateHaGroupInput,
  CreateInstanceInput,
  CreateReplicaInput,
  CreateUsersInput,
  DatabaseInput,
  DeleteDatabaseInput,
  DeleteUserInput,
  DetachReplicaInput,
  GroupIdInput,
  InstanceIdInput,
  NodeInput,
  RemoveReplicaInput,
  RenameInstanceInput,
  ResizeFlavorInput,
  ResizeGroupFlavorInput,
  ResizeGroupVolumesInput,
  ResizeVolumeInput,
  SetDataSizeInput,
  UserInput,
} from "./domain/commands.js";
export type {
  AcknowledgementChanged,
  DataFact,
  LinkChanged,
  LogEnded,
  LogStarted,
  SemiSynchronousDegraded,
  SemiSynchronousRestored,
  UsersMoved,
  WorkloadSet,
  WritesInterrupted,
  WritesResumed,
} from "./domain/dataFacts.js";
export type {
  DueChange,
  LinkLine,
  LogPiece,
  LogPosition,
  ReplicationFailure,
  ReplicationLink,
  SemiSynchrony,
  SetWorkloadInput,
  Workload,
  WriteLog,
} from "./domain/dataPlane.js";

export type {
  Distribution,
  EmpiricalDistribution,
  EvenDistribution,
  ExponentialDistribution,
  LognormalDistribution,
  ShapedDistribution,
  WeibullDistribution,
} from "./domain/distributions.js";

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
  OperationFault,
  OwnerKind,
  ReplicationMode,
  Work,
} from "./domain/entities.js";
export {
  type FaultName,
  type InputIssue,
  InvalidInputError,
  InvariantBrokenError,
  RateRefusedError,
  type Refusal,
  ReplicationError,
  RoleRefusedError,
  RuleRefusedError,
  SimulatedFaultError,
  StatusRefusedError,
  TimeBoundError,
  UnknownIdError,
  UnreadableWorldError,
} from "./domain/errors.js";
export type {
  AccountOpened,
  AclAdded,
  AclRemoved,
  AgendaOwner,
  Fact,
  GroupChanged,
  GroupCreated,
  GroupRemoved,
  GroupStateEntered,
  InstanceChanged,
  InstanceCreated,
  InstanceRemoved,
  InstanceStateEntered,
  MemberJoined,
  MemberLeft,
  ReplicationModeChanged,
  ReplicationStarted,
  ReplicationStopped,
} from "./domain/facts.js";
export type {
  FailoverAborted,
  FailoverStarted,
  SourcePromoted,
} from "./domain/failoverFacts.js";
export type {
  BreakReplicationFault,
  CrashFault,
  CutLinkFault,
  FailTaskFault,
  FailTaskInput,
  Fault,
  FaultCounted,
  FaultEnded,
  FaultIdInput,
  FaultInjected,
  FaultKind,
  FaultOf,
  FaultStruck,
  FaultTime,
  HangFault,
  InjectedFault,
  InjectFaultInput,
  OutageFault,
  RandomFault,
  RandomFaultInput,
  RandomTarget,
  RecoverFault,
  RepairFault,
  RestoreLinkFault,
  SlowLinkFault,
  SlowTasksFault,
  TasksLeft,
} from "./domain/faults.js";
export { documentedLimits, type Limits } from "./domain/limits.js";
export {
  type Operation,
  type OperationTerms,
  operations,
  type ReadOperation,
  type Role,
  roles,
} from "./domain/operations.js";
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
export type { IdKind, Seed } from "./engine/chance.js";
export type { Consequence, Divergence } from "./engine/consequences.js";
export type { Cause } from "./engine/explain.js";
export type { JournalLine, Trigger } from "./engine/journal.js";
export {
  type Duration,
  documentedLatency,
  fastLatency,
  instantLatency,
  type LatencyKey,
  type LatencyProfile,
} from "./engine/latency.js";
export type { RequestLevel, RequestLevels } from "./engine/requests.js";
export type { TableJson, TopologyJson } from "./engine/snapshot.js";
export type {
  ChangedRow,
  FieldDifference,
  KindDifference,
  StateDifference,
} from "./engine/stateDifference.js";
export type { Change, Listener, SubscribeOptions } from "./simulator/audience.js";
export type { BranchChange, BranchOptions, ForkOptions } from "./simulator/branches.js";
export { diff } from "./simulator/diff.js";
export type { WorldDifference } from "./simulator/difference.js";
export type { LatencyName, LiveParts, Settings, SimulatorOptions } from "./simulator/options.js";
export type { PendingTask } from "./simulator/pending.js";
export type { Position } from "./simulator/position.js";
export { type Journal, Snapshot, type SnapshotJson } from "./simulator/records.js";
export type { Savepoint } from "./simulator/savepoint.js";
export type { TenantOptions } from "./simulator/tenant.js";
export { AccountVerbs, type Attempts, type VerbName } from "./simulator/verbs/account.js";
export type { Result } from "./simulator/verbs/attempts.js";
export type { ListBackupsOptions } from "./simulator/verbs/backups.js";
export type { ListOptions } from "./simulator/verbs/base.js";
export type { RepeatOptions } from "./simulator/verbs/history.js";
export type { ListInstancesOptions } from "./simulator/verbs/instances.js";
export type { CommandResults } from "./simulator/verbs/results.js";
export type { AccountView } from "./simulator/verbs/view.js";
export type { WaitOptions } from "./simulator/waiting.js";
export { ReplicationSimulator } from "./simulator.js";
export type { Patch } from "./topology/commit.js";
export { brokenInvariants, type InvariantContext, invariantNames } from "./topology/invariants.js";
export type { ReplicaReplication, SourceReplication } from "./topology/positions.js";
export type { Page } from "./topology/queries.js";
export type { Account, OwnedKind, Topology } from "./topology/state.js";

import { dropId, type IdIndex, ordinalOf, overIndex, putId } from "../collections/idIndex.js";
import {
  appendRow,
  dropRow,
  ownRow,
  rowAt,
  type Table,
  writableRow,
} from "../collections/table.js";
import type {
  Counted,
  DatabaseUser,
  HaGroup,
  Living,
  OperationError,
  Owned,
  Place,
  Work,
} from "../domain/entities.js";
import { InvariantViolationError } from "../domain/errors.js";
import type { Fact, FactOf } from "../domain/facts.js";
import { copyOfCounts, copyRow } from "./copyRow.js";
import { isStream } from "./derivedIndexes.js";
import { evolveData } from "./evolveData.js";
import { evolveFault } from "./evolveFaults.js";
import { labelCode, labelToCome } from "./labels.js";
import {
  type Account,
  emptyAccount,
  type Mutable,
  type OwnedKind,
  type Topology,
} from "./state.js";

/**
 * Writes one fact into a topology: the only function that does. The same code runs on the overlay of a transaction, and
 * in place on a topology that facts are folded over (replay, pictures). It decides nothing: a fact that does not
 * fit the topology is our mistake and is thrown as one.
 * @param at - virtual time of the fact, which becomes `updatedAt` of the rows it touches
 * @throws InvariantViolationError
 */
export function evolve(topology: Mutable<Topology>, fact: Fact, at: number): void {
  switch (fact.type) {
    case "AccountOpened": {
      const ordinal = topology.accounts.size;
      appendRow(topology.accounts, emptyAccount(fact.accountId, ordinal));
      putId(topology.accountIndex, fact.accountId, ordinal);
      return;
    }
    case "InstanceCreated": {
      add(topology, "instances", fact.instance, fact);
      return;
    }
    case "InstanceStateEntered": {
      enter(existing(topology.instances, fact.row), fact, at);
      return;
    }
    case "WorkRedrawn": {
      const tables = { instance: "instances", group: "groups", backup: "backups" } as const;
      const row: { work: Work | null } = existing<Living>(topology[tables[fact.owner]], fact.row);
      row.work = fact.work;
      return;
    }
    case "InstanceChanged": {
      const row = existing(topology.instances, fact.row);
      Object.assign(row, fact.changes);
      row.updatedAt = at;
      return;
    }
    case "PartitionChanged": {
      existing(topology.instances, fact.row).partitionId = fact.partitionId;
      return;
    }
    case "DatabasesChanged": {
      const row = existing(topology.instances, fact.row);
      const { added, removed } = fact;
      row.databases = [...row.databases.filter(({ name }) => !removed.includes(name)), ...added];
      if (removed.length > 0)
        row.users = row.users.map((user) => withoutAccess(user, removed)) as MutableUsers;
      row.updatedAt = at;
      return;
    }
    case "UsersChanged": {
      const row = existing(topology.instances, fact.row);
      const { added, removed } = fact;
      const isRemoved = ({ name, host }: DatabaseUser): boolean =>
        removed.some((user) => user.name === name && user.host === host);
      row.users = [...row.users.filter((user) => !isRemoved(user)), ...added] as MutableUsers;
      row.updatedAt = at;
      return;
    }
    case "InstanceRemoved": {
      if (isStream(rowAt(topology.instances, fact.row))) topology.streams -= 1;
      remove(topology, "instances", fact);
      return;
    }
    case "ReplicationStarted": {
      existing(topology.instances, fact.replicaRow).sourceId = fact.sourceId;
      const source = existing(topology.instances, fact.sourceRow);
      source.replicaIds = [...source.replicaIds, fact.replicaId];
      return;
    }
    case "ReplicationStopped": {
      existing(topology.instances, fact.replicaRow).sourceId = null;
      const source = existing(topology.instances, fact.sourceRow);
      source.replicaIds = source.replicaIds.filter((id) => id !== fact.replicaId);
      return;
    }
    case "GroupCreated": {
      add(topology, "groups", fact.group, fact);
      const account = accountToWrite(topology, fact.group.accountId);
      for (const { label } of fact.group.pendingReplicaNames) {
        if (label !== null) writeIndex(indexes(topology, account), "labels", label, labelToCome);
      }
      return;
    }
    case "GroupStateEntered": {
      enter(existing(topology.groups, fact.row), fact, at);
      return;
    }
    case "GroupChanged": {
      const row = existing(topology.groups, fact.row);
      Object.assign(row, fact.changes);
      row.updatedAt = at;
      return;
    }
    case "GroupRemoved": {
      remove(topology, "groups", fact);
      return;
    }
    case "MemberJoined": {
      existing(topology.instances, fact.instanceRow).groupId = fact.groupId;
      const group = existing(topology.groups, fact.groupRow);
      if (fact.role === "source") group.sourceId = fact.instanceId;
      else group.replicaIds = [...group.replicaIds, fact.instanceId];
      return;
    }
    case "MemberLeft": {
      existing(topology.instances, fact.instanceRow).groupId = null;
      const group = existing(topology.groups, fact.groupRow);
      if (group.sourceId === fact.instanceId) group.sourceId = null;
      else group.replicaIds = group.replicaIds.filter((id) => id !== fact.instanceId);
      return;
    }
    case "SourcePromoted": {
      promote(existing(topology.groups, fact.row), fact, at);
      return;
    }
    case "ReplicationModeChanged": {
      existing(topology.groups, fact.row).replicationMode = fact.mode;
      return;
    }
    case "AclAdded": {
      const group = existing(topology.groups, fact.row);
      group.acls = [...group.acls, fact.address];
      group.updatedAt = at;
      return;
    }
    case "AclRemoved": {
      const group = existing(topology.groups, fact.row);
      group.acls = group.acls.filter((address) => address !== fact.address);
      group.updatedAt = at;
      return;
    }
    case "ScheduleCreated": {
      const { schedule } = fact;
      add(topology, "schedules", schedule, fact);
      ownerRow(topology, schedule.ownerKind, fact.ownerRow).scheduleId = schedule.id;
      return;
    }
    case "ScheduleChanged": {
      const row = existing(topology.schedules, fact.row);
      Object.assign(row, fact.changes);
      row.updatedAt = at;
      return;
    }
    case "ScheduleRemoved": {
      remove(topology, "schedules", fact);
      ownerRow(topology, fact.ownerKind, fact.ownerRow).scheduleId = null;
      return;
    }
    case "ScheduleFired": {
      const row = existing(topology.schedules, fact.row);
      row.lastScheduledAt = fact.slot;
      row.nextRunAt = fact.nextRunAt;
      row.seq = fact.seq;
      return;
    }
    case "BackupCreated": {
      const { backup } = fact;
      add(topology, "backups", backup, fact);
      existing(topology.instances, fact.instanceRow).backupId = backup.id;
      if (fact.groupRow !== null) existing(topology.groups, fact.groupRow).backupId = backup.id;
      return;
    }
    case "BackupStateEntered": {
      enter(existing(topology.backups, fact.row), fact, at);
      return;
    }
    case "BackupEnded": {
      const row = existing(topology.backups, fact.row);
      row.sizeGb = fact.sizeGb;
      row.dataGb = fact.dataGb;
      free(existing(topology.instances, fact.instanceRow), fact.id);
      if (fact.groupRow !== null) free(existing(topology.groups, fact.groupRow), fact.id);
      return;
    }
    case "BackupRemoved": {
      remove(topology, "backups", fact);
      return;
    }
    case "ConfigurationCreated": {
      add(topology, "configurations", fact.configuration, fact);
      return;
    }
    case "ConfigurationChanged": {
      const row = existing(topology.configurations, fact.row);
      const { removed } = fact;
      const kept = Object.entries(row.values).filter(([name]) => !removed.includes(name));
      Object.assign(row, fact.changes);
      row.values = { ...Object.fromEntries(kept), ...fact.set };
      row.updatedAt = at;
      return;
    }
    case "ConfigurationRemoved": {
      remove(topology, "configurations", fact);
      return;
    }
    case "FaultInjected": {
      const account = accountToWrite(topology, fact.injected.accountId);
      count(account, "faults");
      noteBirth(indexes(topology, account), "faults", fact.injected, fact);
      evolveFault(topology, fact);
      return;
    }
    case "FaultActivated":
    case "FaultClockChanged":
    case "FaultCounterChanged":
    case "FaultEnded": {
      evolveFault(topology, fact);
      return;
    }
    // They say what the states around them mean, and change nothing else.
    case "FailoverStarted":
    case "FailoverAborted":
    case "ReplicaPromoted":
      return;
    // All others are of the data plane: the compiler finds one that is not.
    default:
      evolveData(topology, existing(topology.instances, fact.row), fact);
  }
}

/** Users are replaced and never changed, so that rows may share them with facts. */
type MutableUsers = Mutable<DatabaseUser>[];

function withoutAccess(user: DatabaseUser, removed: readonly string[]): DatabaseUser {
  const databases = user.databases.filter((name) => !removed.includes(name));
  return databases.length === user.databases.length ? user : { ...user, databases };
}

/** An old source that has not left the group is a replica of it now. */
function promote(
  group: Mutable<HaGroup>,
  { failoverId, oldSourceId, newSourceId, isForced }: FactOf<"SourcePromoted">,
  at: number,
): void {
  const others = group.replicaIds.filter((id) => id !== newSourceId);
  group.replicaIds = group.sourceId === null ? others : [...others, group.sourceId];
  group.sourceId = newSourceId;
  const line = { id: failoverId, groupId: group.id, oldSourceId, newSourceId, at, isForced };
  group.failovers = [...group.failovers, line].slice(-failoversKept);
  group.updatedAt = at;
}

/** Lines of a group's failover log that stay in its row. */
const failoversKept = 100;

/** A source that another backup has been begun of meanwhile stays occupied by that one. */
function free(owner: { backupId: string | null }, id: string): void {
  if (owner.backupId === id) owner.backupId = null;
}

interface Lived<State, Status> {
  state: State;
  status: Status;
  work: Mutable<Work> | null;
  lastError: OperationError | null;
  tasksStarted: number;
  updatedAt: number;
}

/** A row with a lifecycle is in another state. */
function enter<State, Status>(
  row: Lived<State, Status>,
  fact: {
    readonly state: State;
    readonly status: Status;
    readonly work: Work | null;
    readonly lastError: OperationError | null;
  },
  at: number,
): void {
  row.state = fact.state;
  row.status = fact.status;
  if (fact.work !== null) row.tasksStarted += 1;
  row.work = fact.work;
  row.lastError = fact.lastError;
  row.updatedAt = at;
}

/**
 * A row takes the next ordinal: a fact that names another one comes from another world. A copy is kept, since in
 * place the row will change while the fact must not.
 */
function add(
  topology: Mutable<Topology>,
  kind: OwnedKind,
  row: Born & { readonly id: string; readonly accountId: string },
  birth: Counted,
): void {
  const ordinal = appendRow<object>(topology[kind], copyRow(kind, row));
  if (ordinal !== row.ordinal) {
    throw new InvariantViolationError(
      `row ${String(row.ordinal)} was appended as ${String(ordinal)}`,
    );
  }
  const account = accountToWrite(topology, row.accountId);
  count(account, kind);
  putId(indexToWrite(topology, account, kind), row.id, ordinal);
  noteBirth(indexes(topology, account), kind, row, birth);
}

type Born = Place & Pick<Owned, "label">;

/** The indexes of an account, to write into. */
type Indexes = (name: "labels" | "made") => IdIndex;

function indexes(topology: Mutable<Topology>, account: Mutable<Account>): Indexes {
  return (name) => indexToWrite(topology, account, name);
}

/** Keeps labels permanently, and counts resources that are distinguished by a number. */
function noteBirth(
  written: Indexes,
  kind: OwnedKind | "faults",
  { label, ordinal }: Born,
  { counted }: Counted,
): void {
  if (label !== null) writeIndex(written, "labels", label, labelCode({ kind, ordinal }));
  if (counted !== null) {
    writeIndex(written, "made", counted, (ordinalOf(written("made"), counted) ?? 0) + 1);
  }
}

function writeIndex(written: Indexes, name: "labels" | "made", id: string, number: number): void {
  const index = written(name);
  if (ordinalOf(index, id) !== undefined) dropId(index, id);
  putId(index, id, number);
}

function count(account: Mutable<Account>, kind: keyof Account["created"]): void {
  account.created = copyOfCounts(account.created);
  account.created[kind] += 1;
}

function remove(
  topology: Mutable<Topology>,
  kind: OwnedKind,
  { id, row, accountId }: { readonly id: string; readonly row: number; readonly accountId: string },
): void {
  dropRow<object>(topology[kind], row);
  dropId(indexToWrite(topology, accountToWrite(topology, accountId), kind), id);
}

function existing<Row extends object>(table: Table<Row>, ordinal: number): Mutable<Row> {
  const row = writableRow(table, ordinal);
  if (row === undefined)
    throw new InvariantViolationError(`a fact refers to the missing row ${String(ordinal)}`);
  return row as Mutable<Row>;
}

function accountToWrite(topology: Mutable<Topology>, accountId: string): Mutable<Account> {
  const ordinal = ordinalOf(topology.accountIndex, accountId);
  if (ordinal === undefined)
    throw new InvariantViolationError(`a fact refers to the unknown account ${accountId}`);
  // Accounts are looked into, and never handed around.
  const account = ownRow(topology.accounts as Table<Account>, ordinal);
  if (account === undefined)
    throw new InvariantViolationError(
      `a fact refers to the account ${accountId}, which has no row`,
    );
  return account as Mutable<Account>;
}

/** The index of an account's things of one kind; in a transaction, one that keeps the changes apart. */
function indexToWrite(
  topology: Mutable<Topology>,
  account: Mutable<Account>,
  kind: OwnedKind | "labels" | "made",
): IdIndex {
  const index: IdIndex = account[kind];
  if (topology.accounts.touched === undefined || index.changes !== undefined) return index;
  return (account[kind] = overIndex(index));
}

function ownerRow(
  topology: Mutable<Topology>,
  kind: "instance" | "ha",
  ordinal: number,
): { scheduleId: string | null } {
  return kind === "instance"
    ? existing(topology.instances, ordinal)
    : existing(topology.groups, ordinal);
}

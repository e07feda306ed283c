import { dropId, emptyIdIndex, ordinalOf, putId } from "../collections/idIndex.js";
import { appendRow, dropRow, rowAt, type Table } from "../collections/table.js";
import { InvariantBrokenError } from "../domain/errors.js";
import type { Fact } from "../domain/facts.js";
import type { Account, Topology, Writable } from "./state.js";

/**
 * Writes one fact into a topology: the only writer of the house. The same code runs on an immer draft and in
 * place. It decides nothing: a fact that does not fit the topology is our mistake and is thrown as one.
 * @param at virtual time of the fact, which becomes `updatedAt` of the rows it touches
 * @throws InvariantBrokenError
 */
export function evolve(topology: Writable<Topology>, fact: Fact, at: number): void {
  switch (fact.type) {
    case "AccountOpened": {
      const ordinal = topology.accounts.size;
      appendRow<Account>(topology.accounts, {
        ordinal,
        id: fact.accountId,
        instances: emptyIdIndex(),
        groups: emptyIdIndex(),
        schedules: emptyIdIndex(),
      });
      putId(topology.accountIndex, fact.accountId, ordinal);
      return;
    }
    case "InstanceCreated": {
      const { instance } = fact;
      append(topology.instances, { ...instance });
      putId(accountRow(topology, instance.accountId).instances, instance.id, instance.ordinal);
      return;
    }
    case "InstanceStateEntered": {
      const row = existing(topology.instances, fact.row);
      row.state = fact.state;
      row.status = fact.status;
      if (fact.work !== null) row.tasksStarted += 1;
      row.work = fact.work;
      row.fault = fact.fault;
      row.updatedAt = at;
      return;
    }
    case "InstanceChanged": {
      const row = existing(topology.instances, fact.row);
      Object.assign(row, fact.changes);
      row.updatedAt = at;
      return;
    }
    case "InstanceRemoved": {
      dropRow(topology.instances, fact.row);
      dropId(accountRow(topology, fact.accountId).instances, fact.id);
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
      const { group } = fact;
      append(topology.groups, { ...group });
      putId(accountRow(topology, group.accountId).groups, group.id, group.ordinal);
      return;
    }
    case "GroupStateEntered": {
      const row = existing(topology.groups, fact.row);
      row.state = fact.state;
      row.status = fact.status;
      if (fact.work !== null) row.tasksStarted += 1;
      row.work = fact.work;
      row.fault = fact.fault;
      row.updatedAt = at;
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
      append(topology.schedules, { ...schedule });
      putId(accountRow(topology, schedule.accountId).schedules, schedule.id, schedule.ordinal);
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
      dropRow(topology.schedules, fact.row);
      dropId(accountRow(topology, fact.accountId).schedules, fact.id);
      ownerRow(topology, fact.ownerKind, fact.ownerRow).scheduleId = null;
      return;
    }
    case "FailurePlanned": {
      topology.plannedFailures = [...topology.plannedFailures, fact.failure];
      topology.failuresPlanned += 1;
      return;
    }
    case "FailureCounted": {
      topology.plannedFailures = topology.plannedFailures.flatMap((failure) => {
        if (failure.number !== fact.number) return [failure];
        return fact.times === 0 ? [] : [{ ...failure, skip: fact.skip, times: fact.times }];
      });
      return;
    }
  }
}

/**
 * A row takes the next ordinal: a fact that names another one comes from another world. Callers hand in a copy,
 * since in place the row will change while the fact must not.
 */
function append<Row extends { readonly ordinal: number }>(table: Table<Row>, row: Row): void {
  const ordinal = appendRow(table, row);
  if (ordinal !== row.ordinal) {
    throw new InvariantBrokenError(`row ${String(row.ordinal)} was appended as ${String(ordinal)}`);
  }
}

function existing<Row extends object>(table: Table<Row>, ordinal: number): Writable<Row> {
  const row = rowAt(table, ordinal);
  if (row === undefined)
    throw new InvariantBrokenError(`a fact names row ${String(ordinal)}, which does not exist`);
  return row as Writable<Row>;
}

function accountRow(topology: Writable<Topology>, accountId: string): Writable<Account> {
  const ordinal = ordinalOf(topology.accountIndex, accountId);
  if (ordinal === undefined)
    throw new InvariantBrokenError(`a fact names the unknown account ${accountId}`);
  return existing(topology.accounts, ordinal);
}

function ownerRow(
  topology: Writable<Topology>,
  kind: "instance" | "ha",
  ordinal: number,
): { scheduleId: string | null } {
  return kind === "instance"
    ? existing(topology.instances, ordinal)
    : existing(topology.groups, ordinal);
}

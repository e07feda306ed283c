import { emptyIdIndex, putId } from "../../src/collections/idIndex.js";
import { type Table, tableFrom } from "../../src/collections/table.js";
import { emptyAccount, emptyTopology, type Topology } from "../../src/model/topology.js";
import type { Backup } from "../../src/service/backups/backup.model.js";
import type { Fault, InjectedFault } from "../../src/service/faults/fault.model.js";
import type { HaGroup } from "../../src/service/haGroups/haGroup.model.js";
import type { Instance } from "../../src/service/instances/instance.model.js";

/*
 * Topologies by hand, of the rows and the fields that a test is about. Everything belongs to the account "a" unless a
 * test says otherwise.
 */

/** An instance in service that stands alone. */
export function instanceRow(ordinal: number, changes: Partial<Instance> = {}): Instance {
  const row: Partial<Instance> = {
    ordinal,
    id: `i${String(ordinal)}`,
    accountId: "a",
    key: `key-i${String(ordinal)}`,
    state: "active",
    status: "ACTIVE",
    work: null,
    sourceId: null,
    replicaIds: [],
    groupId: null,
    backupId: null,
    log: null,
    link: null,
    partitionId: null,
    zone: "zone-1",
    rack: "rack-1",
    ...changes,
  };
  return row as Instance;
}

/** An active fault. */
export function faultRow(
  ordinal: number,
  fault: Fault,
  changes: Partial<InjectedFault> = {},
): InjectedFault {
  return {
    ordinal,
    accountOrdinal: ordinal,
    id: `f${String(ordinal)}`,
    accountId: "a",
    key: `key-f${String(ordinal)}`,
    label: null,
    fault,
    phase: "active",
    injectedAt: 0,
    dueAt: null,
    seq: null,
    endsAt: null,
    cause: 1,
    targetOrdinal: null,
    activations: 1,
    clock: null,
    clockOf: null,
    partOf: null,
    remaining: null,
    ...changes,
  };
}

export interface Rows {
  readonly instances?: readonly Instance[];
  readonly groups?: readonly HaGroup[];
  readonly backups?: readonly Backup[];
  readonly faults?: readonly InjectedFault[];
  /** Ordinals of the faults that are looked up at every task or request. */
  readonly watched?: readonly number[];
  /** Ordinals of faults by the part of an instance, or the clock, that they are found under. */
  readonly standing?: Readonly<Record<string, number>>;
}

/** A topology of these rows, with the accounts "a" and "b". */
export function topologyWith({
  instances = [],
  groups = [],
  backups = [],
  faults = [],
  watched = [],
  standing = {},
}: Rows): Topology {
  const accounts = ["a", "b"].map((id, ordinal) => {
    const account = emptyAccount(id, ordinal);
    const rows = { instances, groups, backups };
    for (const kind of ["instances", "groups", "backups"] as const) {
      for (const row of rows[kind]) {
        if (row.accountId === id) putId(account[kind], row.id, row.ordinal);
      }
    }
    return account;
  });
  const accountIndex = emptyIdIndex();
  for (const { id, ordinal } of accounts) putId(accountIndex, id, ordinal);
  const faultsOnInstances = emptyIdIndex();
  for (const [key, ordinal] of Object.entries(standing)) putId(faultsOnInstances, key, ordinal);
  return {
    ...emptyTopology(),
    accounts: tableOf(accounts),
    accountIndex,
    instances: tableOf(instances),
    groups: tableOf(groups),
    backups: tableOf(backups),
    faults: tableOf(faults),
    watchedFaults: watched,
    faultsOnInstances,
  };
}

function tableOf<Row extends { readonly ordinal: number }>(rows: readonly Row[]): Table<Row> {
  const size = Math.max(-1, ...rows.map(({ ordinal }) => ordinal)) + 1;
  return tableFrom(
    rows.map((row) => [row.ordinal, row]),
    size,
  );
}

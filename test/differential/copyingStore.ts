import { emptyIdIndex, type IdIndex, putId, scanIds } from "../../src/collections/idIndex.js";
import { rowsOf, type Table, tableFrom } from "../../src/collections/table.js";
import type { Store } from "../../src/kernel/store.js";
import type { Account, Topology } from "../../src/model/topology.js";

/**
 * A third store: each transaction copies the whole topology. Slow, without immer and without any sharing, and so the
 * simplest one that keeps every version; it knows of an overlay only that it can be read like any topology.
 */
export function copyingStore(): Store {
  return {
    keepsVersions: true,
    givesPatches: false,
    open: copied,
    publish: (_, touched) => ({ topology: copied(touched) }),
  };
}

function copied(topology: Topology): Topology {
  return {
    instances: tableCopy(topology.instances),
    groups: tableCopy(topology.groups),
    schedules: tableCopy(topology.schedules),
    backups: tableCopy(topology.backups),
    configurations: tableCopy(topology.configurations),
    accounts: tableCopy(topology.accounts, accountCopy),
    accountIndex: indexCopy(topology.accountIndex),
    streams: topology.streams,
    faults: tableCopy(topology.faults),
    watchedFaults: [...topology.watchedFaults],
    faultsOnInstances: indexCopy(topology.faultsOnInstances),
  };
}

function tableCopy<Row extends { readonly ordinal: number }>(
  table: Table<Row>,
  copy: (row: Row) => Row = (row) => ({ ...row }),
): Table<Row> {
  const rows = [...rowsOf(table)].map((row) => [row.ordinal, copy(row)] as const);
  return tableFrom(rows, table.size);
}

function accountCopy(account: Account): Account {
  const { instances, groups, schedules, backups, configurations, labels, made } = account;
  return {
    ...account,
    instances: indexCopy(instances),
    groups: indexCopy(groups),
    schedules: indexCopy(schedules),
    backups: indexCopy(backups),
    configurations: indexCopy(configurations),
    labels: indexCopy(labels),
    made: indexCopy(made),
    created: { ...account.created },
  };
}

function indexCopy(index: IdIndex): IdIndex {
  const copy = emptyIdIndex();
  scanIds(index, undefined, (ordinal, id) => {
    putId(copy, id, ordinal);
  });
  return copy;
}

import { copiedIndex } from "../collections/idIndex.js";
import { copiedTable } from "../collections/table.js";
import { type Account, indexNames, type Mutable, type Topology } from "../model/topology.js";
import { copyOfAccount } from "./copyRow.js";

/**
 * A topology for another world of the in-place store: it shares the rows, which are values, and has its own tables and
 * indexes. O(n), without a look at what a row holds.
 */
export function withSharedRows(topology: Topology): Topology {
  return {
    instances: copiedTable(topology.instances),
    groups: copiedTable(topology.groups),
    schedules: copiedTable(topology.schedules),
    backups: copiedTable(topology.backups),
    configurations: copiedTable(topology.configurations),
    accounts: copiedTable(topology.accounts, withOwnIndexes),
    accountIndex: copiedIndex(topology.accountIndex),
    streams: topology.streams,
    faults: copiedTable(topology.faults),
    watchedFaults: topology.watchedFaults,
    faultsOnInstances: copiedIndex(topology.faultsOnInstances),
  };
}

/** The indexes of an account are changed in place, unlike the rest of its row. */
function withOwnIndexes(account: Account): Account {
  const copy: Mutable<Account> = copyOfAccount(account);
  for (const name of indexNames) copy[name] = copiedIndex(account[name]);
  return copy;
}

import type { IdIndex } from "../collections/idIndex.js";
import { sharedTable, writtenTable } from "../collections/table.js";
import { freezeChanges } from "../collections/version.js";
import { copies, copyOfAccount, copyOfFault } from "./copies.js";
import type { Topology, Writable } from "./state.js";

/** A topology to write the next version into: new heads, below which all that is frozen is still the old one's. O(1). */
export function nextVersion(topology: Topology): Writable<Topology> {
  const next: Topology = {
    instances: sharedTable(topology.instances, copies.instances),
    groups: sharedTable(topology.groups, copies.groups),
    schedules: sharedTable(topology.schedules, copies.schedules),
    backups: sharedTable(topology.backups, copies.backups),
    configurations: sharedTable(topology.configurations, copies.configurations),
    accounts: sharedTable(topology.accounts, copyOfAccount),
    accountIndex: indexHead(topology.accountIndex),
    streams: topology.streams,
    faults: sharedTable(topology.faults, copyOfFault),
    watchedFaults: topology.watchedFaults,
    faultsOnInstances: indexHead(topology.faultsOnInstances),
  };
  return next as Writable<Topology>;
}

/** The parts of a version that were written, frozen. O(changes). */
export function changedParts(before: Topology, next: Topology): Partial<Topology> {
  const changes: Partial<Record<keyof Topology, unknown>> = {};
  for (const key of Object.keys(next) as (keyof Topology)[]) {
    const was: Part = before[key];
    const is: Part = next[key];
    if (is === was || (isTree(is) && isTree(was) && is.root === was.root)) continue;
    const written = isTree(is) && "depth" in is ? writtenTable<unknown>(is) : is;
    if (typeof written === "object") freezeChanges(written, was as object);
    changes[key] = written;
  }
  return changes as Partial<Topology>;
}

type Part = Topology[keyof Topology];

function isTree(part: Part): part is Extract<Part, { readonly root: unknown }> {
  return typeof part === "object" && "root" in part;
}

function indexHead({ count, root }: IdIndex): IdIndex {
  return { count, root };
}

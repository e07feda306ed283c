import { freezeChanges } from "../collections/copyOnWrite.js";
import type { IdIndex } from "../collections/idIndex.js";
import { beginTableVersion, commitTableVersion } from "../collections/table.js";
import { copies, copyOfAccount, copyOfFault } from "./copyRow.js";
import type { Mutable, Topology } from "./state.js";

/** A topology to write the next version into: new heads, below which all that is frozen is still the old one's. O(1). */
export function nextVersion(topology: Topology): Mutable<Topology> {
  const next: Topology = {
    instances: beginTableVersion(topology.instances, copies.instances),
    groups: beginTableVersion(topology.groups, copies.groups),
    schedules: beginTableVersion(topology.schedules, copies.schedules),
    backups: beginTableVersion(topology.backups, copies.backups),
    configurations: beginTableVersion(topology.configurations, copies.configurations),
    accounts: beginTableVersion(topology.accounts, copyOfAccount),
    accountIndex: indexHead(topology.accountIndex),
    streams: topology.streams,
    faults: beginTableVersion(topology.faults, copyOfFault),
    watchedFaults: topology.watchedFaults,
    faultsOnInstances: indexHead(topology.faultsOnInstances),
  };
  return next as Mutable<Topology>;
}

/** The parts of a version that were written, frozen. O(changes). */
export function changedParts(before: Topology, next: Topology): Partial<Topology> {
  const changes: Partial<Record<keyof Topology, unknown>> = {};
  for (const key of Object.keys(next) as (keyof Topology)[]) {
    const was: Part = before[key];
    const is: Part = next[key];
    if (is === was || (isTree(is) && isTree(was) && is.root === was.root)) continue;
    const written = isTree(is) && "depth" in is ? commitTableVersion<unknown>(is) : is;
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

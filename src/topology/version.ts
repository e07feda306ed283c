import type { IdIndex } from "../collections/idIndex.js";
import type { Table } from "../collections/table.js";
import { freezeChanges } from "../collections/version.js";
import type { Topology, Writable } from "./state.js";

/** A topology to write the next version into: new heads, below which all that is frozen is still the old one's. O(1). */
export function nextVersion(topology: Topology): Writable<Topology> {
  const next: Topology = {
    instances: tableHead(topology.instances),
    groups: tableHead(topology.groups),
    schedules: tableHead(topology.schedules),
    backups: tableHead(topology.backups),
    configurations: tableHead(topology.configurations),
    accounts: tableHead(topology.accounts),
    accountIndex: indexHead(topology.accountIndex),
    plannedFailures: topology.plannedFailures,
    failuresPlanned: topology.failuresPlanned,
    faultsInjected: topology.faultsInjected,
  };
  return next as Writable<Topology>;
}

/** The parts of a version that were written, frozen. O(changes). */
export function changedParts(before: Topology, next: Topology): Partial<Topology> {
  const changes: Partial<Record<keyof Topology, unknown>> = {};
  for (const key of Object.keys(next) as (keyof Topology)[]) {
    const was: Part = before[key];
    const is: Part = next[key];
    if (typeof is === "object" && typeof was === "object") {
      if ("root" in is && "root" in was ? is.root === was.root : is === was) continue;
      freezeChanges(is, was);
    } else if (is === was) continue;
    changes[key] = is;
  }
  return changes as Partial<Topology>;
}

type Part = Topology[keyof Topology];

function tableHead<Row>({ depth, size, count, root }: Table<Row>): Table<Row> {
  return { depth, size, count, root };
}

function indexHead({ count, root }: IdIndex): IdIndex {
  return { count, root };
}

import { rowAt, type Table } from "../collections/table.js";
import { nextVersion } from "../kernel/nextVersion.js";
import { TopologyOverlay } from "../kernel/overlay.js";
import type { Fact } from "../model/facts.js";
import type { Mutable, Topology } from "../model/topology.js";
import type { Backup } from "./backups/backup.model.js";
import { evolve } from "./evolve.js";
import type { InjectedFault } from "./faults/fault.model.js";
import type { HaGroup } from "./haGroups/haGroup.model.js";
import type { Instance } from "./instances/instance.model.js";
import type { BackupSchedule } from "./schedules/schedule.model.js";

/**
 * The topology after facts: what pictures, comparisons and replays make of a journal. A pure function; the topology given
 * stays valid as long as nothing else writes into it, and shares with the result what the facts do not touch.
 * O(changes).
 */
export function foldFacts(
  topology: Topology,
  { facts, at }: { readonly facts: Iterable<Fact>; readonly at: number },
): Topology {
  const overlay = new TopologyOverlay(topology);
  for (const fact of facts) evolve(overlay.topology as Mutable<Topology>, fact, at);
  return nextVersion(topology, overlay.topology);
}

/** A row before and after some facts; undefined where it was not there. */
export interface RowChange<Row> {
  readonly left: Row | undefined;
  readonly right: Row | undefined;
}

/** The rows that some facts have touched. */
export interface TouchedRowsOfFold {
  readonly instances: readonly RowChange<Instance>[];
  readonly groups: readonly RowChange<HaGroup>[];
  readonly schedules: readonly RowChange<BackupSchedule>[];
  readonly backups: readonly RowChange<Backup>[];
  readonly faults: readonly RowChange<InjectedFault>[];
}

/** The same fold entry by entry. Returns the rows that each entry has changed. */
export class TopologyFold {
  readonly #overlay: TopologyOverlay;
  #topology: Topology;

  /** A fold that begins with a topology that nothing writes into. */
  constructor(topology: Topology) {
    this.#topology = topology;
    this.#overlay = new TopologyOverlay(topology);
  }

  /** The topology after the last facts; it stays valid. */
  get topology(): Topology {
    return this.#topology;
  }

  /** Applies facts. O(changes). */
  apply({
    facts,
    at,
  }: {
    readonly facts: readonly Fact[];
    readonly at: number;
  }): TouchedRowsOfFold {
    const before = this.#topology;
    this.#overlay.begin(before);
    const { topology } = this.#overlay;
    for (const fact of facts) evolve(topology, fact, at);
    this.#topology = nextVersion(before, topology);
    return {
      instances: changesOf(before.instances, topology.instances),
      groups: changesOf(before.groups, topology.groups),
      schedules: changesOf(before.schedules, topology.schedules),
      backups: changesOf(before.backups, topology.backups),
      faults: changesOf(before.faults, topology.faults),
    };
  }
}

function changesOf<Row extends object>(
  before: Table<Row>,
  { touched }: { readonly touched?: Table<Row>["touched"] },
): readonly RowChange<Row>[] {
  if (touched === undefined || touched.size === 0) return none;
  const changes: RowChange<Row>[] = [];
  for (let place = 0; place < touched.size; place++) {
    const left = rowAt(before, touched.ordinalAt(place));
    changes.push({ left, right: touched.rowAt(place) ?? undefined });
  }
  return changes;
}

const none: readonly never[] = [];

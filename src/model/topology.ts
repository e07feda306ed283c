import { emptyIdIndex, type IdIndex } from "../collections/idIndex.js";
import { emptyTable, type Table } from "../collections/table.js";
import type { Backup } from "../service/backups/backup.model.js";
import type { Configuration } from "../service/configurations/configuration.model.js";
import type { InjectedFault } from "../service/faults/fault.model.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";

/** An account. Its ordered indexes provide lookup, order, paging and isolation. */
export interface Account {
  readonly ordinal: number;
  readonly id: string;
  readonly instances: IdIndex;
  readonly groups: IdIndex;
  readonly schedules: IdIndex;
  readonly backups: IdIndex;
  readonly configurations: IdIndex;
  /** Things that have a label, or had one: a label is never used again. See `placeOfLabel`. */
  readonly labels: IdIndex;
  /**
   * How many were made under each birth that is counted, by its hash. It grows with the distinct names of what commands
   * create without a label, and cannot forget one: the next thing of that name would get the key of the first.
   */
  readonly made: IdIndex;
  /** How many it ever had of each kind: numbers the next. */
  readonly created: Readonly<Record<OwnedKind | "faults", number>>;
}

/** The kinds of things that an account owns; each has a table, and an index in every account. */
export const ownedKinds = [
  "instances",
  "groups",
  "schedules",
  "backups",
  "configurations",
] as const satisfies readonly OwnedKind[];

/** The indexes of an account. */
export const indexNames = [...ownedKinds, "labels", "made"] as const;

/** One of the kinds of things that an account owns. */
export type OwnedKind = "instances" | "groups" | "schedules" | "backups" | "configurations";

/**
 * All rows of all accounts at one moment, for pictures and invariants. How the tables hold them is the library's own: read
 * rows with the methods of a simulator, or from the JSON of a snapshot.
 */
export interface TopologyData {
  readonly instances: object;
  readonly groups: object;
  readonly schedules: object;
  readonly backups: object;
  readonly configurations: object;
  readonly accounts: object;
  readonly faults: object;
}

/**
 * Everything that is true at one moment, as plain data. `evolve` is its only writer; what `commit` gives
 * back under immer is frozen and stays valid permanently.
 */
export interface Topology extends TopologyData {
  readonly instances: Table<Instance>;
  readonly groups: Table<HaGroup>;
  readonly schedules: Table<BackupSchedule>;
  readonly backups: Table<Backup>;
  readonly configurations: Table<Configuration>;
  readonly accounts: Table<Account>;
  readonly accountIndex: IdIndex;
  /** Instances with a log or a link: while there are none, the data plane costs nothing. */
  readonly streams: number;
  /** Faults that are to come, stand, or come again and again. */
  readonly faults: Table<InjectedFault>;
  /** Ordinals of standing faults that are looked at again and again, in the order of injection. */
  readonly watchedFaults: readonly number[];
  /** Standing faults by the part of an instance that they stand on. */
  readonly faultsOnInstances: IdIndex;
}

/** An account that owns nothing yet. */
export function emptyAccount(id: string, ordinal: number): Account {
  return {
    ordinal,
    id,
    instances: emptyIdIndex(),
    groups: emptyIdIndex(),
    schedules: emptyIdIndex(),
    backups: emptyIdIndex(),
    configurations: emptyIdIndex(),
    labels: emptyIdIndex(),
    made: emptyIdIndex(),
    created: { instances: 0, groups: 0, schedules: 0, backups: 0, configurations: 0, faults: 0 },
  };
}

/** The topology before the first command: nothing exists. */
export function emptyTopology(): Topology {
  return {
    instances: emptyTable(),
    groups: emptyTable(),
    schedules: emptyTable(),
    backups: emptyTable(),
    configurations: emptyTable(),
    accounts: emptyTable(),
    accountIndex: emptyIdIndex(),
    streams: 0,
    faults: emptyTable(),
    watchedFaults: [],
    faultsOnInstances: emptyIdIndex(),
  };
}

/** The same shape, writable: what `evolve` sees, on a draft or in place. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] extends object ? Mutable<T[K]> : T[K] };

import { emptyIdIndex, putId, scanIds } from "../collections/idIndex.js";
import { rowsOf, type Table, tableFrom } from "../collections/table.js";
import { InvalidWorldDataError } from "../model/errors.js";
import { type Account, emptyAccount, ownedKinds, type Topology } from "../model/topology.js";
import type { Backup } from "../service/backups/backup.model.js";
import type { Configuration } from "../service/configurations/configuration.model.js";
import type { InjectedFault } from "../service/faults/fault.model.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";
import { damageKey, isStream, isWatched } from "./derivedIndexes.js";
import { type LabelledKind, labelCode, labelsOf } from "./labels.js";

/** A table as JSON: its rows, and how many rows it ever had. */
export interface TableJson<Row> {
  readonly size: number;
  readonly rows: readonly Row[];
}

/** An account as JSON. Its indexes are rebuilt; only this row records rows that were removed. */
export interface AccountJson extends Pick<Account, "id" | "created"> {
  /** All labels ever used; without a kind, the resource is still to be built. */
  readonly labels: readonly {
    readonly label: string;
    readonly kind: LabelledKind | null;
    readonly ordinal: number | null;
  }[];
  /** Number of births under each counter. */
  readonly made: readonly { readonly counted: string; readonly number: number }[];
}

/** A topology as JSON: its rows. Indexes are rebuilt from them. */
export interface TopologyJson {
  readonly accounts: readonly AccountJson[];
  readonly instances: TableJson<Instance>;
  readonly groups: TableJson<HaGroup>;
  readonly schedules: TableJson<BackupSchedule>;
  readonly backups: TableJson<Backup>;
  readonly configurations: TableJson<Configuration>;
  readonly faults: TableJson<InjectedFault>;
}

/** Returns the rows of a topology. O(n). */
export function topologyToJson(topology: Topology): TopologyJson {
  return {
    accounts: [...rowsOf(topology.accounts)].map(accountToJson),
    instances: tableToJson(topology.instances),
    groups: tableToJson(topology.groups),
    schedules: tableToJson(topology.schedules),
    backups: tableToJson(topology.backups),
    configurations: tableToJson(topology.configurations),
    faults: tableToJson(topology.faults),
  };
}

/**
 * Returns a topology from its rows. O(n log n). The result is plain and not frozen.
 * @throws InvalidWorldDataError when the rows do not form a topology
 */
export function topologyFromJson(json: TopologyJson): Topology {
  try {
    const accounts = json.accounts.map(accountFromJson);
    const accountIndex = emptyIdIndex();
    for (const { id, ordinal } of accounts) putId(accountIndex, id, ordinal);
    const byId = new Map(accounts.map((account) => [account.id, account]));
    for (const kind of ownedKinds) {
      for (const { accountId, id, ordinal } of json[kind].rows) {
        const account = byId.get(accountId);
        if (account === undefined) {
          throw new RangeError(`${id} belongs to the unknown account ${accountId}`);
        }
        putId(account[kind], id, ordinal);
      }
    }
    return {
      accounts: tableFrom<Account>(
        accounts.map((account) => [account.ordinal, account]),
        accounts.length,
      ),
      accountIndex,
      instances: tableFromJson(json.instances),
      groups: tableFromJson(json.groups),
      schedules: tableFromJson(json.schedules),
      backups: tableFromJson(json.backups),
      configurations: tableFromJson(json.configurations),
      streams: json.instances.rows.filter(isStream).length,
      ...faultsFromJson(json.faults),
    };
  } catch (cause) {
    throw new InvalidWorldDataError(
      {
        code: "badRequest",
        rule: "snapshot-rows",
        message: `invalid snapshot: the rows do not form a topology: ${String(cause)}`,
      },
      { cause },
    );
  }
}

function accountToJson(account: Account): AccountJson {
  const { id, created } = account;
  const made: AccountJson["made"][number][] = [];
  scanIds(account.made, undefined, (number, counted) => made.push({ counted, number }));
  const labels = labelsOf(account).map(([label, place]) => ({
    label,
    kind: place?.kind ?? null,
    ordinal: place?.ordinal ?? null,
  }));
  return { id, created, labels, made };
}

function accountFromJson({ id, created, labels, made }: AccountJson, ordinal: number): Account {
  const account = { ...emptyAccount(id, ordinal), created: structuredCopy(created) };
  for (const { counted, number } of made) putId(account.made, counted, number);
  for (const { label, kind, ordinal: at } of labels) {
    putId(
      account.labels,
      label,
      labelCode(kind === null || at === null ? null : { kind, ordinal: at }),
    );
  }
  return account;
}

/** Faults with their indexes. */
function faultsFromJson(
  json: TableJson<InjectedFault>,
): Pick<Topology, "faults" | "watchedFaults" | "faultsOnInstances"> {
  const faultsOnInstances = emptyIdIndex();
  for (const row of json.rows) {
    const key = damageKey(row);
    if (key !== null) putId(faultsOnInstances, key, row.ordinal);
  }
  const watchedFaults = json.rows.filter(isWatched).map(({ ordinal }) => ordinal);
  return { faults: tableFromJson(json), watchedFaults, faultsOnInstances };
}

function tableToJson<Row extends object>(table: Table<Row>): TableJson<Row> {
  return { size: table.size, rows: [...rowsOf(table)] };
}

function tableFromJson<Row extends { readonly ordinal: number }>({
  size,
  rows,
}: TableJson<Row>): Table<Row> {
  return tableFrom(
    rows.map((row) => [row.ordinal, structuredCopy(row)] as const),
    size,
  );
}

/** Returns a deep copy of plain data: the restored world shares nothing with the snapshot. */
function structuredCopy<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => structuredCopy(item)) as T;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, structuredCopy(part)]),
  ) as T;
}

import { describe, expect, test } from "vitest";
import { type IdIndex, putId } from "../../src/collections/idIndex.js";
import { appendRow, type Table } from "../../src/collections/table.js";
import {
  accountOf,
  ancestryOf,
  type BackupFilter,
  backupOf,
  backupsOf,
  descendantsOf,
  type InstanceFilter,
  instanceOf,
  membersOf,
  type Page,
  type PageRequest,
  pageOfBackups,
  pageOfConfigurations,
  pageOfInstances,
  replicasOf,
  replicationSetOf,
} from "../../src/kernel/queries.js";
import {
  type Account,
  emptyAccount,
  emptyTopology,
  type OwnedKind,
  ownedKinds,
} from "../../src/model/topology.js";
import type { Backup } from "../../src/service/backups/backup.model.js";
import type { HaGroup } from "../../src/service/haGroups/haGroup.model.js";
import type { Instance } from "../../src/service/instances/instance.model.js";

const accountId = "1234";

/** What each listing and look-up returns. */
interface Row {
  readonly id: string;
}

/** A row as a test writes it: the fields that queries read. */
type RowFields = Row & Readonly<Record<string, unknown>>;

/** A world of one account with these rows, each in the order of its ordinals. */
function worldOf(rows: { readonly [K in OwnedKind]?: readonly RowFields[] }) {
  const topology = emptyTopology();
  const account = emptyAccount(accountId, 0);
  for (const kind of ownedKinds) {
    const table = topology[kind] as unknown as Table<object>;
    const index: IdIndex = account[kind];
    for (const row of rows[kind] ?? []) {
      putId(index, row.id, appendRow(table, { ordinal: table.size, accountId, ...row }));
    }
  }
  putId(topology.accountIndex, accountId, appendRow<Account>(topology.accounts, account));
  return topology;
}

const idsOf = (rows: readonly Row[]): readonly string[] => rows.map(({ id }) => id);

describe("a page", () => {
  /** Thirty ids whose order is not that of creation. */
  const ids = Array.from({ length: 30 }, (_, at) => String((at * 7) % 30).padStart(2, "0"));
  const instances = ids.map((id, at) => ({
    id,
    sourceId: at % 3 === 0 ? null : "00",
    groupId: at % 5 === 0 ? "group" : null,
    configurationId: ["tuned", "other", null][at % 4] ?? null,
  }));
  const backups = ids.map((id, at) => ({
    id,
    ownerId: at % 2 === 0 ? "one" : "other",
    datastoreType: at % 3 === 0 ? "mysql" : "mariadb",
    hiddenForReplicaId: at % 7 === 0 ? "replica" : null,
  }));
  const topology = worldOf({ instances, backups, configurations: ids.map((id) => ({ id })) });

  /** Each page of a listing must be this part of all ids that it shows. */
  function expectPages(list: (page: PageRequest) => Page<Row>, shown: readonly string[]): void {
    const all = shown.toSorted();
    const sizes = [1, 2, 5, all.length - 1, all.length, all.length + 1].filter((size) => size > 0);
    const requests = [undefined, "", "04", "10", "28", "29"].flatMap((marker) =>
      sizes.map((limit) => ({ limit, marker })),
    );
    const found = requests.map((page) => {
      const { items, nextMarker } = list(page);
      return [page, idsOf(items), nextMarker];
    });
    const expected = requests.map((page) => {
      const left = all.filter((id) => page.marker === undefined || id > page.marker);
      const isMore = left.length > page.limit;
      return [page, left.slice(0, page.limit), isMore ? left[page.limit - 1] : undefined];
    });
    expect(found).toEqual(expected);
  }

  test.each<InstanceFilter>([
    { includeReplicas: true, includeHa: true },
    { includeReplicas: false, includeHa: true },
    { includeReplicas: true, includeHa: false },
    { includeReplicas: false, includeHa: false },
    { includeReplicas: true, includeHa: true, configurationId: "tuned" },
    { includeReplicas: false, includeHa: false, configurationId: "tuned" },
    { includeReplicas: true, includeHa: true, configurationId: "unknown" },
  ])("of instances has the next that pass the filter %o", (filter) => {
    const shown = instances.filter(
      ({ sourceId, groupId, configurationId }) =>
        (filter.includeReplicas || sourceId === null) &&
        (filter.includeHa || groupId === null) &&
        (filter.configurationId ?? configurationId) === configurationId,
    );
    expectPages((page) => pageOfInstances(topology, accountId, { filter, page }), idsOf(shown));
  });

  test.each<BackupFilter>([
    {},
    { ownerId: "one" },
    { datastoreType: "mysql" },
    { ownerId: "other", datastoreType: "mariadb" },
    { datastoreType: "unknown" },
  ])("of backups has the next that are visible and pass the filter %o", (filter) => {
    const shown = backups.filter(
      ({ ownerId, datastoreType, hiddenForReplicaId }) =>
        hiddenForReplicaId === null &&
        (filter.ownerId ?? ownerId) === ownerId &&
        (filter.datastoreType ?? datastoreType) === datastoreType,
    );
    expectPages((page) => pageOfBackups(topology, accountId, { filter, page }), idsOf(shown));
  });

  test("of a listing without a filter has the next by id", () => {
    expectPages((page) => pageOfConfigurations(topology, accountId, page), ids);
  });

  test("of an account without rows is empty", () => {
    const page = { limit: 10 };
    const filter = { includeReplicas: true, includeHa: true };
    expect(pageOfInstances(topology, "5678", { filter, page })).toEqual({ items: [] });
    expect(pageOfBackups(topology, "5678", { filter: {}, page })).toEqual({ items: [] });
  });
});

describe("an id", () => {
  const topology = worldOf({ instances: [{ id: "a" }], backups: [{ id: "b" }] });

  test("is found in its account, and unknown in others and as another kind", () => {
    expect(instanceOf(topology, { accountId, id: "a" })).toMatchObject({ id: "a", ordinal: 0 });
    expect(backupOf(topology, { accountId, id: "b" })).toMatchObject({ id: "b", ordinal: 0 });
    expect(instanceOf(topology, { accountId, id: "b" })).toBeUndefined();
    expect(instanceOf(topology, { accountId: "5678", id: "a" })).toBeUndefined();
    expect(accountOf(topology, accountId)).toMatchObject({ id: accountId });
    expect(accountOf(topology, "5678")).toBeUndefined();
  });
});

describe.each([0, 1, 2, 3, 4])("a source with %d replicas", (count) => {
  const replicaIds = ["r3", "r1", "r4", "r2"].slice(0, count);
  const replicas = replicaIds.toSorted().map((id) => ({ id, sourceId: "s", replicaIds: [] }));
  const topology = worldOf({ instances: [{ id: "s", sourceId: null, replicaIds }, ...replicas] });
  const instance = (id: string): Instance =>
    instanceOf(topology, { accountId, id }) ?? expect.fail(`no instance ${id}`);

  test("has them in the order of its list", () => {
    const found = replicasOf(topology, instance("s"));
    expect(idsOf(found)).toEqual(replicaIds);
    for (const row of found) expect(row).toBe(instance(row.id));
  });

  test("is the first of its replication set, whichever member is asked", () => {
    for (const id of ["s", ...replicaIds]) {
      const members = replicationSetOf(topology, instance(id));
      expect(idsOf(members)).toEqual(["s", ...replicaIds]);
    }
  });

  test("is the first of the members of its group; a group without a source has its replicas", () => {
    const group = (sourceId: string | null): HaGroup =>
      ({ id: "g", accountId, sourceId, replicaIds }) as unknown as HaGroup; // no other fields are read
    expect(idsOf(membersOf(topology, group("s")))).toEqual(["s", ...replicaIds]);
    expect(idsOf(membersOf(topology, group(null)))).toEqual(replicaIds);
  });
});

describe("the backups of an instance", () => {
  // Two chains: z <- y <- x and z <- w, and a full backup v. The order of ids is the opposite of that of creation.
  const topology = worldOf({
    backups: [
      { id: "z", ownerId: "one", parentId: null, hiddenForReplicaId: null },
      { id: "y", ownerId: "one", parentId: "z", hiddenForReplicaId: null },
      { id: "other", ownerId: "other", parentId: null, hiddenForReplicaId: null },
      { id: "x", ownerId: "one", parentId: "y", hiddenForReplicaId: null },
      { id: "w", ownerId: "one", parentId: "z", hiddenForReplicaId: null },
      { id: "v", ownerId: "one", parentId: null, hiddenForReplicaId: "replica" },
    ],
  });
  const backup = (id: string): Backup =>
    backupOf(topology, { accountId, id }) ?? expect.fail(`no backup ${id}`);

  test("are all of its own, the oldest first, hidden ones included", () => {
    const of = (id: string, account = accountId): readonly string[] =>
      idsOf(backupsOf(topology, { accountId: account, id }));
    expect(of("one")).toEqual(["z", "y", "x", "w", "v"]);
    expect(of("other")).toEqual(["other"]);
    expect(of("unknown")).toEqual([]);
    expect(of("one", "5678")).toEqual([]);
  });

  test("lead from each back to the full one", () => {
    const of = (id: string): readonly string[] => idsOf(ancestryOf(topology, backup(id)));
    expect([of("z"), of("x"), of("w")]).toEqual([["z"], ["x", "y", "z"], ["w", "z"]]);
  });

  test("lead from each to all that were made from it, directly or not", () => {
    const of = (id: string): readonly string[] => idsOf(descendantsOf(topology, backup(id)));
    expect([of("z"), of("y"), of("x"), of("v")]).toEqual([["y", "x", "w"], ["x"], [], []]);
  });
});

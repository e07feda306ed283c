import fc from "fast-check";
import { type AccountClient, type Page, ReplicationSimulator } from "replication-simulator";
import { expectRefused } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import { rowsOf } from "../../src/collections/table.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { assertDrafts, drafts, neighbour, runs, worlds } from "../scenarioGenerators.js";

/* What an account is shown: everything that it has, once, in order, and nothing that another has. */

type ListPage = (options: { readonly limit: number; readonly marker?: string }) => Page<{
  readonly id: string;
  readonly accountId: string;
}>;

describe("pages", () => {
  test("put together they are the whole list, by id, whatever their size", () => {
    fc.assert(
      fc.property(worlds, drafts, fc.integer({ min: 1, max: 7 }), (options, draft, limit) => {
        const sim = runDrafts(new ReplicationSimulator(options), draft);
        for (const account of [sim, sim.account(neighbour)]) {
          for (const { list, rows } of listingsOf(sim, account)) {
            expect(idsOf(list, limit)).toEqual(rows);
          }
        }
      }),
      { numRuns: runs(120) },
    );
  });

  test("a page has the size asked for, up to the service's, and says so when more follows", () => {
    fc.assert(
      fc.property(worlds, drafts, fc.integer({ min: 1, max: 40 }), (options, draft, limit) => {
        const sim = runDrafts(new ReplicationSimulator(options), draft);
        const size = Math.min(limit, sim.settings.limits.maxPageSize);
        for (const { list, rows } of listingsOf(sim, sim)) {
          const { items, nextMarker } = list({ limit });
          expect(items.map(({ id }) => id)).toEqual(rows.slice(0, size));
          expect(nextMarker).toBe(rows.length > size ? rows[size - 1] : undefined);
        }
      }),
      { numRuns: runs(60) },
    );
  });

  test("a marker may be any id, also of what is gone", () => {
    fc.assert(
      fc.property(worlds, drafts, fc.uuid(), (options, draft, marker) => {
        const sim = runDrafts(new ReplicationSimulator(options), draft);
        for (const { list, rows } of listingsOf(sim, sim)) {
          const { items } = list({ limit: 1, marker });
          expect(items.map(({ id }) => id)).toEqual(rows.filter((id) => id > marker).slice(0, 1));
        }
      }),
      { numRuns: runs(60) },
    );
  });
});

test("a resource of another account is as unknown as one that does not exist", () => {
  assertDrafts(100, (options, draft) => {
    const sim = runDrafts(new ReplicationSimulator(options), draft);
    const [own, other] = [sim, sim.account(neighbour)];
    for (const { accountId, id } of everything(sim)) {
      const account = accountId === sim.accountId ? other : own;
      expect(accountId === sim.accountId || accountId === neighbour).toBe(true);
      for (const requested of [
        () => account.getInstance(id),
        () => account.listReplicas(id),
        () => account.getGroup(id),
        () => account.listAcls(id),
        () => account.getSchedule(id),
        () => account.renameInstance(id, "x"),
        () => account.deleteInstance(id),
        () => account.restartInstance(id),
        () => account.detachReplica(id),
        () => account.convertToHa(id, { name: "x" }),
        () => account.addAcl(id, "10.0.0.0/8"),
        () => account.deleteSchedule(id),
        () => account.createSchedule({ ownerId: id }),
        () => account.createReplica({ flavorId: "2", volumeGb: 10, replicaOf: id }),
      ]) {
        const { code: fault, message } = expectRefused(requested);
        expect(fault).toBe("itemNotFound");
        expect(message).toContain("not found");
      }
    }
  });
});

test("what one account does, another is not shown", () => {
  assertDrafts(60, (options, draft) => {
    const view = (account: AccountClient): string =>
      JSON.stringify([
        account.listInstances({ limit: 20 }),
        account.listGroups(),
        account.listSchedules(),
      ]);
    let before = "";
    runDrafts(new ReplicationSimulator(options), draft, {
      beforeStep: ({ sim, accountId }) => {
        before = view(sim.account(accountId === neighbour ? sim.accountId : neighbour));
      },
      onStep: ({ next, accountId, command }) => {
        if (command === undefined) return;
        expect(view(next.account(accountId === neighbour ? next.accountId : neighbour))).toBe(
          before,
        );
      },
    });
  });
});

/** Every listing of an account, with the ids that it must show, found by looking at every row there is. */
function listingsOf(
  sim: ReplicationSimulator,
  account: AccountClient,
): readonly { readonly list: ListPage; readonly rows: readonly string[] }[] {
  const topology = topologyOf(sim);
  const own = <T extends { readonly id: string; readonly accountId: string }>(
    rows: Iterable<T>,
    shows: (row: T) => boolean = () => true,
  ): readonly string[] =>
    [...rows]
      .filter((row) => row.accountId === account.accountId && shows(row))
      .map(({ id }) => id)
      .sort();
  const instances = [true, false].flatMap((includeReplicas) =>
    [true, false].map((includeHa) => ({
      list: (page: object) => account.listInstances({ ...page, includeReplicas, includeHa }),
      rows: own(
        rowsOf(topology.instances),
        ({ sourceId, groupId }) =>
          (includeReplicas || sourceId === null) && (includeHa || groupId === null),
      ),
    })),
  );
  return [
    ...instances,
    { list: (page) => account.listGroups(page), rows: own(rowsOf(topology.groups)) },
    { list: (page) => account.listSchedules(page), rows: own(rowsOf(topology.schedules)) },
  ];
}

function idsOf(list: ListPage, limit: number): readonly string[] {
  const ids: string[] = [];
  let page = list({ limit });
  for (let pages = 1; ; pages++) {
    ids.push(...page.items.map(({ id }) => id));
    if (page.nextMarker === undefined || pages > 1000) return ids;
    page = list({ limit, marker: page.nextMarker });
  }
}

function* everything(sim: ReplicationSimulator): Generator<{
  readonly id: string;
  readonly accountId: string;
}> {
  const topology = topologyOf(sim);
  yield* rowsOf(topology.instances);
  yield* rowsOf(topology.groups);
  yield* rowsOf(topology.schedules);
}

import {
  type Change,
  documentedCatalog,
  documentedLatency,
  documentedLimits,
  documentedPolicy,
  documentedRates,
  ReplicationSimulator,
} from "replication-simulator";
import { expect, test } from "vitest";

/*
 * Two simulators share nothing, and nothing that a method returns or a listener is given leads into a world: it is
 * frozen through and through, or a copy.
 */

const small = { flavorId: 2, volumeGb: 10 };
const stores = ["immutable", "in-place"] as const;

/** A world in which there is something of every kind. */
function full(store: (typeof stores)[number]): ReplicationSimulator {
  const sim = new ReplicationSimulator({ store, createId: (kind, n) => `${kind}-${String(n)}` });
  sim.createInstance({ ...small, name: "a", databases: [{ name: "d" }] });
  sim.settle();
  sim.setWorkload("instance-0", { transactionsPerSecond: 10 });
  sim.createReplica({ ...small, name: "b", replicaOf: "instance-0" });
  sim.settle();
  sim.createHaGroup({ name: "g", source: small, replicas: [small, small], acls: ["10.0.0.0/8"] });
  sim.settle();
  sim.setWorkload("instance-2", { transactionsPerSecond: 10 });
  sim.createSchedule({ ownerId: "instance-0" });
  sim.createConfiguration({ name: "c", values: { max_connections: 10 } });
  sim.createBackup({ ownerId: "instance-1", name: "backup" });
  sim.settle();
  sim.restartInstance("instance-0");
  sim.inject({ kind: "crash", instanceId: "instance-1" });
  return sim;
}

/** The state of such a world before any write. */
const fresh = {
  immutable: full("immutable").fingerprint(),
  "in-place": full("in-place").fingerprint(),
};

/** Paths of what is not frozen in a value. */
function openParts(value: unknown, path = "", seen = new Set<unknown>()): readonly string[] {
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  const own = Object.isFrozen(value) ? [] : [path];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, part]) => openParts(part, `${path}.${key}`, seen)),
  ];
}

/** Writes into everything in a value that lets itself be written into. */
function spoil(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  for (const part of Object.values(value)) spoil(part, seen);
  for (const key of Object.keys(value)) {
    Reflect.set(value, key, "spoiled");
    Reflect.deleteProperty(value, key);
  }
  if (Array.isArray(value)) Reflect.set(value, "length", 0);
}

const given: readonly (readonly [string, (sim: ReplicationSimulator) => unknown])[] = [
  ["getInstance", (sim) => sim.getInstance("instance-0")],
  ["listInstances", (sim) => sim.listInstances().items],
  ["getGroup", (sim) => sim.getGroup("group-0")],
  ["listGroups", (sim) => sim.listGroups().items],
  ["listSchedules", (sim) => sim.listSchedules().items],
  ["listBackups", (sim) => sim.listBackups().items],
  ["listConfigurations", (sim) => sim.listConfigurations().items],
  ["listFaults", (sim) => sim.listFaults()],
  ["a command's result", (sim) => sim.renameInstance("instance-0", "other")],
  ["getReplicationStatus", (sim) => sim.getReplicationStatus("instance-1")],
  ["an account's rows", (sim) => sim.account("1234").listInstances().items],
  ["a view's rows", (sim) => sim.view.membersOf(sim.getGroup("group-0"))],
  ["listFlavors", (sim) => sim.listFlavors()],
  ["listDatastores", (sim) => sim.listDatastores()],
  ["settings", (sim) => sim.settings],
  ["catalog", (sim) => sim.settings.catalog],
  ["topology", (sim) => sim.topology],
  ["journal", (sim) => sim.journal()],
  ["journalEntries", (sim) => sim.history.entries()],
  ["step", (sim) => sim.step()],
  ["explain", (sim) => sim.explain("instance-1")],
  ["listPendingTasks", (sim) => sim.listPendingTasks()],
  ["snapshot", (sim) => sim.snapshot().toJSON()],
  ["snapshot as JSON", (sim) => sim.snapshot().toJSON()],
  ["a fork's journal", (sim) => sim.fork({ seed: "another" }).journal()],
  ["a fork's rows", (sim) => sim.fork().listInstances().items],
  ["a fork's topology", (sim) => sim.fork().topology],
];

test.each(stores.flatMap((store) => given.map(([name, give]) => [store, name, give] as const)))(
  "%s store: writing into what %s returns changes no world",
  (store, _, give) => {
    const sim = full(store);
    const value = give(sim);
    const before = sim.fingerprint();
    const journal = JSON.stringify(sim.journal());
    spoil(value);
    expect(sim.fingerprint()).toBe(before);
    expect(JSON.stringify(sim.journal())).toBe(journal);
    sim.settle();
    expect(sim.getInstance("instance-0").status).toBe("ACTIVE");
    // Nor into what another simulator begins with.
    expect(full(store).fingerprint()).toBe(fresh[store]);
  },
);

test.each(stores)("%s store: rows and entries are frozen through and through", (store) => {
  const sim = full(store);
  const changes: Change[] = [];
  sim.subscribe((change) => changes.push(change));
  sim.settle();
  expect(changes.length).toBeGreaterThan(0);
  for (const value of [
    changes,
    sim.journal().lines,
    sim.listInstances().items,
    sim.account("1234").listInstances().items,
    sim.listGroups().items,
  ]) {
    for (const item of value) expect(openParts(item)).toEqual([]);
  }
});

test("documented defaults are frozen, so that no simulator changes what another begins with", () => {
  for (const value of [
    documentedCatalog,
    documentedLatency,
    documentedLimits,
    documentedPolicy,
    documentedRates,
    new ReplicationSimulator().settings,
  ]) {
    expect(openParts(value)).toEqual([]);
  }
});

test("options belong to their caller: they are neither frozen nor watched", () => {
  const limits = { maxInstancesPerAccount: 1 };
  const sim = new ReplicationSimulator({ limits });
  limits.maxInstancesPerAccount = 5;
  sim.createInstance(small);
  expect(() => sim.createInstance(small)).toThrow(/quota|limit/i);
});

test("a subscription to patches is refused where the store cannot give them", () => {
  const sim = new ReplicationSimulator({ store: "in-place" });
  const subscribe = (): unknown => sim.subscribe(() => undefined, { patches: true });
  expect(subscribe).toThrow(
    expect.objectContaining({
      name: "InvalidInputError",
      rule: "subscription",
      field: "options.patches",
    }),
  );
  sim.createInstance(small);
  sim.settle();
  expect(sim.listInstances().items[0]?.status).toBe("ACTIVE");
});

test("a view that is kept shows the world that is there, whatever was put in its place", () => {
  const sim = new ReplicationSimulator();
  const { id } = sim.createInstance({ ...small, name: "a" });
  const at = sim.history.savepoint();
  const { view } = sim;
  sim.settle();
  sim.history.rollbackTo(at);
  expect(view.instance(id)?.status).toBe("BUILD");
  sim.renameInstance(id, "b");
  expect(view.instance(id)?.name).toBe("b");
  sim.history.loadSnapshot(at.snapshot);
  expect(view.instance(id)?.name).toBe("a");
});

test("a world that writes no journal has none to replay", () => {
  const sim = new ReplicationSimulator({ journal: false });
  sim.createInstance(small);
  sim.settle();
  expect(() => ReplicationSimulator.replay(sim.journal())).toThrow(
    expect.objectContaining({ name: "InvalidWorldDataError", rule: "journal-off" }),
  );
});

test("forks of forks are worlds like others, 20,000 deep", () => {
  let sim = new ReplicationSimulator();
  const { id } = sim.createInstance({ ...small, name: "a" });
  sim.settle();
  const first = sim;
  for (let depth = 1; depth <= 20_000; depth++) {
    const parent = sim;
    sim = parent.fork();
    // What the parent does afterwards is no part of the past of its fork.
    if (depth % 10 === 0) {
      parent.renameInstance(id, "elsewhere");
      sim.renameInstance(id, `n${String(depth)}`);
    }
  }
  const { lines } = sim.journal();
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, at) => at));
  expect(lines).toHaveLength(first.journal().lines.length + 2_000);
  expect(sim.getInstance(id).name).toBe("n20000");
  expect(sim.explain(id).length).toBeGreaterThan(0);
  expect(ReplicationSimulator.replay(sim.journal()).fingerprint()).toBe(sim.fingerprint());
  expect(sim.history.entries(lines.length - 1)).toEqual(lines.slice(-1));
});

test("forks with other options, 20,000 deep, explain what led to them", () => {
  let sim = new ReplicationSimulator();
  const { id } = sim.createInstance({ ...small, name: "a" });
  for (let depth = 0; depth < 20_000; depth++) sim = sim.fork({ jitter: depth % 2 });
  expect(sim.explain(id)).toHaveLength(1);
  expect(sim.journal().lines).toEqual([]);
});

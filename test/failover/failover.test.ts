import { ReplicationSimulator } from "replication-simulator";
import { expectRefused } from "replication-simulator/testing";
import { groupHostnameOf } from "replication-simulator/wire";
import { describe, expect, test } from "vitest";
import { Group, size } from "./fixtures.js";

describe("a group that loses its source", () => {
  test("reads ACTIVE for 9 s, HA_FAILOVER for 11 s and ADDING_REPLICA for 74 s, and is ACTIVE again", () => {
    const group = new Group(2);
    const { id, acls, networks, replicationMode } = group.row;
    const lost = group.idOf("source");
    group.inject("crash", "source");
    expect(group.statuses("source", "first", "second")).toEqual([
      "SHUTDOWN",
      "REPLICATION_ERROR",
      "REPLICATION_ERROR",
    ]);
    group.advance(8_999);
    expect(group.status).toBe("ACTIVE");
    group.advance(1);
    expect(group.status).toBe("HA_FAILOVER");
    group.advance(10_999);
    expect([group.status, group.roles]).toEqual(["HA_FAILOVER", "source | first second"]);
    group.advance(1);
    expect([group.status, group.roles]).toEqual(["ADDING_REPLICA", "first | second source (2)"]);
    expect(group.statuses("first", "second")).toEqual(["ACTIVE", "ACTIVE"]);
    expect(group.sim.getInstance(lost)).toMatchObject({
      status: "DELETION_PENDING",
      groupId: null,
      sourceId: null,
      replicaIds: [],
    });
    group.advance(10_000);
    expectRefused(() => group.sim.getInstance(lost), "instance-exists");
    group.advance(63_999);
    expect(group.status).toBe("ADDING_REPLICA");
    group.advance(1);
    expect(group.status).toBe("ACTIVE");
    expect(group.row).toMatchObject({ id, acls, networks, replicationMode });
    expect(group.history.slice(-3)).toEqual(["HA_FAILOVER", "ADDING_REPLICA", "ACTIVE"]);
    group.settle();
  });

  test.each(["crash", "hang"] as const)("by a %s fails over", (kind) => {
    const group = new Group(1);
    group.inject(kind, "source");
    group.settle();
    expect([group.status, group.roles]).toEqual(["ACTIVE", "first | source (2)"]);
  });

  test("by work that fails fails over", () => {
    const group = new Group(1);
    group.sim.failTask({ task: "resizeFlavor", of: group.idOf("source") });
    group.sim.resizeGroupFlavor(group.id, 3);
    group.settle();
    expect([group.status, group.roles]).toEqual(["ACTIVE", "first | source (2)"]);
    expect(group.history).toContain("RESIZE_FLAVOR_ERROR");
    // All members or none: the new one has the flavor that the group still has.
    expect(group.member("source (2)").flavorId).toBe("2");
  });

  test("by a requested restart does not: the source was never lost", () => {
    const group = new Group(2);
    group.sim.restartGroup(group.id);
    group.settle();
    expect([group.status, group.promotions]).toEqual(["ACTIVE", []]);
  });

  test("keeps its name, schedule, configuration, databases and users; the new member has them too", () => {
    const group = new Group(2);
    const { sim, id } = group;
    const schedule = sim.createSchedule({ ownerKind: "ha", ownerId: id, hour: 3 });
    const databases = [{ name: "app" }];
    const users = [{ name: "web", password: "secret", databases: ["app"] }];
    sim.createDatabases(group.idOf("source"), databases);
    sim.createUsers(group.idOf("source"), users);
    const configuration = sim.createConfiguration({ name: "c", values: {} });
    sim.attachGroupConfiguration(id, configuration.id);
    group.inject("crash", "source");
    group.settle();
    expect(group.row).toMatchObject({ name: "orders", scheduleId: schedule.id });
    expect(sim.getSchedule(schedule.id)).toEqual(schedule);
    for (const name of ["first", "second", "source (2)"]) {
      expect(sim.listDatabases(group.idOf(name)).map((found) => found.name)).toEqual(["app"]);
      expect(group.member(name)).toMatchObject({
        users: [{ name: "web" }],
        configurationId: configuration.id,
        ...size,
      });
    }
  });

  test("keeps its hostname", () => {
    const group = new Group(1);
    const region = group.sim.settings.region;
    const before = groupHostnameOf(group.row, { network: "servicenet", region });
    group.inject("crash", "source");
    group.settle();
    expect(groupHostnameOf(group.row, { network: "servicenet", region })).toBe(before);
  });

  test("writes a line in its log", () => {
    const group = new Group(2);
    const oldSourceId = group.idOf("source");
    group.inject("crash", "source");
    group.settle();
    const [line, ...others] = group.sim.listFailovers(group.id);
    expect(others).toEqual([]);
    expect(line).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      groupId: group.id,
      oldSourceId,
      newSourceId: group.idOf("first"),
      at: group.sim.settings.startAt + 300_000 + 20_000,
      isForced: false,
      lostTransactions: 0,
    });
  });

  test("writes down what it has lost, each failover its own", () => {
    const group = new Group(1);
    const { sim, id } = group;
    sim.setWorkload(group.idOf("source"), { transactionsPerSecond: 100 });
    group.advance(60_000);
    sim.inject({ kind: "cutLink", replicaId: group.idOf("first") });
    // Commits wait for ten seconds, then for none: those of the last 20 s are acknowledged and on the source alone.
    group.advance(30_000);
    group.inject("crash", "source");
    group.settle();
    // The new member has been built from a snapshot and catches up.
    group.advance(60_000);
    group.inject("crash", "first");
    group.settle();
    const lost = sim
      .journal()
      .lines.flatMap(({ facts }) => facts)
      .flatMap((fact) => (fact.type === "LogStarted" ? [fact.lostTransactions] : []));
    expect(lost).toEqual([3_100, 0]);
    const counts = (from: typeof sim) =>
      from.listFailovers(id).map(({ lostTransactions }) => lostTransactions);
    expect(counts(sim)).toEqual([3_100, 0]);
    expect(counts(ReplicationSimulator.replay(sim.journal()))).toEqual([3_100, 0]);
    expect(counts(ReplicationSimulator.restore(sim.snapshot()))).toEqual([3_100, 0]);
  });

  test("shows its facts and their causes back to the fault", () => {
    const group = new Group(2);
    group.inject("crash", "source");
    group.settle();
    expect(
      ["FailoverStarted", "SourcePromoted", "FailoverAborted"].map((type) => group.count(type)),
    ).toEqual([1, 1, 0]);
    const chain = group.sim.explain(group.id).map(({ line: { trigger } }) => trigger);
    expect(chain.map((trigger) => (trigger.kind === "task" ? trigger.task : trigger.kind))).toEqual(
      ["build", "failover", "detectFailure", "command"],
    );
  });

  test("again and again, each time to the member that has been there longest; the log keeps the last 100", () => {
    const group = new Group(1, { latency: "fast" });
    for (let times = 0; times < 103; times++) {
      group.sim.inject({ kind: "crash", instanceId: group.row.sourceId ?? "" });
      group.sim.settle();
      expect(group.status).toBe("ACTIVE");
    }
    const log = group.sim.listFailovers(group.id);
    expect(log).toHaveLength(100);
    expect(
      log.every(({ newSourceId }, at) => newSourceId === (log[at + 1]?.oldSourceId ?? newSourceId)),
    ).toBe(true);
    expect(new Set(log.map(({ id }) => id)).size).toBe(100);
    expect(log.at(-1)?.newSourceId).toBe(group.row.sourceId);
    group.settle();
  });

  test("gives the new member a name that is no longer than others, cut between characters", () => {
    const sim = new ReplicationSimulator({ limits: { maxNameLength: 6 } });
    const name = "\u{1f600}".repeat(6);
    const { id } = sim.createHaGroup({ name, source: { name, ...size }, replicas: [size] });
    sim.settle();
    sim.inject({ kind: "crash", instanceId: sim.getGroup(id).sourceId ?? "" });
    sim.waitFor(id, "ADDING_REPLICA");
    const names = sim.listInstances().items.map((member) => member.name);
    expect(names).toContain("\u{1f600}\u{1f600} (2)");
  });

  test("is not kept from another failover by the account's quota", () => {
    const group = new Group(2, { limits: { maxInstancesPerAccount: 3 } });
    group.inject("crash", "source");
    group.settle();
    expect(group.row.replicaIds).toHaveLength(2);
  });
});

describe("detection", () => {
  test("ends as a false alarm when the source is back within 9 s", () => {
    const group = new Group(2);
    group.inject("hang", "source");
    group.advance(8_999);
    group.inject("recover", "source");
    expect(group.statuses("source", "first", "second")).toEqual(["ACTIVE", "ACTIVE", "ACTIVE"]);
    group.settle();
    expect([group.status, group.promotions]).toEqual(["ACTIVE", []]);
    expect(group.count("FailoverStarted")).toBe(0);
  });

  test("takes no operation meanwhile", () => {
    const group = new Group(2);
    group.inject("crash", "source");
    expectRefused(() => group.sim.restartGroup(group.id), "group-status");
    expectRefused(() => group.sim.addReplica(group.id, size), "group-status");
  });

  test("comes too late for a source that is back in HA_FAILOVER: it is deleted all the same", () => {
    const group = new Group(2);
    const lost = group.idOf("source");
    group.inject("crash", "source");
    group.advance(9_000);
    group.inject("recover", "source");
    expect(group.status).toBe("HA_FAILOVER");
    group.settle();
    expect(group.roles).toBe("first | second source (2)");
    expectRefused(() => group.sim.getInstance(lost), "instance-exists");
  });

  test("and promotion take 10 to 30 s together where there is jitter", () => {
    const totals = Array.from({ length: 60 }, (_, seed) => {
      const group = new Group(1, { seed, jitter: 0.01 });
      const since = group.sim.now;
      group.inject("crash", "source");
      group.sim.waitFor(group.id, "ADDING_REPLICA");
      return group.sim.now - since;
    });
    expect(Math.min(...totals)).toBeGreaterThanOrEqual(10_000);
    expect(Math.min(...totals)).toBeLessThan(14_000);
    expect(Math.max(...totals)).toBeLessThanOrEqual(30_000);
    expect(Math.max(...totals)).toBeGreaterThan(26_000);
  });
});

describe("a replica of a group that is lost", () => {
  test.each(["crash", "hang"] as const)(
    "by a %s makes itself and its group REPLICATION_ERROR until it is back; nothing is built",
    (kind) => {
      const group = new Group(2);
      group.inject(kind, "second");
      expect([group.status, ...group.statuses("source", "first", "second")]).toEqual([
        "REPLICATION_ERROR",
        "ACTIVE",
        "ACTIVE",
        "REPLICATION_ERROR",
      ]);
      group.settle();
      expect(group.roles).toBe("source | first second");
      group.inject("recover", "second");
      expect([group.status, ...group.statuses("second")]).toEqual(["ACTIVE", "ACTIVE"]);
    },
  );

  test("does not stop a failover, and is not promoted; the group is REPLICATION_ERROR afterwards", () => {
    const group = new Group(2);
    group.inject("crash", "first");
    group.inject("crash", "source");
    expect(group.status).toBe("REPLICATION_ERROR");
    group.settle();
    expect([group.status, group.roles]).toEqual(["REPLICATION_ERROR", "second | first source (2)"]);
    expect(group.statuses("first")).toEqual(["REPLICATION_ERROR"]);
    group.inject("recover", "first");
    expect(group.status).toBe("ACTIVE");
  });

  test("can be removed, and another one added", () => {
    const group = new Group(2);
    group.inject("crash", "second");
    group.sim.removeReplica(group.id, group.idOf("second"));
    group.settle();
    expect([group.status, group.roles]).toEqual(["ACTIVE", "source | first"]);
    group.sim.addReplica(group.id, { name: "third", ...size });
    group.settle();
    expect([group.status, group.roles]).toEqual(["ACTIVE", "source | first third"]);
  });
});

describe("a plain replication set", () => {
  const lostSource = () => {
    const sim = new ReplicationSimulator();
    const source = sim.createInstance({ name: "source", ...size });
    sim.settle();
    const first = sim.createReplica({ name: "first", ...size, replicaOf: source.id });
    sim.settle();
    const second = sim.createReplica({ name: "second", ...size, replicaOf: source.id });
    sim.settle();
    sim.inject({ kind: "crash", instanceId: source.id });
    sim.settle();
    return { sim, source, first, second };
  };

  test("that loses its source promotes no replica: its replicas report broken replication", () => {
    const { sim, source, first, second } = lostSource();
    sim.advance(3_600_000);
    expect([source, first, second].map(({ id }) => sim.getInstance(id).status)).toEqual([
      "SHUTDOWN",
      "REPLICATION_ERROR",
      "REPLICATION_ERROR",
    ]);
    expect(sim.getInstance(first.id).sourceId).toBe(source.id);
  });

  test("gets a new source by hand: a replica that is detached can be replicated", () => {
    const { sim, source, first, second } = lostSource();
    sim.detachReplica(first.id);
    sim.settle();
    expect(sim.getInstance(first.id)).toMatchObject({ status: "ACTIVE", sourceId: null });
    const third = sim.createReplica({ ...size, replicaOf: first.id });
    sim.settle();
    expect(sim.getInstance(third.id)).toMatchObject({ status: "ACTIVE", sourceId: first.id });
    // The lost source goes when nothing follows it any more (R50).
    expectRefused(() => sim.deleteInstance(source.id), "source-has-replicas");
    sim.deleteInstance(second.id);
    sim.settle();
    sim.deleteInstance(source.id);
    sim.settle();
    expect(sim.listInstances().items).toHaveLength(2);
  });

  test("has a replica that is lost read SHUTDOWN: no group watches over it", () => {
    const { sim, source, first } = lostSource();
    sim.inject({ kind: "recover", instanceId: source.id });
    sim.inject({ kind: "crash", instanceId: first.id });
    expect(sim.getInstance(first.id).status).toBe("SHUTDOWN");
  });
});

import { type Fact, type InputOf, ReplicationSimulator } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { Group, size } from "./fixtures.js";

/*
 * Messages of a failover: the name of the new source, and the reasons of failures.
 */

function facts<T extends Fact["type"]>({ sim }: Group, type: T): Extract<Fact, { type: T }>[] {
  return sim
    .journal()
    .lines.flatMap((line) => line.facts)
    .filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type);
}

/** Returns the name of the replacement of a lost source with this name. */
function nameAfter(name: string, maxNameLength = 255): string | undefined {
  const sim = new ReplicationSimulator({ limits: { maxNameLength } });
  const { id } = sim.createHaGroup({
    name: "ha",
    source: { name, ...size },
    replicas: [{ name: "replica", ...size }],
  });
  sim.settle();
  sim.inject({ kind: "crash", instanceId: sim.getGroup(id).sourceId ?? "" });
  sim.settle();
  return sim.listInstances().items.find((instance) => instance.name !== "replica")?.name;
}

describe("the replacement of a lost member is named", () => {
  test.each([
    ["orders", "orders (2)"],
    ["orders (2)", "orders (3)"],
    ["orders (9)", "orders (10)"],
    ["orders (41)", "orders (42)"],
    ["orders (999999)", "orders (1000000)"],
    ["orders (1000000)", "orders (1000000) (2)"],
    ["orders (2) old", "orders (2) old (2)"],
    ["orders (x)", "orders (x) (2)"],
    ["orders(2)", "orders(2) (2)"],
    ["two\nlines (2)", "two\nlines (3)"],
    ["(2)", "(2) (2)"],
  ])("after %j: %j", (lost, name) => {
    expect(nameAfter(lost)).toBe(name);
  });

  test("no longer than a name may be", () => {
    expect(nameAfter("twelve chars", 12)).toBe("twelve c (2)");
    expect(nameAfter("twelve c (9)", 12)).toBe("twelve  (10)");
    expect(nameAfter("eight ch", 12)).toBe("eight ch (2)");
  });
});

describe("the reason of a failover that is aborted", () => {
  test.each<[string, Omit<InputOf<"failTask">, "task">, string]>([
    ["as it was planned", { message: "the proxy hangs" }, "the proxy hangs"],
    ["by the kind of work", {}, "the failover task failed"],
  ])("reports %s, and stands in the group", (_, plan, reason) => {
    const group = new Group(1);
    group.sim.failTask({ task: "failover", ...plan, times: 3 });
    group.inject("crash", "source");
    group.settle();
    expect(facts(group, "FailoverAborted").map((fact) => fact.reason)).toEqual([
      reason,
      reason,
      reason,
    ]);
    expect(facts(group, "FailoverAborted")[0]).toMatchObject({
      id: group.id,
      sourceId: group.idOf("source"),
    });
    expect(group.row.lastError).toEqual({
      task: "failover",
      message: reason,
      createdAt: group.row.updatedAt,
    });
  });

  test("is that no member is left, which is not tried again", () => {
    const group = new Group(1);
    group.inject("crash", "first", "source");
    group.settle();
    const reason = "no replica is left that can be promoted";
    expect(facts(group, "FailoverAborted").map((fact) => fact.reason)).toEqual([reason]);
    expect(group.row.lastError?.message).toBe(reason);
    expect(facts(group, "FailoverStarted")).toMatchObject([
      { id: group.id, sourceId: group.idOf("source"), candidateId: null },
    ]);
  });

  test.each<[Omit<InputOf<"failTask">, "task">, string]>([
    [{ message: "no ping was sent" }, "no ping was sent"],
    [{}, "the detectFailure task failed"],
  ])("a monitor that cannot look reports why, too: %j", (plan, message) => {
    const group = new Group(1);
    group.sim.failTask({ task: "detectFailure", ...plan, times: 3 });
    group.inject("crash", "source");
    group.settle();
    expect(facts(group, "FailoverStarted")).toEqual([]);
    expect(group.row.lastError).toMatchObject({ task: "detectFailure", message });
  });
});

describe("a forced failover", () => {
  test.each<[Omit<InputOf<"failTask">, "task">, string]>([
    [{ message: "not now" }, "not now"],
    [{}, "the forceFailover task failed"],
  ])("that fails says why, and no replica is promoted: %j", (plan, message) => {
    const group = new Group(1);
    group.sim.failTask({ task: "forceFailover", ...plan });
    group.sim.forceFailover(group.id);
    group.settle();
    expect(group.row.lastError).toMatchObject({ task: "forceFailover", message });
    expect(group.roles).toBe("source | first");
  });

  test("has no replica to promote when all are lost meanwhile", () => {
    const group = new Group(1);
    group.sim.forceFailover(group.id);
    group.inject("crash", "first");
    group.settle();
    expect(
      facts(group, "GroupStateEntered").map(({ lastError: fault }) => fault?.message),
    ).toContain("no replica is left that can be promoted");
    expect([group.status, group.roles]).toEqual(["REPLICATION_ERROR", "source | first"]);
  });

  test.each(["first", "second"] as const)(
    "leaves the group in REPLICATION_ERROR when %s was lost meanwhile",
    (lost) => {
      const group = new Group(2);
      group.sim.forceFailover(group.id);
      group.inject("hang", lost);
      group.settle();
      const winner = lost === "first" ? "second" : "first";
      expect([group.status, group.roles]).toEqual([
        "REPLICATION_ERROR",
        `${winner} | ${lost} source`,
      ]);
      group.inject("recover", lost);
      expect(group.status).toBe("ACTIVE");
    },
  );
});

test("a replacement without a member to copy from says so in its group", () => {
  const group = new Group(1);
  group.inject("crash", "source");
  group.advance(30_000);
  const replacement = group.idOf("source (2)");
  group.inject("crash", "first");
  const message = `its source ${group.idOf("first")} was lost, and no other member is left to copy`;
  const fault = { task: "build", message, createdAt: group.sim.now };
  const entered = facts(group, "InstanceStateEntered").filter(({ id }) => id === replacement);
  expect(entered.map((fact) => fact.lastError)).toContainEqual(fault);
  expect(facts(group, "GroupStateEntered").map((each) => each.lastError)).toContainEqual(fault);
});

import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReplicationSimulator } from "replication-simulator";
import {
  assertEqualWorld,
  assertInGroup,
  assertLost,
  assertRefusedBy,
  assertReplicas,
  assertReplicatesFrom,
  assertStatus,
  matchers,
  type ReplicationMatchers,
  showOnFailure,
  withOnTestFailed,
} from "replication-simulator/matchers";
import { createActiveHaGroup, createReplicationSet } from "replication-simulator/testing";
import SimulationReporter from "replication-simulator/vitest";
import { describe, expect, test } from "vitest";

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration that is merged has this default
  interface Matchers<T = any> extends ReplicationMatchers<T> {} // eslint-disable-line @typescript-eslint/no-explicit-any -- the declaration that is merged has this default
}
expect.extend(matchers);

/** A set whose second replica cannot be built. */
function failedBuild() {
  const sim = new ReplicationSimulator({ seed: 7 });
  const { source, replicas } = createReplicationSet(sim);
  sim.failTask({ task: "build", message: "no host has room" });
  const lost = sim.createReplica({ name: "eu", flavorId: 2, volumeGb: 10, replicaOf: source.id });
  sim.settle();
  return { sim, source, replica: replicas[0]?.id ?? "", failed: lost.id };
}

function messageOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the assertion passed");
}

describe("a matcher passes for what holds, and its negation for what does not", () => {
  test("toHaveStatus", () => {
    const { sim, source, failed } = failedBuild();
    expect(sim).toHaveStatus(source.id, "ACTIVE");
    expect(sim).not.toHaveStatus(failed, "ACTIVE");
    expect(sim).not.toHaveStatus("no such id", "ACTIVE");
    assertStatus(sim, failed, "ERROR");
  });

  test("toHaveReplicas, by ids in any order and by number", () => {
    const sim = new ReplicationSimulator();
    const { source, replicas } = createReplicationSet(sim, { replicas: 2 });
    const ids = replicas.map(({ id }) => id);
    expect(sim).toHaveReplicas(source.id, ids);
    expect(sim).toHaveReplicas(source.id, [...ids].reverse());
    expect(sim).toHaveReplicas(source.id, 2);
    expect(sim).not.toHaveReplicas(source.id, ids.slice(1));
    expect(sim).not.toHaveReplicas(source.id, 1);
    expect(sim).not.toHaveReplicas("no such id", 0);
    assertReplicas(sim, source.id, ids);
  });

  test("toReplicateFrom", () => {
    const { sim, source, replica } = failedBuild();
    expect(sim).toReplicateFrom(replica, source.id);
    expect(sim).not.toReplicateFrom(source.id, replica);
    assertReplicatesFrom(sim, replica, source.id);
  });

  test("toBeInGroup, of any group and of one", () => {
    const sim = new ReplicationSimulator();
    const { group, source } = createActiveHaGroup(sim);
    const other = sim.createInstance({ flavorId: 2, volumeGb: 10 });
    expect(sim).toBeInGroup(source.id);
    expect(sim).toBeInGroup(source.id, group.id);
    expect(sim).not.toBeInGroup(other.id);
    assertInGroup(sim, source.id, group.id);
  });

  test("toHaveLost, exactly and within bounds", () => {
    const sim = new ReplicationSimulator();
    const { source, replicas } = createReplicationSet(sim);
    sim.setWorkload(source.id, { transactionsPerSecond: 100 });
    sim.advance(60_000);
    expect(sim).toHaveLost(0);
    sim.inject({ kind: "crash", instanceId: source.id });
    sim.detachReplica(replicas[0]?.id ?? "");
    sim.settle();
    sim.advance(60_000);
    expect(sim).not.toHaveLost(0);
    expect(sim).toHaveLost({ atLeast: 1, atMost: 1_000 });
    expect(sim).not.toHaveLost({ atLeast: 1_000 });
    assertLost(sim, { atLeast: 1 });
  });

  test("toBeRefusedBy, for a function that throws and for a result", () => {
    const { sim, replica } = failedBuild();
    const chained = { flavorId: 2, volumeGb: 10, replicaOf: replica };
    expect(() => sim.createReplica(chained)).toBeRefusedBy("single-source");
    expect(sim.try.createReplica(chained)).toBeRefusedBy("single-source");
    expect(sim.try.createReplica(chained)).toBeRefusedBy();
    expect(sim.try.createReplica(chained)).not.toBeRefusedBy("volume-size");
    expect(() => sim.listInstances()).not.toBeRefusedBy();
    assertRefusedBy(
      () => sim.createInstance({ name: "", flavorId: 2, volumeGb: 900 }),
      "volume-size",
    );
  });

  test("toBeRefusedBy throws on what is no error of the simulator", () => {
    expect(() => {
      expect(() => {
        throw new TypeError("a bug in the test");
      }).toBeRefusedBy();
    }).toThrow("a bug in the test");
  });

  test("toEqualWorld", () => {
    const { sim } = failedBuild();
    const same = failedBuild().sim;
    expect(sim).toEqualWorld(same);
    same.advance(1);
    expect(sim).not.toEqualWorld(same);
    assertEqualWorld(sim, sim.fork());
  });
});

describe("a failure shows the world", () => {
  test("what was expected, the reason, the tree, the last entries about it, the causes and the seed", () => {
    const { sim, failed } = failedBuild();
    const message = messageOf(() => expect(sim).toHaveStatus(failed, "ACTIVE"));
    expect(message).toMatch(
      /^expected instance eu \([0-9a-f-]{36}\) to have status ACTIVE, but: it is ERROR \(no host has room\)$/m,
    );
    expect(message).toMatch(/^topology:\n {2}source orders \[/m);
    expect(message).toMatch(/^last journal entries about [0-9a-f-]{36}:\n(.*\n)*.*BUILD → ERROR/m);
    expect(message).toMatch(/^caused by:\n(.*\n)* {2}#\d+ failTask /m);
    expect(message).toMatch(/^seed: 7, virtual time: \d+$/m);
    expect(messageOf(() => assertStatus(sim, failed, "ACTIVE"))).toBe(message);
  });

  test("of another account as of one's own, and without a journal", () => {
    const sim = new ReplicationSimulator({ journal: false });
    const { id } = sim.account("5678").createInstance({ flavorId: 2, volumeGb: 10 });
    const message = messageOf(() => assertStatus(sim, id, "ACTIVE"));
    expect(message).toContain("it is BUILD");
    expect(message).toContain("no journal");
    expect(() => assertLost(sim, 0)).toThrow("journal: true");
  });

  test("what differs between two worlds", () => {
    const sim = new ReplicationSimulator();
    const other = sim.fork();
    other.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
    expect(messageOf(() => expect(sim).toEqualWorld(other))).toContain("orders");
  });

  test("the negated message says not", () => {
    const { sim, source } = failedBuild();
    expect(messageOf(() => expect(sim).not.toHaveStatus(source.id, "ACTIVE"))).toMatch(
      /not to have status ACTIVE/,
    );
  });

  test("and says so when it is given no simulator", () => {
    expect(() => expect(7).toHaveStatus("a", "ACTIVE")).toThrow("a ReplicationSimulator");
  });
});

describe("showOnFailure", () => {
  test("does nothing until the test fails, then prints the report and writes timeline and page", () => {
    const { sim } = failedBuild();
    const shows: (() => void)[] = [];
    const printed: string[] = [];
    const files = new Map<string, string>();
    showOnFailure(sim, {
      onTestFailed: (show) => shows.push(show),
      print: (report) => printed.push(report),
      writeFile: (path, content) => files.set(path, content),
      path: "out/failover",
    });
    expect(printed).toEqual([]);
    for (const show of shows) show();
    expect(printed.join()).toMatch(/source orders/);
    expect([...files.keys()]).toEqual(["out/failover.svg", "out/failover.html"]);
    expect(files.get("out/failover.svg")).toMatch(/^<svg/);
    expect(files.get("out/failover.html")).toMatch(/<!doctype html>/i);
  });
});

describe("withOnTestFailed", () => {
  test("runs what was registered after a failure, and fails as the test does", async () => {
    const { sim } = failedBuild();
    const printed: string[] = [];
    const failing = withOnTestFailed((onTestFailed) => {
      showOnFailure(sim, { onTestFailed, print: (report) => printed.push(report) });
      throw new RangeError("the test fails");
    });
    await expect(failing()).rejects.toThrow(RangeError);
    expect(printed.join()).toMatch(/source orders/);
  });

  test("runs nothing after a success, and passes on what the runner passes", async () => {
    let isShown = false;
    const passed: unknown[] = [];
    const passing = withOnTestFailed(async (onTestFailed, context: string) => {
      onTestFailed(() => {
        isShown = true;
      });
      passed.push(context);
      await Promise.resolve();
    });
    await passing("the context");
    expect([isShown, passed]).toEqual([false, ["the context"]]);
    // With a named parameter Jest and Mocha would wait for a callback.
    expect(passing).toHaveLength(0);
  });
});

describe("the reporter for Vitest", () => {
  /** A test case as the reporter sees it, after a test has failed that shows these simulators. */
  function caseOf(state: string, ...sims: readonly ReplicationSimulator[]) {
    const meta = {};
    for (const sim of sims) {
      showOnFailure(sim, {
        onTestFailed: (show) => {
          // As in Vitest: the context is a function, the task an object of a class.
          const task = Object.assign(Object.create({ isOfClass: true }) as object, { meta });
          show(Object.assign(() => undefined, { task }));
        },
        print: () => undefined,
      });
    }
    return {
      fullName: "a group > fails over",
      module: { relativeModuleId: "test/ha.test.ts" },
      meta: () => structuredClone(meta),
      result: () => ({ state }),
    };
  }

  test("writes timeline and page of each simulator of a failed test, and says where", () => {
    const outputDir = join(mkdtempSync(join(tmpdir(), "reporter-")), "results");
    const lines: string[] = [];
    const reporter = new SimulationReporter({ outputDir, print: (line) => lines.push(line) });
    reporter.onTestCaseResult(caseOf("failed", failedBuild().sim, failedBuild().sim));
    const name = "test-ha-test-ts-a-group-fails-over";
    expect(readdirSync(outputDir).sort()).toEqual([
      ...[`${name}-2.html`, `${name}-2.svg`, `${name}.html`, `${name}.svg`],
    ]);
    expect(readFileSync(join(outputDir, `${name}.svg`), "utf8")).toMatch(/^<svg/);
    expect(lines[0]).toBe(
      `a group > fails over: ${join(outputDir, name)}.svg, ${join(outputDir, name)}.html`,
    );
  });

  test("writes nothing for a test that passes, nor for one without a simulator", () => {
    const outputDir = join(mkdtempSync(join(tmpdir(), "reporter-")), "results");
    const reporter = new SimulationReporter({ outputDir });
    reporter.onTestCaseResult(caseOf("passed", failedBuild().sim));
    reporter.onTestCaseResult(caseOf("failed"));
    expect(existsSync(outputDir)).toBe(false);
  });

  test("refuses options that it does not know", () => {
    expect(() => new SimulationReporter({ output: "x" } as never)).toThrow("one of outputDir");
  });
});

import { type MeasureKind, type ScenarioInput, scenario } from "replication-simulator/scenario";
import { describe, expect, test } from "vitest";
import { prepareDesign } from "../../src/whatif/future/design.js";
import { runFuture } from "../../src/whatif/future/runFuture.js";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

type Parts = Omit<ScenarioInput, "scenario" | "measures">;

/** A measure of each of some things, in one future. */
function measured(
  parts: Parts,
  measure: MeasureKind,
  things: readonly (string | undefined)[],
  more: object = {},
): readonly unknown[] {
  const measures = Object.fromEntries(
    things.map((of, at) => [`m${String(at)}`, { measure, ...more, ...(of && { of }) }]),
  );
  const question = scenario({ scenario: 1, ...parts, measures } as ScenarioInput);
  const { outcome } = runFuture(prepareDesign(question), 1);
  return things.map((_, at) => outcome[`m${String(at)}`]);
}

const writes = { writes: { perSecond: 100 } };
const set = { kind: "set", replicas: 2, ...writes } as const;
const crash = (at: string, of: string, lasting: string): object => ({
  at,
  do: { fault: "crash", of, for: lasting },
});
const about = (topology: object, steps: readonly object[], more: object = {}): Parts =>
  ({ topology, steps, horizon: "8h", ...more }) as Parts;

describe("a measure of one instance is its own", () => {
  const parts = about({ orders: set }, [
    crash("1h", "orders.2", "1h"),
    { at: "4h", do: { fault: "cutLink", of: "orders.3", for: "30m" } },
  ]);
  const instances = ["orders.1", "orders.2", "orders.3"];

  test.each<[measure: MeasureKind, values: readonly number[]]>([
    ["writesDown", [0, hour, 0]],
    ["readsDown", [0, hour, 0]],
    ["noCopy", [0, hour, 30 * minute]],
    ["degraded", [0, hour, 30 * minute]],
    ["faults", [0, 1, 1]],
    ["instanceHours", [8, 8, 8]],
  ])("%s", (measure, values) => {
    expect(measured(parts, measure, instances)).toEqual(values);
  });

  test("degraded with so many copies at most", () => {
    expect(measured(parts, "degraded", instances, { copies: 1 })).toEqual([
      8 * hour,
      8 * hour,
      8 * hour,
    ]);
    expect(measured(parts, "degraded", ["orders"], { copies: 1 })).toEqual([0]);
    expect(measured(parts, "degraded", ["orders"], { copies: 2 })).toEqual([90 * minute]);
  });

  test("without its replicas, where it is their source", () => {
    const source = about({ orders: set }, [crash("1h", "orders.1", "1h")]);
    for (const measure of ["writesDown", "readsDown", "noCopy", "degraded"] as const) {
      expect(measured(source, measure, ["orders.1"])).toEqual([hour]);
    }
    expect(measured(source, "readsDown", ["orders"])).toEqual([0]);
  });

  test("lag", () => {
    const most = measured(parts, "lag", ["orders.1", "orders.3", "orders"], { quantile: 1 });
    expect(most[0]).toBe(0);
    expect(most[1]).toBe(second + 30 * minute);
    expect(most[2]).toBe(second + hour);
  });

  test("instance hours of one that is deleted, and of all", () => {
    const deleted = about({ orders: set, users: { kind: "instance" } }, [
      { at: "3h", do: { command: "deleteInstance", of: "orders.2" } },
    ]);
    const [one, whole, all] = measured(deleted, "instanceHours", [
      "orders.2",
      "orders",
      undefined,
    ]) as [number, number, number];
    expect(one).toBeGreaterThan(3);
    expect(one).toBeLessThan(3.01);
    expect(whole).toBeCloseTo(16 + one, 9);
    expect(all).toBeCloseTo(24 + one, 9);
  });
});

describe("a count", () => {
  test("of faults has each once, of a thing those of its instances", () => {
    const parts = about({ orders: set, users: { kind: "instance" } }, [
      crash("1h", "orders.1", "10m"),
      crash("2h", "orders.2", "10m"),
      crash("3h", "users.1", "10m"),
    ]);
    const things = ["orders", "orders.2", "users", undefined];
    expect(measured(parts, "faults", things)).toEqual([2, 1, 1, 3]);
    expect(measured({ ...parts, warmUp: "1h" }, "faults", things)).toEqual([2, 1, 1, 3]);
    expect(measured({ ...parts, warmUp: "61m" }, "faults", things)).toEqual([1, 1, 1, 2]);
  });

  test("of refused commands begins after the warm-up, with what is refused at that moment", () => {
    const steps = ["1h", "2h", "3h"].map((at) => ({
      at,
      do: { command: "detachReplica", of: "orders" },
    }));
    const counted = (warmUp: string): unknown =>
      measured(about({ orders: { kind: "instance" } }, steps, { warmUp }), "refused", [
        undefined,
      ])[0];
    expect([counted("0s"), counted("2h"), counted("121m")]).toEqual([3, 2, 1]);
  });

  test("of failovers is that of its group, and so are their durations", () => {
    const group = { kind: "group", replicas: 2 };
    // b is down for 6 s when the failover of a ends, 20 s after its beginning.
    const parts = about({ a: group, b: group }, [
      { at: "1h", do: { fault: "crash", of: "a.source" } },
      { at: 3_615_000, do: { fault: "crash", of: "b.source", for: "6s" } },
    ]);
    expect(measured(parts, "failovers", ["a", "b", undefined])).toEqual([1, 0, 1]);
    expect(measured(parts, "interruptions", ["a", "b"])).toEqual([[20_000], [6000]]);
    expect(measured(parts, "failoverTime", ["a", "b", undefined])).toEqual([
      [20_000],
      [],
      [20_000],
    ]);
    expect(measured(parts, "recoveryTime", ["a", "b"])).toEqual([[20_000], []]);
  });

  test("of aborted failovers is that of its group", () => {
    const group = { kind: "group", replicas: 1 };
    const parts = about({ a: group, b: group }, [
      crash("1h", "a.r1", "1h"),
      crash("1h", "a.source", "1h"),
    ]);
    const [a, b, all] = measured(parts, "abortedFailovers", ["a", "b", undefined]);
    expect([a, b, all]).toEqual([1, 0, 1]);
    expect(measured(parts, "failovers", ["a"])).toEqual([0]);
    expect(measured({ ...parts, warmUp: "2h" }, "abortedFailovers", ["a"])).toEqual([0]);
  });

  test("of lost transactions is that of its thing", () => {
    const parts = about({ a: set, b: set }, [
      { at: "1h", do: { fault: "crash", of: "a.source" } },
      { at: "2h", do: { command: "detachReplica", of: "a.freshest" } },
    ]);
    expect(measured(parts, "lostTransactions", ["a", "b", undefined])).toEqual([100, 0, 100]);
    expect(measured(parts, "recoveryPoint", ["a", "b", undefined])).toEqual([[990], [], [990]]);
  });
});

describe("the time of recovery", () => {
  test("counts to the end where clients went to an instance that is down as well", () => {
    const parts = about({ orders: set }, [
      { at: "1h", do: { command: "detachReplica", of: "orders.r1" } },
      { at: "2h", do: { fault: "crash", of: "orders.1" } },
      { at: "2h", do: { fault: "crash", of: "orders.2" } },
      { at: "3h", do: { command: "moveClients", of: "orders.1", toInstanceId: "orders.2" } },
    ]);
    expect(measured(parts, "interruptions", ["orders"])).toEqual([[6 * hour]]);
    expect(measured(parts, "recoveryTime", ["orders"])).toEqual([[6 * hour]]);
    expect(measured(parts, "failoverTime", ["orders"])).toEqual([[]]);
  });
});

describe("the age of backups", () => {
  test("is taken at each loss of a source after the warm-up, and at the end", () => {
    const parts = about({ orders: set }, [
      { at: "1h", do: { command: "createBackup", name: "b", of: "orders" } },
      crash("2h", "orders.1", "10m"),
      crash("4h", "orders.2", "10m"),
      crash("6h", "orders.1", "10m"),
    ]);
    const ages = (warmUp: string): unknown =>
      measured({ ...parts, warmUp }, "backupAge", ["orders"])[0];
    expect(ages("0s")).toEqual([hour, 5 * hour, 7 * hour]);
    expect(ages("2h")).toEqual([hour, 5 * hour, 7 * hour]);
    expect(ages("3h")).toEqual([5 * hour, 7 * hour]);
  });
});

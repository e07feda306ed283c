import { InvalidWorldDataError, ReplicationSimulator } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { group } from "../rules/fixtures.js";

/*
 * Logs and links in snapshots: what is refused there, and what matters for the future.
 */

type Path = `log.${string}` | `link.${string}`;

/** A group whose replica is cut off, and whose commits wait; another one whose line is slow. */
const worlds = {
  cut: saved((sim) => {
    sim.inject({ kind: "cutLink", replicaId: "instance-1" });
    sim.advance(1_000);
    sim.inject({ kind: "breakReplication", replicaId: "instance-1" });
  }),
  slow: saved((sim) => {
    sim.inject({ kind: "slowLink", replicaId: "instance-1", lagMs: 5_000, factor: 2 });
  }),
};

function saved(step: (sim: ReplicationSimulator) => void): ReplicationSimulator {
  const sim = group();
  sim.setWorkload("instance-0", { transactionsPerSecond: 1000, bytesPerTransaction: 10 });
  sim.advance(10_000);
  step(sim);
  return sim;
}

/** The world that a snapshot holds in which a part of a log or a link has another value. */
function restored(world: keyof typeof worlds, path: Path, value: unknown): ReplicationSimulator {
  const snapshot = JSON.parse(JSON.stringify(worlds[world].snapshot()));
  const parts = path.split(".");
  const last = parts.pop() ?? "";
  let part = snapshot.topology.instances.rows[path.startsWith("log") ? 0 : 1];
  for (const name of parts) part = part[name];
  part[last] = value;
  return ReplicationSimulator.restore(snapshot);
}

describe("a snapshot is refused", () => {
  test.each<readonly [Path, unknown, string]>([
    ["log.workload.transactionsPerSecond", 100_001, " must be an integer from 0 to 100000"],
    ["log.workload.transactionsPerSecond", -1, " must be an integer from 0 to 100000"],
    ["log.workload.bytesPerTransaction", 1_000_001, " must be an integer from 0 to 1000000"],
    ["log.workload.bytesPerTransaction", -1, " must be an integer from 0 to 1000000"],
    ["log.pieces", [], " must be an array of 1 to "],
    ["log.origin", {}, ".instanceId is required: a string"],
    ["log.origin", { instanceId: "a" }, ".transactions is required: an integer from 0 on"],
    ["log.semiSynchrony.status", "off", " must be one of on, degraded"],
    ["log.semiSynchrony.status", "", " must be one of on, degraded"],
    ["log.semiSynchrony.acknowledged", null, " must be an integer of ms from 0 to "],
    ["log.semiSynchrony.due", { seq: 1, cause: 1 }, ".dueAt is required: an integer from 0 on"],
    ["log.semiSynchrony.due", { dueAt: 1, cause: 1 }, ".seq is required: an integer from 0 on"],
    ["log.semiSynchrony.due", { dueAt: 1, seq: 1 }, ".cause is required: an integer from 0 on"],
    ["link.failure", { message: "m" }, ".code is required: an integer from 0 on"],
    ["link.failure", { code: 1062 }, ".message is required: a string"],
    ["link.condition", null, " must be an object with condition"],
    ["link.condition", "cut", " must be an object with condition"],
    ["link.condition.condition", "lost", " must be one of normal, cut"],
    ["link.condition.condition", "", " must be one of normal, cut"],
    ["link.condition", { condition: "cut", factor: 2 }, ".factor is not known here"],
    ["link.condition", { condition: "slow", factor: 0.5 }, ".factor must be a number from 1 to"],
    ["link.condition", { condition: "slow", factor: 1001 }, ".factor must be a number from 1 to"],
    ["link.condition", { condition: "slow", extraLagMs: -1 }, ".extraLagMs must be an integer"],
    ["link.condition", { condition: "slow", delay: 5 }, ".delay is not known here"],
    ["link.receives", 1, " must be a boolean"],
    ["link.received", 0.5, " must be an integer of ms from 0 to "],
  ])("with %s = %j", (path, value, message) => {
    const row = path.startsWith("log") ? 0 : 1;
    const read = (): unknown => restored("cut", path, value);
    expect(read).toThrow(InvalidWorldDataError);
    expect(read).toThrow(`topology.instances.rows[${String(row)}].${path}${message}`);
  });

  test.each(["cut", "slow"] as const)("in no other case: a line that is %s", (world) => {
    const sim = worlds[world];
    const copy = ReplicationSimulator.restore(JSON.parse(JSON.stringify(sim.snapshot())));
    expect(copy.fingerprint()).toBe(sim.fingerprint());
  });
});

describe("for the future it matters", () => {
  const since = worlds.cut.now;

  test.each<readonly [keyof typeof worlds, Path, unknown, boolean]>([
    ["cut", "log.workload.bytesPerTransaction", 11, true],
    ["cut", "log.pieces.0.bytes", 1, false],
    ["cut", "log.stalledSince", null, true],
    ["cut", "log.stalledSince", since - 1, false],
    ["cut", "log.resumedAt", since - 1, false],
    ["cut", "log.lostTransactions", 5, false],
    ["cut", "log.replacedId", "instance-7", false],
    ["cut", "log.origin", { instanceId: "instance-7", transactions: 1 }, false],
    ["cut", "log.abandonedTransactions", 5, false],
    ["cut", "log.semiSynchrony.status", "degraded", true],
    ["cut", "log.semiSynchrony.acknowledged", since - 1_999, false],
    ["cut", "log.semiSynchrony.waitsFrom", since + 9_000, true],
    ["cut", "log.semiSynchrony.due.dueAt", since + 8_002, false],
    ["cut", "log.semiSynchrony.due", null, true],
    ["cut", "link.failure.message", "another", true],
    ["cut", "link.lagMs", 7, false],
    ["cut", "link.applyMs", 7, false],
    ["cut", "link.at", since - 1, false],
    ["cut", "link.received", since - 1_999, false],
    ["cut", "link.applied", since - 2_999, false],
    ["slow", "link.condition", { condition: "slow", factor: 2, extraLagMs: 4 }, true],
  ])("in a line that is %s: %s = %j? %s", (world, path, value, matters) => {
    const shape = worlds[world].stateSpace.shape();
    expect(restored(world, path, value).stateSpace.shape() !== shape).toBe(matters);
  });
});

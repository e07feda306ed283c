import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  appliedBehindMax,
  bestCandidate,
  type Candidate,
} from "../../src/service/failover/candidate.js";
import { Group } from "./fixtures.js";

const replica = (id: string, receivedBytes: number, appliedBytes = receivedBytes): Candidate => ({
  id,
  isHealthy: true,
  receivedBytes,
  appliedBytes,
  applies: true,
});
const winner = (...candidates: readonly Candidate[]) => bestCandidate(candidates)?.id;

describe("the choice of a new source", () => {
  test("falls on the replica that has received most", () => {
    expect(winner(replica("a", 10), replica("b", 12), replica("c", 11))).toBe("b");
  });

  test("of equals, on the first in order of membership", () => {
    expect(winner(replica("a", 10), replica("b", 12), replica("c", 12))).toBe("b");
    expect(winner(replica("a", 0), replica("b", 0))).toBe("a");
  });

  test("passes over one that is down, whatever it has", () => {
    expect(winner({ ...replica("a", 12), isHealthy: false }, replica("b", 1))).toBe("b");
  });

  test("passes over one that has more than 100,000,000 bytes to apply, and takes the next best", () => {
    const latest = 900_000_000;
    const behind = latest - appliedBehindMax;
    expect(winner(replica("a", latest, behind), replica("b", latest - 1))).toBe("a");
    expect(winner(replica("a", latest, behind - 1), replica("b", latest - 1))).toBe("b");
    // Behind is what is missing from the latest of those that live.
    expect(winner(replica("a", latest, behind - 1), replica("b", behind - 1))).toBeUndefined();
    expect(winner({ ...replica("a", latest), isHealthy: false }, replica("b", behind - 1))).toBe(
      "b",
    );
  });

  test("falls on one that cannot apply only when no other is eligible, whatever it has", () => {
    const broken = { ...replica("a", 12, 3), applies: false };
    expect(winner(broken, replica("b", 1))).toBe("b");
    expect(winner(replica("b", 1), broken)).toBe("b");
    expect(winner(broken)).toBe("a");
    expect(winner(broken, { ...replica("b", 1), isHealthy: false })).toBe("a");
    expect(winner({ ...broken, id: "c", receivedBytes: 4 }, broken)).toBe("a");
    // Too far behind is worse than unable to apply.
    const latest = 900_000_000;
    const behind = replica("b", latest, latest - appliedBehindMax - 1);
    expect(winner(behind, { ...replica("a", latest), applies: false })).toBe("a");
  });

  test("selects no replica when none is eligible", () => {
    expect(winner()).toBeUndefined();
    expect(winner({ ...replica("a", 12), isHealthy: false })).toBeUndefined();
  });

  test("is never beaten by an eligible one: a slower oracle agrees", () => {
    const bytes = fc.integer({ min: 0, max: 4 }).map((step) => step * 50_000_001);
    const candidate = fc
      .record({
        isHealthy: fc.boolean(),
        applies: fc.boolean(),
        receivedBytes: bytes,
        lag: bytes,
      })
      .map(({ lag, ...rest }) => ({
        ...rest,
        appliedBytes: Math.max(0, rest.receivedBytes - lag),
      }));
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 4 }), (drawn) => {
        const all = drawn.map((one, at) => ({ ...one, id: String(at) }));
        const alive = all.filter(({ isHealthy }) => isHealthy);
        const latest = Math.max(0, ...alive.map(({ receivedBytes }) => receivedBytes));
        const eligible = alive.filter(({ appliedBytes }) => latest - appliedBytes <= 100_000_000);
        const [first] = [...eligible].sort(
          (a, b) =>
            Number(b.applies) - Number(a.applies) ||
            b.receivedBytes - a.receivedBytes ||
            Number(a.id) - Number(b.id),
        );
        expect(bestCandidate(all)?.id).toBe(first?.id);
      }),
    );
  });
});

describe("a group that is written to", () => {
  const written = (transactionsPerSecond: number, bytesPerTransaction: number) => {
    const group = new Group(2);
    const id = group.idOf("source");
    group.sim.setWorkload(id, { transactionsPerSecond, bytesPerTransaction });
    group.advance(60_000);
    return group;
  };

  test("promotes the replica that has received more, though it is the younger member", () => {
    const group = written(100, 1_000);
    group.sim.inject({ kind: "cutLink", replicaId: group.idOf("first") });
    group.advance(60_000);
    const before = group.sim.getReplicationStatus(group.idOf("source"));
    group.inject("crash", "source");
    group.settle();
    expect(group.roles).toMatch(/^second \|/);
    const promoted = group.sim
      .journal()
      .lines.flatMap(({ facts }) => facts)
      .find((fact) => fact.type === "SourcePromoted");
    expect(promoted).toMatchObject({
      newSourceId: group.idOf("second"),
      writtenPosition: before.role === "source" ? before.writtenPosition : {},
    });
  });

  test.each([
    { workload: 100, promoted: "second" },
    // Without writes nothing is behind, but the error stands all the same.
    { workload: 0, promoted: "second" },
  ])(
    "promotes the replica that applies, not the one that an error has stopped, at $workload a second",
    ({ workload, promoted }) => {
      const group = workload === 0 ? new Group(2) : written(workload, 1_000);
      const { sim } = group;
      sim.inject({ kind: "breakReplication", replicaId: group.idOf("first") });
      // The older member receives on, so that both have received the same.
      group.advance(60_000);
      group.inject("crash", "source");
      group.settle();
      expect(group.roles).toMatch(new RegExp(`^${promoted} \\|`));
      expect(sim.listFailovers(group.id)).toMatchObject([{ lostTransactions: 0 }]);
    },
  );

  test.each([100, 0])(
    "promotes the replica that cannot apply where no other lives, at %i a second",
    (workload) => {
      const group = workload === 0 ? new Group(2) : written(workload, 1_000);
      group.sim.inject({ kind: "breakReplication", replicaId: group.idOf("first") });
      group.inject("crash", "second");
      group.inject("crash", "source");
      group.settle();
      expect(group.roles).toMatch(/^first \|/);
    },
  );

  test("promotes the replica that applies, and loses nothing that only the other one has received", () => {
    const group = written(100, 1_000);
    const { sim } = group;
    sim.inject({ kind: "breakReplication", replicaId: group.idOf("first") });
    sim.inject({ kind: "cutLink", replicaId: group.idOf("second") });
    group.advance(30_000);
    group.inject("crash", "source");
    group.settle();
    expect(group.roles).toMatch(/^second \|/);
    expect(sim.listFailovers(group.id)).toMatchObject([{ lostTransactions: 0 }]);
  });

  test("promotes the older member though an error has stopped it from receiving, if it has as much", () => {
    const group = new Group(2);
    const first = group.idOf("first");
    group.sim.inject({ kind: "breakReplication", replicaId: first, thread: "receiving" });
    group.inject("crash", "source");
    group.settle();
    expect(group.roles).toMatch(/^first \|/);
  });

  test("backs up the replica that has received more (R107)", () => {
    const group = new Group(2, { latency: { receiveLag: { from: 1, to: 5_000 } }, seed: 4 });
    group.sim.setWorkload(group.idOf("source"), { transactionsPerSecond: 1_000 });
    group.advance(60_000);
    const received = (name: string): number => {
      const found = group.sim.getReplicationStatus(group.idOf(name));
      return found.role === "replica" ? found.receivedPosition.bytes : 0;
    };
    const fresher = received("first") > received("second") ? "first" : "second";
    expect(received("first")).not.toBe(received("second"));
    const backup = group.sim.createBackup({ name: "b", ownerKind: "ha", ownerId: group.id });
    expect(backup.instanceId).toBe(group.idOf(fresher));
  });

  test("waits for the only replica that lives, as long as it has too much to apply", () => {
    const group = new Group(1, { latency: { applyLag: 40_000 } });
    const id = group.idOf("source");
    group.sim.setWorkload(id, { transactionsPerSecond: 1_000, bytesPerTransaction: 10_000 });
    group.advance(120_000);
    group.inject("crash", "source");
    group.settle();
    // 400 MB are not applied when the source is lost: 200 MB after 20 s, none after 40 s.
    expect([group.count("FailoverAborted"), group.count("SourcePromoted")]).toEqual([1, 1]);
    expect([group.status, group.roles]).toEqual(["ACTIVE", "first | source (2)"]);
  });

  test("gives up when that takes longer than three attempts, until an operator repairs it", () => {
    const group = new Group(1, { latency: { applyLag: 400_000 } });
    const id = group.idOf("source");
    group.sim.setWorkload(id, { transactionsPerSecond: 1_000, bytesPerTransaction: 10_000 });
    group.advance(600_000);
    group.inject("crash", "source");
    group.settle();
    expect([group.status, group.count("FailoverAborted")]).toEqual(["REPLICATION_ERROR", 3]);
    expect(group.row.lastError?.message).toBe("every replica that lives has too much to apply");
    group.advance(400_000);
    group.sim.repairGroup(group.id);
    group.settle();
    expect([group.status, group.roles]).toEqual(["ACTIVE", "first | source (2)"]);
  });

  test("loses nothing that was acknowledged, and takes writes again after 20 s", () => {
    const group = written(200, 1_000);
    group.inject("crash", "source");
    group.settle();
    const resumed = group.sim
      .journal()
      .lines.flatMap(({ facts }) => facts)
      .find((fact) => fact.type === "WritesResumed");
    expect(resumed).toMatchObject({ unavailableMs: 20_000, lostTransactions: 0 });
  });

  test("waits for no acknowledgement any more when its source is lost after the writes have ended", () => {
    const group = new Group(1);
    const id = group.idOf("source");
    group.sim.setWorkload(id, { transactionsPerSecond: 10 });
    group.advance(10_999);
    group.sim.setWorkload(id, { transactionsPerSecond: 0 });
    group.sim.inject({ kind: "crash", instanceId: group.idOf("first"), durationMs: 0 });
    group.inject("crash", "source");
    group.settle();
    expect([group.status, group.roles]).toEqual(["ACTIVE", "first | source (2)"]);
  });
});

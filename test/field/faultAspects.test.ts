import { describe, expect, it } from "vitest";
import { createHandler } from "../../src/http/index.js";
import { type Fault, ReplicationSimulator } from "../../src/index.js";
import { journalTimeline, timelineSvg } from "../../src/render/index.js";
import { createActiveHaGroup, expectNoBrokenInvariants } from "../../src/testing/index.js";
import { caller } from "./caller.js";

/*
 * The faults that operators meet, each with what it must not break, its effect, its recovery, its picture and its words
 * in `explain`.
 */

const size = { flavorId: 2, volumeGb: 10 };

/** A group whose members stand in zones of their own, and a neighbour that stands where its source does. */
function world() {
  const sim = new ReplicationSimulator({ seed: 9 });
  const { group, source, replicas } = createActiveHaGroup(sim, {
    replicas: 2,
    places: [{ zone: "zone-1" }, { zone: "zone-2" }, { zone: "zone-3" }],
  });
  const backup = sim.createBackup({ name: "nightly", ownerKind: "ha", ownerId: group.id });
  const other = sim.createInstance({ ...size, name: "reports", zone: "zone-2" });
  const near = sim.createInstance({ ...size, name: "near", zone: "zone-1" });
  sim.settle();
  sim.setWorkload(source.id, { transactionsPerSecond: 100 });
  sim.setWorkload(other.id, { transactionsPerSecond: 10 });
  sim.advance(60_000);
  const since = sim.journal().lines.length;
  return { sim, group, source, replicas, backup, other, near, since };
}

type World = ReturnType<typeof world>;

const written = (sim: ReplicationSimulator, id: string): number => {
  const status = sim.getReplicationStatus(id);
  return status.role === "source" ? status.writtenPosition.transactions : 0;
};

interface Aspects {
  readonly name: string;
  readonly fault: (world: World) => Fault;
  readonly effect: (world: World) => void;
  readonly recovery: (world: World, faultId: string) => void;
  /** Words in the timeline and in the picture. */
  readonly words: string;
  /** Whether `explain` leads to it from the group. */
  readonly isExplained: boolean;
}

const faults: readonly Aspects[] = [
  {
    name: "S6: a host is lost with its data for good",
    fault: ({ source }) => ({ kind: "loseHost", instanceId: source.id }),
    effect: ({ sim, source, group }) => {
      expect(sim.getInstance(source.id).status).toBe("ERROR");
      sim.settle();
      expect(sim.getGroup(group.id)).toMatchObject({ status: "ACTIVE" });
      expect(sim.getGroup(group.id).sourceId).not.toBe(source.id);
    },
    recovery: ({ sim, source, backup }) => {
      expect(sim.try.restartInstance(source.id).ok).toBe(false);
      expect(sim.try.inject({ kind: "recover", instanceId: source.id }).ok).toBe(false);
      const restored = sim.createInstance({ ...size, restoreFrom: backup.id });
      sim.settle();
      expect(sim.getInstance(restored.id)).toMatchObject({
        status: "ACTIVE",
        usedGb: sim.getBackup(backup.id).dataGb,
      });
    },
    words: "its host is lost, with its data",
    isExplained: true,
  },
  {
    name: "C35: a source is cut off from replicas and monitor, not from its users",
    fault: ({ source }) => ({ kind: "partition", instanceId: source.id, durationMs: 300_000 }),
    effect: ({ sim, source, group }) => {
      const before = written(sim, source.id);
      sim.advance(5_000);
      expect(written(sim, source.id)).toBe(before + 500);
      expect(sim.getInstance(source.id).status).toBe("ACTIVE");
      sim.settle();
      expect(sim.getGroup(group.id).failovers).toHaveLength(1);
    },
    recovery: ({ sim, group }, faultId) => {
      sim.advance(3_000);
      sim.clearFault(faultId);
      sim.settle();
      // Three pings missed are a false alarm.
      expect(sim.getGroup(group.id)).toMatchObject({ status: "ACTIVE", failovers: [] });
    },
    words: "it is cut off from replicas and monitor, and its clients reach it",
    isExplained: true,
  },
  {
    name: "several at once: a zone fails",
    fault: () => ({ kind: "correlated", effect: "crash", zone: "zone-1" }),
    effect: ({ sim, source, near, group }) => {
      expect([source.id, near.id].map((id) => sim.getInstance(id).status)).toEqual([
        "SHUTDOWN",
        "SHUTDOWN",
      ]);
      sim.settle();
      expect(sim.getGroup(group.id).failovers).toHaveLength(1);
    },
    recovery: ({ sim, source, near }, faultId) => {
      sim.clearFault(faultId);
      expect([source.id, near.id].map((id) => sim.getInstance(id).status)).toEqual([
        "ACTIVE",
        "ACTIVE",
      ]);
      expect(sim.listFaults()).toEqual([]);
    },
    words: "crash of all instances in zone-1",
    isExplained: true,
  },
  {
    name: "C44: a request is carried out and not answered",
    fault: () => ({ kind: "loseAnswers" }),
    effect: ({ sim }) => {
      const handler = createHandler(sim);
      const instance = { name: "lost", flavorRef: "2", volume: { size: 10 } };
      const request = {
        method: "POST",
        url: `http://db.test/v1.0/${sim.accountId}/instances`,
        headers: { "X-Auth-Token": "t", "Content-Type": "application/json" },
        body: JSON.stringify({ instance }),
      };
      expect(() => handler.handleSync(request)).toThrow("its answer is lost");
      expect(sim.listInstances().items.filter(({ name }) => name === "lost")).toHaveLength(1);
    },
    recovery: ({ sim }, faultId) => {
      sim.clearFault(faultId);
      const handler = createHandler(sim);
      const url = `http://db.test/v1.0/${sim.accountId}/instances`;
      const headers = { "X-Auth-Token": "t" };
      expect(handler.handleSync({ method: "GET", url, headers }).status).toBe(200);
    },
    words: "the next request is carried out and not answered",
    isExplained: false,
  },
];

describe.each(faults)("$name", ({ fault, effect, recovery, words }) => {
  it("has its effect", () => {
    const made = world();
    made.sim.inject(fault(made));
    effect(made);
    expectNoBrokenInvariants(made.sim);
  });

  it("breaks nothing else: the row, the writes and the draws of an instance elsewhere", () => {
    const [affected, spared] = [world(), world()];
    affected.sim.inject(fault(affected));
    for (const { sim, other } of [affected, spared]) {
      sim.resizeVolume(other.id, 20);
      sim.advance(600_000);
    }
    const rowOf = ({ sim, other }: World) => {
      const { work: _, ...row } = sim.getInstance(other.id);
      return row;
    };
    expect(rowOf(affected)).toEqual(rowOf(spared));
    expect(written(affected.sim, affected.other.id)).toBe(written(spared.sim, spared.other.id));
    expectNoBrokenInvariants(affected.sim);
  });

  it("is recovered from as it should be", () => {
    const made = world();
    recovery(made, made.sim.inject(fault(made)));
    expectNoBrokenInvariants(made.sim);
  });

  it("is in the timeline and in its picture, in words", () => {
    const made = world();
    const { sim, since } = made;
    sim.inject(fault(made));
    sim.advance(60_000);
    expect(journalTimeline(sim.journal(), { since })).toContain(words);
    expect(timelineSvg(sim.journal(), { since })).toContain(words);
  });

  it("comes back from a snapshot and from a replay", () => {
    const made = world();
    const { sim } = made;
    sim.inject(fault(made));
    const worlds = [
      ReplicationSimulator.restore(sim.snapshot()),
      ReplicationSimulator.replay(sim.journal()),
    ];
    sim.advance(60_000);
    for (const one of worlds) {
      one.advance(60_000);
      expect(one.fingerprint()).toBe(sim.fingerprint());
    }
  });
});

describe.each(faults.filter(({ isExplained }) => isExplained))("$name", ({ fault }) => {
  it("is what `explain` leads to from the group", () => {
    const made = world();
    const { sim, group } = made;
    const { kind } = fault(made);
    sim.inject(fault(made));
    sim.settle();
    const triggers = sim.explain(group.id).map(({ line }) => line.trigger);
    expect(triggers).toContainEqual(
      expect.objectContaining({
        command: expect.objectContaining({ fault: expect.objectContaining({ kind }) }),
      }),
    );
  });
});

describe("C44: what a lost answer does not touch", () => {
  it("calls in the process, and what created an instance is its only cause", async () => {
    const { sim } = world();
    sim.inject({ kind: "loseAnswers", times: 1 });
    expect(sim.listInstances().items).not.toEqual([]);
    const call = caller(createHandler(sim));
    const instance = { name: "lost", flavorRef: "2", volume: { size: 10 } };
    await expect(call("POST", "/instances", { instance })).rejects.toThrow(TypeError);
    const { id = "" } = sim.listInstances().items.find(({ name }) => name === "lost") ?? {};
    expect(sim.explain(id).map(({ line }) => line.trigger)).toMatchObject([
      { command: { type: "createInstance" } },
    ]);
  });
});

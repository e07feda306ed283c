import { describe, expect, it } from "vitest";
import { type Instance, ReplicationSimulator } from "../../src/index.js";
import { prepareScenario } from "../../src/scenario/run/prepare.js";
import {
  createActiveHaGroup,
  createReplicationSet,
  expectNoBrokenInvariants,
} from "../../src/testing/index.js";

const size = { flavorId: 2, volumeGb: 10 };

const placesOf = (rows: readonly Instance[]) => rows.map(({ zone, rack }) => `${zone} ${rack}`);

describe("the region has the zones and racks of the option", () => {
  it("which instances are placed in, and no others", () => {
    const sim = new ReplicationSimulator({ placement: { zones: 2, racksPerZone: 1 } });
    const rows = Array.from({ length: 25 }, () => sim.createInstance(size));
    expect([...new Set(placesOf(rows))].sort()).toEqual(["zone-1 rack-1", "zone-2 rack-2"]);
  });

  it("and which snapshots and forks keep", () => {
    const sim = new ReplicationSimulator({ placement: { zones: 5 } });
    const restored = ReplicationSimulator.restore(sim.snapshot());
    for (const world of [sim, sim.fork(), restored]) {
      expect(world.createInstance({ ...size, zone: "zone-5" })).toMatchObject({ zone: "zone-5" });
    }
  });

  it.each([
    [{ zones: 0 }, "placement.zones"],
    [{ zones: 21 }, "placement.zones"],
    [{ racksPerZone: 1.5 }, "placement.racksPerZone"],
    [{ spread: "hosts" }, "placement.spread"],
    [{ zone: 3 }, "placement.zone"],
    ["three", "placement"],
  ])("%j is refused", (placement, field) => {
    expect(() => new ReplicationSimulator({ placement } as never)).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ field })] }),
    );
  });
});

describe("members are spread as the option says", () => {
  const shared = (spread: "zones" | "racks" | "none", key: "zone" | "rack") => {
    let pairs = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const sim = new ReplicationSimulator({ seed, placement: { spread } });
      const { source, replicas } = createReplicationSet(sim, { replicas: 1 });
      if (source[key] === replicas[0]?.[key]) pairs += 1;
    }
    return pairs;
  };

  it("by zone, which is the default", () => {
    expect(shared("zones", "zone")).toBe(0);
  });

  it("by rack alone: of the five other racks one is in the same zone", () => {
    expect(shared("racks", "rack")).toBe(0);
    expect(Math.abs(shared("racks", "zone") - 60 / 5)).toBeLessThan(10);
  });

  it("or not at all: one of six racks is the same", () => {
    expect(Math.abs(shared("none", "rack") - 60 / 6)).toBeLessThan(9);
  });

  it("in a region that is too small, by what is left", () => {
    const sim = new ReplicationSimulator({ placement: { zones: 1, racksPerZone: 2 } });
    const { source, replicas } = createReplicationSet(sim, { replicas: 2 });
    const racks = [source, ...replicas].map(({ rack }) => rack);
    expect(new Set(racks)).toEqual(new Set(["rack-1", "rack-2"]));
  });
});

describe("a place can be asked for", () => {
  it("for an instance, a replica, the nodes of a group and a new member", () => {
    const sim = new ReplicationSimulator();
    const source = sim.createInstance({ ...size, zone: "zone-2" });
    expect(source.zone).toBe("zone-2");
    expect(["rack-3", "rack-4"]).toContain(source.rack);
    sim.settle();
    const replica = sim.createReplica({ ...size, replicaOf: source.id, rack: "rack-4" });
    expect(replica).toMatchObject({ zone: "zone-2", rack: "rack-4" });
    const group = sim.createHaGroup({
      name: "orders",
      source: { ...size, zone: "zone-1" },
      replicas: [{ ...size, zone: "zone-1", rack: "rack-1" }, size],
    });
    sim.settle();
    const added = sim.getGroup(group.id);
    const members = [added.sourceId ?? "", ...added.replicaIds].map((id) => sim.getInstance(id));
    expect(members.slice(0, 2).map(({ zone }) => zone)).toEqual(["zone-1", "zone-1"]);
    expect(members[1]?.rack).toBe("rack-1");
    expect(members[2]?.zone).not.toBe("zone-1");
    sim.removeReplica(group.id, members[1]?.id ?? "");
    sim.settle();
    expect(sim.addReplica(group.id, { ...size, rack: "rack-5" }).rack).toBe("rack-5");
    expectNoBrokenInvariants(sim);
  });

  it("and does not change what is drawn for others", () => {
    const world = (place: object) => {
      const sim = new ReplicationSimulator({ seed: 3, jitter: 0.2 });
      sim.createInstance({ ...size, label: "a", ...place });
      sim.createInstance({ ...size, label: "b" });
      sim.settle();
      return ["a", "b"].map((label) => sim.getInstance(sim.idOf(label) ?? ""));
    };
    const [a, b] = world({});
    const [placed, other] = world({ rack: a?.rack === "rack-1" ? "rack-2" : "rack-1" });
    expect(other).toEqual(b);
    expect(placed).toEqual({ ...a, zone: placed?.zone, rack: placed?.rack });
  });

  it("by fixtures of tests, member by member", () => {
    const sim = new ReplicationSimulator();
    const places = [{ zone: "zone-1" }, { zone: "zone-1" }, { rack: "rack-6" }] as const;
    const { source, replicas } = createActiveHaGroup(sim, { replicas: 2, places });
    const zones = [source, ...replicas].map(({ zone }) => zone);
    expect(zones).toEqual(["zone-1", "zone-1", "zone-3"]);
    expect(source.rack).not.toBe(replicas[0]?.rack);
    expect(() => createReplicationSet(sim, { places: [{}, {}, {}] })).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ rule: "place-count" })] }),
    );
  });

  it("by the topology of a scenario", () => {
    const { base } = prepareScenario({
      scenario: 1,
      world: { placement: { zones: 2 } },
      topology: { db: { kind: "set", places: [{ zone: "zone-2" }, { zone: "zone-2" }] } },
    });
    expect(base.listInstances().items.map(({ zone }) => zone)).toEqual(["zone-2", "zone-2"]);
  });

  it.each([
    [{ zone: "zone-4" }, "zone", ["zone-1", "zone-2", "zone-3"]],
    [{ rack: "rack-7" }, "rack", ["rack-1", "rack-2", "rack-3", "rack-4", "rack-5", "rack-6"]],
    [{ zone: "zone-1", rack: "rack-5" }, "rack", ["rack-1", "rack-2"]],
  ] as const)("but %j is refused, and nothing changes", (place, field, allowed) => {
    const sim = new ReplicationSimulator();
    const before = sim.topology;
    expect(() => sim.createInstance({ ...size, ...place })).toThrow(
      expect.objectContaining({ rule: "known-place", field, allowed }),
    );
    expect(() =>
      sim.createHaGroup({ name: "g", source: size, replicas: [{ ...size, ...place }] }),
    ).toThrow(expect.objectContaining({ rule: "known-place", field: `replicas[0].${field}` }));
    expect(sim.topology).toBe(before);
  });
});

describe("while a place has failed, new instances stand elsewhere", () => {
  it("unless they are asked to stand there, or it is everywhere", () => {
    const sim = new ReplicationSimulator({ limits: { maxInstancesPerAccount: 100 } });
    sim.createInstance({ ...size, zone: "zone-1" });
    sim.settle();
    const id = sim.inject({ kind: "correlated", effect: "crash", zone: "zone-1" });
    const zones = () => new Set(Array.from({ length: 30 }, () => sim.createInstance(size).zone));
    expect(zones()).toEqual(new Set(["zone-2", "zone-3"]));
    expect(sim.createInstance({ ...size, zone: "zone-1" }).zone).toBe("zone-1");
    sim.clearFault(id);
    expect(zones()).toContain("zone-1");
    const small = new ReplicationSimulator({ placement: { zones: 1, racksPerZone: 1 } });
    small.createInstance(size);
    small.settle();
    small.inject({ kind: "correlated", effect: "crash", zone: "zone-1" });
    expect(small.createInstance(size).rack).toBe("rack-1");
  });

  it("in the account of the failure alone: accounts see nothing of each other", () => {
    const places = (isFailed: boolean) => {
      const sim = new ReplicationSimulator({ seed: 2 });
      const other = sim.account("5678");
      sim.createInstance({ ...size, zone: "zone-1" });
      sim.settle();
      if (isFailed) sim.inject({ kind: "correlated", effect: "crash", zone: "zone-1" });
      return placesOf(Array.from({ length: 12 }, () => other.createInstance(size)));
    };
    expect(places(true)).toEqual(places(false));
    expect(places(true).join()).toContain("zone-1");
  });

  it("so that the replacement of a lost source is not built in its zone", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const sim = new ReplicationSimulator({ seed });
      const { group, source } = createActiveHaGroup(sim, { replicas: 2 });
      sim.inject({ kind: "correlated", effect: "crash", zone: source.zone });
      sim.settle();
      const { sourceId, replicaIds } = sim.getGroup(group.id);
      const zones = [sourceId ?? "", ...replicaIds].map((id) => sim.getInstance(id).zone);
      expect(zones).toHaveLength(3);
      expect(zones).not.toContain(source.zone);
    }
  });
});

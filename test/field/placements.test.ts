import { describe, expect, it } from "vitest";
import { createHandler } from "../../src/http/index.js";
import { type Fact, ReplicationSimulator } from "../../src/index.js";
import {
  createActiveHaGroup,
  createReplicationSet,
  expectNoBrokenInvariants,
} from "../../src/testing/index.js";

const size = { flavorId: 2, volumeGb: 10 };

function world() {
  const sim = new ReplicationSimulator({ seed: 4 });
  const { group, source, replicas } = createActiveHaGroup(sim, { replicas: 2 });
  const facts: Fact[] = [];
  sim.subscribe((entry) => facts.push(...entry.facts));
  const rowOf = (id: string) => sim.getInstance(id);
  return { sim, group, members: [source.id, ...replicas.map(({ id }) => id)], facts, rowOf };
}

describe("instances have a placement", () => {
  it("members of a group and of a set stand in zones of their own", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const sim = new ReplicationSimulator({ seed });
      createActiveHaGroup(sim, { replicas: 2 });
      createReplicationSet(sim, { replicas: 2 });
      const zones = sim.listInstances().items.map(({ zone }) => zone);
      expect(zones).toHaveLength(6);
      for (const zone of ["zone-1", "zone-2", "zone-3"]) {
        expect(zones.filter((one) => one === zone)).toHaveLength(2);
      }
    }
  });

  it("which other instances do not change, and which is as likely one rack as another", () => {
    const lone = new ReplicationSimulator({ seed: 9 });
    lone.createInstance({ ...size, label: "a" });
    const other = new ReplicationSimulator({ seed: 9 });
    other.createInstance({ ...size, label: "b" });
    other.createInstance({ ...size, label: "a" });
    const of = (sim: ReplicationSimulator) => sim.getInstance(sim.idOf("a") ?? "");
    expect(of(other).rack).toBe(of(lone).rack);
    const racks = new Map<string, number>();
    for (let seed = 0; seed < 600; seed++) {
      const { rack } = new ReplicationSimulator({ seed }).createInstance(size);
      racks.set(rack, (racks.get(rack) ?? 0) + 1);
    }
    expect(racks.size).toBe(6);
    for (const count of racks.values()) expect(Math.abs(count - 100)).toBeLessThan(40);
  });

  it("is no part of the API's JSON", async () => {
    const { sim, members } = world();
    const handler = createHandler(sim);
    const response = await handler(
      new Request(`http://db.test/v1.0/${sim.accountId}/instances/${members[0] ?? ""}`, {
        headers: { "X-Auth-Token": "t" },
      }),
    );
    expect(response.status).toBe(200);
    expect(await response.text()).not.toMatch(/zone|rack-|partition/);
  });
});

describe("several instances fail at once", () => {
  it("the crash of a zone strikes what stands in it, each with a fault of its own", () => {
    const { sim, members, facts, rowOf } = world();
    const lone = [1, 2, 3, 4, 5, 6].map(() => sim.createInstance(size).id);
    sim.settle();
    const zone = rowOf(members[0] ?? "").zone;
    const affected = [...members, ...lone].filter((id) => rowOf(id).zone === zone);
    facts.length = 0;
    sim.inject({ kind: "correlated", effect: "crash", zone, durationMs: 60_000 });
    const victims = facts.flatMap((fact) =>
      fact.type === "FaultInjected" && fact.injected.fault.kind === "crash"
        ? [fact.injected.fault.instanceId]
        : [],
    );
    expect(victims.sort()).toEqual(affected.sort());
    expect(
      affected.every((id) => ["SHUTDOWN", "REPLICATION_ERROR"].includes(rowOf(id).status)),
    ).toBe(true);
    expect(sim.listFaults()).toHaveLength(affected.length + 1);
    sim.advance(60_000);
    expect(sim.listFaults()).toEqual([]);
    expectNoBrokenInvariants(sim);
  });

  // Each world has one instance in service in the rack, so that the fault has something to strike.
  const inRack = { ...size, rack: "rack-1" } as const;
  const faulted = (sim: ReplicationSimulator) =>
    sim
      .listFaults()
      .flatMap(({ fault }) => ("instanceId" in fault ? [fault.instanceId] : []))
      .sort();

  it.each([{ rack: "rack-1" }, { zone: "zone-1" }] as const)(
    "%o spares an instance that is still building",
    (place) => {
      const sim = new ReplicationSimulator({ seed: 2 });
      const served = sim.createInstance({ ...inRack, label: "served" }).id;
      sim.settle();
      const building = sim.createInstance({ ...inRack, label: "building" }).id;
      expect(sim.getInstance(building).status).toBe("BUILD");
      for (const effect of ["crash", "hang", "partition"] as const) {
        const world = sim.fork();
        world.inject({ kind: "correlated", effect, ...place });
        expect(faulted(world)).toEqual([served]);
        world.settle();
        expect(world.getInstance(building).status).toBe("ACTIVE");
        expectNoBrokenInvariants(world);
      }
    },
  );

  it.each([{ rack: "rack-1" }, { zone: "zone-1" }] as const)(
    "%o spares instances that are already down",
    (place) => {
      const sim = new ReplicationSimulator({ seed: 2 });
      const [served, crashed, hung] = ["served", "crashed", "hung"].map(
        (label) => sim.createInstance({ ...inRack, label }).id,
      );
      sim.settle();
      sim.inject({ kind: "crash", instanceId: crashed ?? "" });
      sim.inject({ kind: "hang", instanceId: hung ?? "" });
      const own = sim.listFaults().map(({ id }) => id);
      for (const effect of ["crash", "hang", "partition"] as const) {
        const world = sim.fork();
        const id = world.inject({ kind: "correlated", effect, ...place });
        expect(faulted(world)).toEqual([crashed, hung, served].sort());
        world.clearFault(id);
        // The faults of their own are still there.
        expect(world.listFaults().map((fault) => fault.id)).toEqual(own);
        expect(world.getInstance(crashed ?? "").status).toBe("SHUTDOWN");
        expect(world.getInstance(hung ?? "").status).toBe("BLOCKED");
        expect(world.getInstance(served ?? "").status).toBe("ACTIVE");
        expectNoBrokenInvariants(world);
      }
    },
  );

  it.each([{ rack: "rack-1" }, { zone: "zone-1" }] as const)(
    "%o spares an instance whose lifecycle does not take the failure",
    (place) => {
      const sim = new ReplicationSimulator({ seed: 2 });
      const served = sim.createInstance({ ...inRack, label: "served" }).id;
      const copied = sim.createInstance({ ...inRack, label: "copied" }).id;
      sim.settle();
      sim.createBackup({ ownerId: copied, name: "b" });
      while (sim.getInstance(copied).status !== "BACKUP") sim.step();
      expect(sim.getInstance(copied).status).toBe("BACKUP");
      const hung = sim.fork();
      hung.inject({ kind: "correlated", effect: "hang", ...place });
      expect(faulted(hung)).toEqual([served]);
      expect(hung.getInstance(copied).status).toBe("BACKUP");
      expectNoBrokenInvariants(hung);
      sim.inject({ kind: "correlated", effect: "crash", ...place });
      expect(faulted(sim)).toEqual([served, copied].sort());
      expectNoBrokenInvariants(sim);
    },
  );

  it.each([{ rack: "rack-1" }, { zone: "zone-1" }] as const)(
    "%o spares an instance whose part has such a fault",
    (place) => {
      const sim = new ReplicationSimulator({ seed: 2 });
      const served = sim.createInstance({ ...inRack, label: "served" }).id;
      const cutOff = sim.createInstance({ ...inRack, label: "cut off" }).id;
      sim.settle();
      // Its service is up, and only its network has a fault.
      sim.inject({ kind: "partition", instanceId: cutOff, name: "west" });
      const before = sim.getInstance(cutOff);
      expect(before.status).toBe("ACTIVE");
      const parted = sim.fork();
      const id = parted.inject({ kind: "correlated", effect: "partition", ...place });
      expect(faulted(parted)).toEqual([cutOff, served].sort());
      expect(parted.getInstance(cutOff).partitionId).toBe(before.partitionId);
      parted.clearFault(id);
      expect(parted.getInstance(cutOff).partitionId).toBe(before.partitionId);
      expectNoBrokenInvariants(parted);
      // A fault of another part is no reason to spare it.
      sim.inject({ kind: "correlated", effect: "crash", ...place });
      expect(sim.getInstance(cutOff).status).toBe("SHUTDOWN");
      expectNoBrokenInvariants(sim);
    },
  );

  it("a rack is a part of a zone", () => {
    const { sim, members, rowOf } = world();
    const { zone, rack } = rowOf(members[0] ?? "");
    sim.inject({ kind: "correlated", effect: "hang", zone, rack });
    expect(rowOf(members[0] ?? "").status).toBe("BLOCKED");
    expect(rowOf(members[1] ?? "").status).not.toBe("BLOCKED");
  });

  it("instances that one partition cuts off reach each other", () => {
    const sim = new ReplicationSimulator({ seed: 4 });
    const { source, replicas } = createReplicationSet(sim, { replicas: 2 });
    sim.setWorkload(source.id, { transactionsPerSecond: 10 });
    const [near, far] = replicas.map(({ id }) => id);
    for (const instanceId of [source.id, near ?? ""]) {
      sim.inject({ kind: "partition", instanceId, name: "west" });
    }
    sim.advance(60_000);
    expect(sim.getReplicationStatus(near ?? "")).toMatchObject({ ioRunning: true });
    expect(sim.getReplicationStatus(far ?? "")).toMatchObject({ ioRunning: false });
    sim.inject({ kind: "partition", instanceId: far ?? "", name: "east" });
    expect(sim.getReplicationStatus(far ?? "")).toMatchObject({ ioRunning: false });
    expectNoBrokenInvariants(sim);
  });

  it("a zone that is cut off is one partition, and its group fails over", () => {
    const { sim, group, members, rowOf } = world();
    const zone = rowOf(members[0] ?? "").zone;
    const id = sim.inject({ kind: "correlated", effect: "partition", zone });
    expect(rowOf(members[0] ?? "").partitionId).toBe(id);
    sim.settle();
    expect(sim.getGroup(group.id).sourceId).not.toBe(members[0]);
    expectNoBrokenInvariants(sim);
  });

  it("is refused without a place, with an unknown one, and where nothing is in service", () => {
    const sim = new ReplicationSimulator();
    const ruleOf = (fault: object) => {
      const found = sim.try.inject({ kind: "correlated", effect: "crash", ...fault } as never);
      return found.ok ? undefined : found.error;
    };
    expect(ruleOf({})).toMatchObject({ rule: "correlated-place" });
    expect(ruleOf({ zone: "zone-9" })).toMatchObject({
      rule: "known-place",
      field: "fault.zone",
      allowed: ["zone-1", "zone-2", "zone-3"],
    });
    expect(ruleOf({ zone: "zone-1", rack: "rack-3" })).toMatchObject({
      rule: "known-place",
      field: "fault.rack",
      allowed: ["rack-1", "rack-2"],
    });
    expect(ruleOf({ zone: "west" })).toMatchObject({ issues: [{ rule: "known-zone" }] });
    expect(ruleOf({ rack: "r" })).toMatchObject({ issues: [{ rule: "known-rack" }] });
    expect(ruleOf({ zone: "zone-1" })).toMatchObject({ rule: "correlated-victims" });
  });
});

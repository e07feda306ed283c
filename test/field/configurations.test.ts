import { describe, expect, it } from "vitest";
import { ReplicationSimulator } from "../../src/index.js";
import { createReplicationSet } from "../../src/testing/fixtures.js";

describe("C37 https://github.com/openstack/trove/commit/efb6a811: the members of a group have one configuration", () => {
  function tunedSet(scope: "all" | "source") {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { id } = sim.createConfiguration({ name: "tuned", values: { connect_timeout: 100 } });
    const { source, replicas } = createReplicationSet(sim, { replicas: 2 });
    for (const member of scope === "all" ? [source, ...replicas] : [source]) {
      sim.attachConfiguration(member.id, id);
    }
    return { sim, source, id };
  }

  it("refuses a conversion of members whose configurations differ", () => {
    const { sim, source } = tunedSet("source");
    expect(sim.try.convertToHa(source.id, { name: "ha" })).toMatchObject({
      ok: false,
      error: { code: "badRequest", rule: "equal-configurations" },
    });
  });

  it("makes that of all members the group's, also of those that come later and after a failover", () => {
    const { sim, source, id } = tunedSet("all");
    const { id: groupId } = sim.convertToHa(source.id, { name: "ha" });
    sim.settle();
    sim.inject({ kind: "crash", instanceId: source.id });
    sim.settle();
    const group = sim.getGroup(groupId);
    expect(group.configurationId).toBe(id);
    const members = [group.sourceId ?? "", ...group.replicaIds];
    expect(members.map((member) => sim.getInstance(member).configurationId)).toEqual([id, id, id]);
  });
});

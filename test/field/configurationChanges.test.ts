import { expectNoBrokenInvariants } from "replication-simulator/testing";
import { describe, expect, it } from "vitest";
import { createHandler } from "../../src/http/index.js";
import { ReplicationSimulator } from "../../src/index.js";
import { createActiveHaGroup, createReplicationSet } from "../../src/testing/fixtures.js";
import { caller } from "./caller.js";

function tuned() {
  const sim = new ReplicationSimulator({ seed: 3 });
  const call = caller(createHandler(sim));
  const { source, replicas } = createReplicationSet(sim);
  const values = { connect_timeout: 100, innodb_log_file_size: 48 };
  const { id } = sim.createConfiguration({ name: "tuned", description: "why", values });
  const attached = [source.id, ...replicas.map((one) => one.id)];
  for (const one of attached) {
    sim.attachConfiguration(one, id);
    sim.restartInstance(one);
    sim.settle();
  }
  const statuses = () => attached.map((one) => sim.getInstance(one).status);
  return { sim, call, id, source: source.id, replica: attached[1] ?? "", statuses };
}

describe("C39 rackspace/gophercloud acceptance/rackspace/db/v1: a configuration is changed", () => {
  it("PATCH changes what is named, and dynamic parameters take effect at once", async () => {
    const { sim, call, id, statuses } = tuned();
    sim.advance(1_000);
    const body = { configuration: { values: { connect_timeout: 50, max_connections: 7 } } };
    expect(await call("PATCH", `/configurations/${id}`, body)).toMatchObject({ status: 200 });
    expect(sim.getConfiguration(id)).toMatchObject({
      name: "tuned",
      description: "why",
      values: { connect_timeout: 50, innodb_log_file_size: 48, max_connections: 7 },
      updatedAt: sim.now,
    });
    expect(statuses()).toEqual(["ACTIVE", "ACTIVE"]);
  });

  it("PUT takes the place of all values, and a static parameter asks for a restart of each instance", async () => {
    const { sim, call, id, source, statuses } = tuned();
    const body = {
      configuration: { name: "plain", description: "", values: { connect_timeout: 9 } },
    };
    expect(await call("PUT", `/configurations/${id}`, body)).toMatchObject({ status: 202 });
    expect(sim.getConfiguration(id)).toMatchObject({
      name: "plain",
      description: null,
      values: { connect_timeout: 9 },
    });
    expect(statuses()).toEqual(["RESTART_REQUIRED", "RESTART_REQUIRED"]);
    sim.restartInstance(source);
    sim.settle();
    expect(statuses()).toEqual(["ACTIVE", "RESTART_REQUIRED"]);
    expectNoBrokenInvariants(sim);
    const { body: shown } = await call("GET", `/configurations/${id}`);
    expect(shown).toMatchObject({ configuration: { values: { connect_timeout: 9 } } });
  });

  it("a second change finds instances that wait for a restart already, which serves for both", () => {
    const { sim, id, source, replica, statuses } = tuned();
    sim.updateConfiguration(id, { values: { innodb_log_file_size: 64 } });
    sim.updateConfiguration(id, { values: { connect_timeout: 1 } });
    sim.updateConfiguration(id, { values: { thread_stack: 1 } });
    expect(statuses()).toEqual(["RESTART_REQUIRED", "RESTART_REQUIRED"]);
    for (const one of [source, replica]) sim.restartInstance(one);
    sim.settle();
    expect(statuses()).toEqual(["ACTIVE", "ACTIVE"]);
  });

  it("a static parameter that keeps its value asks for nothing", () => {
    const { sim, id, statuses } = tuned();
    const before = sim.history.entries().length;
    sim.updateConfiguration(id, { values: { innodb_log_file_size: 48 } });
    expect(statuses()).toEqual(["ACTIVE", "ACTIVE"]);
    expect(
      sim.history
        .entries()
        .slice(before)
        .flatMap(({ facts }) => facts),
    ).toEqual([]);
  });

  it("is refused, and changes nothing, while one of them is at work", async () => {
    const { sim, call, id, source, statuses } = tuned();
    sim.resizeVolume(source, 20);
    const body = { configuration: { values: { innodb_log_file_size: 64 } } };
    const { status, body: answer } = await call("PATCH", `/configurations/${id}`, body);
    expect(status).toBe(422);
    expect(answer).toMatchObject({ unprocessableEntity: { code: 422 } });
    expect(sim.getConfiguration(id).values).toMatchObject({ innodb_log_file_size: 48 });
    expect(statuses()).toEqual(["RESIZE", "ACTIVE"]);
  });

  it("reaches a service that is down when that starts again", () => {
    const { sim, id, replica, statuses } = tuned();
    sim.inject({ kind: "crash", instanceId: replica });
    sim.updateConfiguration(id, { values: { max_connections: 9 } });
    sim.inject({ kind: "recover", instanceId: replica });
    expect(statuses()).toEqual(["ACTIVE", "ACTIVE"]);
    expect(sim.getConfiguration(id).values).toMatchObject({ max_connections: 9 });
  });

  it("makes a group and its members wait for a restart of the group", () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { group } = createActiveHaGroup(sim);
    const { id } = sim.createConfiguration({ name: "a", values: { connect_timeout: 1 } });
    sim.attachGroupConfiguration(group.id, id);
    sim.updateConfiguration(id, { values: { innodb_log_file_size: 64 } });
    const statuses = () => [
      sim.getGroup(group.id).status,
      ...sim.listInstances().items.map(({ status }) => status),
    ];
    expect(new Set(statuses())).toEqual(new Set(["RESTART_REQUIRED"]));
    sim.restartGroup(group.id);
    sim.settle();
    expect(new Set(statuses())).toEqual(new Set(["ACTIVE"]));
    expectNoBrokenInvariants(sim);
  });

  it.each([
    ["nothing to change", { configuration: {} }, 400, "nothing to change"],
    ["no configuration", {}, 400, "configuration"],
    [
      "a value that is none",
      { configuration: { values: { a: [1] } } },
      400,
      "configuration.values",
    ],
    ["an unknown member", { configuration: { nam: "x" } }, 400, "nam"],
  ])("answers 400 to %s", async (_, body, status, text) => {
    const { call, id } = tuned();
    for (const method of ["PATCH", "PUT"]) {
      const answer = await call(method, `/configurations/${id}`, body);
      expect(answer.status).toBe(status);
      expect(JSON.stringify(answer.body)).toContain(text);
    }
  });

  it("does not reach what has the same id in another account", () => {
    let made = 0;
    const sim = new ReplicationSimulator({
      createId: (kind) =>
        kind === "configuration" ? "the-configuration" : `${kind}-${String(made++)}`,
    });
    const mine = sim.account("1");
    const theirs = sim.account("2");
    for (const account of [mine, theirs]) {
      account.createConfiguration({ name: "a", values: { thread_stack: 1 } });
      account.createInstance({ flavorId: 2, volumeGb: 1, configurationId: "the-configuration" });
    }
    sim.settle();
    mine.updateConfiguration("the-configuration", { values: { thread_stack: 2 } });
    const statusOf = (account: typeof mine) => account.listInstances().items[0]?.status;
    expect([statusOf(mine), statusOf(theirs)]).toEqual(["RESTART_REQUIRED", "ACTIVE"]);
    for (const { id } of mine.listInstances().items) mine.deleteInstance(id);
    sim.settle();
    mine.deleteConfiguration("the-configuration");
  });

  it("survives a snapshot and a replay", () => {
    const { sim, id } = tuned();
    sim.updateConfiguration(id, { values: { a: 1 }, replace: true });
    expect(ReplicationSimulator.restore(sim.snapshot()).getConfiguration(id).values).toEqual({
      a: 1,
    });
    expect(ReplicationSimulator.replay(sim.journal()).fingerprint()).toBe(sim.fingerprint());
  });
});

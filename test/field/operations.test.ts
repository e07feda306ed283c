import { describe, expect, it } from "vitest";
import { createHandler } from "../../src/http/index.js";
import { ReplicationSimulator } from "../../src/index.js";
import { createReplicationSet } from "../../src/testing/fixtures.js";
import { caller } from "./caller.js";

describe("C31 https://github.com/terraform-provider-openstack/terraform-provider-openstack/pull/185: what is taken is kept", () => {
  it("shows the description of a configuration where it lists and shows it", async () => {
    const call = caller(createHandler(new ReplicationSimulator({ seed: 3 })));
    const configuration = { name: "tuned", description: "for reports", values: { a: 1 } };
    const made = (await call("POST", "/configurations", { configuration })).body as {
      readonly configuration: { readonly id: string };
    };
    expect(made).toMatchObject({ configuration: { description: "for reports" } });
    const shown = await call("GET", `/configurations/${made.configuration.id}`);
    expect(shown.body).toMatchObject({ configuration: { description: "for reports" } });
    const plain = { configuration: { name: "plain", values: {} } };
    await call("POST", "/configurations", plain);
    const { body } = await call("GET", "/configurations");
    const { configurations } = body as { readonly configurations: readonly object[] };
    expect(configurations).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "tuned", description: "for reports" }),
        expect.objectContaining({ name: "plain", description: null }),
      ]),
    );
  });

  it("keeps it in a snapshot", () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { id } = sim.createConfiguration({ name: "a", description: "why", values: {} });
    const restored = ReplicationSimulator.restore(sim.snapshot());
    expect(restored.getConfiguration(id).description).toBe("why");
  });
});

describe("C31 python-troveclient https://github.com/openstack/python-troveclient/commit/2844f45: incremental takes the last backup as parent", () => {
  it("adds to the last backup that can be added to, and is full where there is none", async () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const call = caller(createHandler(sim));
    const { source } = createReplicationSet(sim);
    const backUp = async (more: object) => {
      const backup = { name: "b", instance: source.id, ...more };
      const { status, body } = await call("POST", "/backups", { backup });
      sim.settle();
      return {
        code: status,
        ...(body as { readonly backup: { id: string; parent_id: unknown } }).backup,
      };
    };
    const full = await backUp({ incremental: 1 });
    expect(full).toMatchObject({ code: 202, parent_id: null });
    const second = await backUp({ incremental: 1 });
    expect(second.parent_id).toBe(full.id);
    sim.failTask({ task: "runBackup" });
    await backUp({ incremental: 1 });
    const fourth = await backUp({ incremental: 1 });
    expect(fourth.parent_id).toBe(second.id);
    expect(await backUp({ incremental: 0 })).toMatchObject({ parent_id: null });
    expect(await backUp({ incremental: 1, parent_id: full.id })).toMatchObject({
      parent_id: full.id,
    });
  });

  it("refuses what is neither", async () => {
    const call = caller(createHandler(new ReplicationSimulator({ seed: 3 })));
    const backup = { name: "b", instance: "x", incremental: "some" };
    expect(await call("POST", "/backups", { backup })).toMatchObject({ status: 400 });
  });
});

describe("C39 https://github.com/floci-io/floci/issues/1754: an operation that is known and not simulated is a 501", () => {
  it.each([
    ["DELETE", "/instances/x/root"],
    ["GET", "/instances/x/root"],
    ["GET", "/instances/x/configuration"],
    ["PUT", "/instances/x/users"],
    ["GET", "/instances/x/users/app"],
    ["PUT", "/instances/x/users/app"],
    ["GET", "/instances/x/users/app/databases"],
    ["PUT", "/instances/x/users/app/databases"],
    ["DELETE", "/instances/x/users/app/databases/shop"],
    ["GET", "/datastores/mysql/versions/5.6/parameters"],
    ["GET", "/datastores/mysql/versions/5.6/parameters/connect_timeout"],
  ])("%s %s", async (method, path) => {
    const call = caller(createHandler(new ReplicationSimulator({ seed: 3 })));
    const body = method === "PUT" ? { users: [] } : undefined;
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({
      status: 501,
      body: { notImplemented: { message: expect.stringContaining("is not simulated") } },
    });
  });
});

describe("the details of a group: the id of its flavor is a number at the top, and text elsewhere", () => {
  it("as the document prints it", async () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const call = caller(createHandler(sim));
    const node = { flavorId: 2, volumeGb: 10 };
    const { id } = sim.createHaGroup({ name: "ha", source: node, replicas: [node] });
    sim.settle();
    const { body } = await call("GET", `/ha/${id}`);
    expect(body).toMatchObject({
      ha_instance: { flavor: { id: 2 }, replica_source: [{ flavor: { id: "2" } }] },
    });
  });
});

import { describe, expect, it } from "vitest";
import { createHandler } from "../../src/http/index.js";
import { ReplicationSimulator } from "../../src/index.js";
import { createReplicationSet } from "../../src/testing/fixtures.js";
import { caller } from "./caller.js";

describe("C30 https://github.com/intel/terraform-intel-aws-postgresql/issues/11 https://github.com/hashicorp/terraform-provider-aws/issues/11434: what passes by itself is a 422", () => {
  function served() {
    const sim = new ReplicationSimulator({ seed: 3 });
    return { sim, call: caller(createHandler(sim)), ...createReplicationSet(sim) };
  }

  it("refuses the deletion of a source for the moment while its replica is deleted", async () => {
    const { sim, call, source, replicas } = served();
    await call("DELETE", `/instances/${replicas[0]?.id ?? ""}`);
    const refused = await call("DELETE", `/instances/${source.id}`);
    expect(refused).toMatchObject({
      status: 422,
      body: { unprocessableEntity: { message: expect.stringContaining("DELETION_PENDING") } },
    });
    sim.settle();
    expect(await call("DELETE", `/instances/${source.id}`)).toMatchObject({ status: 202 });
  });

  it("refuses a replica, a database and a deletion for the moment while a replica is detached", async () => {
    const { sim, call, source, replicas } = served();
    const replica = replicas[0]?.id ?? "";
    await call("PATCH", `/instances/${replica}`, { instance: { replica_of: "" } });
    const send = () =>
      Promise.all([
        call("POST", "/instances", {
          instance: { flavorRef: "2", volume: { size: 10 }, replica_of: replica },
        }),
        call("POST", `/instances/${replica}/databases`, { databases: [{ name: "shop" }] }),
        call("DELETE", `/instances/${source.id}`),
      ]);
    expect((await send()).map(({ status }) => status)).toEqual([422, 422, 422]);
    sim.settle();
    // The new replica makes its source RESTART: the database has to wait for that.
    expect((await send()).map(({ status }) => status)).toEqual([200, 422, 202]);
  });

  it("refuses what a member may not do for the moment while it leaves its group", () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { source, replicas } = createReplicationSet(sim, { replicas: 2 });
    const group = sim.convertToHa(source.id, { name: "ha" });
    sim.settle();
    const leaving = replicas[1]?.id ?? "";
    sim.removeReplica(group.id, leaving);
    const codes = () =>
      [
        sim.try.restartInstance(leaving),
        sim.try.createBackup({ name: "own", ownerId: leaving }),
      ].map((result) => (result.ok ? "ok" : result.error.code));
    expect(codes()).toEqual(["unprocessableEntity", "unprocessableEntity"]);
    sim.settle();
    expect(codes()).toEqual(["ok", "unprocessableEntity"]);
  });

  it("refuses the deletion of a configuration for the moment while its last user is deleted", async () => {
    const { sim, call, source, replicas } = served();
    const { id } = sim.createConfiguration({ name: "tuned", values: { connect_timeout: 1 } });
    sim.attachConfiguration(replicas[0]?.id ?? "", id);
    expect(await call("DELETE", `/configurations/${id}`)).toMatchObject({ status: 400 });
    sim.deleteInstance(replicas[0]?.id ?? "");
    expect(await call("DELETE", `/configurations/${id}`)).toMatchObject({ status: 422 });
    sim.settle();
    expect(await call("DELETE", `/configurations/${id}`)).toMatchObject({ status: 202 });
    expect(sim.getInstance(source.id).status).toBe("ACTIVE");
  });

  it("keeps a 403 for what does not pass: a source with a replica that stays", async () => {
    const { call, source } = served();
    expect(await call("DELETE", `/instances/${source.id}`)).toMatchObject({ status: 403 });
  });
});

describe("C36 https://github.com/hashicorp/terraform-provider-aws/issues/11905: the hidden backup guards its source", () => {
  it.each([
    { doing: "a restart", body: { restart: {} } },
    { doing: "a flavor resize", body: { resize: { flavorRef: "3" } } },
    { doing: "a volume resize", body: { resize: { volume: { size: 20 } } } },
  ])("refuses $doing until the replica has its copy", async ({ body }) => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const call = caller(createHandler(sim));
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
    sim.settle();
    const replica = sim.createReplica({ flavorId: 2, volumeGb: 10, replicaOf: id });
    sim.advance(4_000);
    expect(sim.getInstance(id)).toMatchObject({ status: "ACTIVE" });
    expect(await call("POST", `/instances/${id}/action`, body)).toMatchObject({ status: 422 });
    sim.advance(2_500);
    expect(await call("POST", `/instances/${id}/action`, body)).toMatchObject({ status: 202 });
    sim.settle();
    expect(sim.getInstance(replica.id).status).toBe("ACTIVE");
  });
});

describe("C38 https://github.com/pkgcloud/pkgcloud test/common/databases/users-test.js: a user may come before a database", () => {
  it("is given a database that is still to come", async () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const call = caller(createHandler(sim));
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
    sim.settle();
    const users = [{ name: "reporter", password: "secret_1", databases: [{ name: "to_come" }] }];
    expect(await call("POST", `/instances/${id}/users`, { users })).toMatchObject({ status: 202 });
    expect(sim.listUsers(id)).toMatchObject([{ name: "reporter", databases: ["to_come"] }]);
    sim.createDatabases(id, [{ name: "to_come" }]);
    sim.deleteDatabase(id, "to_come");
    expect(sim.listUsers(id)).toHaveLength(1);
  });

  it("is still refused where one request makes an instance, its databases and its users", async () => {
    const call = caller(createHandler(new ReplicationSimulator({ seed: 3 })));
    const users = [{ name: "reporter", password: "secret_1", databases: [{ name: "to_come" }] }];
    const instance = { flavorRef: "2", volume: { size: 10 }, users };
    expect(await call("POST", "/instances", { instance })).toMatchObject({ status: 400 });
  });
});

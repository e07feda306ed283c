import { ReplicationSimulator } from "replication-simulator";
import { createHandler } from "replication-simulator/http";
import { defineDialect, handleRequest, matchRoute, rackspace } from "replication-simulator/wire";
import { describe, expect, test } from "vitest";
import { trove } from "./troveDialect.js";

const members = { flavorRef: 2, volume: { size: 10 } };

function world() {
  const sim = new ReplicationSimulator({ accountId: "1234" });
  const send = (method: string, path: string, body?: unknown) =>
    handleRequest(sim.account("1234"), { method, path, body }, { dialect: trove });
  const create = (more: object): string => {
    const { status, body } = send("POST", "/instances", { instance: { ...members, ...more } });
    expect(status).toBe(200);
    sim.settle();
    return (body as { instance: { id: string } }).instance.id;
  };
  const show = (id: string): unknown => send("GET", `/instances/${id}`).body?.["instance"];
  return { sim, send, create, show };
}

describe("a second dialect of the API", () => {
  test("creates a source and its replica, and shows both in its own form", () => {
    const { sim, create, show } = world();
    const source = create({ name: "orders" });
    const replica = create({ name: "orders-r1", replica_of: source });
    expect(sim.getInstance(replica).sourceId).toBe(source);
    expect(show(source)).toMatchObject({
      name: "orders",
      status: "ACTIVE",
      operating_status: "HEALTHY",
      replicas: [{ id: replica }],
    });
    expect(show(replica)).toMatchObject({
      replica_of: { id: source },
      addresses: [{ type: "private" }],
    });
  });

  test("has its own words for the status of things; the rows keep those of the documented API", () => {
    const { sim, send, create, show } = world();
    const id = create({ name: "orders" });
    expect(send("DELETE", `/instances/${id}`)).toEqual({ status: 202 });
    expect(show(id)).toMatchObject({ status: "SHUTDOWN" });
    expect(sim.getInstance(id).status).toBe("DELETION_PENDING");
    const documented = handleRequest(sim, { method: "GET", path: `/instances/${id}` });
    expect(documented.body?.["instance"]).toMatchObject({ status: "DELETION_PENDING" });
  });

  test("has its own actions: an upgrade is known and refused, other actions are unknown", () => {
    const { send, create } = world();
    const source = create({ name: "orders" });
    const replica = create({ name: "orders-r1", replica_of: source });
    const path = `/instances/${replica}/action`;
    expect(send("POST", path, { upgrade: {} })).toEqual({
      status: 501,
      body: {
        notImplemented: {
          code: 501,
          message: "the action upgrade is not simulated",
        },
      },
    });
    expect(send("POST", path, { convert_to_ha: {} }).status).toBe(400);
    expect(send("POST", path, { restart: {} }).status).toBe(202);
  });

  test("promotes a replica, as today's clients ask for, and its clients come along", () => {
    const { sim, send, create, show } = world();
    const source = create({ name: "orders" });
    const replica = create({ name: "orders-r1", replica_of: source });
    sim.setWorkload(source, { transactionsPerSecond: 10 });
    const path = `/instances/${replica}/action`;
    expect(send("POST", path, { promote_to_replica_source: {} })).toEqual({ status: 202 });
    expect(show(replica)).toMatchObject({ status: "PROMOTE" });
    sim.settle();
    expect(show(replica)).toMatchObject({ status: "ACTIVE", replicas: [{ id: source }] });
    expect(show(source)).toMatchObject({ replica_of: { id: replica } });
    expect(sim.getInstance(replica).log?.workload.transactionsPerSecond).toBe(10);
    expect(send("POST", path, { promote_to_replica_source: {} }).status).toBe(400);
  });

  test("ejects a source that is down for the replica that has most of its log", () => {
    const { sim, send, create, show } = world();
    const source = create({ name: "orders" });
    create({ name: "orders-r1", replica_of: source });
    const [stale = ""] = sim.getInstance(source).replicaIds;
    const fresh = create({ name: "orders-r2", replica_of: source });
    sim.setWorkload(source, { transactionsPerSecond: 10 });
    sim.inject({ kind: "cutLink", replicaId: stale });
    sim.advance(60_000);
    sim.inject({ kind: "crash", instanceId: source });
    const path = `/instances/${source}/action`;
    expect(send("POST", path, { eject_replica_source: {} })).toEqual({ status: 202 });
    sim.settle();
    expect(show(fresh)).toMatchObject({ replicas: [{ id: stale }] });
    expect(show(source)).toMatchObject({ status: "SHUTDOWN" });
    expect(show(source)).not.toHaveProperty("replicas");
  });

  test("has its own error bodies, with its own places in the body", () => {
    const { send } = world();
    const { status, body } = send("POST", "/instances", {
      instance: { ...members, volume: { size: -1 } },
    });
    expect(status).toBe(400);
    expect(body).toEqual({
      badRequest: {
        code: 400,
        message: "instance.volume.size must be an integer of gigabytes from 1 to 300; got -1",
      },
    });
  });

  test("has its own routes: what it does not have is not found", () => {
    const { send } = world();
    expect(send("GET", "/ha").status).toBe(404);
    expect(matchRoute({ method: "GET", path: "/ha" }).operation.id).toBe("listHaGroups");
    expect(() => matchRoute({ method: "GET", path: "/ha" }, trove)).toThrow(
      expect.objectContaining({ rule: "known-path" }) as Error,
    );
  });

  test("is served over HTTP, with its own version and log-in", async () => {
    const sim = new ReplicationSimulator({ accountId: "1234" });
    const dialect = defineDialect({ ...trove, version: "v2.1" });
    const users = [{ name: "ada", password: "word" }];
    const handler = createHandler(sim, { dialect, users });
    const send = (method: string, path: string, body?: unknown, token?: string) =>
      handler(
        new Request(`http://trove.test${path}`, {
          method,
          headers: {
            "Content-Type": "application/json",
            ...(token === undefined ? {} : { "X-Auth-Token": token }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
    const refused = await send("GET", "/v2.1/1234/instances/none");
    expect([refused.status, await refused.json()]).toEqual([
      401,
      {
        unauthorized: {
          code: 401,
          message: "X-Auth-Token is missing; log in with POST /v3/auth/tokens",
        },
      },
    ]);
    const user = { name: "ada", password: "word" };
    const auth = { identity: { methods: ["password"], password: { user } } };
    const granted = await send("POST", "/v3/auth/tokens", { auth });
    const token = granted.headers.get("X-Subject-Token") ?? "";
    expect(granted.status).toBe(201);
    expect(await granted.json()).toMatchObject({
      token: { catalog: [{ endpoints: [{ url: "http://trove.test/v2.1/1234" }] }] },
    });
    const instance = { ...members, name: "orders" };
    const made = await send("POST", "/v2.1/1234/instances", { instance }, token);
    expect(made.status).toBe(200);
    for (const path of ["/v1.0/1234/instances", "/v2.0/tokens", "/openapi"]) {
      expect((await send("GET", path, undefined, token)).status).toBe(404);
    }
    expect(await (await send("GET", "/v2.1")).json()).toMatchObject({ version: { id: "v2.1" } });
  });
});

test("the documented dialect writes every status as the rows have it", () => {
  expect(rackspace.statusWords.instance("DETACH_REPLICA")).toBe("DETACH_REPLICA");
  expect(rackspace.statusWords.group("DELETION-ERROR")).toBe("DELETION-ERROR");
  expect(rackspace.statusWords.backup("NEW")).toBe("NEW");
});

test("the codecs of the documented API write a dialect's words for instances, groups and backups", () => {
  const sim = new ReplicationSimulator();
  const lower = (status: string): string => status.toLowerCase();
  const statusWords = { instance: lower, group: lower, backup: lower };
  const dialect = defineDialect({ ...rackspace, version: "v9", statusWords });
  const show = (path: string) =>
    handleRequest(sim, { method: "GET", path }, { dialect }).body as Readonly<
      Record<string, Readonly<Record<string, unknown>>>
    >;
  const node = { flavorId: "2", volumeGb: 10 };
  const group = sim.createHaGroup({ name: "orders", source: node, replicas: [node] });
  const { id } = sim.createInstance({ ...node, name: "reports" });
  sim.settle();
  const backup = sim.createBackup({ name: "b", ownerId: id });
  sim.settle();
  expect(show(`/instances/${id}`)["instance"]?.["status"]).toBe("active");
  expect(JSON.stringify(show(`/instances/${id}`))).toContain("/v9/1234/instances/");
  expect(show(`/backups/${backup.id}`)["backup"]?.["status"]).toBe("completed");
  expect(show(`/ha/${group.id}`)["ha_instance"]?.["state"]).toBe("active");
});

test("what is no dialect is refused before anything is asked", () => {
  const sim = new ReplicationSimulator();
  const options = { dialect: { name: "trove" } as never };
  expect(() => handleRequest(sim, { method: "GET", path: "/instances" }, options)).toThrow(
    expect.objectContaining({ rule: "wire-options", field: "dialect" }) as Error,
  );
  expect(() => createHandler(sim, options)).toThrow(
    expect.objectContaining({ rule: "http-options", field: "dialect" }) as Error,
  );
});

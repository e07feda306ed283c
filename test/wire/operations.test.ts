import { ReplicationSimulator } from "replication-simulator";
import { handleRequest, ipOf, operations, type WireRequest } from "replication-simulator/wire";
import { describe, expect, test } from "vitest";
import { operationPolicies as terms } from "../../src/service/commands/operations.js";

const ids = (kind: string, ordinal: number): string => `${kind}-${String(ordinal)}`;

function world() {
  const sim = new ReplicationSimulator({ createId: ids });
  const send = (method: string, path: string, body?: unknown, query?: WireRequest["query"]) =>
    handleRequest(sim.account("1234"), {
      method,
      path,
      body,
      ...(query === undefined ? {} : { query }),
    });
  return { sim, send };
}

const instance = { flavorRef: "2", volume: { size: 1 } };

test("all commands that a body can become count towards one rate", () => {
  for (const { id, body } of operations) {
    const rates = new Set(body?.commands.map((command) => terms[command].rate));
    expect([id, rates.size]).toEqual([id, body === undefined ? 0 : 1]);
  }
});

describe("the operations of the API document", () => {
  test("a set is made, listed, shown, cut and converted", () => {
    const { sim, send } = world();
    expect(send("POST", "/instances", { instance: { ...instance, name: "a" } }).status).toBe(200);
    sim.settle();
    const replica = { ...instance, name: "b", replica_of: "instance-0" };
    const created = send("POST", "/instances", { instance: replica });
    expect(created).toMatchObject({ status: 200, body: { instance: { status: "BUILD" } } });
    sim.settle();
    expect(send("GET", "/instances").body?.["instances"]).toHaveLength(2);
    expect(send("GET", "/instances", undefined, { include_replicas: "false" }).body).toMatchObject({
      instances: [{ id: "instance-0", replicas: [{ id: "instance-1", name: "b" }] }],
    });
    expect(send("GET", "/instances/instance-0").body).toMatchObject({
      instance: { ip: [ipOf(sim.getInstance("instance-0"))], replicas: [{ id: "instance-1" }] },
    });
    expect(send("GET", "/instances/instance-1").body).toMatchObject({
      instance: { replica_of: { id: "instance-0" } },
    });
    expect(send("GET", "/instances/instance-0/replicas").body?.["instances"]).toHaveLength(1);
    const convert = { convert_to_ha: { name: "ha", acls: [{ address: "10.0.0.0/0" }] } };
    const converted = send("POST", "/instances/instance-1/action", convert);
    expect(converted).toMatchObject({
      status: 202,
      body: { ha_instance: { state: "BUILD", networks: [], replicas: [{ status: "ACTIVE" }] } },
    });
  });

  test("a replica is cut from its source", () => {
    const { sim, send } = world();
    send("POST", "/instances", { instance });
    sim.settle();
    send("POST", "/instances", { instance: { ...instance, replica_of: "instance-0" } });
    sim.settle();
    expect(send("PATCH", "/instances/instance-1", { instance: { replica_of: "" } })).toEqual({
      status: 202,
    });
    sim.settle();
    expect(send("GET", "/instances/instance-1").body?.["instance"]).not.toHaveProperty(
      "replica_of",
    );
  });
});

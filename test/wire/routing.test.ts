import { handleRequest, matchRoute, operations } from "replication-simulator/wire";
import { describe, expect, test } from "vitest";
import { part, world } from "./client.js";

const filled = (path: string): string => path.replace(/\{(\w+)\}/g, "some-$1");

describe("the route table", () => {
  test("finds every operation by its own method, path and action", () => {
    for (const operation of operations) {
      const { method, path, action } = operation;
      const body = action === undefined ? undefined : { [action]: {} };
      const route = matchRoute({ method, path: filled(path), body });
      expect(route.operation.id).toBe(operation.id);
      expect(Object.values(route.parameters).every((value) => value.startsWith("some-"))).toBe(
        true,
      );
    }
  });

  test("has an id, a summary and a source for each operation, and each id once", () => {
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    for (const { summary, source, success } of operations) {
      expect(summary).toMatch(/^[A-Z]/);
      expect(source).toMatch(/§|API document/);
      expect([200, 202]).toContain(success);
    }
  });

  test("answers with 200 exactly where something is read, created or allowed (Q1, Q15)", () => {
    const odd = operations.filter(
      ({ method, success }) => (method === "GET") !== (success === 200),
    );
    expect(odd.map(({ id }) => id).sort()).toEqual([
      "addAcl",
      "createConfiguration",
      "createInstance",
      "updateConfiguration",
    ]);
  });
});

describe("what is not there", () => {
  test.each([
    "/",
    "",
    "instances",
    "/instances/",
    "/instances/a/",
    "//instances",
    "/instances/a/replicas/b",
    "/Instances",
    "/ha//acls",
    "/toString",
    "/__proto__",
    "/%",
  ])("%s is 404", (path) => {
    const { send } = world();
    expect(send("GET", path)).toMatchObject({ status: 404, body: { itemNotFound: { code: 404 } } });
  });

  test.each([
    ["DELETE", "/instances", "GET, POST"],
    ["POST", "/instances/a", "DELETE, GET, PATCH, PUT"],
    ["GET", "/instances/a/action", "POST"],
    ["PUT", "/ha/a", "DELETE, GET, PATCH"],
    ["HEAD", "/flavors", "GET"],
    ["PATCH", "/instances/a/root", "DELETE, GET, POST"],
  ])("%s %s is 405 and says what is allowed: %s", (method, path, allow) => {
    const { send } = world();
    expect(send(method, path)).toMatchObject({
      status: 405,
      headers: { Allow: allow },
      body: { badMethod: { code: 405 } },
    });
  });

  test.each([
    ["POST", "/instances/a/action", { save_logs: { allow_ha: true } }],
    ["POST", "/instances/a/action", { upgrade: {} }],
    ["POST", "/ha/a/action", { upgrade: {} }],
    ["POST", "/backups/a/action", { "copy-backup": {} }],
    ["POST", "/backups/a/action", undefined],
    ["GET", "/instances/a/root", undefined],
    ["POST", "/instances/a/root", undefined],
  ])("%s %s of the service is not simulated: 501", (method, path, body) => {
    const { send } = world();
    expect(send(method, path, body)).toMatchObject({
      status: 501,
      body: { notImplemented: { code: 501 } },
    });
  });

  test.each([
    ["nothing", undefined],
    ["an empty object", {}],
    ["two actions", { restart: {}, resize: { volume: { size: 20 } } }],
    ["an unknown action", { promote_to_replica_source: {} }],
    ["a list", [{ restart: {} }]],
    ["a text", "restart"],
    ["an inherited name", JSON.parse('{"__proto__": {"restart": {}}}') as unknown],
  ])("an action that is %s is 400, with those that are known", (_, body) => {
    const { send } = world();
    const answer = send("POST", "/instances/a/action", body);
    expect(answer.status).toBe(400);
    expect(part(answer, "badRequest")["details"]).toContain("convert_to_ha, restart, resize");
  });
});

describe("how a path may be written", () => {
  test("with .json at its end, which links do not have", () => {
    const { send } = world();
    for (let n = 0; n < 3; n++)
      send("POST", "/configurations", { configuration: { name: "a", values: {} } });
    const answer = send("GET", "/configurations.json", undefined, { limit: "2" });
    expect(JSON.stringify(answer.body?.["links"])).toContain("/v1.0/1234/configurations?marker=");
  });

  test("with a method in any letter case", () => {
    const { sim } = world();
    expect(handleRequest(sim, { method: "get", path: "/instances" }).status).toBe(200);
  });

  test.each(["not-a-uuid", "%E0%A4%A", "a%2Fb", "..", "%00", "constructor"])(
    "with an id like %s, which is unknown",
    (id) => {
      const { send } = world();
      expect(send("GET", `/instances/${id}`).status).toBe(404);
      expect(send("DELETE", `/ha/${id}`).status).toBe(404);
      expect(send("GET", `/backups/${id}`).status).toBe(404);
    },
  );
});

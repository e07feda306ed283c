import {
  InvariantViolationError,
  NotFoundError,
  RateLimitError,
  ReplicationError,
  ReplicationSimulator,
} from "replication-simulator";
import {
  errorBody,
  errorResponse,
  handleRequest,
  httpStatusByCode,
} from "replication-simulator/wire";
import { describe, expect, test } from "vitest";
import { client, part, small, world } from "./client.js";

const brokenAccount = (thrown: unknown) =>
  new Proxy(new ReplicationSimulator(), {
    get: (sim, key) => {
      if (key === "view") return sim.view;
      throw thrown;
    },
  });

test("every fault has the number that the documents give it", () => {
  expect(httpStatusByCode).toEqual({
    badRequest: 400,
    unauthorized: 401,
    forbidden: 403,
    itemNotFound: 404,
    badMethod: 405,
    overLimit: 413,
    badMediaType: 415,
    unprocessableEntity: 422,
    instanceFault: 500,
    notImplemented: 501,
    serviceUnavailable: 503,
  });
});

describe("a refusal is answered by its fault", () => {
  function pair() {
    const { sim, send } = world();
    send("POST", "/instances", { instance: small });
    sim.settle();
    send("POST", "/instances", { instance: { ...small, replica_of: "instance-0" } });
    sim.settle();
    return { sim, send };
  }

  test("400 badRequest: malformed, or against itself", () => {
    const { send } = pair();
    expect(send("POST", "/instances", { instance: { ...small, flavorRef: "42" } })).toEqual({
      status: 400,
      body: {
        badRequest: {
          code: 400,
          message: "flavor 42 not found",
          details: expect.stringMatching(
            /^rule flavor-exists; field instance\.flavorRef; allowed: 1, 2, 3/,
          ) as unknown,
        },
      },
    });
  });

  test("403 forbidden: by the nature of the thing, or by role", () => {
    const { sim, send } = pair();
    const chained = { instance: { ...small, replica_of: "instance-1" } };
    expect(part(send("POST", "/instances", chained), "forbidden")).toMatchObject({ code: 403 });
    expect(part(send("DELETE", "/instances/instance-0"), "forbidden")["details"]).toContain(
      "source-has-replicas",
    );
    const observer = client(sim, { role: "observer" });
    expect(observer("GET", "/instances").status).toBe(200);
    expect(part(observer("DELETE", "/instances/instance-1"), "forbidden")["details"]).toBe(
      "rule role-allows; field role; allowed: admin",
    );
  });

  test("404 itemNotFound: unknown, or another account's, with the same words", () => {
    const { sim, send } = pair();
    const other = client(sim, { accountId: "5678" });
    const [own, foreign] = [send("GET", "/instances/none"), other("GET", "/instances/instance-0")];
    expect(own.status).toBe(404);
    const text = JSON.stringify(foreign).replaceAll("instance-0", "none");
    expect(text).toBe(JSON.stringify(own));
    expect(other("GET", "/instances").body).toEqual({ instances: [] });
  });

  test("413 overLimit: a counted limit has no time to retry, a rate has", () => {
    const { sim, send } = pair();
    send("POST", "/instances", { instance: { ...small, replica_of: "instance-0" } });
    sim.settle();
    const third = send("POST", "/instances", { instance: { ...small, replica_of: "instance-0" } });
    expect(third).toMatchObject({ status: 413, body: { overLimit: { code: 413 } } });
    expect(third).not.toHaveProperty("headers");
    const limited = client(new ReplicationSimulator({ rateLimits: { instanceActions: 1 } }));
    const { id } = part(limited("POST", "/instances", { instance: small }), "instance");
    const action = () => limited("POST", `/instances/${String(id)}/action`, { restart: {} });
    expect(action().status).toBe(422);
  });

  test("413 overLimit of a rate says when to come again, in whole seconds", () => {
    const sim = new ReplicationSimulator({ rateLimits: { createInstances: 2 } });
    const send = client(sim);
    send("POST", "/instances", { instance: small });
    send("POST", "/instances", { instance: small });
    const answer = send("POST", "/instances", { instance: small });
    expect(answer).toMatchObject({ status: 413, body: { overLimit: { code: 413 } } });
    const seconds = Number(answer.headers?.["Retry-After"]);
    expect(seconds).toBeGreaterThan(0);
    sim.advance(seconds * 1000);
    expect(send("POST", "/instances", { instance: small }).status).toBe(200);
  });

  test("one answer counts once, however much it shows", () => {
    const sim = new ReplicationSimulator({ rateLimits: { reads: 10 } });
    const send = client(sim);
    const { id } = part(send("POST", "/instances", { instance: small }), "instance");
    sim.settle();
    send("POST", "/instances", { instance: { ...small, replica_of: id } });
    sim.settle();
    send("POST", `/instances/${String(id)}/action`, { convert_to_ha: { name: "ha" } });
    sim.settle();
    const group = sim.listGroups().items[0]?.id ?? "";
    const paths = ["/instances", `/ha/${group}`, `/ha/${group}/backups`, "/flavors", "/ha"];
    for (const path of paths) expect(send("GET", path).status).toBe(200);
    const rest = Array.from({ length: 8 }, () => send("GET", "/datastores/mysql").status);
    // One read went to the listing above.
    expect(rest).toEqual([200, 200, 200, 200, 413, 413, 413, 413]);
  });

  test("503 serviceUnavailable while there is an outage, whatever is asked, and then no more", () => {
    const { sim, send } = pair();
    sim.inject({ kind: "outage", durationMs: 60_000 });
    const requests = [
      ["GET", "/instances"],
      ["GET", "/flavors/2"],
      ["GET", "/ha/none"],
      ["DELETE", "/instances/instance-1"],
    ] as const;
    for (const [method, path] of requests) {
      expect(send(method, path)).toMatchObject({
        status: 503,
        body: { serviceUnavailable: { code: 503 } },
      });
    }
    sim.advance(60_000);
    expect(send("GET", "/flavors/2").status).toBe(200);
  });

  test.each([
    ["serviceUnavailable", 503],
    ["instanceFault", 500],
  ] as const)("an outage with %s answers before anything is looked at", (answers, status) => {
    const { sim, send } = pair();
    sim.inject({ kind: "outage", respondWith: answers });
    const observer = client(sim, { role: "observer" });
    const requests = [
      ["a body of no form", send("POST", "/instances", { instance: 7 })],
      ["a wrong value", send("POST", "/instances", { instance: { ...small, flavorRef: "42" } })],
      ["a change of nothing", send("PATCH", "/instances/instance-1", { instance: {} })],
      ["an unknown action", send("POST", "/instances/instance-1/action", { dance: {} })],
      ["what is not simulated", send("POST", "/instances/instance-1/root")],
      ["no such path", send("GET", "/nothing")],
      ["no such method", send("DELETE", "/instances")],
      ["a page of no size", send("GET", "/instances", undefined, { limit: "0" })],
      ["who may not", observer("DELETE", "/instances/instance-1")],
    ] as const;
    for (const [what, answer] of requests) {
      expect([what, answer.status, Object.keys(answer.body ?? {})]).toEqual([
        what,
        status,
        [answers],
      ]);
    }
  });

  test("413 of a rate is checked before the body is validated, but after 404 and 405", () => {
    const sim = new ReplicationSimulator({
      rateLimits: { createInstances: 1, instanceActions: 1, changeInstances: 1 },
    });
    const send = client(sim);
    const { id } = part(send("POST", "/instances", { instance: small }), "instance");
    sim.settle();
    const path = `/instances/${String(id)}`;
    // What was refused has changed nothing, the counts of its rate neither.
    expect(send("PATCH", path, { instance: {} }).status).toBe(400);
    expect(send("POST", `${path}/action`, { restart: {} }).status).toBe(202);
    expect(send("PATCH", path, { instance: { name: "users" } }).status).toBe(202);
    send("POST", "/instances", { instance: small });
    expect(send("POST", "/instances", { instance: 7 }).status).toBe(413);
    expect(send("PATCH", path, { instance: {} }).status).toBe(413);
    expect(send("POST", `${path}/action`, { resize: {} }).status).toBe(413);
    expect(send("DELETE", "/instances").status).toBe(405);
    expect(send("POST", "/nothing", {}).status).toBe(404);
  });

  test("422 unprocessableEntity: the statuses in which it would have been taken", () => {
    const { sim, send } = pair();
    sim.restartInstance("instance-1");
    const answer = send("PATCH", "/instances/instance-1", { instance: { replica_of: "" } });
    expect(answer.status).toBe(422);
    expect(part(answer, "unprocessableEntity")["details"]).toMatch(
      /^rule detach-status; field instanceId; allowed: ACTIVE, /,
    );
  });
});

describe("an answer is made from any refusal", () => {
  test("with what a caller needs to do better, as far as there is any", () => {
    const bare = new ReplicationError({ code: "serviceUnavailable", rule: "r", message: "m" });
    expect(errorResponse(bare)).toEqual({
      status: 503,
      body: { serviceUnavailable: { code: 503, message: "m" } },
    });
    expect(errorBody("unauthorized", { message: "who?" })).toEqual({
      unauthorized: { code: 401, message: "who?" },
    });
  });

  test("with whole seconds to wait, never too few", () => {
    const refusal = { code: "overLimit", rule: "r", message: "m" } as const;
    const seconds = (ms: number) => errorResponse(new RateLimitError(refusal, ms)).headers;
    expect(seconds(1000)).toEqual({ "Retry-After": "1" });
    expect(seconds(1001)).toEqual({ "Retry-After": "2" });
    expect(seconds(1)).toEqual({ "Retry-After": "1" });
  });

  test("that a method throws, whatever it is", () => {
    const unknown = new NotFoundError({ code: "itemNotFound", rule: "r", message: "m" });
    const answer = handleRequest(brokenAccount(unknown), { method: "GET", path: "/instances" });
    expect(answer.status).toBe(404);
  });

  test("but our own mistakes are thrown, not answered", () => {
    const mistake = new InvariantViolationError("two sources");
    const account = brokenAccount(mistake);
    expect(() => handleRequest(account, { method: "GET", path: "/instances" })).toThrow(mistake);
  });
});

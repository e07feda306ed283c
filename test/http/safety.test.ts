import { inspect } from "node:util";
import { ReplicationSimulator } from "replication-simulator";
import { createHandler } from "replication-simulator/http";
import { describe, expect, test } from "vitest";
import { faultIn, origin, service, small } from "./client.js";

const control = "/_simulator";
const json = { "Content-Type": "application/json" };

describe("before a caller is let in", () => {
  test.each([
    ["PUT", `${control}/snapshot`],
    ["POST", `${control}/faults`],
    ["POST", "/v1.0/1234/instances"],
    ["POST", "/v1.0/4321/instances"],
  ])("%s %s reads no byte of the body", async (method, path) => {
    const { handler } = service({ control: true, tokens: [{ token: "right" }] });
    let pulled = 0;
    const body = new ReadableStream(
      {
        pull(stream) {
          pulled++;
          stream.enqueue(new Uint8Array(1024));
        },
      },
      { highWaterMark: 0 },
    );
    const request = new Request(`${origin}${path}`, {
      method,
      headers: { ...json, "X-Auth-Token": "wrong" },
      body,
      duplex: "half",
    } as RequestInit);
    expect((await handler(request)).status).toBe(401);
    expect([pulled, request.bodyUsed]).toEqual([0, false]);
  });

  test("a token of another account is refused without a word about the operator's", async () => {
    const tokens = [{ token: "right" }, { token: "other", accountId: "4321" }];
    const { send, sim } = service({ control: true, tokens });
    const refused = await send("GET", `${control}/clock`, { token: "other" });
    expect(refused.status).toBe(403);
    expect(refused.text).not.toContain(sim.accountId);
  });
});

describe("pages of other origins", () => {
  test("cannot change a world with a form, a plain text or an empty body", async () => {
    const { send, sim } = service({ control: true });
    const now = sim.now;
    const plain = { "Content-Type": "text/plain" };
    for (const headers of [plain, {}]) {
      const refused = await send("POST", `${control}/settle`, { token: null, headers });
      expect([refused.status, faultIn(refused).name]).toEqual([403, "forbidden"]);
    }
    const advance = { token: null, headers: plain, raw: '{"ms":5}' };
    expect((await send("POST", `${control}/advance`, advance)).status).toBe(403);
    expect(sim.now).toBe(now);
    const allowed = { token: null, headers: json, raw: '{"ms":5}' };
    expect((await send("POST", `${control}/advance`, allowed)).status).toBe(200);
    expect(sim.now).toBe(now + 5);
  });

  test("are refused by their Origin, unless it is the service's own or allowed", async () => {
    const { send } = service({ control: true, corsOrigins: ["http://page.test", "*"] });
    const from = async (Origin: string): Promise<number> =>
      (await send("POST", `${control}/settle`, { headers: { Origin } })).status;
    expect(await from("http://evil.test")).toBe(403);
    expect(await from("null")).toBe(403);
    expect(await from(origin)).toBe(200);
    expect(await from("http://page.test")).toBe(200);
  });

  test("cannot come in under a host name of their own where there are no credentials", async () => {
    const handler = createHandler(new ReplicationSimulator(), {
      control: true,
      allowedHosts: ["simulator"],
    });
    const status = async (host: string): Promise<number> =>
      (await handler(new Request(`http://${host}${control}/clock`))).status;
    expect(await status("evil.test")).toBe(403);
    for (const host of ["simulator:8779", "localhost", "127.0.0.1:1", "[::1]:2", "a.localhost"]) {
      expect(await status(host)).toBe(200);
    }
    const guarded = createHandler(new ReplicationSimulator(), {
      control: true,
      allowedHosts: [],
      tokens: [{ token: "right" }],
    });
    const headers = { "X-Auth-Token": "right" };
    const requested = new Request(`http://any.test${control}/clock`, { headers });
    expect((await guarded(requested)).status).toBe(200);
  });
});

describe("CORS", () => {
  const preflight = {
    Origin: "http://page.test",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "x-auth-token, content-type",
  };

  test("lets pages of the allowed origins ask and read", async () => {
    const { send } = service({ corsOrigins: ["http://page.test"] });
    const requested = await send("OPTIONS", "/v1.0/1234/instances", {
      token: null,
      headers: preflight,
    });
    expect(requested.status).toBe(204);
    expect(Object.fromEntries(requested.headers)).toMatchObject({
      "access-control-allow-origin": "http://page.test",
      "access-control-allow-methods": "GET, POST, HEAD, OPTIONS",
      "access-control-allow-headers": "x-auth-token, content-type",
      vary: "Origin",
    });
    const Origin = "http://page.test";
    const read = await send("GET", "/v1.0/1234/instances", { headers: { Origin } });
    expect(read.headers.get("access-control-allow-origin")).toBe(Origin);
    expect(read.headers.get("access-control-expose-headers")).toContain("X-Request-Id");
  });

  test("is off by default, and for other origins", async () => {
    const { send } = service();
    const closed = await send("GET", "/v1.0", { headers: { Origin: "http://page.test" } });
    expect(closed.headers.has("access-control-allow-origin")).toBe(false);
    const { send: sendFromPage } = service({ corsOrigins: ["http://page.test"] });
    const evil = await sendFromPage("GET", "/v1.0", { headers: { Origin: "http://evil.test" } });
    expect(evil.headers.has("access-control-allow-origin")).toBe(false);
    expect(evil.headers.get("vary")).toBe("Origin");
  });

  test("with a star opens the API to every page, and the control endpoint to none", async () => {
    const { send } = service({ corsOrigins: ["*"], control: true });
    const headers = { Origin: "http://any.test" };
    const api = await send("GET", "/v1.0", { headers });
    expect(api.headers.get("access-control-allow-origin")).toBe("http://any.test");
    const clock = await send("GET", `${control}/clock`, { headers });
    expect(clock.status).toBe(403);
    expect(clock.headers.has("access-control-allow-origin")).toBe(false);
  });

  test("takes origins alone", () => {
    for (const wrong of [["page.test"], ["http://page.test/"], [5], "*"]) {
      expect(() => service({ corsOrigins: wrong as string[] })).toThrow(/corsOrigins|must be/);
    }
  });
});

test("behind a prefix, routes are found and links keep it", async () => {
  const { send } = service({ pathPrefix: "/db", control: true });
  const made = await send("POST", "/db/v1.0/1234/instances", { body: { instance: small } });
  expect(made.status).toBe(200);
  expect(made.text).toContain(`${origin}/db/v1.0/1234/instances/`);
  expect((await send("GET", `/db${control}/clock`)).status).toBe(200);
  expect((await send("GET", "/db")).json).toMatchObject({
    versions: [{ links: [{ href: `${origin}/db/v1.0/` }] }],
  });
});

describe("a request that moves time", () => {
  test("takes a bounded number of steps, and says where it came to", async () => {
    const { send, sim } = service({ control: true, maxStepsPerRequest: 3 });
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
    sim.settle();
    sim.injectRandom({
      target: { instanceId: id },
      fault: "crash",
      timeToFailure: 5000,
      timeToRepair: 1,
    });
    const before = sim.now;
    const refused = await send("POST", `${control}/advance`, { body: { ms: 86_400_000 } });
    expect([refused.status, faultIn(refused).name]).toEqual([422, "unprocessableEntity"]);
    expect(faultIn(refused).message).toContain(`(${String(sim.now)}) in 3 steps`);
    expect(sim.now).toBeGreaterThan(before);
    expect(sim.now).toBeLessThan(before + 86_400_000);
    const rest = await send("POST", `${control}/advance`, { body: { ms: 0 } });
    expect(rest.status).toBe(200);
  });

  test("settle is bounded as well", async () => {
    const { send, sim } = service({ control: true, maxStepsPerRequest: 1 });
    for (let n = 0; n < 3; n++) sim.createInstance({ flavorId: 2, volumeGb: 1 });
    const statuses: number[] = [];
    for (let n = 0; n < 3; n++) statuses.push((await send("POST", `${control}/settle`)).status);
    expect(statuses).toEqual([422, 422, 200]);
  });
});

test("a branch takes a bounded number of steps as well, and the world stays as it is", async () => {
  const { send, sim } = service({ control: true, maxStepsPerRequest: 3 });
  const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
  sim.settle();
  const target = { instanceId: id };
  sim.injectRandom({ target, fault: "crash", timeToFailure: 5000, timeToRepair: 1 });
  const before = sim.fingerprint();
  const refused = await send("POST", `${control}/branches`, { body: { ms: 86_400_000 } });
  expect([refused.status, faultIn(refused).name]).toEqual([422, "unprocessableEntity"]);
  expect(faultIn(refused).message).toMatch(/^the branch reached 2026-01-01T.* in 3 steps/);
  expect(sim.fingerprint()).toBe(before);
  expect((await send("POST", `${control}/branches`, { body: { ms: 1 } })).status).toBe(200);
});

describe("the event stream of the journal", () => {
  const headers = { Accept: "text/event-stream" };

  test("is not opened by HEAD, nor by a synchronous answer", async () => {
    const { handler, sim } = service({ control: true });
    let subscriptions = 0;
    const subscribe = sim.subscribe.bind(sim);
    sim.subscribe = (...args) => {
      subscriptions++;
      return subscribe(...args);
    };
    const url = `${origin}${control}/journal`;
    expect((await handler(new Request(url, { method: "HEAD", headers }))).status).toBe(200);
    expect(handler.handleSync({ method: "GET", url, headers }).status).toBe(200);
    expect(subscriptions).toBe(0);
    const open = await handler(new Request(url, { headers }));
    expect(subscriptions).toBe(1);
    await open.body?.cancel();
  });

  test("is ended with a reason for a subscriber who does not read", async () => {
    const { handler, sim } = service({ control: true });
    const response = await handler(new Request(`${origin}${control}/journal`, { headers }));
    for (let n = 0; n < 1100; n++) sim.inject({ kind: "slowTasks", factor: 2 });
    const text = await response.text();
    const events = text.split("\n\n").filter((event) => event !== "");
    expect(events.at(-1)).toMatch(/^event: dropped\ndata: \{"reason":"more than 1000 entries/);
    expect(events.length).toBeLessThan(1000);
  });

  test("gives entries as the journal has them, also what else happened at the moment", async () => {
    const { handler, send, sim } = service({ control: true });
    const source = sim.createInstance({ flavorId: 2, volumeGb: 1 });
    sim.settle();
    sim.createReplica({ flavorId: 2, volumeGb: 1, replicaOf: source.id });
    sim.settle();
    const { json: journal } = await send("GET", `${control}/journal`);
    const { lines, entries = lines } = journal as Readonly<Record<string, unknown[]>>;
    const response = await handler(new Request(`${origin}${control}/journal`, { headers }));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    for (const entry of entries ?? []) {
      const text = new TextDecoder().decode((await reader.read()).value);
      expect(JSON.parse(text.slice(text.indexOf("data: ") + 6))).toEqual(entry);
    }
    await reader.cancel();
    expect(entries?.length).toBeGreaterThan(3);
  });
});

describe("a fault of work that is injected for one account", () => {
  test.each([
    ["failTask", { kind: "failTask", task: "build" }, "ERROR"],
    ["slowTasks", { kind: "slowTasks", factor: 3 }, "BUILD"],
  ])("%s strikes that account alone, and all of them on request", async (_, body, affected) => {
    const outcome = async (account: string, more: object = {}): Promise<string[]> => {
      const { send, sim } = service({ control: true });
      const path = `${control}/faults${account}`;
      expect((await send("POST", path, { body: { ...body, ...more } })).status).toBe(200);
      const created = ["1234", "4321"].map((id) => {
        const { id: instanceId } = sim.account(id).createInstance({ flavorId: 2, volumeGb: 1 });
        return { account: sim.account(id), instanceId };
      });
      sim.advance(40_000);
      return created.map(({ account: of, instanceId }) => of.getInstance(instanceId).status);
    };
    expect(await outcome("?account=4321")).toEqual(["ACTIVE", affected]);
    expect(await outcome("?account=1234")).toEqual([affected, "ACTIVE"]);
    const all = await outcome("?account=4321", {
      scope: "service",
      ...(affected === "ERROR" ? { times: 2 } : {}),
    });
    expect(all).toEqual([affected, affected]);
  });
});

test("what is no request is refused without what it holds", async () => {
  const { handler } = service();
  const secret = "a-secret-token";
  const incoming = { method: "GET", url: "/v1.0", headers: { "x-auth-token": secret } };
  const refused = await handler(incoming as never).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: "InvalidInputError", rule: "http-request" });
  expect(inspect(refused, { depth: 9 })).not.toContain(secret);
});

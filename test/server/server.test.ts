import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { ReplicationSimulator } from "replication-simulator";
import {
  openSqliteStore,
  type RunningServer,
  ServerConfigError,
  type ServerOptions,
  startServer,
} from "replication-simulator/server";
import { afterEach, describe, expect, test } from "vitest";
import { isLoopback } from "../../src/server/listen.js";
import { FailingStore } from "./failingStore.js";
import { folder } from "./tempDir.js";

/*
 * The server over real sockets, in this process: what it answers, at what pace its world goes, how it stops, what is
 * there again when it starts.
 */

const running: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

describe("a world on a port", () => {
  test("answers the API", async () => {
    const server = await started({ world: { accountId: "42", region: "LON" } });
    const { status, json } = await send(server, "POST", "/v1.0/42/instances", instance("orders"));
    expect(status).toBe(200);
    expect(json).toMatchObject({ instance: { name: "orders", status: "BUILD" } });
    expect((await send(server, "GET", "/v1.0/1234/instances")).status).toBe(403);
    expect((await send(server, "GET", "/_simulator/clock")).status).toBe(404);
  });

  test("takes tokens, and nothing else where there are any", async () => {
    const server = await started({ http: { tokens: [{ token: "secret" }] } });
    expect((await send(server, "GET", "/v1.0/1234/instances")).status).toBe(401);
    const headers = { "X-Auth-Token": "secret" };
    expect((await fetch(`${server.url}/v1.0/1234/instances`, { headers })).status).toBe(200);
  });

  test("logs each request in a line that cannot be forged", async () => {
    const lines: string[] = [];
    const server = await started({ speed: 0, onRequest: (line) => lines.push(line) });
    await send(server, "GET", "/v1.0/1234/instances?limit=3");
    await send(server, "DELETE", "/%0A%1b[31m/\u{1f34e}");
    expect(lines.map((line) => line.replace(/\d+ ms$/, "n ms"))).toEqual([
      "2026-01-01 00:00:00Z  GET    /v1.0/1234/instances?limit=3  200  n ms",
      "2026-01-01 00:00:00Z  DELETE /%0A%1b[31m/%F0%9F%8D%8E  404  n ms",
    ]);
  });

  test("refuses what is no request with a fault of the API", async () => {
    const server = await started();
    const wrong = [
      "GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
      "\u0016\u0003\u0001 hello\r\n\r\n",
      `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${"x".repeat(100_000)}\r\n\r\n`,
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    ];
    for (const bytes of wrong) {
      const answer = await raw(server, bytes);
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(answer).toMatch(/\r\n\r\n\{"badRequest":\{"code":400,"message":"[^"]+"\}\}$/);
      const [head = "", body = ""] = answer.split("\r\n\r\n");
      expect(head.toLowerCase()).toContain("content-type: application/json");
      expect(head.toLowerCase()).toContain(`content-length: ${body.length}`);
    }
    expect(await raw(server, wrong[2] ?? "")).toContain("headers");
  });

  test("leaves the globals of the process alone", async () => {
    const before = [globalThis.Request, globalThis.Response];
    await started();
    expect([globalThis.Request, globalThis.Response]).toEqual(before);
  });
});

describe("time", () => {
  test("stands still at speed 0, until it is moved", async () => {
    const server = await started({ speed: 0, http: { control: true } });
    const made = await send(server, "POST", "/v1.0/1234/instances", instance("orders"));
    const { id } = (made.json as { instance: { id: string } }).instance;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await send(server, "GET", "/_simulator/clock")).json).toMatchObject({
      at: "2026-01-01T00:00:00.000Z",
      nextDueAt: Date.parse("2026-01-01T00:00:35Z"),
    });
    await send(server, "POST", "/_simulator/advance", { ms: 34_999 });
    expect(await statusOf(server, id)).toBe("BUILD");
    await send(server, "POST", "/_simulator/advance", { ms: 1 });
    expect(await statusOf(server, id)).toBe("ACTIVE");
  });

  test("goes on by itself, at the speed that is asked for", async () => {
    const server = await started({ speed: 3600 });
    const made = await send(server, "POST", "/v1.0/1234/instances", instance("orders"));
    const { id } = (made.json as { instance: { id: string } }).instance;
    await expect.poll(() => statusOf(server, id), { timeout: 5000 }).toBe("ACTIVE");
  });
});

describe("where it may listen", () => {
  test.each(["127.0.0.1", "127.9.9.9", "localhost", "::1", "::ffff:127.0.0.1"])(
    "%s is loopback",
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  test.each(["0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "127.example", "::ffff:10.0.0.1", ""])(
    "'%s' is not",
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );

  test("beyond loopback only with credentials, or when it is said that anyone may come", async () => {
    await expect(started({ host: "0.0.0.0" })).rejects.toThrow(ServerConfigError);
    await expect(started({ host: "0.0.0.0" })).rejects.toThrow(/--token.*--allow-unauthenticated/);
    const guarded = await started({ host: "0.0.0.0", http: { tokens: [{ token: "t" }] } });
    expect(guarded.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const user = { name: "a", password: "b" };
    await started({ host: "0.0.0.0", http: { users: [user] } });
    await started({ host: "0.0.0.0", allowUnauthenticated: true });
  });

  test("not where another process listens; the store is closed then", async () => {
    const first = await started();
    const file = join(folder(), "world.db");
    const port = Number(new URL(first.url).port);
    const refused = started({ port, store: await openSqliteStore(file) });
    await expect(refused).rejects.toMatchObject({ code: "EADDRINUSE" });
    await (await openSqliteStore(file)).close();
  });
});

describe("a world that is kept", () => {
  test("is there again: rows, clock and journal, and continues with the same draws", async () => {
    const file = join(folder(), "world.db");
    const options = { speed: 0, http: { control: true }, world: { seed: 7 } };
    const first = await started({ ...options, store: await openSqliteStore(file) });
    await send(first, "POST", "/v1.0/1234/instances", instance("orders"));
    await send(first, "POST", "/_simulator/advance", { ms: 1234 });
    const before = first.driver.sim.fingerprint();
    await first.stop();

    const second = await started({ ...options, store: await openSqliteStore(file) });
    expect(second.driver.sim.fingerprint()).toBe(before);
    expect(second.ignoredOptions).toEqual([]);
    const again = await send(second, "POST", "/v1.0/1234/instances", instance("reports"));
    await second.stop();
    const straight = new ReplicationSimulator({ seed: 7 });
    straight.createInstance({ name: "orders", flavorId: "2", volumeGb: 1 });
    straight.advance(1234);
    const { id } = straight.createInstance({ name: "reports", flavorId: "2", volumeGb: 1 });
    expect(again.json).toMatchObject({ instance: { id } });
  });

  test("is what it was made as; options that say otherwise are named", async () => {
    const file = join(folder(), "world.db");
    await (await started({ world: { seed: 7 }, store: await openSqliteStore(file) })).stop();
    const second = await started({
      world: { seed: 8, region: "ORD", latency: "fast" },
      store: await openSqliteStore(file),
    });
    expect(second.ignoredOptions).toEqual(["seed", "latency"]);
    expect(second.driver.sim.settings.seed).toBe(7);
  });

  test("takes in a snapshot that is put, whole", async () => {
    const file = join(folder(), "world.db");
    const options = { speed: 0, http: { control: true } };
    const first = await started({ ...options, store: await openSqliteStore(file) });
    await send(first, "POST", "/v1.0/1234/instances", instance("orders"));
    const other = new ReplicationSimulator({ seed: "other" });
    other.createInstance({ name: "reports", flavorId: "2", volumeGb: 1 });
    expect((await send(first, "PUT", "/_simulator/snapshot", other.snapshot())).status).toBe(200);
    await first.stop();
    const second = await started({ ...options, store: await openSqliteStore(file) });
    expect(second.driver.sim.fingerprint()).toBe(other.fingerprint());
  });

  test("that cannot be written: 503, and nothing has happened, until it can", async () => {
    const store = new FailingStore();
    const errors: string[] = [];
    const server = await started({ store, speed: 0, onError: (line) => errors.push(line) });
    const path = "/v1.0/1234/instances";
    await send(server, "POST", path, instance("orders"));
    store.isFull = true;
    const answers = await Promise.all(
      ["a", "b", "c"].map((name) => send(server, "POST", path, instance(name))),
    );
    for (const { status, json } of answers) {
      expect(status).toBe(503);
      expect(json).toMatchObject({ serviceUnavailable: { code: 503, message: /stored/ } });
    }
    expect(await namesOf(server)).toEqual(["orders"]);
    expect(errors.join()).toMatch(/no space left on device/);
    store.isFull = false;
    expect((await send(server, "POST", path, instance("d"))).status).toBe(200);
    expect(await namesOf(server)).toEqual(["d", "orders"]);
    expect(server.driver.sim.history.entries()).toHaveLength(2);
  });

  test("that cannot be written goes on in time", async () => {
    const store = new FailingStore();
    const server = await started({ store, speed: 0, onError: () => undefined });
    const made = await send(server, "POST", "/v1.0/1234/instances", instance("orders"));
    const { id } = (made.json as { instance: { id: string } }).instance;
    store.isFull = true;
    // Only now does time go on: the build cannot be over, and stored, before the disk is full.
    server.driver.setSpeed(10_000);
    await expect
      .poll(async () => (await send(server, "GET", `/v1.0/1234/instances/${id}`)).status, {
        timeout: 5000,
      })
      .toBe(503);
    store.isFull = false;
    await expect.poll(() => statusOf(server, id), { timeout: 5000 }).toBe("ACTIVE");
  });
});

describe("when it stops", () => {
  test("answers under way are finished, what comes later is not taken", async () => {
    const store = new FailingStore();
    store.slowMs = 150;
    const server = await started({ store });
    const slow = send(server, "POST", "/v1.0/1234/instances", instance("orders"));
    await new Promise((resolve) => setTimeout(resolve, 60));
    const stopping = server.stop();
    expect((await slow).status).toBe(200);
    await stopping;
    await expect(send(server, "GET", "/")).rejects.toThrow();
    expect(store.inner.read("latest")?.snapshot.seq).toBeGreaterThan(0);
  });

  test("event streams end, and no caller has to wait for them", async () => {
    const server = await started({ speed: 0, http: { control: true } });
    const headers = { Accept: "text/event-stream" };
    const response = await fetch(`${server.url}/_simulator/journal`, { headers });
    const received = response.text();
    await send(server, "POST", "/v1.0/1234/instances", instance("orders"));
    const before = performance.now();
    await server.stop();
    expect(performance.now() - before).toBeLessThan(3000);
    expect(await received).toMatch(/^id: 0\ndata: \{"seq":0,.*\}\n\n$/);
  });

  test("a caller who never ends is cut off after the grace", async () => {
    const server = await started();
    const { port } = new URL(server.url);
    const socket = connect({ host: "127.0.0.1", port: Number(port) });
    socket.write("POST /v2.0/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{");
    const cut = new Promise((resolve) => socket.on("close", resolve).on("error", () => undefined));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.stop(100);
    await cut;
  });

  test("stopping twice is stopping once", async () => {
    const server = await started({ store: new FailingStore() });
    await Promise.all([server.stop(), server.stop()]);
  });
});

test("the version is that of the package", async () => {
  const { version } = await import("../../src/model/packageVersion.js");
  const manifest: unknown = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  expect(manifest).toMatchObject({ version });
});

async function started(options: ServerOptions = {}): Promise<RunningServer> {
  const server = await startServer({ port: 0, ...options });
  running.push(server);
  return server;
}

interface Answer {
  readonly status: number;
  readonly json: unknown;
}

async function send(
  { url }: RunningServer,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { "X-Auth-Token": "any", "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === "" ? undefined : JSON.parse(text) };
}

async function statusOf(server: RunningServer, id: string): Promise<string | undefined> {
  const { json } = await send(server, "GET", `/v1.0/1234/instances/${id}`);
  return (json as { instance?: { status: string } }).instance?.status;
}

async function namesOf(server: RunningServer): Promise<readonly string[]> {
  const { json } = await send(server, "GET", "/v1.0/1234/instances");
  return (json as { instances: readonly { name: string }[] }).instances
    .map(({ name }) => name)
    .sort();
}

function instance(name: string): unknown {
  return { instance: { name, flavorRef: "2", volume: { size: 1 } } };
}

/** What a socket gets for bytes that no client would send. */
async function raw({ url }: RunningServer, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port) }, () => {
      socket.end(bytes, "latin1");
    });
    socket.on("data", (data) => {
      answer += data.toString("latin1");
    });
    socket.on("close", () => resolve(answer)).on("error", reject);
  });
}

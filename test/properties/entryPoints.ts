import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReplicationError, ReplicationSimulator } from "replication-simulator";
import * as http from "replication-simulator/http";
import * as realtime from "replication-simulator/realtime";
import * as render from "replication-simulator/render";
import * as server from "replication-simulator/server";
import * as wire from "replication-simulator/wire";
import type { Arguments } from "./publicMethods.js";

/*
 * Every function of the entry points around the simulator, and for each a call that is accepted. What an entry point exports is
 * found by looking: a new function without such a call turns the first test of `badDoors.test.ts` red.
 */

/** A function of an entry point: with what it is called, and how. */
export interface EntryPointCall {
  readonly args: (sim: ReplicationSimulator) => Arguments;
  /** Calls it, and uses what it gives as a caller would; what it makes is ended again. */
  readonly call: (...args: never[]) => unknown;
  /** What has the function, where it is a method: the first argument of `call`, which stays valid. */
  readonly owner?: (sim: ReplicationSimulator) => object;
}

const journalOf = (sim: ReplicationSimulator): unknown =>
  JSON.parse(JSON.stringify(sim.journal())) as unknown;
const svg = { title: "A world", theme: "dark", id: "world" };
const small = { flavorRef: "2", volume: { size: 2 } };

const wireOptions = {
  baseUrl: "https://db.test",
  region: "DFW",
  timestampStyle: "zulu",
  addressStyle: "both",
  haNodeLinks: "array",
};

const requests: Readonly<Record<string, object>> = {
  create: {
    method: "POST",
    path: "/instances",
    query: {},
    body: {
      instance: {
        name: "orders",
        ...small,
        datastore: { type: "mysql", version: "5.6" },
        databases: [{ name: "a", character_set: "utf8" }],
        users: [{ name: "b", password: "c", databases: [{ name: "a" }] }],
      },
    },
  },
  list: {
    method: "GET",
    path: "/instances",
    query: { limit: "1", marker: "instance-0", include_ha: "false", unknown: "x" },
  },
  action: { method: "POST", path: "/instances/instance-0/action", body: { restart: {} } },
  change: { method: "PATCH", path: "/instances/instance-0", body: { instance: { name: "new" } } },
};

const performing = Object.fromEntries(
  Object.entries(requests).map(([name, request]) => [
    `wire.handleRequest ${name}`,
    {
      args: (sim) => [sim, request, wireOptions],
      call: wire.handleRequest,
    } satisfies EntryPointCall,
  ]),
);

const handling = {
  users: [
    {
      name: "ann",
      apiKey: "key",
      password: "word",
      accountId: "1234",
      accountName: "shop",
      role: "creator",
    },
  ],
  tokens: [{ token: "secret", accountId: "1234", role: "observer" }],
  tokenLifetimeMs: 1000,
  otherRegions: { LON: "https://lon.test" },
  control: true,
  maxBodyBytes: 1000,
  maxBodyDepth: 5,
  maxUrlLength: 500,
  maxHeaderBytes: 500,
  now: () => 5,
  createToken: () => "token",
  onRequest: () => undefined,
  transact: (work: () => unknown) => work(),
  ...wireOptions,
};

const url = "https://db.test/v1.0/1234/instances";
const headers = { "X-Auth-Token": "secret", "Content-Type": "application/json" };

/** What every handler must be good for. */
async function replyOf(handler: http.Handler): Promise<unknown> {
  const { status } = handler.handleSync({ method: "GET", url, headers });
  return [status, (await handler(new Request(url, { headers }))).status];
}

const folder = mkdtempSync(join(tmpdir(), "entry-points-"));
let files = 0;

async function serving(options: server.ServerOptions): Promise<unknown> {
  const running = await server.startServer(options);
  await running.stop(0);
  return running.url;
}

async function opening(path: string, options: server.SqliteOptions): Promise<unknown> {
  // Never a file of the repository: any text is as good as another.
  const isText = typeof path === "string" && path !== "" && !path.includes("\0");
  const store = await server.openSqliteStore(
    isText ? join(folder, `${String(files++)}.db`) : path,
    options,
  );
  await store.close();
  return store;
}

async function driving(
  sim: ReplicationSimulator,
  options: realtime.RealtimeOptions,
): Promise<unknown> {
  const driver = new realtime.RealtimeDriver(sim, options);
  driver.start();
  driver.sync();
  driver.stop();
  return driver.waitFor("instance-0", "ACTIVE");
}

const driven = (sim: ReplicationSimulator): realtime.RealtimeDriver => {
  const driver = new realtime.RealtimeDriver(sim, { clock: new realtime.ManualClock() });
  driver.start();
  return driver;
};

/** A clock on which something is set. */
const clock = (): realtime.ManualClock => {
  const manual = new realtime.ManualClock();
  manual.setTimer(() => undefined, 5);
  return manual;
};

/** By module and name, and what it is asked for where that makes a difference. */
export const entryPointCalls: Readonly<Record<string, EntryPointCall>> = {
  ...performing,
  "wire.matchRoute": { args: () => [requests["action"]], call: wire.matchRoute },
  "wire.defineDialect": { args: () => [{ ...wire.rackspace }], call: wire.defineDialect },
  "wire.requestSchema": {
    args: (sim) => [wire.operations[0], { ...sim.settings.limits }],
    call: wire.requestSchema,
  },
  "wire.errorBody": {
    args: () => ["badRequest", { message: "no", details: "at all" }],
    call: wire.errorBody,
  },
  "wire.errorResponse": {
    args: () => [new ReplicationError({ code: "badRequest", rule: "r", message: "m" })],
    call: wire.errorResponse,
  },
  "render.topologyTree": {
    args: ({ topology }) => [topology, { accountId: "1234", ids: true }],
    call: render.topologyTree,
  },
  "render.topologyMermaid": {
    args: ({ topology }) => [topology, { accountId: "1234" }],
    call: render.topologyMermaid,
  },
  "render.topologyDot": {
    args: ({ topology }) => [topology, { accountId: "1234" }],
    call: render.topologyDot,
  },
  "render.topologySvg": {
    args: ({ topology }) => [topology, { accountId: "1234", ...svg }],
    call: render.topologySvg,
  },
  "render.journalTimeline": {
    args: (sim) => [journalOf(sim), { since: 3, hidden: true }],
    call: render.journalTimeline,
  },
  "render.timelineSvg": {
    args: (sim) => [journalOf(sim), { ...svg, width: 700 }],
    call: render.timelineSvg,
  },
  "realtime.RealtimeDriver": {
    args: (sim) => [
      sim,
      { speed: 2, clock: new realtime.ManualClock(), onError: () => undefined, maxStepsPerTick: 3 },
    ],
    call: driving,
  },
  "realtime.RealtimeDriver.setSpeed": {
    owner: driven,
    args: () => [3],
    call: (driver: realtime.RealtimeDriver, speed: number) => {
      driver.setSpeed(speed);
    },
  },
  "realtime.RealtimeDriver.waitFor": {
    owner: driven,
    args: () => ["instance-0", "ACTIVE", { timeoutMs: 5, accountId: "1234" }],
    call: async (driver: realtime.RealtimeDriver, ...given: [string, "ACTIVE"]) => {
      const waiting = driver.waitFor(...given);
      driver.stop();
      return waiting;
    },
  },
  "realtime.ManualClock.setTimer": {
    owner: clock,
    args: () => [() => undefined, 5],
    call: (manual: realtime.ManualClock, ...given: [() => void, number]) =>
      manual.setTimer(...given),
  },
  "realtime.ManualClock.clearTimer": {
    owner: clock,
    args: () => [5],
    call: (manual: realtime.ManualClock, timer) => {
      manual.clearTimer(timer);
    },
  },
  "realtime.ManualClock.advance": {
    owner: clock,
    args: () => [9],
    call: (manual: realtime.ManualClock, ms: number) => {
      manual.advance(ms);
    },
  },
  "realtime.ManualClock.stall": {
    owner: clock,
    args: () => [9],
    call: (manual: realtime.ManualClock, ms: number) => {
      manual.stall(ms);
    },
  },
  "http.createHandler": {
    args: (sim) => [sim, handling],
    call: async (...given: [ReplicationSimulator, http.HandlerOptions]) =>
      replyOf(http.createHandler(...given)),
  },
  "http.createHandler ask": {
    owner: http.createHandler,
    args: () => [new Request(url, { headers })],
    call: async (handler: http.Handler, request: Request) => handler(request),
  },
  "http.createHandler answer": {
    owner: http.createHandler,
    args: () => [{ method: "POST", url, headers, body: JSON.stringify({ instance: small }) }],
    call: (handler: http.Handler, request: http.PlainRequest) => handler.handleSync(request),
  },
  "http.createFetch": { args: (sim) => [http.createHandler(sim)], call: http.createFetch },
  "http.mswResolver": { args: (sim) => [http.createHandler(sim)], call: http.mswResolver },
  "http.replaceFetch": {
    args: (sim) => [http.createHandler(sim), "https://db.test"],
    call: (...given: Parameters<typeof http.replaceFetch>) => {
      http.replaceFetch(...given)();
    },
  },
  "http.interceptPool": {
    args: (sim) => [
      { intercept: () => ({ reply: () => ({ persist: () => undefined }) }) },
      http.createHandler(sim),
      "https://db.test",
    ],
    call: http.interceptPool,
  },
  "http.openApi": {
    args: (sim) => [{ baseUrl: "https://db.test", limits: { ...sim.settings.limits } }],
    call: http.openApi,
  },
  "server.startServer": {
    args: () => [
      {
        world: { seed: 3 },
        store: new server.MemoryStore(),
        http: { control: true },
        port: 0,
        speed: 3,
        allowUnauthenticated: true,
        snapshotEvery: 5,
        onRequest: () => undefined,
        onError: () => undefined,
      },
    ],
    call: serving,
  },
  "server.openSqliteStore": {
    args: () => ["file", { readOnly: false, driver: "libsql", onCorruption: () => undefined }],
    call: opening,
  },
};

/** What an entry point exports, functions and the methods of classes, by module and name. */
export function exportedFunctions(): readonly string[] {
  const entryPoints = { wire, render, realtime, http, server };
  return Object.entries(entryPoints).flatMap(([entryPoint, exports]) =>
    Object.entries(exports).flatMap(([name, value]) => {
      if (typeof value !== "function") return [];
      const { prototype } = value as { readonly prototype?: object };
      const methods = Object.entries(Object.getOwnPropertyDescriptors(prototype ?? {}))
        .filter(([method, one]) => method !== "constructor" && typeof one.value === "function")
        .map(([method]) => `${entryPoint}.${name}.${method}`);
      return [`${entryPoint}.${name}`, ...methods];
    }),
  );
}

/** Functions that nonsense cannot reach, and why. */
export const unreachable: Readonly<Record<string, string>> = {
  "http.resetFetch": "takes nothing",
  "wire.groupHostnameOf": "takes a row, which it only reads",
  "wire.hostnameOf": "takes a row, which it only reads",
  "wire.ipOf": "takes a row, which it only reads",
  "http.AnswerLostError": "is an error, and keeps what it is given",
  "realtime.systemClock": "takes nothing",
  "realtime.ManualClock": "takes nothing",
  "realtime.ManualClock.now": "takes nothing",
  "realtime.ManualClock.runNext": "takes nothing",
  "realtime.RealtimeDriver.start": "takes nothing",
  "realtime.RealtimeDriver.stop": "takes nothing",
  "realtime.RealtimeDriver.sync": "takes nothing",
  "server.MemoryStore": "takes nothing",
  "server.MemoryStore.read": "is called by the server alone",
  "server.MemoryStore.append": "is called by the server alone",
  "server.MemoryStore.snapshot": "is called by the server alone",
  "server.MemoryStore.close": "takes nothing",
  "server.StoreError": "is an error, and keeps what it is given",
  "server.ServerConfigError": "is an error, and keeps what it is given",
  "server.runCli": "takes the words of a shell, which are texts",
};

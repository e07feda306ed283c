import fc from "fast-check";
import { ReplicationSimulator } from "replication-simulator";
import { handleRequest, operations, type WireRequest } from "replication-simulator/wire";
import { expect, test } from "vitest";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { assertDrafts } from "../scenarioGenerators.js";
import { client } from "../wire/client.js";
import { situations } from "../wire/fixtures.js";

/* What holds of the API's JSON whatever has happened, and whatever is asked. */

test("after any scenario, everything can be read, and matches its schema", () => {
  const seen = new Set<string>();
  assertDrafts(60, (options, draft) => {
    const sim = new ReplicationSimulator(options);
    const worlds = new Map<ReplicationSimulator, Set<string>>();
    runDrafts(sim, draft, {
      onStep: ({ next, accountId }) => {
        const accounts = worlds.get(next) ?? new Set();
        worlds.set(next, accounts.add(accountId));
      },
    });
    for (const [world, accounts] of worlds) {
      for (const accountId of accounts) readAll(world, accountId, seen);
    }
  });
  // The drafts reach what there is to read, so that the property could fail.
  const reads = operations.filter(({ method, query }) => method === "GET" && query !== undefined);
  for (const { path } of reads) expect(seen).toContain(path);
});

function readAll(sim: ReplicationSimulator, accountId: string, seen: Set<string>): void {
  const send = client(sim, { accountId, addressStyle: "both", haNodeLinks: "array" });
  for (const [path, name, below] of [
    ["/instances", "instances", ["/replicas", "/databases", "/users", "/backups"]],
    ["/ha", "ha_instances", ["/acls", "/backups"]],
    ["/backups", "backups", []],
    ["/schedules", "schedules", []],
    ["/configurations", "configurations", ["/instances"]],
  ] as const) {
    const rows = send("GET", path).body?.[name] as readonly { readonly id: string }[];
    seen.add(path);
    for (const { id } of rows) {
      for (const more of ["", ...below]) {
        expect(send("GET", `${path}/${id}${more}`).status).toBe(200);
        const parameter = `{${path === "/ha" ? "ha" : path.slice(1, -1)}Id}`;
        seen.add(`${path}/${parameter}${more}`);
      }
    }
  }
}

/** A request of the examples, spoilt in one place. */
const spoilt: fc.Arbitrary<{ readonly name: string; readonly request: WireRequest }> = fc
  .record({
    name: fc.constantFrom(...Object.keys(situations)),
    at: fc.nat(),
    value: fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(null, "", [], {}, -0, 1e400, "\ud800", "x".repeat(2000)),
    ),
    where: fc.constantFrom("body", "path", "method", "query"),
    text: fc.oneof(fc.string(), fc.constantFrom("..", "%", "%2F", "__proto__", "\0", "é")),
  })
  .map(({ name, at, value, where, text }) => {
    const request = JSON.parse(JSON.stringify(situations[name]?.().request)) as WireRequest;
    const { path } = request;
    switch (where) {
      case "body":
        return { name, request: { ...request, body: replaced(request.body, at, value) } };
      case "path":
        return { name, request: { ...request, path: path.replace(/[^/]*$/, () => text) } };
      case "method":
        return { name, request: { ...request, method: text } };
      case "query":
        return {
          name,
          request: { ...request, query: { limit: text, marker: text, [text]: text } },
        };
    }
  });

/** A body with one of its parts replaced. */
function replaced(body: unknown, at: number, value: unknown): unknown {
  if (typeof body !== "object" || body === null || at % 5 === 0) return value;
  const keys = Object.keys(body);
  if (keys.length === 0) return value;
  const key = keys[at % keys.length] as string;
  const rest = Math.floor(at / keys.length);
  const part = replaced((body as Record<string, unknown>)[key], rest, value);
  return Array.isArray(body)
    ? body.map((item: unknown, i) => (String(i) === key ? part : item))
    : { ...body, [key]: part };
}

test("whatever is asked, the answer is documented, and a refusal changes nothing", () => {
  const statuses = new Set<number>();
  fc.assert(
    fc.property(spoilt, ({ name, request }) => {
      const world = situations[name]?.();
      if (world === undefined) return;
      const { sim, options = {} } = world;
      const before = topologyOf(sim);
      const answer = handleRequest(sim.account("1234"), request, options);
      statuses.add(answer.status);
      expect([200, 202, 400, 403, 404, 405, 413, 422, 500, 501, 503]).toContain(answer.status);
      if (answer.status >= 400) {
        expect(sim.topology).toBe(before);
        const [fault] = Object.values(answer.body ?? {}) as { code: number; message: string }[];
        expect(fault?.code).toBe(answer.status);
        expect(fault?.message).not.toBe("");
      }
    }),
    { numRuns: 1500 },
  );
  for (const status of [200, 202, 400, 404, 405]) expect(statuses).toContain(status);
});

test("another account's ids read as unknown ones, whatever the operation", () => {
  for (const [name, situation] of Object.entries(situations)) {
    const { sim, request } = situation();
    const send = (sent: WireRequest) => handleRequest(sim.fork().account("9999"), sent);
    const ids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
    const never = "00000000-0000-4000-8000-000000000000";
    const unknown = JSON.parse(JSON.stringify(request).replaceAll(ids, never)) as WireRequest;
    const foreign = JSON.stringify(send(request)).replaceAll(ids, never);
    const answer = JSON.stringify(send(unknown)).replaceAll(ids, never);
    expect([name, foreign]).toEqual([name, answer]);
  }
});

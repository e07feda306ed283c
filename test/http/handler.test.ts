import { ReplicationError, ReplicationSimulator } from "replication-simulator";
import type { RequestLogEntry } from "replication-simulator/http";
import { describe, expect, test } from "vitest";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { faultIn, origin, service, small } from "./client.js";

const instances = "/v1.0/1234/instances";

describe("the service", () => {
  test("is used from a first instance to an HA group", async () => {
    const { send, sim } = service();
    const made = await send("POST", instances, {
      body: { instance: { name: "orders", ...small } },
    });
    expect(made.status).toBe(200);
    const { id } = (made.json as { instance: { id: string } }).instance;
    sim.settle();
    const replica = { name: "orders-eu", ...small, replica_of: id };
    expect((await send("POST", instances, { body: { instance: replica } })).status).toBe(200);
    sim.settle();
    const listed = await send("GET", `${instances}?include_replicas=false`);
    expect(listed.json).toMatchObject({ instances: [{ id, replicas: [{ name: "orders-eu" }] }] });
    const converted = await send("POST", `${instances}/${id}/action`, {
      body: { convert_to_ha: { name: "orders-ha" } },
    });
    expect(converted.status).toBe(202);
    expect(converted.json).toMatchObject({ ha_instance: { name: "orders-ha", state: "BUILD" } });
  });

  test("describes itself, without authentication", async () => {
    const { send } = service();
    expect((await send("GET", "/", { token: null })).json).toMatchObject({
      versions: [{ id: "v1.0", links: [{ href: `${origin}/v1.0/` }] }],
    });
    expect((await send("GET", "/v1.0", { token: null })).json).toMatchObject({
      version: { id: "v1.0" },
    });
  });

  test("links to the address where it was reached, or to the configured one", async () => {
    const body = { instance: small };
    const links = async (baseUrl?: string): Promise<unknown> => {
      const { send } = service(baseUrl === undefined ? {} : { baseUrl });
      return (await send("POST", instances, { body })).json;
    };
    expect(JSON.stringify(await links())).toContain(`"${origin}/v1.0/1234/instances/`);
    expect(JSON.stringify(await links("https://db.example"))).toContain(
      '"https://db.example/v1.0/',
    );
  });

  test("pages with links that can be followed", async () => {
    const { send, sim } = service();
    for (let n = 0; n < 5; n++) sim.createInstance({ flavorId: 2, volumeGb: 1 });
    const seen: string[] = [];
    let next: string | undefined = `${instances}?limit=2`;
    while (next !== undefined) {
      const page = (await send("GET", next)).json as {
        instances: readonly { id: string }[];
        links?: readonly { rel: string; href: string }[];
      };
      seen.push(...page.instances.map(({ id }) => id));
      next = page.links?.find(({ rel }) => rel === "next")?.href.slice(origin.length);
    }
    expect(seen).toEqual(sim.listInstances().items.map(({ id }) => id));
  });

  test("knows nothing of another account's things, under any path", async () => {
    const sim = new ReplicationSimulator();
    const { id } = sim.account("4321").createInstance({ flavorId: 2, volumeGb: 1 });
    sim.settle();
    const { send } = service({}, sim);
    const foreign = await send("GET", `${instances}/${id}`);
    const absent = await send("GET", `${instances}/${id.replace(/./g, "0")}`);
    expect(foreign.status).toBe(404);
    expect(foreign.text.replaceAll(id, "ID")).toBe(
      absent.text.replaceAll(id.replace(/./g, "0"), "ID"),
    );
  });
});

describe("what does not fit is refused with the API's faults", () => {
  const cases: readonly [string, number, string, Parameters<ReturnType<typeof service>["send"]>][] =
    [
      ["no such path", 404, "itemNotFound", ["GET", "/v1.0/1234/nothing"]],
      ["no such path at all", 404, "itemNotFound", ["GET", "/nothing"]],
      ["a trailing slash", 404, "itemNotFound", ["GET", `${instances}/`]],
      ["an id that is no id", 404, "itemNotFound", ["GET", `${instances}/not-an-id`]],
      ["an id that cannot be decoded", 404, "itemNotFound", ["GET", `${instances}/%ff`]],
      ["an account that cannot be decoded", 400, "badRequest", ["GET", "/v1.0/%ff/instances"]],
      ["a method that is not there", 405, "badMethod", ["DELETE", instances]],
      ["a method that the description has not", 405, "badMethod", ["POST", "/openapi.json"]],
      ["an unknown method", 405, "badMethod", ["BREW", instances]],
      [
        "a body of another type",
        415,
        "badMediaType",
        ["POST", instances, { raw: "<a/>", headers: { "Content-Type": "application/xml" } }],
      ],
      [
        "a body in another encoding",
        415,
        "badMediaType",
        [
          "POST",
          instances,
          { raw: "{}", headers: { "Content-Type": "application/json; charset=latin1" } },
        ],
      ],
      ["no body", 400, "badRequest", ["POST", instances]],
      [
        "a body that is no JSON",
        400,
        "badRequest",
        ["POST", instances, { raw: "{", headers: { "Content-Type": "application/json" } }],
      ],
      [
        "a body that is no UTF-8",
        400,
        "badRequest",
        [
          "POST",
          instances,
          { raw: new Uint8Array([123, 255]), headers: { "Content-Type": "application/json" } },
        ],
      ],
      [
        "a body that is nested too deep",
        400,
        "badRequest",
        [
          "POST",
          instances,
          { raw: "[".repeat(40), headers: { "Content-Type": "application/json" } },
        ],
      ],
      [
        "a body that is too large",
        413,
        "overLimit",
        [
          "POST",
          instances,
          { raw: " ".repeat(1_048_577), headers: { "Content-Type": "application/json" } },
        ],
      ],
      [
        "a path that is too long",
        400,
        "badRequest",
        ["GET", `${instances}?marker=${"x".repeat(9000)}`],
      ],
      [
        "headers that are too large",
        400,
        "badRequest",
        ["GET", instances, { headers: { "X-Large": "x".repeat(33_000) } }],
      ],
      ["what is not simulated", 501, "notImplemented", ["POST", `${instances}/x/root`]],
    ];

  test.each(cases)("%s: %i %s", async (_, status, fault, requested) => {
    const { send, sim } = service();
    const before = topologyOf(sim);
    const answer = await send(...requested);
    expect([answer.status, faultIn(answer).name]).toEqual([status, fault]);
    expect((answer.json as Record<string, { code: number }>)[fault]?.code).toBe(status);
    expect(sim.topology).toBe(before);
  });

  test("deep nesting inside a text is no nesting", async () => {
    const { send } = service();
    const name = `\\"${"[".repeat(100)}`;
    const made = await send("POST", instances, { body: { instance: { name, ...small } } });
    expect(made.status).toBe(200);
  });

  test("a body may be as large as the bound, and streamed", async () => {
    const { send } = service({ maxBodyBytes: 100 });
    const text = JSON.stringify({ instance: { name: "x", ...small } });
    const raw = (size: number): string => text.padEnd(size, " ");
    const headers = { "Content-Type": "application/json" };
    expect((await send("POST", instances, { raw: raw(100), headers })).status).toBe(200);
    expect((await send("POST", instances, { raw: raw(101), headers })).status).toBe(413);
  });

  test("an outage answers everything but the way in: the token and the account come first", async () => {
    const { send, sim } = service({ control: true });
    sim.inject({ kind: "outage" });
    const text = { "Content-Type": "text/plain" };
    const requested: readonly (readonly [number, Parameters<typeof send>])[] = [
      [401, ["GET", instances, { token: null }]],
      [403, ["GET", "/v1.0/9/instances"]],
      [503, ["GET", "/v1.0/1234/nothing"]],
      [503, ["PUT", instances]],
      [503, ["POST", instances, { raw: "{", headers: text }]],
      [503, ["POST", instances, { raw: "{", headers: { "Content-Type": "application/json" } }]],
      [503, ["POST", instances, { raw: " ".repeat(1_048_577), headers: text }]],
      [503, ["HEAD", instances]],
      [503, ["GET", "/"]],
      [503, ["GET", "/v1.0", { token: null }]],
      // Who says which methods there are, who lets callers in, and who has the world in hand are others.
      [204, ["OPTIONS", instances]],
      [200, ["GET", "/v2.0"]],
      [200, ["GET", "/_simulator/clock"]],
      [200, ["GET", "/openapi.json"]],
    ];
    for (const [status, what] of requested) {
      expect([what.slice(0, 2), (await send(...what)).status]).toEqual([what.slice(0, 2), status]);
    }
  });

  test("a body that is no JSON reaches no operation, whose rate may be full", async () => {
    const sim = new ReplicationSimulator({ rateLimits: { createInstances: 1 } });
    const { send } = service({}, sim);
    await send("POST", instances, { body: { instance: small } });
    const limited = await send("POST", instances, { body: { instance: 7 } });
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([413, "60"]);
    const headers = { "Content-Type": "application/json" };
    expect((await send("POST", instances, { raw: "{", headers })).status).toBe(400);
  });

  test("401 comes before 403, 403 before 404, 404 before 405 and 405 before 415", async () => {
    const { send } = service();
    const raw = { raw: "x", headers: { "Content-Type": "text/plain" } };
    const statuses = [
      await send("PUT", "/v1.0/9/nothing", { token: null, ...raw }),
      await send("PUT", "/v1.0/9/nothing", raw),
      await send("PUT", "/v1.0/1234/nothing", raw),
      await send("PUT", instances, raw),
      await send("POST", instances, raw),
    ].map(({ status }) => status);
    expect(statuses).toEqual([401, 403, 404, 405, 415]);
  });
});

describe("HTTP", () => {
  test("HEAD is GET without its body", async () => {
    const { send, sim } = service();
    sim.createInstance({ flavorId: 2, volumeGb: 1 });
    const [get, head] = [await send("GET", instances), await send("HEAD", instances)];
    expect([head.status, head.text]).toEqual([200, ""]);
    for (const name of ["content-type", "content-length"]) {
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
    expect(Number(get.headers.get("content-length"))).toBe(
      new TextEncoder().encode(get.text).length,
    );
  });

  test("OPTIONS and 405 list the methods of a path", async () => {
    const { send } = service();
    const options = await send("OPTIONS", instances, { token: null });
    expect([options.status, options.text]).toEqual([204, ""]);
    const refused = await send("PATCH", instances);
    for (const { headers } of [options, refused]) {
      expect(headers.get("allow")).toBe("GET, POST, HEAD, OPTIONS");
    }
  });

  test("an accepted request is answered with an empty body of no type", async () => {
    const { send, sim } = service();
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
    sim.settle();
    const answer = await send("DELETE", `${instances}/${id}`);
    expect([answer.status, answer.text]).toEqual([202, ""]);
    expect(answer.headers.get("content-length")).toBe("0");
    expect(answer.headers.get("content-type")).toBeNull();
  });

  test(".json at the end of a path asks for what one gets anyway", async () => {
    const { send } = service();
    expect((await send("GET", `${instances}.json`)).text).toBe((await send("GET", instances)).text);
  });

  test("a caller's request id is passed on, and another is made where it is none", async () => {
    const { send } = service();
    const id = async (given: string): Promise<string | null> =>
      (await send("GET", "/", { headers: { "X-Request-Id": given } })).headers.get("x-request-id");
    expect(await id("build-7.2_a")).toBe("build-7.2_a");
    expect(await id("not an id")).toMatch(/^req-[0-9a-f]{32}$/);
  });

  test("the first of a parameter that is given twice counts", async () => {
    const { send, sim } = service();
    for (let n = 0; n < 3; n++) sim.createInstance({ flavorId: 2, volumeGb: 1 });
    const { json } = await send("GET", `${instances}?limit=1&limit=3`);
    expect((json as { instances: unknown[] }).instances).toHaveLength(1);
  });
});

describe("a server around it", () => {
  test("reports each request, and internal errors", async () => {
    const reports: RequestLogEntry[] = [];
    const broken = new Error("inside");
    let fails = false;
    const errors: unknown[] = [];
    const { send } = service({
      onRequest: (report) => reports.push(report),
      onError: (error) => errors.push(error),
      transact: (work) => {
        if (fails) throw broken;
        return work();
      },
      now: () => 5,
    });
    await send("GET", `${instances}?limit=1`, { headers: { "X-Request-Id": "a" } });
    fails = true;
    const answer = await send("POST", instances, { body: {}, headers: { "X-Request-Id": "b" } });
    expect([answer.status, faultIn(answer)]).toEqual([
      500,
      { name: "instanceFault", message: "the service has experienced a fault" },
    ]);
    expect(answer.text).not.toContain("inside");
    expect(errors).toEqual([broken]);
    expect(reports).toEqual([
      { requestId: "a", method: "GET", target: `${instances}?limit=1`, status: 200, durationMs: 0 },
      {
        requestId: "b",
        method: "POST",
        target: instances,
        status: 500,
        durationMs: 0,
        error: broken,
      },
    ]);
  });

  test("keeps what was done before the answer goes out, or answers that it cannot", async () => {
    const done: string[] = [];
    let isFull = false;
    const { send, sim } = service({
      transact: async (work) => {
        const result = work();
        if (isFull) {
          throw new ReplicationError({
            code: "serviceUnavailable",
            rule: "store-writes",
            message: "the disk is full",
          });
        }
        await Promise.resolve();
        done.push("kept");
        return result;
      },
    });
    expect((await send("POST", instances, { body: { instance: small } })).status).toBe(200);
    expect(done).toEqual(["kept"]);
    isFull = true;
    const answer = await send("POST", instances, { body: { instance: small } });
    expect([answer.status, faultIn(answer)]).toEqual([
      503,
      { name: "serviceUnavailable", message: "the disk is full" },
    ]);
    expect(sim.listInstances().items.length).toBeGreaterThan(0);
  });
});

import { ReplicationSimulator } from "replication-simulator";
import {
  createFetch,
  createHandler,
  interceptPool,
  replaceFetch,
} from "replication-simulator/http";
import { MockAgent, request } from "undici";
import { expect, test } from "vitest";
import { origin, small } from "./client.js";

const headers = { "X-Auth-Token": "any", "Content-Type": "application/json" };
const instances = `${origin}/v1.0/1234/instances`;
const body = JSON.stringify({ instance: { name: "orders", ...small } });

test("a handler behind fetch takes all that fetch takes", async () => {
  const sim = new ReplicationSimulator();
  const requested = createFetch(createHandler(sim));
  const made = await requested(new URL(instances), { method: "POST", headers, body });
  expect(made.status).toBe(200);
  const listed = await requested(new Request(instances, { headers }));
  expect(await listed.json()).toMatchObject({ instances: [{ name: "orders" }] });
});

test("the global fetch is replaced for one origin, and put back", async () => {
  const original = globalThis.fetch;
  const elsewhere: string[] = [];
  globalThis.fetch = (input) => {
    elsewhere.push(new Request(input).url);
    return Promise.resolve(new Response("elsewhere"));
  };
  const before = globalThis.fetch;
  const putBack = replaceFetch(createHandler(new ReplicationSimulator()), `${origin}/any/path`);
  try {
    expect((await fetch(instances, { method: "POST", headers, body })).status).toBe(200);
    expect(await (await fetch("http://other.test/x")).text()).toBe("elsewhere");
    expect(elsewhere).toEqual(["http://other.test/x"]);
    putBack();
    expect(globalThis.fetch).toBe(before);
  } finally {
    globalThis.fetch = original;
  }
});

test("a pool of undici's mock agent answers every method, as often as it is asked", async () => {
  const agent = new MockAgent();
  agent.disableNetConnect();
  const sim = new ReplicationSimulator();
  interceptPool(agent.get(origin), createHandler(sim), origin);
  const send = (method: "GET" | "POST" | "DELETE" | "PATCH" | "HEAD", path = "", sent?: string) =>
    request(`${instances}${path}`, {
      method,
      headers,
      dispatcher: agent,
      ...(sent === undefined ? {} : { body: sent }),
    });
  const made = (await (await send("POST", "", body)).body.json()) as { instance: { id: string } };
  sim.settle();
  const { id } = made.instance;
  const renamed = await send("PATCH", `/${id}`, '{"instance":{"name":"users"}}');
  expect(renamed.statusCode).toBe(202);
  for (let n = 0; n < 2; n++) {
    const shown = await send("GET", `/${id}?x=1`);
    expect(shown.headers["content-type"]).toBe("application/json");
    expect(await shown.body.json()).toMatchObject({ instance: { name: "users" } });
  }
  expect((await send("HEAD")).statusCode).toBe(200);
  expect((await send("DELETE", `/${id}`)).statusCode).toBe(202);
  await agent.close();
});

test.each(["db.test", "", undefined])("replacing fetch needs an origin: not %j", (given) => {
  const before = globalThis.fetch;
  expect(() => replaceFetch(createHandler(new ReplicationSimulator()), given as string)).toThrow(
    expect.objectContaining({ rule: "http-mounting", field: "origin" }),
  );
  expect(globalThis.fetch).toBe(before);
});

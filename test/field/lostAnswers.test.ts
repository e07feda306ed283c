import { describe, expect, it } from "vitest";
import { createHandler } from "../../src/http/index.js";
import { ReplicationSimulator } from "../../src/index.js";
import { startServer } from "../../src/server/index.js";
import { caller } from "./caller.js";

const instance = { name: "orders", flavorRef: "2", volume: { size: 10 } };

describe("C44 https://github.com/crossplane-contrib/provider-upjet-aws/issues/1346 https://github.com/hashicorp/terraform/issues/6948: done, and not answered", () => {
  it("carries the next requests out and rejects, as fetch does; then it is over", async () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const call = caller(createHandler(sim));
    sim.inject({ kind: "loseAnswers", times: 2 });
    await expect(call("POST", "/instances", { instance })).rejects.toThrow(TypeError);
    await expect(call("GET", "/instances")).rejects.toThrow("its answer is lost");
    expect(sim.listInstances().items).toMatchObject([{ name: "orders" }]);
    expect(sim.listFaults()).toEqual([]);
    expect(await call("GET", "/instances")).toMatchObject({ status: 200 });
  });

  it("rejects the caller of handleSync in the same way", () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const handler = createHandler(sim);
    sim.inject({ kind: "loseAnswers" });
    const request = {
      method: "GET",
      url: "http://db.test/v1.0/1234/instances",
      headers: { "X-Auth-Token": "t" },
    };
    expect(() => handler.handleSync(request)).toThrow("its answer is lost");
    expect(handler.handleSync(request).status).toBe(200);
  });

  it("closes the connection of a server, and can be asked for over its control routes", async () => {
    const server = await startServer({ port: 0, http: { control: true } });
    const headers = { "X-Auth-Token": "t", "Content-Type": "application/json" };
    const post = (path: string, body: object) =>
      fetch(`${server.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    try {
      const fault = { kind: "loseAnswers", times: 1 };
      expect((await post("/_simulator/faults", fault)).status).toBeLessThan(300);
      await expect(post("/v1.0/1234/instances", { instance })).rejects.toThrow(TypeError);
      const listed = await fetch(`${server.url}/v1.0/1234/instances`, { headers });
      const { instances } = (await listed.json()) as { readonly instances: readonly object[] };
      expect(instances).toMatchObject([{ name: "orders" }]);
    } finally {
      await server.stop();
    }
  });
});

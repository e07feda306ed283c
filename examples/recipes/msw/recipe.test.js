import assert from "node:assert/strict";
import { test } from "node:test";
import { http } from "msw";
import { setupServer } from "msw/node";
import { ReplicationSimulator } from "replication-simulator";
import { createHandler, mswResolver } from "replication-simulator/http";
import { headers, provision } from "../provision.js";

test("fetch is answered by msw", async () => {
  const sim = new ReplicationSimulator();
  const server = setupServer(http.all("https://db.test/*", mswResolver(createHandler(sim))));
  server.listen({ onUnhandledRequest: "error" });
  const request = async (method, path, body) => {
    const init = { method, headers, body: body && JSON.stringify(body) };
    const response = await fetch(`https://db.test${path}`, init);
    return { status: response.status, body: await response.json() };
  };
  assert.equal(await provision(request, async (ms) => sim.advance(ms)), "ACTIVE");
  server.close();
});

import assert from "node:assert/strict";
import { test } from "node:test";
import got from "got";
import { http } from "msw";
import { setupServer } from "msw/node";
import { ReplicationSimulator } from "replication-simulator";
import { createHandler, mswResolver } from "replication-simulator/http";
import { intercept } from "../nock/intercept.js";
import { headers, provision } from "../provision.js";

const request = async (method, path, json) => {
  const options = { method, headers, json, responseType: "json", throwHttpErrors: false };
  const response = await got(`https://db.test${path}`, options);
  return { status: response.statusCode, body: response.body };
};

test("got is answered by nock", async () => {
  const sim = new ReplicationSimulator();
  const restore = intercept("https://db.test", createHandler(sim));
  assert.equal(await provision(request, async (ms) => sim.advance(ms)), "ACTIVE");
  restore();
});

test("got is answered by msw", async () => {
  const sim = new ReplicationSimulator();
  const server = setupServer(http.all("https://db.test/*", mswResolver(createHandler(sim))));
  server.listen({ onUnhandledRequest: "error" });
  assert.equal(await provision(request, async (ms) => sim.advance(ms)), "ACTIVE");
  server.close();
});

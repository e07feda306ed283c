import assert from "node:assert/strict";
import { test } from "node:test";
import axios from "axios";
import { ReplicationSimulator } from "replication-simulator";
import { createFetch, createHandler } from "replication-simulator/http";
import { intercept } from "../nock/intercept.js";
import { headers, provision } from "../provision.js";

const client = { baseURL: "https://db.test", headers, validateStatus: () => true };
const requestOf = (http) => async (method, url, data) => {
  const response = await http.request({ method, url, data });
  return { status: response.status, body: response.data };
};

test("axios asks by its fetch adapter", async () => {
  const sim = new ReplicationSimulator();
  const env = { fetch: createFetch(createHandler(sim)), Request, Response };
  const http = axios.create({ ...client, adapter: "fetch", env });
  assert.equal(await provision(requestOf(http), async (ms) => sim.advance(ms)), "ACTIVE");
});

test("axios asks by its default adapter, and nock answers", async () => {
  const sim = new ReplicationSimulator();
  const restore = intercept("https://db.test", createHandler(sim));
  const http = axios.create(client);
  assert.equal(await provision(requestOf(http), async (ms) => sim.advance(ms)), "ACTIVE");
  restore();
});

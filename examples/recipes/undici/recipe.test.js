import assert from "node:assert/strict";
import { test } from "node:test";
import { ReplicationSimulator } from "replication-simulator";
import { createHandler, interceptPool } from "replication-simulator/http";
import { getGlobalDispatcher, MockAgent, request, setGlobalDispatcher } from "undici";
import { headers, provision } from "../provision.js";

const origin = "https://db.test";

test("request of undici is answered by a mock agent", async () => {
  const sim = new ReplicationSimulator();
  const agent = new MockAgent();
  agent.disableNetConnect();
  interceptPool(agent.get(origin), createHandler(sim), origin);
  const before = getGlobalDispatcher();
  setGlobalDispatcher(agent);
  const send = async (method, path, body) => {
    const options = { method, headers, body: body && JSON.stringify(body) };
    const response = await request(`${origin}${path}`, options);
    return { status: response.statusCode, body: await response.body.json() };
  };
  assert.equal(await provision(send, async (ms) => sim.advance(ms)), "ACTIVE");
  setGlobalDispatcher(before);
  await agent.close();
});

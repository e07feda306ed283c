import assert from "node:assert/strict";
import https from "node:https"; // not `{ request }`: nock replaces it in the module
import { json } from "node:stream/consumers";
import { test } from "node:test";
import { ReplicationSimulator } from "replication-simulator";
import { createHandler } from "replication-simulator/http";
import { headers, provision } from "../provision.js";
import { intercept } from "./intercept.js";

test("node:https is answered by nock", async () => {
  const sim = new ReplicationSimulator();
  const restore = intercept("https://db.test", createHandler(sim));
  const request = (method, path, body) =>
    new Promise((resolve, reject) => {
      const sent = https.request(
        `https://db.test${path}`,
        { method, headers },
        async (response) => {
          resolve({ status: response.statusCode, body: await json(response) });
        },
      );
      sent.on("error", reject);
      sent.end(body && JSON.stringify(body));
    });
  assert.equal(await provision(request, async (ms) => sim.advance(ms)), "ACTIVE");
  restore();
});

/*
 * The simulator behind a port, twice: in Node's own http server, and inside a framework beside routes of one's own.
 * Nothing leaves the machine: both listen on loopback, at ports that the system chooses, and stop at the end.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener, serve } from "@hono/node-server";
import { Hono } from "hono";
import { ReplicationSimulator } from "replication-simulator";
import { createHandler } from "replication-simulator/http";

const headers = { "X-Auth-Token": "any", "Content-Type": "application/json" };

console.log("In node:http");
{
  const handler = createHandler(new ReplicationSimulator({ seed: 7 }), { control: true });
  const listener = getRequestListener(handler);
  const server = createServer((request, response) => {
    void listener(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await report(base, "/v1.0/1234");
  await new Promise((closed) => server.close(closed));
}

console.log("\nIn Hono, under a prefix, beside another route");
{
  const app = new Hono();
  app.get("/health", (context) => context.text("ok"));
  // Mounting takes the prefix off the path; `baseUrl` says where links should lead.
  const baseUrl = "https://db.example/databases";
  const handler = createHandler(new ReplicationSimulator({ seed: 7 }), {
    control: true,
    baseUrl,
  });
  app.mount("/databases", handler);
  const server = await new Promise<ReturnType<typeof serve>>((ready) => {
    const started = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, () =>
      ready(started),
    );
  });
  const { port } = server.address() as AddressInfo;
  console.log(`   GET  /health → ${await (await fetch(`http://127.0.0.1:${port}/health`)).text()}`);
  await report(`http://127.0.0.1:${port}/databases`, "/v1.0/1234");
  await new Promise((closed) => server.close(closed));
}

/** Makes an instance, lets its time pass, and looks at it. */
async function report(base: string, account: string): Promise<void> {
  const body = JSON.stringify({
    instance: { name: "orders", flavorRef: "2", volume: { size: 10 } },
  });
  const made = await send(base, "POST", `${account}/instances`, body);
  const { id } = (made as { instance: { id: string } }).instance;
  await send(base, "POST", "/_simulator/settle");
  await send(base, "GET", `${account}/instances/${id}`);
  await send(
    base,
    "POST",
    `${account}/instances`,
    '{"instance":{"name":"orders","flavorRef":"2"}}',
  );
}

async function send(base: string, method: string, path: string, body?: string): Promise<unknown> {
  const answer = await fetch(`${base}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const json = (await answer.json()) as Record<string, unknown>;
  const shown = JSON.stringify(json);
  console.log(`   ${method.padEnd(4)} ${path} → ${answer.status}`);
  console.log(`        ${shown.length > 150 ? `${shown.slice(0, 147)}...` : shown}`);
  return json;
}

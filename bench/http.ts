import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { getRequestListener } from "@hono/node-server";
import { ReplicationSimulator, type SimulatorOptions } from "replication-simulator";
import { createHandler } from "replication-simulator/http";
import { openSqliteStore, type RunningServer, startServer } from "replication-simulator/server";
import { atMost, median, type Row } from "./harness.js";

/** What a caller sends over and over. */
interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
}

type Handler = (request: Request) => Promise<Response>;

const headers = { "X-Auth-Token": "any", "Content-Type": "application/json" };
const path = "/v1.0/1234/instances";
const creation: Question = {
  ...{ method: "POST", path },
  body: JSON.stringify({ instance: { name: "orders", flavorRef: "2", volume: { size: 1 } } }),
};
const world: SimulatorOptions = { limits: { maxInstancesPerAccount: 1_000_000 } };
const callers = 16;

/** Requests answered by the simulator, against the same bytes from a handler that does nothing. */
export async function httpRows(): Promise<readonly Row[]> {
  return [...(await inProcess()), ...(await overLoopback())];
}

async function inProcess(): Promise<readonly Row[]> {
  const sim = new ReplicationSimulator(world);
  const handler = createHandler(sim);
  const { id } = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 1 });
  for (let each = 1; each < 20; each++) sim.createInstance({ flavorId: 2, volumeGb: 1 });
  const one: Question = { method: "GET", path: `${path}/${id}` };
  const page: Question = { method: "GET", path };
  const rows: Row[] = [];
  for (const [name, question, goal] of [
    ["an instance", one, 7],
    ["a page of 20", page, 12],
    ["a creation", creation, 7],
  ] as const) {
    const bare = await bareHandler(handler, question);
    const { ratio, aSecond } = await compared(
      (calls) => sendAll(handler, question, calls),
      (calls) => sendAll(bare, question, calls),
      { pairs: 15, calls: 400 },
    );
    rows.push(row(`HTTP in process, ${name}`, ratio, goal, aSecond));
  }
  return rows;
}

async function overLoopback(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "replication-simulator-bench-"));
  const options = { port: 0, speed: 0, world };
  const load = await loadGenerator();
  const rows: Row[] = [];
  const measure = async (name: string, server: RunningServer, question: Question, goal: number) => {
    const bare = await listening(
      await bareHandler(
        (request) =>
          fetch(new URL(new URL(request.url).pathname, server.url), {
            method: request.method,
            headers: request.headers,
            ...(question.body === undefined ? {} : { body: question.body }),
          }),
        question,
      ),
    );
    const { ratio, aSecond } = await compared(
      (calls) => load.send(server.url, question, calls),
      (calls) => load.send(urlOf(bare), question, calls),
      { pairs: 9, calls: 1500 },
    );
    rows.push(row(`HTTP over loopback, ${name}`, ratio, goal, aSecond));
    await new Promise((closed) => bare.close(closed).closeAllConnections());
  };
  const inMemory = await startServer(options);
  const stored = await startServer({
    ...options,
    store: await openSqliteStore(join(folder, "world.db")),
  });
  const { sim } = inMemory.driver;
  const { id } = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 1 });
  await measure("an instance", inMemory, { method: "GET", path: `${path}/${id}` }, 3);
  await measure("a creation", inMemory, creation, 3);
  await measure("a creation that is stored", stored, creation, 5);
  load.end();
  await Promise.all([inMemory.stop(100), stored.stop(100)]);
  rmSync(folder, { recursive: true });
  return rows;
}

function row(name: string, value: number, goal: number, aSecond: number): Row {
  const rate = Math.round(aSecond).toLocaleString("en-US");
  const against = `a handler that returns the same bytes; ${rate} a second here`;
  return atMost({ name, value, unit: "x", goal, against });
}

/** A handler that has its answer ready: the one that another handler gave. */
async function bareHandler(handler: Handler, question: Question): Promise<Handler> {
  const answer = await handler(requestOf("http://db.test", question));
  const body = await answer.text();
  const headers = Object.fromEntries(answer.headers);
  for (const hop of ["date", "connection", "keep-alive"]) delete headers[hop];
  return async (request) => {
    // Reading what was sent is part of any answer.
    if (question.body !== undefined) await request.text();
    return new Response(body, { status: answer.status, headers });
  };
}

async function sendAll(handler: Handler, question: Question, calls: number): Promise<void> {
  for (let call = 0; call < calls; call++) {
    const answer = await handler(requestOf("http://db.test", question));
    await answer.text();
  }
}

function requestOf(origin: string, { method, path, body }: Question): Request {
  return new Request(`${origin}${path}`, {
    ...{ method, headers },
    ...(body === undefined ? {} : { body }),
  });
}

/** Interleaved pairs, each order in turn; the median of their ratios, and calls a second of the subject. */
async function compared(
  subject: (calls: number) => Promise<void>,
  baseline: (calls: number) => Promise<void>,
  { pairs, calls }: { readonly pairs: number; readonly calls: number },
): Promise<{ readonly ratio: number; readonly aSecond: number }> {
  const timed = async (work: (calls: number) => Promise<void>): Promise<number> => {
    const start = performance.now();
    await work(calls);
    return performance.now() - start;
  };
  for (let round = 0; round < 2; round++) {
    await timed(subject);
    await timed(baseline);
  }
  const ratios: number[] = [];
  const subjectMs: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const first = pair % 2 === 0 ? subject : baseline;
    const [one, other] = [await timed(first), await timed(first === subject ? baseline : subject)];
    const [a, b] = first === subject ? [one, other] : [other, one];
    ratios.push(a / b);
    subjectMs.push(a);
  }
  return { ratio: median(ratios), aSecond: (calls * 1000) / median(subjectMs) };
}

async function listening(handler: Handler): Promise<Server> {
  const answer = getRequestListener(handler, { overrideGlobalObjects: false });
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** TokenRegistry in a thread of their own, so that what they cost is not counted twice. */
async function loadGenerator() {
  const worker = new Worker(
    `
    const { parentPort } = require("node:worker_threads");
    const { Pool } = require("undici");
    const pools = new Map();
    parentPort.on("message", async ({ url, question, calls, callers, headers }) => {
      if (!pools.has(url)) pools.set(url, new Pool(url, { connections: callers }));
      const pool = pools.get(url);
      let left = calls;
      const one = async () => {
        while (left-- > 0) {
          const { statusCode, body } = await pool.request({ ...question, headers });
          await body.text();
          if (statusCode >= 400) throw new Error("status " + statusCode);
        }
      };
      await Promise.all(Array.from({ length: callers }, one));
      parentPort.postMessage("done");
    });
    parentPort.postMessage("ready");
    `,
    { eval: true },
  );
  const send = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  await send();
  return {
    send: async (url: string, question: Question, calls: number): Promise<void> => {
      const done = send();
      worker.postMessage({ url, question, calls, callers, headers });
      await done;
      worker.removeAllListeners("error");
    },
    end: () => void worker.terminate(),
  };
}

import { connect, type Socket } from "node:net";
import { type RunningServer, type ServerOptions, startServer } from "replication-simulator/server";
import { afterEach, describe, expect, test } from "vitest";

const running: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop(50)));
});

const body = '{"instance":{"flavorRef":"2","volume":{"size":1}}}';
const post = [
  "POST /v1.0/1234/instances HTTP/1.1",
  "Host: 127.0.0.1",
  "X-Auth-Token: any",
  "Content-Type: application/json",
  `Content-Length: ${body.length}`,
  "",
  body,
].join("\r\n");

describe("requests in one write (pipelining)", () => {
  test("what was accepted is answered before the garbage after it is refused", async () => {
    const server = await started();
    const answer = await exchange(server, `${post}garbage\r\n\r\n`, 2);
    expect(statusesIn(answer)).toEqual([200, 400]);
    const { sim } = server.driver;
    expect(sim.listInstances().items).toHaveLength(1);
  });

  test("each of five good requests is answered, in order, before the bad one", async () => {
    const server = await started();
    const get = "GET /v1.0 HTTP/1.1\r\nHost: a\r\n\r\n";
    const answer = await exchange(server, `${post}${get}${post}${get}${post}\u0001\r\n\r\n`, 6);
    expect(statusesIn(answer)).toEqual([200, 200, 200, 200, 200, 400]);
    expect(server.driver.sim.listInstances().items).toHaveLength(3);
  });

  test("are not started while answers wait to be read", async () => {
    let count = 0;
    const server = await started({ onRequest: () => count++ });
    const socket = await open(server);
    const get = "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n";
    const requested = 400;
    socket.write(get.repeat(requested));
    // Other callers are served meanwhile, each time when the first one has had every chance.
    for (let n = 0; n < 50; n++) await fetch(`${server.url}/v1.0`);
    // Of each description (about 100 kB) the buffers of both sockets hold a few.
    expect(count - 50).toBeLessThan(requested / 2);
    await new Promise<void>((resolve) => {
      socket.on("data", () => {
        if (count === requested + 50) resolve();
      });
    });
    socket.destroy();
  });
});

describe("refusals that Node would make itself", () => {
  test.each([
    ["a request without a Host", "GET /v1.0 HTTP/1.1\r\n\r\n", 400],
    [
      "a chunk that is none",
      "POST /v2.0/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      400,
    ],
    ["a header overflow", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(99_999)}\r\n\r\n`, 400],
    ["a Host that is none", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400],
    ["an unknown expectation", "GET /v1.0 HTTP/1.1\r\nHost: a\r\nExpect: a miracle\r\n\r\n", 200],
    [
      "repeated request ids",
      "HEAD /v2.0/tenants HTTP/1.1\r\nHost: a\r\nX-Auth-Token: t\r\nX-Request-Id: a\r\nX-Request-Id: b\r\n\r\n",
      200,
    ],
  ])("%s is answered in the API's form, with a request id", async (_, bytes, status) => {
    const answer = await exchange(await started(), bytes, 1);
    expect(statusesIn(answer)).toEqual([status]);
    const [head = "", text = ""] = answer.split("\r\n\r\n");
    expect(head.toLowerCase()).toMatch(/\r\nx-request-id: \S+/);
    if (status === 400) expect(text).toMatch(/\{"badRequest":\{"code":400,"message":"[^"]+"\}\}/);
  });
});

test("an upload without a token is refused before it is taken in", async () => {
  const server = await started({ http: { control: true, tokens: [{ token: "right" }] } });
  const socket = await open(server);
  let answer = "";
  socket.on("data", (data) => {
    answer += data.toString("latin1");
  });
  socket.on("error", () => undefined);
  socket.write(
    "PUT /_simulator/snapshot HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 104857600\r\n\r\n",
  );
  while (!answer.includes("\r\n\r\n")) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(statusesIn(answer)).toEqual([401]);
  socket.destroy();
});

test("K8: a stop closes connections that have sent nothing, and answers requests that it has read", async () => {
  const server = await started();
  const silent = await open(server);
  let received = "";
  silent.on("data", (data) => {
    received += data.toString("latin1");
  });
  const closed = new Promise((resolve) => silent.once("close", resolve));
  silent.on("error", () => undefined);
  await server.stop(50);
  await closed;
  expect(received).toBe("");
  expect(server.driver.sim.listInstances().items).toEqual([]);
});

async function started(options: ServerOptions = {}): Promise<RunningServer> {
  const server = await startServer({ port: 0, speed: 0, ...options });
  running.push(server);
  return server;
}

async function open({ url }: RunningServer): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port) });
  await new Promise((resolve) => socket.once("connect", resolve));
  return socket;
}

/** What a server answers to these bytes, which ask for so many answers. */
async function exchange(server: RunningServer, bytes: string, count: number): Promise<string> {
  const socket = await open(server);
  let answer = "";
  socket.on("data", (data) => {
    answer += data.toString("latin1");
    if (statusesIn(answer).length === count) socket.end();
  });
  socket.write(bytes, "latin1");
  await new Promise((resolve, reject) => socket.once("close", resolve).once("error", reject));
  return answer;
}

function statusesIn(answer: string): number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
}

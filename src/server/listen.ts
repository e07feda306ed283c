import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, isIPv4, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { AnswerLostError } from "../http/httpError.js";
import { randomHex } from "../http/options.js";
import { errorBody, httpStatusByCode } from "../wire/index.js";

/** Address to listen on. */
export interface Place {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
}

/** Returns whether a host is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" ||
    host === "::1" ||
    (isIPv4(host) && host.startsWith("127.")) ||
    /^::ffff:127\./i.test(host)
  );
}

/**
 * Starts a server that answers with a handler.
 * @throws the system's error if it cannot listen on the address
 */
export async function listen(
  handler: (request: Request) => Promise<Response>,
  { host, port }: Place,
): Promise<Server> {
  const answered = async (request: Request, { incoming }: HttpBindings): Promise<Response> => {
    try {
      return await handler(request);
    } catch (error) {
      if (!(error instanceof AnswerLostError)) throw error;
      incoming.socket.destroy();
      return new Response(null);
    }
  };
  const answer = getRequestListener((request, env) => answered(request, env as HttpBindings), {
    hostname: host,
    overrideGlobalObjects: false,
    // An invalid request (an invalid Host, for example) has not reached the handler.
    errorHandler: (error) =>
      Response.json(errorBody("badRequest", { message: messageOf(error) }), {
        status: httpStatusByCode.badRequest,
        headers: { "X-Request-Id": `req-${randomHex()}` },
      }),
  });
  // The handler refuses long headers itself, with an API error; larger ones never reach it.
  const server = createServer({ maxHeaderSize, requireHostHeader: false });
  const connections = new Connections();
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    connections.of(incoming.socket).enqueue(incoming, outgoing, () => {
      if (incoming.headers.host !== undefined || incoming.httpVersion === "1.0") {
        void answer(incoming, outgoing);
        return;
      }
      const { headers, body } = refusal("the header Host is missing");
      outgoing.writeHead(httpStatusByCode.badRequest, headers).end(body);
    });
  };
  server.on("request", onRequest);
  // A request with an unknown `Expect` header is answered like any other.
  server.on("checkExpectation", onRequest);
  server.on("clientError", (error, socket) => {
    refuse(error, socket, connections);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return server;
}

/** Maximum number of pipelined requests of one connection before reading from it stops. */
const maxWaitingRequests = 16;

/**
 * The pipelined requests of a connection, answered one after the other. The next one starts only when the response
 * before it has been consumed, so that a client that never reads costs the memory of one response.
 */
class Connection {
  readonly #socket: Duplex;
  readonly #waiting: Exchange[] = [];
  #current: Exchange | undefined;
  #onIdle: (() => void) | undefined;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  enqueue(incoming: IncomingMessage, outgoing: ServerResponse, run: () => void): void {
    this.#waiting.push({ incoming, outgoing, run });
    if (this.#waiting.length > maxWaitingRequests) this.#socket.pause();
    if (this.#current === undefined) this.#next();
  }

  /** Calls back when all complete requests have been answered. An aborted request is not answered. */
  whenIdle(call: () => void): void {
    this.#onIdle = call;
    const isBroken = this.#current?.incoming.complete === false;
    if (this.#current === undefined || isBroken) call();
  }

  #next(): void {
    const next = this.#waiting.shift();
    const isBroken = this.#onIdle !== undefined && next?.incoming.complete === false;
    this.#current = isBroken ? undefined : next;
    if (next === undefined || isBroken) {
      this.#onIdle?.();
      return;
    }
    if (this.#waiting.length === maxWaitingRequests) this.#socket.resume();
    next.outgoing.once("close", () => {
      this.#next();
    });
    next.run();
  }
}

/** A request and its response. */
interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly run: () => void;
}

/** The connections of a server by socket; a closed socket is released. */
class Connections {
  readonly #bySocket = new WeakMap<Duplex, Connection>();

  of(socket: Duplex): Connection {
    const known = this.#bySocket.get(socket) ?? new Connection(socket);
    this.#bySocket.set(socket, known);
    return known;
  }
}

/** Returns the URL of a listening server from this machine. */
export function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const reached = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${isIPv6(reached) ? `[${reached}]` : reached}:${port}`;
}

/** Stops accepting requests, and lets running ones end within a time limit. */
export async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  // A kept-alive connection is idle as soon as its response is sent.
  const idle = setInterval(() => {
    server.closeIdleConnections();
  }, 20);
  const late = setTimeout(() => {
    server.closeAllConnections();
  }, graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

const maxHeaderSize = 65_536;

/** Node's parser refuses invalid bytes; the response has the API's form and comes in order. */
function refuse({ code }: NodeJS.ErrnoException, socket: Duplex, connections: Connections): void {
  if (code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const message =
    code === "HPE_HEADER_OVERFLOW"
      ? `the headers exceed ${maxHeaderSize} bytes`
      : "not a valid HTTP request";
  const { headers, body } = refusal(message);
  const head = [
    `HTTP/1.1 ${httpStatusByCode.badRequest} Bad Request`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  // Earlier requests are answered first.
  connections.of(socket).whenIdle(() => {
    if (socket.writable) socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
    else socket.destroy();
  });
}

/** Returns an API error for a request that never reached the handler. */
function refusal(message: string) {
  const body = JSON.stringify(errorBody("badRequest", { message }));
  const headers = {
    Connection: "close",
    "Content-Type": "application/json",
    "X-Request-Id": `req-${randomHex()}`,
    "Content-Length": String(body.length),
  };
  return { headers, body };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "not a valid HTTP request";
}

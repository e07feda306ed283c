import { createServer, type Server } from "node:http";
import { type AddressInfo, isIPv4, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { errorBody, httpStatusByCode } from "../wire/index.js";

/** Where to listen. */
export interface Place {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/** Whether only this machine can reach a host. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" ||
    host === "::1" ||
    (isIPv4(host) && host.startsWith("127.")) ||
    /^::ffff:127\./i.test(host)
  );
}

/**
 * A socket that answers as a handler does.
 * @throws the system's error where it cannot listen there
 */
export async function listen(
  handler: (request: Request) => Promise<Response>,
  { host, port }: Place,
): Promise<Server> {
  const answer = getRequestListener(handler, {
    hostname: host,
    overrideGlobalObjects: false,
    // Who sends what is no request (a Host that is none, say) has not come to the handler yet.
    errorHandler: (error) =>
      Response.json(errorBody("badRequest", { message: messageOf(error) }), {
        status: httpStatusByCode.badRequest,
      }),
  });
  // The handler refuses long headers itself, with a fault; what is larger still never reaches it.
  const server = createServer({ maxHeaderSize }, (incoming, outgoing) => {
    void answer(incoming, outgoing);
  });
  server.on("clientError", refuse);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return server;
}

/** The URL at which a server that listens is reached from this machine. */
export function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const reached = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${isIPv6(reached) ? `[${reached}]` : reached}:${port}`;
}

/** Takes no more requests and lets those under way end, as long as they may. */
export async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  // A connection that is kept alive is idle as soon as its answer is out.
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

/** Bytes that are no request are refused by Node's parser, but in the words of the API. */
function refuse({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const message =
    code === "HPE_HEADER_OVERFLOW"
      ? `all headers together may have ${maxHeaderSize} bytes at most`
      : "this is no request";
  const body = JSON.stringify(errorBody("badRequest", { message }));
  const head = [
    `HTTP/1.1 ${httpStatusByCode.badRequest} Bad Request`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "this is no request";
}

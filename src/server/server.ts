import { createHandler, type HandlerOptions } from "../http/index.js";
import { ignoreReport, readHandlerOptions } from "../http/options.js";
import {
  anyFunction,
  booleanRule,
  hasMethods,
  nonEmptyString,
  type OptionRule,
  type OptionRules,
  parseOptions,
  wholeFrom,
} from "../model/schema/entryPointOptions.js";
import { isRecord } from "../model/schema/plainData.js";
import { RealtimeDriver } from "../realtime/index.js";
import type { SimulatorOptions } from "../simulator/options.js";
import { Recorder } from "./journalWriter.js";
import { close, isLoopback, listen, urlOf } from "./listen.js";
import { noStore } from "./memoryStore.js";
import { requestLine } from "./requestLog.js";
import { openWorld } from "./restoreWorld.js";
import { ServerConfigError } from "./serverConfigError.js";
import { StoreError, type WorldStore } from "./store.js";

/** Options of a server. Everything has a default. */
export interface ServerOptions {
  /** Options of a new world, used if the store has none yet. */
  readonly world?: SimulatorOptions;
  /** Store of the world. Default: none. The server closes the store. */
  readonly store?: WorldStore;
  /** Options of the handler: credentials, `/_simulator` and so on. */
  readonly http?: Omit<HandlerOptions, "transact">;
  /** Default "127.0.0.1". */
  readonly host?: string;
  /** Default 8779; 0 picks a free port. */
  readonly port?: number;
  /** Virtual ms per real ms: 1 is real time, 60 a minute per second, 0 pauses time. Default 1. */
  readonly speed?: number;
  /** Whether to listen beyond loopback without credentials. Default false. */
  readonly allowUnauthenticated?: boolean;
  /** Minimum number of journal entries between two stored snapshots. Default 10,000. */
  readonly snapshotEvery?: number;
  /** Called with a log line for each request. */
  readonly onRequest?: (line: string) => void;
  /** Called with each internal or store error, as one line or with a stack. Default: `console.error`. */
  readonly onError?: (line: string) => void;
}

/** A running server. */
export interface RunningServer {
  /** `http://127.0.0.1:8779`: without a trailing slash. */
  readonly url: string;
  /** The driver of virtual time; `driver.sim` is the world. */
  readonly driver: RealtimeDriver;
  /** Options that were ignored because the stored world keeps its own. */
  readonly ignoredOptions: readonly string[];
  /** Completes running responses (5 s at most by default), stores the rest and closes the store. */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Serves a world over HTTP, in real or simulated time. With a store, every answered change survives a crash.
 *
 * @example
 * ```ts
 * import { startServer } from "replication-simulator/server";
 *
 * const server = await startServer({ port: 0 });
 * const response = await fetch(`${server.url}/v1.0/1234/instances`, {
 *   headers: { "x-auth-token": "any" },
 * });
 * console.log(response.status); // 200
 * await server.stop();
 * ```
 * @param options - port, speed, store, credentials and options of the simulator
 * @returns the running server: its URL, its simulator and `stop`
 * @throws ServerConfigError if it would listen beyond loopback without credentials
 * @throws StoreError when the store cannot be read or written
 * @throws InvalidWorldDataError when a stored line does not come out as it was written
 * @throws InvalidInputError `server-options`, `http-options`, `simulator-options`; the store is as it was then
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const read = parseOptions(options, demands, { field: "options", rule: "server-options" });
  const { store = noStore, host = "127.0.0.1", port = 8779, speed = 1 } = read;
  const { world = {}, http: givenHttp = {}, snapshotEvery = 10_000 } = read;
  const { onRequest, onError = console.error } = read;
  try {
    const http = readHandlerOptions(givenHttp);
    checkOpenness({ ...read, http }, host);
    const { sim, linesSinceSnapshot, ignored } = await openWorld(store, world);
    const driver = new RealtimeDriver(sim, {
      speed,
      onError: (error) => {
        onError(messageOf(error));
      },
    });
    const recorder = new Recorder(sim, store, {
      snapshotEvery,
      linesSinceSnapshot,
      sync: () => {
        driver.sync();
      },
      onError: (error) => {
        onError(messageOf(error));
      },
    });
    // The simulator itself, not `driver.sim`: a request happens at one point in time, which `transact` sets.
    const handler = createHandler(sim, {
      // A page of another origin could use any other name for this machine.
      allowedHosts: [host],
      speedControl: driver,
      ...http,
      transact: (work) => recorder.transact(work),
      onRequest:
        onRequest === undefined
          ? (http.onRequest ?? ignoreReport)
          : (report) => {
              onRequest(requestLine(report, sim.now));
              http.onRequest?.(report);
            },
      onError: (error) => {
        onError(messageOf(error));
        http.onError?.(error);
      },
    });
    const server = await listen(
      async (request) => {
        const response = await handler(request);
        if (response.body === null || !isEventStream(response)) return response;
        return new Response(recorder.heldBack(response.body), response);
      },
      { host, port },
    );
    driver.start();
    let stopped: Promise<void> | undefined;
    const stop = async (graceMs: number): Promise<void> => {
      const closed = close(server, graceMs);
      recorder.endStreams();
      await closed;
      driver.stop();
      await recorder.close();
    };
    return {
      url: urlOf(server, host),
      driver,
      ignoredOptions: ignored,
      stop: (graceMs = 5000) => (stopped ??= stop(graceMs)),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

const anObject: OptionRule = { expected: "an object", accepts: isRecord };

const demands: OptionRules<ServerOptions> = {
  // Their content is validated by the modules that use it.
  world: anObject,
  http: anObject,
  store: hasMethods("a store", "read", "append", "snapshot", "close"),
  host: nonEmptyString,
  port: wholeFrom(0, 65_535),
  speed: {
    expected: "a number of at least 0",
    accepts: (value) => Number.isFinite(value) && (value as number) >= 0,
  },
  allowUnauthenticated: booleanRule,
  snapshotEvery: wholeFrom(1),
  onRequest: anyFunction,
  onError: anyFunction,
};

function checkOpenness(
  { http = {}, allowUnauthenticated = false }: ServerOptions,
  host: string,
): void {
  const { users = [], tokens = [] } = http;
  if (allowUnauthenticated || isLoopback(host) || users.length + tokens.length > 0) return;
  throw new ServerConfigError(
    `refusing to listen on ${host} without authentication; pass --token or --user, or --allow-unauthenticated to accept all requests`,
  );
}

function isEventStream({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/** Formats an error for a log: with its stack if it is internal. */
function messageOf(error: unknown): string {
  if (error instanceof StoreError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

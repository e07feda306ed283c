import { TimeLimitError } from "../../model/errors.js";
import { HttpRefusal } from "../httpError.js";
import { tokenOf } from "../identity/identity.js";
import type { TokenRegistry } from "../identity/tokenRegistry.js";
import type { Service } from "../options.js";
import type { Reply } from "../reply.js";
import { type Call, dispatchByMethod, membersOf, controlPrefix as prefix } from "../request.js";
import { faults } from "./faults.js";
import { inspectorPage, inspectorReply } from "./inspector.js";
import { journalReply, journalStream } from "./journalStream.js";
import { timelineReply, topologyReply } from "./renderResponse.js";

/**
 * The control endpoint: time, faults, snapshots, journal, for tests in any language. Off by default. With credentials
 * configured, it requires a token of an admin of the simulator's own account.
 */
export function control(call: Call, service: Service, callers: TokenRegistry): Reply | undefined {
  const { sim } = service;
  if (!isControl(call, service)) return undefined;
  authorizeControl(call, service, callers);
  if (call.path === prefix) return inspectorPage(call, service, !callers.isOpen);
  checkReadOnly(call, service);
  const [place = "", ...rest] = call.path.slice(prefix.length).split("/");
  if (place === "faults") return faults(call, rest, sim);
  switch (call.path.slice(prefix.length)) {
    case "clock":
      return dispatchByMethod(call, { GET: () => clockReply(service) });
    case "advance":
      return dispatchByMethod(call, {
        POST: () => {
          const { ms } = membersOf(call) as { readonly ms: number };
          return moved(service, (steps) => {
            sim.advance(ms, steps);
          });
        },
      });
    case "settle":
      return dispatchByMethod(call, {
        POST: () => {
          return moved(service, (steps) => {
            sim.settle(steps);
          });
        },
      });
    case "snapshot":
      return dispatchByMethod(call, {
        GET: () => ({ status: 200, json: sim.snapshot() }),
        PUT: () => {
          sim.history.loadSnapshot(call.body() as Parameters<typeof sim.history.loadSnapshot>[0]);
          return clockReply(service);
        },
      });
    case "journal":
      return dispatchByMethod(call, {
        GET: () => (wantsEvents(call) ? journalStream(call, sim) : journalReply(call, sim)),
      });
    case "topology":
      return dispatchByMethod(call, { GET: () => topologyReply(call, sim) });
    case "timeline":
      return dispatchByMethod(call, { GET: () => timelineReply(call, sim) });
    default:
      return inspectorReply(call, service, call.path.slice(prefix.length));
  }
}

/** Refuses changes on a read-only control endpoint. */
function checkReadOnly({ method }: Call, { options }: Service): void {
  if (!options.controlReadOnly || method === "GET" || method === "OPTIONS") return;
  throw new HttpRefusal("forbidden", { message: "the control endpoint is read-only" });
}

/** Returns whether a URL is that of the snapshot, which may be large. */
export function isSnapshotPath(url: string): boolean {
  return new URL(url).pathname.endsWith(`${prefix}snapshot`);
}

/**
 * Refuses a request for the control endpoint by its headers alone, before its body is read.
 * @throws HttpRefusal 401, 403
 */
export function authorizeControl(call: Call, service: Service, callers: TokenRegistry): void {
  if (!isControl(call, service) || call.method === "OPTIONS") return;
  checkSite(call, service, callers);
  // The page contains no data and asks for the token itself.
  if (!callers.isOpen && call.path !== prefix) checkOperator(call, service, callers);
}

function isControl({ path }: Call, { options }: Service): boolean {
  return options.control && path.startsWith(prefix);
}

/**
 * A browser sends requests for any page that is open in it. A page of another origin is refused by its `Origin`, by an
 * unknown host name (DNS rebinding), and because a form can send neither JSON as content type nor a custom header.
 * @throws HttpRefusal 403
 */
function checkSite(call: Call, { options }: Service, callers: TokenRegistry): void {
  const { headers, method, baseUrl, origin: own } = call;
  const origin = headers.get("origin");
  const isOwn = origin === own || (URL.canParse(baseUrl) && origin === new URL(baseUrl).origin);
  if (origin !== null && !isOwn && !options.corsOrigins.includes(origin)) {
    throw forbidden("pages of this origin may not control the simulator; name it in corsOrigins");
  }
  const { hostname } = new URL(own);
  if (callers.isOpen && !isKnownHost(hostname, options.allowedHosts)) {
    throw forbidden(
      "the control endpoint is not reached by this host name; name it in allowedHosts",
    );
  }
  const isSimple =
    !headers.has("x-auth-token") &&
    !headers.has("x-requested-with") &&
    !/^application\/json\b/i.test(headers.get("content-type") ?? "");
  if (method !== "GET" && isSimple) {
    throw forbidden(
      "a request that changes the simulator needs Content-Type: application/json or an X-Auth-Token",
    );
  }
}

/** An address cannot be rebound; `localhost` never leaves the machine. */
function isKnownHost(hostname: string, allowed: readonly string[] | undefined): boolean {
  const isLocal = hostname === "localhost" || hostname.endsWith(".localhost");
  const isAddress = hostname.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
  return allowed === undefined || isLocal || isAddress || allowed.includes(hostname);
}

/**
 * Moves time by at most the steps of one request. Steps that were taken stay: the refusal gives the current time.
 * @throws HttpRefusal 422 if more steps are needed
 */
function moved(service: Service, move: (steps: { readonly maxSteps: number }) => void): Reply {
  const { sim, options } = service;
  const maxSteps = Math.min(options.maxStepsPerRequest, sim.settings.maxSteps);
  try {
    move({ maxSteps });
  } catch (error) {
    if (!(error instanceof TimeLimitError) || error.rule !== "steps-max") throw error;
    throw new HttpRefusal("unprocessableEntity", {
      message: `virtual time moved to ${new Date(sim.now).toISOString()} (${String(sim.now)}) in ${String(maxSteps)} steps, which is as many as one request may take; send the rest as another request`,
    });
  }
  return clockReply(service);
}

function forbidden(message: string): HttpRefusal {
  return new HttpRefusal("forbidden", { message });
}

function clockReply({ sim }: Service): Reply {
  const { now, nextDueAt } = sim;
  return {
    status: 200,
    json: {
      now,
      at: new Date(now).toISOString(),
      // Absent when nothing is due.
      ...(nextDueAt === undefined ? {} : { nextDueAt }),
    },
  };
}

function checkOperator(call: Call, service: Service, callers: TokenRegistry): void {
  const { sim } = service;
  const { accountId, role } = tokenOf(call, callers, service).caller;
  if (accountId === sim.accountId && role === "admin") return;
  throw forbidden("only an admin of the simulator's own account may control it");
}

function wantsEvents({ headers }: Call): boolean {
  return (headers.get("accept") ?? "").includes("text/event-stream");
}

import { HttpRefusal } from "../httpError.js";
import { tokenOf } from "../identity/identity.js";
import type { TokenRegistry } from "../identity/tokenRegistry.js";
import type { Service } from "../options.js";
import type { Reply } from "../reply.js";
import { type Call, dispatchByMethod, membersOf } from "../request.js";
import { faults } from "./faults.js";
import { journalStream } from "./journalStream.js";
import { timelineReply, topologyReply } from "./renderResponse.js";

const prefix = "/_simulator/";

/**
 * The world in the hands of a test in any language: time, faults, snapshots, journal. Off unless asked for; where
 * there are credentials, it takes a token of an admin of the simulator's own account.
 */
export function control(call: Call, service: Service, callers: TokenRegistry): Reply | undefined {
  const { sim, options } = service;
  if (!options.control || !call.path.startsWith(prefix)) return undefined;
  if (!callers.isOpen) checkOperator(call, service, callers);
  const [place = "", ...rest] = call.path.slice(prefix.length).split("/");
  if (place === "faults") return faults(call, rest, sim);
  switch (call.path.slice(prefix.length)) {
    case "clock":
      return dispatchByMethod(call, { GET: () => clockReply(service) });
    case "advance":
      return dispatchByMethod(call, {
        POST: () => {
          const { ms } = membersOf(call) as { readonly ms: number };
          sim.advance(ms);
          return clockReply(service);
        },
      });
    case "settle":
      return dispatchByMethod(call, {
        POST: () => {
          sim.settle();
          return clockReply(service);
        },
      });
    case "snapshot":
      return dispatchByMethod(call, {
        GET: () => ({ status: 200, json: sim.snapshot() }),
        PUT: () => {
          sim.loadSnapshot(call.body() as Parameters<typeof sim.loadSnapshot>[0]);
          return clockReply(service);
        },
      });
    case "journal":
      return dispatchByMethod(call, {
        GET: () =>
          wantsEvents(call) ? journalStream(call, sim) : { status: 200, json: sim.journal() },
      });
    case "topology":
      return dispatchByMethod(call, { GET: () => topologyReply(call, sim) });
    case "timeline":
      return dispatchByMethod(call, { GET: () => timelineReply(call, sim) });
    default:
      return undefined;
  }
}

/** Whether a URL is that of the snapshot, which may be large. */
export function isSnapshotPath(url: string): boolean {
  return new URL(url).pathname === `${prefix}snapshot`;
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
  throw new HttpRefusal("forbidden", {
    message: `only an admin of account ${sim.accountId} may control the simulator`,
  });
}

function wantsEvents({ headers }: Call): boolean {
  return (headers.get("accept") ?? "").includes("text/event-stream");
}

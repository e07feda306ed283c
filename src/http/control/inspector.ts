import type { Command } from "../../model/commandTypes.js";
import { TimeLimitError } from "../../model/errors.js";
import { inspectorHtml, savedPageHtml } from "../../page/inspectorPage.js";
import { journalToScenario } from "../../scenario/run/journalToScenario.js";
import type { Fault } from "../../service/faults/fault.model.js";
import type { ForkOptions } from "../../simulator/branches.js";
import type { ReplicationSimulator } from "../../simulator.js";
import { HttpRefusal } from "../httpError.js";
import type { Service } from "../options.js";
import type { Reply } from "../reply.js";
import { type Call, dispatchByMethod, membersOf } from "../request.js";
import type { AnsweredRequest, RequestHistory } from "./requestHistory.js";
import type { SpeedControl } from "./speedControl.js";

/** The page itself. It contains no data, and asks for a token if one is required. */
export function inspectorPage(call: Call, { sim, options }: Service, needsToken: boolean): Reply {
  return dispatchByMethod(call, {
    GET: () => {
      const { html, policy } = inspectorHtml({
        title: `Simulator at ${new URL(call.baseUrl).host}`,
        accountId: sim.accountId,
        needsToken,
        isReadOnly: options.controlReadOnly,
        hasSpeed: options.speedControl !== null,
      });
      const headers = {
        "Content-Security-Policy": `${policy};frame-ancestors 'none'`,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
      };
      return { status: 200, headers, content: { type: "text/html; charset=utf-8", body: html } };
    },
  });
}

/** Data of the page besides the journal, the clock and the faults. */
export function inspectorReply(
  call: Call,
  { sim, options, requests }: Service,
  place: string,
): Reply | undefined {
  switch (place) {
    case "requests":
      return dispatchByMethod(call, {
        GET: () =>
          (call.headers.get("accept") ?? "").includes("text/event-stream")
            ? requestStream(requests)
            : { status: 200, json: { requests: requests?.requests ?? [] } },
      });
    case "commands":
      return dispatchByMethod(call, {
        POST: () => {
          const account = sim.account(call.query.get("account") ?? sim.accountId);
          // The method validates its input as untrusted data.
          const result = account.execute(membersOf(call) as unknown as Command);
          return { status: 200, json: { result: result ?? null } };
        },
      });
    case "branches":
      return dispatchByMethod(call, {
        POST: () => ({ status: 200, json: branch(call, sim, options.maxStepsPerRequest) }),
      });
    case "scenario":
      return dispatchByMethod(call, {
        GET: () => ({ status: 200, json: journalToScenario(sim.journal()) }),
      });
    case "page":
      return dispatchByMethod(call, {
        GET: () => ({
          status: 200,
          content: {
            type: "text/html; charset=utf-8",
            body: savedPageHtml({ title: "Replication", world: sim }),
          },
        }),
      });
    case "speed":
      return dispatchByMethod(call, {
        GET: () => ({ status: 200, json: { speed: options.speedControl?.speed ?? 0 } }),
        PUT: () => ({ status: 200, json: setSpeed(call, options.speedControl) }),
      });
    default:
      return undefined;
  }
}

function setSpeed(call: Call, control: SpeedControl | null): { readonly speed: number } {
  const { speed } = membersOf(call);
  if (control === null) {
    throw new HttpRefusal("badRequest", {
      message: "this server has no real-time clock; use advance and settle",
    });
  }
  if (typeof speed !== "number" || !Number.isFinite(speed) || speed < 0) {
    throw new HttpRefusal("badRequest", { message: "speed must be a number of at least 0" });
  }
  control.setSpeed(speed);
  return { speed };
}

/** Runs a fork of the current state to its end, and returns its journal. The simulator itself does not change. */
function branch(call: Call, sim: ReplicationSimulator, stepsPerRequest: number): unknown {
  const { name, options = {}, fault, ms } = membersOf(call);
  if (typeof ms !== "number" || !Number.isSafeInteger(ms) || ms < 0 || ms > maxBranchMs) {
    throw new HttpRefusal("badRequest", {
      message: `ms must be an integer from 0 to ${String(maxBranchMs)}`,
    });
  }
  const future = sim.fork(options as ForkOptions);
  if (fault !== undefined) future.inject(fault as Fault);
  const maxSteps = Math.min(stepsPerRequest, sim.settings.maxSteps);
  try {
    future.advance(ms, { maxSteps });
  } catch (error) {
    if (!(error instanceof TimeLimitError) || error.rule !== "steps-max") throw error;
    throw new HttpRefusal("unprocessableEntity", {
      message: `the branch reached ${new Date(future.now).toISOString()} in ${String(maxSteps)} steps, which is as many as one request may take; ask for less time`,
    });
  }
  return { name: typeof name === "string" ? name : "branch", journal: future.journal() };
}

const maxBranchMs = 31_536_000_000;

function requestStream(requests: RequestHistory | undefined): Reply {
  return {
    status: 200,
    content: { type: "text/event-stream", body: () => openRequestStream(requests) },
  };
}

function openRequestStream(requests: RequestHistory | undefined): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let unsubscribe: (() => void) | undefined;
  return new ReadableStream<Uint8Array>({
    start(stream) {
      const send = (request: AnsweredRequest): void => {
        const data = JSON.stringify(request);
        stream.enqueue(encoder.encode(`id: ${request.number}\ndata: ${data}\n\n`));
      };
      stream.enqueue(encoder.encode(": requests\n\n"));
      for (const request of requests?.requests ?? []) send(request);
      unsubscribe = requests?.subscribe((request) => {
        // A slow reader misses requests; it finds them in the list.
        if ((stream.desiredSize ?? 0) > -maxWaiting) send(request);
      });
    },
    cancel() {
      unsubscribe?.();
    },
  });
}

const maxWaiting = 1000;

import { ReplicationError } from "../domain/errors.js";
import { perform, routeOf, type WireResponse } from "../wire/index.js";
import type { Callers } from "./identity/callers.js";
import { tokenOf } from "./identity/identity.js";
import type { Service } from "./options.js";
import { HttpRefusal } from "./refusal.js";
import type { Reply } from "./reply.js";
import { type Call, notAllowed } from "./request.js";

/** The service itself, under `/v1.0/{accountId}`. Checks come in the order in which the service makes them (§5). */
export function database(call: Call, service: Service, callers: Callers): Reply | undefined {
  const { accountId } = call;
  if (accountId === undefined) return undefined;
  const path = call.path.replace(/^\/v1\.0\/[^/]+/, "");
  if (call.method === "OPTIONS") return notAllowed(call, methodsAt(path));
  const { caller } = tokenOf(call, callers);
  if (caller.accountId !== accountId) {
    throw new HttpRefusal("forbidden", { message: "the token is for another account" });
  }
  const request = { method: call.method, path, query: queryOf(call.query) };
  const missing = refusedRoute(request);
  if (missing?.fault === "badMethod") return notAllowed(call, methodsAt(path));
  if (missing !== undefined) throw missing;
  const body = call.method === "GET" ? undefined : call.body();
  const account = service.sim.tenant(accountId, { role: caller.role });
  const options = { ...service.options, baseUrl: call.baseUrl };
  return replyOf(perform(account, { ...request, body }, options));
}

function replyOf({ status, headers = {}, body }: WireResponse): Reply {
  return body === undefined ? { status, headers } : { status, headers, json: body };
}

/** What stands against a path and a method, before anybody reads the body. */
function refusedRoute(request: {
  readonly method: string;
  readonly path: string;
}): ReplicationError | undefined {
  try {
    routeOf(request);
    return undefined;
  } catch (error) {
    if (!(error instanceof ReplicationError)) throw error;
    // Which action it is, only the body tells.
    return error.rule === "known-action" ? undefined : error;
  }
}

/**
 * The methods of a path.
 * @throws ReplicationError `known-path`
 */
function methodsAt(path: string): readonly string[] {
  const refused = refusedRoute({ method: "OPTIONS", path });
  if (refused?.fault === "badMethod" && typeof refused.allowed === "object") return refused.allowed;
  throw refused ?? new HttpRefusal("itemNotFound", { message: "there is no such resource" });
}

/** The first of a parameter that is given twice. */
function queryOf(query: URLSearchParams): Readonly<Record<string, string>> {
  const known: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of query) known[name] ??= value;
  return known;
}

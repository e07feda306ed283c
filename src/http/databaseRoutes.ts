import { ReplicationError } from "../model/errors.js";
import { activeFaults } from "../service/faults/activeFaults.js";
import type { AccountView } from "../simulator/accountView.js";
import { topologyOf } from "../simulator/clientKernel.js";
import { type Dialect, handleRequest, matchRoute, type WireResponse } from "../wire/index.js";
import { HttpRefusal } from "./httpError.js";
import { tokenOf } from "./identity/identity.js";
import type { Caller, TokenRegistry } from "./identity/tokenRegistry.js";
import type { Service } from "./options.js";
import type { Reply } from "./reply.js";
import { type Call, methodNotAllowed, pathBelowAccount } from "./request.js";

/** The service itself, under `/v1.0/{accountId}`. Checks run in the order of the service (§5). */
export function database(call: Call, service: Service, callers: TokenRegistry): Reply | undefined {
  const { accountId } = call;
  if (accountId === undefined) return undefined;
  const { dialect } = service;
  const path = pathBelowAccount(call.path, dialect);
  if (call.method === "OPTIONS") return methodNotAllowed(call, methodsAt(path, dialect));
  const caller = callerFor(accountId, call, service, callers);
  const account = service.sim.account(accountId, { role: caller.role });
  // An outage answers every request, before its path is resolved or its body is read.
  const outage = account.view.refusal();
  if (outage !== undefined) throw outage;
  const wholePath = pathBelowAccount(call.wholePath, dialect);
  // If the suffix is encoded, it is not a format for the route.
  const named = isNamed(wholePath, account.view) ? wholePath.replace(/\.json$/, "%2Ejson") : path;
  const request = { method: call.method, path: named, query: queryOf(call.query) };
  const route = routeTo(request, dialect);
  if (route instanceof ReplicationError) {
    if (route.code === "badMethod") return methodNotAllowed(call, methodsAt(path, dialect));
    throw route;
  }
  // The body of an operation without a body is not read.
  const body = route.takesBody ? call.body() : undefined;
  const options = { ...service.wire, baseUrl: call.baseUrl };
  const reply = replyOf(handleRequest(account, { ...request, body }, options));
  return loseAnswer(service) ? { ...reply, isLost: true } : reply;
}

/**
 * Returns whether a fault loses the response to a request that was carried out. The fault ends with its last lost
 * response.
 */
function loseAnswer({ sim, lostAnswers }: Service): boolean {
  for (const { row, fault } of activeFaults(topologyOf(sim), "loseAnswers")) {
    const key = `${row.accountId} ${row.id}`;
    const lost = (lostAnswers.get(key) ?? 0) + 1;
    lostAnswers.set(key, lost);
    if (lost >= (fault.times ?? 1)) {
      lostAnswers.delete(key);
      sim.account(row.accountId).clearFault(row.id);
    }
    return true;
  }
  return false;
}

/**
 * Refuses a request for an account by its headers alone, before its body is read.
 * @throws HttpRefusal 401, 403
 */
export function authorizeAccount(call: Call, service: Service, callers: TokenRegistry): void {
  const { accountId, method } = call;
  if (accountId !== undefined && method !== "OPTIONS") callerFor(accountId, call, service, callers);
}

/** @throws HttpRefusal 401, 403 */
function callerFor(
  accountId: string,
  call: Call,
  service: Service,
  callers: TokenRegistry,
): Caller {
  const { caller } = tokenOf(call, callers, service);
  if (caller.accountId === accountId) return caller;
  // A server without credentials has no accounts to hide.
  const message = callers.isOpen
    ? `all requests use account ${caller.accountId}; configure users and tokens for others`
    : "the token is for another account";
  throw new HttpRefusal("forbidden", { message });
}

/**
 * Returns whether `.json` at the end of a path is part of a user name: it is a format only if no user name ends with
 * it.
 */
function isNamed(path: string, view: AccountView): boolean {
  const [, instanceId = "", name = ""] =
    /^\/instances\/([^/]+)\/users\/([^/]+\.json)$/.exec(path) ?? [];
  if (name === "") return false;
  const users = view.instance(instanceId)?.users ?? [];
  return users.some((user) => user.name === decoded(name));
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function replyOf({ status, headers = {}, body }: WireResponse): Reply {
  return body === undefined ? { status, headers } : { status, headers, json: body };
}

/** Returns the route of a path and a method before the body is read, or the error. */
function routeTo(
  request: { readonly method: string; readonly path: string },
  dialect: Dialect,
): { readonly takesBody: boolean } | ReplicationError {
  try {
    return { takesBody: matchRoute(request, dialect).operation.body !== undefined };
  } catch (error) {
    if (!(error instanceof ReplicationError)) throw error;
    // Only the body says which action it is.
    return error.rule === "known-action" ? { takesBody: true } : error;
  }
}

/**
 * The methods of a path.
 * @throws ReplicationError `known-path`
 */
function methodsAt(path: string, dialect: Dialect): readonly string[] {
  const refused = routeTo({ method: "OPTIONS", path }, dialect);
  if (!(refused instanceof ReplicationError)) return [];
  if (refused.code === "badMethod" && typeof refused.allowed === "object") return refused.allowed;
  throw refused;
}

/** The first value of a repeated parameter. */
function queryOf(query: URLSearchParams): Readonly<Record<string, string>> {
  const known: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of query) known[name] ??= value;
  return known;
}

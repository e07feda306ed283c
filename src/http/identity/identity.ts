import type { Endpoint, IdentityDialect } from "../../wire/index.js";
import { HttpRefusal } from "../httpError.js";
import type { Service } from "../options.js";
import type { Reply } from "../reply.js";
import { type Call, dispatchByMethod } from "../request.js";
import { keystoneV2 } from "./keystone.js";
import type { Caller, IssuedToken, TokenRegistry } from "./tokenRegistry.js";

/** The identity service for log-ins, as defined by the dialect. */
export function identity(call: Call, service: Service, callers: TokenRegistry): Reply | undefined {
  const dialect = service.dialect.identity ?? keystoneV2;
  if (call.path === dialect.logInPath) {
    return dispatchByMethod(call, { POST: () => logIn(call, service, { callers, dialect }) });
  }
  if (Object.hasOwn(dialect.documents, call.path)) {
    return dispatchByMethod(call, {
      GET: () => ({ status: 200, json: dialect.documents[call.path]?.(call.baseUrl) }),
    });
  }
  if (Object.hasOwn(dialect.ownDocuments, call.path)) {
    return dispatchByMethod(call, {
      GET: () => {
        const { caller } = tokenOf(call, callers, service);
        return { status: 200, json: dialect.ownDocuments[call.path]?.(caller) };
      },
    });
  }
  return undefined;
}

/**
 * Returns the token of a request.
 * @throws HttpRefusal 401
 */
export function tokenOf(
  { headers }: Call,
  callers: TokenRegistry,
  { dialect: { identity: { logInPath } = keystoneV2 } }: Service,
): IssuedToken {
  const token = headers.get("x-auth-token") ?? "";
  if (token === "") throw unauthorized(`X-Auth-Token is missing; log in with POST ${logInPath}`);
  return callers.find(token) ?? refuseUnauthorized("the token is unknown or has expired");
}

function logIn(
  call: Call,
  service: Service,
  { callers, dialect }: { readonly callers: TokenRegistry; readonly dialect: IdentityDialect },
): Reply {
  const { sim, options } = service;
  const requested = dialect.parseLogIn(call.body());
  if (requested === undefined) throw new HttpRefusal("badRequest", { message: dialect.expected });
  const { by, account } = requested;
  const issued = "token" in by ? callers.find(by.token) : callers.logIn(by);
  // A correct password with another account's name gives the same error as a wrong one.
  if (issued === undefined || !isOfAccount(issued.caller, account, callers.isOpen)) {
    throw unauthorized("the credentials are wrong");
  }
  const endpoints: readonly Endpoint[] = [
    { region: options.region ?? sim.settings.region, baseUrl: call.baseUrl },
    ...Object.entries(options.otherRegions).map(([region, baseUrl]) => ({ region, baseUrl })),
  ];
  const { version } = service.dialect;
  const { body, ...answer } = dialect.respond(issued, { endpoints, now: options.now(), version });
  return { ...answer, json: body };
}

/**
 * Returns whether a caller belongs to a requested account (id or name). True if none is requested, and without
 * credentials, whatever name a client is configured with.
 */
function isOfAccount(caller: Caller, account: string | undefined, isOpen: boolean): boolean {
  const { accountId, accountName } = caller;
  return isOpen || account === undefined || account === accountId || account === accountName;
}

function unauthorized(message: string): HttpRefusal {
  return new HttpRefusal("unauthorized", { message });
}

function refuseUnauthorized(message: string): never {
  throw unauthorized(message);
}

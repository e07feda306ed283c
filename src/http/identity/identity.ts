import { HttpRefusal } from "../httpError.js";
import type { Service } from "../options.js";
import type { Reply } from "../reply.js";
import { type Call, dispatchByMethod } from "../request.js";
import {
  accessBody,
  type Endpoint,
  identityVersionBody,
  isOfAccount,
  readLogIn,
  tenantsBody,
} from "./keystone.js";
import type { IssuedToken, TokenRegistry } from "./tokenRegistry.js";

/** The identity service that clients log in at, under `/v2.0`. */
export function identity(call: Call, service: Service, callers: TokenRegistry): Reply | undefined {
  switch (call.path) {
    case "/v2.0":
    case "/v2.0/":
      return dispatchByMethod(call, {
        GET: () => ({ status: 200, json: identityVersionBody(call.baseUrl) }),
      });
    case "/v2.0/tokens":
      return dispatchByMethod(call, { POST: () => logIn(call, service, callers) });
    case "/v2.0/tenants":
      return dispatchByMethod(call, {
        GET: () => ({ status: 200, json: tenantsBody(tokenOf(call, callers).caller) }),
      });
    default:
      return undefined;
  }
}

/**
 * The token that a request carries.
 * @throws HttpRefusal 401
 */
export function tokenOf({ headers }: Call, callers: TokenRegistry): IssuedToken {
  const token = headers.get("x-auth-token") ?? "";
  if (token === "") throw unauthorized("X-Auth-Token is missing; log in with POST /v2.0/tokens");
  return callers.find(token) ?? refuseUnauthorized("the token is unknown or has expired");
}

function logIn(call: Call, { sim, options }: Service, callers: TokenRegistry): Reply {
  const asked = readLogIn(call.body());
  if (asked === undefined) {
    throw new HttpRefusal("badRequest", {
      message:
        'auth must hold passwordCredentials {"username", "password"}, RAX-KSKEY:apiKeyCredentials {"username", "apiKey"} or token {"id"}',
    });
  }
  const { by, account } = asked;
  const issued = "token" in by ? callers.find(by.token) : callers.logIn(by);
  // A right password for another account's name reads the same as a wrong one.
  if (issued === undefined || !isOfAccount(issued.caller, account, callers.isOpen)) {
    throw unauthorized("the credentials are wrong");
  }
  const endpoints: readonly Endpoint[] = [
    { region: options.region ?? sim.settings.region, baseUrl: call.baseUrl },
    ...Object.entries(options.otherRegions).map(([region, baseUrl]) => ({ region, baseUrl })),
  ];
  return { status: 200, json: accessBody(issued, { endpoints, now: options.now() }) };
}

function unauthorized(message: string): HttpRefusal {
  return new HttpRefusal("unauthorized", { message });
}

function refuseUnauthorized(message: string): never {
  throw unauthorized(message);
}

import type { JsonObject } from "../../wire/index.js";
import type { Caller, Credentials, IssuedToken } from "./tokenRegistry.js";

/** A log-in as its body says it: with a key or a password, or with a token that is still valid. */
export interface LogIn {
  readonly by: Credentials | { readonly token: string };
  /** Id or name of the account that the token is wanted for. */
  readonly account: string | undefined;
}

/** Where the service is to be found. */
export interface Endpoint {
  readonly region: string;
  /** Base of the API, without version and account. */
  readonly baseUrl: string;
}

/** Reads `{"auth": {…}}` in all forms that clients send; undefined when it is none of them. */
export function readLogIn(body: unknown): LogIn | undefined {
  const auth = member(body, "auth");
  const account = text(member(auth, "tenantId")) ?? text(member(auth, "tenantName"));
  const token = text(member(member(auth, "token"), "id"));
  if (token !== undefined) return { by: { token }, account };
  const apiKey = member(auth, "RAX-KSKEY:apiKeyCredentials") ?? member(auth, "apiKeyCredentials");
  const forms = [
    { kind: "apiKey", given: apiKey, secret: text(member(apiKey, "apiKey")) },
    {
      kind: "password",
      given: member(auth, "passwordCredentials"),
      secret: text(member(member(auth, "passwordCredentials"), "password")),
    },
  ] as const;
  for (const { kind, given, secret } of forms) {
    const name = text(member(given, "username")) ?? text(member(given, "userId"));
    if (name !== undefined && secret !== undefined) return { by: { kind, name, secret }, account };
  }
  return undefined;
}

/**
 * Whether a caller belongs to an account, asked for by its id or its name. Everybody does when none is asked for, and
 * where everybody may come in, whatever name a client was set up with.
 */
export function isOfAccount(caller: Caller, account: string | undefined, isOpen: boolean): boolean {
  const { accountId, accountName } = caller;
  return isOpen || account === undefined || account === accountId || account === accountName;
}

/** The answer to a log-in: the token, who holds it, and where the service is. */
export function accessBody(
  { id, expiresAt, caller }: IssuedToken,
  { endpoints, now }: { readonly endpoints: readonly Endpoint[]; readonly now: number },
): JsonObject {
  const { accountId, accountName, userName, role } = caller;
  // A fixed token never expires; clients want a moment all the same, and ask again a day before it.
  const expires = new Date(Math.min(expiresAt, now + 365 * 86_400_000)).toISOString();
  return {
    access: {
      token: { id, expires, tenant: { id: accountId, name: accountName } },
      user: {
        id: userName,
        name: userName,
        roles: [
          { id: `dbaas:${role}`, name: `dbaas:${role}`, description: `May do what ${role}s may.` },
        ],
        "RAX-AUTH:defaultRegion": endpoints[0]?.region ?? "",
      },
      // The same service under the name that each family of clients looks for.
      serviceCatalog: [
        entry("rax:database", "cloudDatabases", accountId, endpoints),
        entry("database", "trove", accountId, endpoints),
      ],
    },
  };
}

/** The accounts of a caller: one. */
export function tenantsBody({ accountId, accountName }: Caller): JsonObject {
  return {
    tenants: [{ id: accountId, name: accountName, description: "", enabled: true }],
    tenants_links: [],
  };
}

/** What `GET /v2.0` says of the identity service. */
export function identityVersionBody(baseUrl: string): JsonObject {
  return {
    version: {
      id: "v2.0",
      status: "CURRENT",
      links: [{ rel: "self", href: `${baseUrl}/v2.0` }],
      "media-types": [{ base: "application/json", type: "application/json" }],
    },
  };
}

function entry(
  type: string,
  name: string,
  tenantId: string,
  endpoints: readonly Endpoint[],
): JsonObject {
  return {
    type,
    name,
    endpoints_links: [],
    endpoints: endpoints.map(({ region, baseUrl }) => {
      const url = `${baseUrl}/v1.0/${encodeURIComponent(tenantId)}`;
      return { region, tenantId, publicURL: url, internalURL: url, adminURL: url };
    }),
  };
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** A tenant id may come as a number. */
function text(value: unknown): string | undefined {
  if (typeof value === "string" && value !== "") return value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

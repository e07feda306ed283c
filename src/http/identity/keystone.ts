import type {
  IdentityDialect,
  JsonObject,
  LogIn,
  LogInContext,
  LogInToken,
  TokenOwner,
} from "../../wire/index.js";

/** Keystone version 2, under `/v2.0`: the log-in of clients of the documented API. */
export const keystoneV2: IdentityDialect = {
  logInPath: "/v2.0/tokens",
  parseLogIn,
  expected:
    'auth must hold passwordCredentials {"username", "password"}, RAX-KSKEY:apiKeyCredentials {"username", "apiKey"} or token {"id"}',
  respond: (token, context) => ({ status: 200, body: accessBody(token, context) }),
  documents: { "/v2.0": identityVersionBody, "/v2.0/": identityVersionBody },
  ownDocuments: { "/v2.0/tenants": tenantsBody },
};

/** Parses `{"auth": {…}}` in all forms that clients send; undefined if it is none of them. */
function parseLogIn(body: unknown): LogIn | undefined {
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

/** Returns the response to a log-in: the token, its user, and the service catalog. */
function accessBody(
  { id, expiresAt, caller }: LogInToken,
  { endpoints, now, version }: LogInContext,
): JsonObject {
  const { accountId, accountName, userName, role } = caller;
  // A fixed token never expires. Clients require an expiry time and log in again a day before it.
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
        entry({ type: "rax:database", name: "cloudDatabases", accountId }, { endpoints, version }),
        entry({ type: "database", name: "trove", accountId }, { endpoints, version }),
      ],
    },
  };
}

/** Returns the accounts of a caller: one. */
function tenantsBody({ accountId, accountName }: TokenOwner): JsonObject {
  return {
    tenants: [{ id: accountId, name: accountName, description: "", enabled: true }],
    tenants_links: [],
  };
}

/** Returns the response of `GET /v2.0`. */
function identityVersionBody(baseUrl: string): JsonObject {
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
  service: { readonly type: string; readonly name: string; readonly accountId: string },
  { endpoints, version }: Pick<LogInContext, "endpoints" | "version">,
): JsonObject {
  const { type, name, accountId: tenantId } = service;
  return {
    type,
    name,
    endpoints_links: [],
    endpoints: endpoints.map(({ region, baseUrl }) => {
      const url = `${baseUrl}/${version}/${encodeURIComponent(tenantId)}`;
      return { region, tenantId, publicURL: url, internalURL: url, adminURL: url };
    }),
  };
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** An account id may be a number. */
function text(value: unknown): string | undefined {
  if (typeof value === "string" && value !== "") return value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

import { ReplicationSimulator } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { timingSafeEqual } from "../../src/http/identity/timingSafeEqual.js";
import { type Answer, faultIn, origin, service, small } from "./client.js";

const users = [
  { name: "ada", apiKey: "key-of-ada", password: "word-of-ada", accountId: "111" },
  { name: "bob", password: "word-of-bob", accountId: "222", accountName: "bobs", role: "observer" },
] as const;

interface Access {
  readonly access: {
    readonly token: {
      readonly id: string;
      readonly expires: string;
      readonly tenant: { readonly id: string };
    };
    readonly user: { readonly name: string; readonly roles: readonly { readonly name: string }[] };
    readonly serviceCatalog: readonly {
      readonly type: string;
      readonly name: string;
      readonly endpoints: readonly { readonly region: string; readonly publicURL: string }[];
    }[];
  };
}
const access = ({ json }: Answer): Access["access"] => (json as Access).access;
const apiKey = (username: string, key: string) => ({
  auth: { "RAX-KSKEY:apiKeyCredentials": { username, apiKey: key } },
});
const password = (username: string, word: string, more: object = {}) => ({
  auth: { passwordCredentials: { username, password: word }, ...more },
});

describe("a log-in", () => {
  test.each([
    ["API key", apiKey("ada", "key-of-ada")],
    ["password", password("ada", "word-of-ada")],
    ["password and tenant id", password("ada", "word-of-ada", { tenantId: "111" })],
    ["password and tenant name", password("ada", "word-of-ada", { tenantName: "111" })],
  ])("by %s gives a token for the account of the user", async (_, body) => {
    const { send } = service({ users });
    const answer = await send("POST", "/v2.0/tokens", { token: null, body });
    expect(answer.status).toBe(200);
    const { token, user } = access(answer);
    expect(token.tenant.id).toBe("111");
    expect(user).toMatchObject({ name: "ada", roles: [{ name: "dbaas:admin" }] });
    expect((await send("GET", "/v1.0/111/instances", { token: token.id })).status).toBe(200);
  });

  test.each([
    ["a wrong key", apiKey("ada", "key-of-adb")],
    ["a key for a password", password("ada", "key-of-ada")],
    ["a key where the user has a password", apiKey("bob", "word-of-bob")],
    ["an unknown user", password("eve", "word-of-ada")],
    ["another's account", password("ada", "word-of-ada", { tenantId: "222" })],
    ["an unknown token", { auth: { token: { id: "no" }, tenantId: "111" } }],
  ])("with %s is unauthorized, and says no more than that", async (_, body) => {
    const { send } = service({ users });
    const answer = await send("POST", "/v2.0/tokens", { token: null, body });
    expect([answer.status, faultIn(answer)]).toEqual([
      401,
      { name: "unauthorized", message: "the credentials are wrong" },
    ]);
  });

  test.each([{}, { auth: {} }, { auth: null }, [], "auth", { auth: { passwordCredentials: {} } }])(
    "that says nothing (%j) is a bad request that shows the forms",
    async (body) => {
      const { send } = service({ users });
      const answer = await send("POST", "/v2.0/tokens", { token: null, body });
      expect(answer.status).toBe(400);
      expect(faultIn(answer).message).toContain("passwordCredentials");
    },
  );

  test("gives the same token until it expires, in the caller's time and not in simulated time", async () => {
    let now = 1_000_000;
    const { send, sim } = service({ users, now: () => now, tokenLifetimeMs: 60_000 });
    const body = apiKey("ada", "key-of-ada");
    const first = access(await send("POST", "/v2.0/tokens", { body })).token;
    expect(first.expires).toBe(new Date(1_060_000).toISOString());
    sim.advance(10 * 86_400_000);
    expect((await send("GET", "/v1.0/111/instances", { token: first.id })).status).toBe(200);
    now += 59_999;
    expect(access(await send("POST", "/v2.0/tokens", { body })).token.id).toBe(first.id);
    now += 1;
    const late = await send("GET", "/v1.0/111/instances", { token: first.id });
    expect([late.status, faultIn(late).name]).toEqual([401, "unauthorized"]);
    expect(access(await send("POST", "/v2.0/tokens", { body })).token.id).not.toBe(first.id);
  });

  test("lists the service under both names, with one endpoint for each region", async () => {
    const sim = new ReplicationSimulator({ region: "ORD" });
    const { send } = service({ otherRegions: { LON: "https://lon.test" } }, sim);
    const { serviceCatalog } = access(
      await send("POST", "/v2.0/tokens", { body: apiKey("x", "y") }),
    );
    expect(serviceCatalog.map(({ type }) => type)).toEqual(["rax:database", "database"]);
    expect(serviceCatalog[0]?.name).toBe("cloudDatabases");
    for (const { endpoints } of serviceCatalog) {
      expect(endpoints).toMatchObject([
        { region: "ORD", publicURL: `${origin}/v1.0/1234` },
        { region: "LON", publicURL: "https://lon.test/v1.0/1234" },
      ]);
    }
  });

  test("with a token that is still valid can be asked for again", async () => {
    const { send } = service({ users });
    const { token } = access(
      await send("POST", "/v2.0/tokens", { body: apiKey("ada", "key-of-ada") }),
    );
    const again = await send("POST", "/v2.0/tokens", {
      body: { auth: { token: { id: token.id }, tenantId: "111" } },
    });
    expect(access(again).token.id).toBe(token.id);
  });
});

describe("without users and tokens every caller is accepted", () => {
  test("with any credentials and any token, to the one account", async () => {
    const { send } = service();
    const { token } = access(
      await send("POST", "/v2.0/tokens", { body: password("who", "ever", { tenantName: "demo" }) }),
    );
    expect(token.tenant.id).toBe("1234");
    for (const each of [token.id, "made-up"]) {
      expect((await send("GET", "/v1.0/1234/instances", { token: each })).status).toBe(200);
    }
  });

  test("but not without a token, and not to another account", async () => {
    const { send } = service();
    expect((await send("GET", "/v1.0/1234/instances", { token: null })).status).toBe(401);
    expect((await send("GET", "/v1.0/4321/instances")).status).toBe(403);
  });
});

describe("a fixed token", () => {
  const tokens = [{ token: "fixed", accountId: "111", role: "creator" as const }];

  test("is valid from the start, in its account, for its role", async () => {
    const { send, sim } = service({ tokens });
    const made = await send("POST", "/v1.0/111/instances", {
      token: "fixed",
      body: { instance: small },
    });
    expect(made.status).toBe(200);
    sim.settle();
    const [{ id } = { id: "" }] = sim.account("111").listInstances().items;
    const denied = await send("DELETE", `/v1.0/111/instances/${id}`, { token: "fixed" });
    expect([denied.status, faultIn(denied).name]).toEqual([403, "forbidden"]);
  });

  test("is the only way in: neither another token nor other credentials are", async () => {
    const { send } = service({ tokens });
    expect((await send("GET", "/v1.0/111/instances", { token: "any" })).status).toBe(401);
    expect((await send("POST", "/v2.0/tokens", { body: password("a", "b") })).status).toBe(401);
    const logIn = await send("POST", "/v2.0/tokens", { body: password("a", "fixed") });
    expect(access(logIn).token.id).toBe("fixed");
  });
});

test("a caller sees the accounts that it has, and what the service is", async () => {
  const { send } = service({ users });
  const body = password("bob", "word-of-bob", { tenantName: "bobs" });
  const { token } = access(await send("POST", "/v2.0/tokens", { body }));
  expect((await send("GET", "/v2.0/tenants", { token: token.id })).json).toMatchObject({
    tenants: [{ id: "222", name: "bobs", enabled: true }],
  });
  expect((await send("GET", "/v2.0/tenants", { token: "wrong" })).status).toBe(401);
  expect((await send("GET", "/v2.0", { token: null })).json).toMatchObject({
    version: { id: "v2.0" },
  });
});

test.each([
  ["", "", true],
  ["a", "a", true],
  ["ab", "ab", true],
  ["", "a", false],
  ["a", "", false],
  ["aa", "a", false],
  ["a", "aa", false],
  ["abab", "ab", false],
  ["b", "a", false],
  ["ü€😀", "ü€😀", true],
])("%j and %j are the same text: %s", (sent, secret, same) => {
  expect(timingSafeEqual(sent, secret)).toBe(same);
});

import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { ReplicationSimulator } from "replication-simulator";
import { createHandler, openApi } from "replication-simulator/http";
import { operations } from "replication-simulator/wire";
import { expect, test } from "vitest";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { patience } from "../scenarioGenerators.js";
import { origin } from "./client.js";
import { type AnyRequest, type Pools, requests } from "./requests.js";

/*
 * At least 20,000 requests of all kinds: only documented statuses, every body valid under the document, nothing
 * changed by a refused request, and nothing of another account is visible.
 */

const tokens = [
  { token: "admin" },
  { token: "creator", role: "creator" as const },
  { token: "observer", role: "observer" as const },
  { token: "neighbour", accountId: "4321" },
];

/** A world in which two accounts have one of everything. */
function world(): { readonly sim: ReplicationSimulator; readonly pools: Pools } {
  const sim = new ReplicationSimulator({ seed: 7 });
  const ids = ["1234", "4321"].map((accountId) => {
    const account = sim.account(accountId);
    const size = { flavorId: 2, volumeGb: 10 };
    const orders = account.createInstance({ name: `orders of ${accountId}`, ...size });
    account.createInstance({ ...size });
    sim.settle();
    account.createReplica({ ...size, replicaOf: orders.id });
    sim.settle();
    const users = account.createInstance({ name: `users of ${accountId}`, ...size });
    sim.settle();
    account.createReplica({ ...size, replicaOf: users.id });
    sim.settle();
    account.convertToHa(users.id, { name: `group of ${accountId}` });
    sim.settle();
    account.createSchedule({ ownerId: orders.id });
    account.createBackup({ name: "first", ownerId: orders.id });
    account.createConfiguration({ name: "slow", values: { long_query_time: 5 } });
    sim.settle();
    const idsOf = ({ items }: { readonly items: readonly { readonly id: string }[] }): string[] =>
      items.map(({ id }) => id);
    return {
      instanceId: idsOf(account.listInstances()),
      haId: idsOf(account.listGroups()),
      scheduleId: idsOf(account.listSchedules()),
      backupId: idsOf(account.listBackups()),
      configurationId: idsOf(account.listConfigurations()),
    };
  });
  const [own, foreign] = ids;
  if (own === undefined || foreign === undefined) throw new Error("there are two accounts");
  return { sim, pools: { own, foreign: Object.values(foreign).flat() } };
}

const start = world();
const snapshot = start.sim.snapshot();

test(
  "no request gets another answer than a documented one, or learns of another account",
  () => {
    const seen = new Map<string, number>();
    let sent = 0;
    fc.assert(
      fc.property(
        fc.array(
          requests(
            start.pools,
            tokens.slice(0, 3).map(({ token }) => token),
          ),
          { maxLength: 150, size: "max" },
        ),
        (all) => {
          const sim = ReplicationSimulator.restore(snapshot);
          const handler = createHandler(sim, { tokens });
          for (const request of all) {
            const before = topologyOf(sim);
            const { status, body, headers } = handler.handleSync(plain(request));
            sent++;
            seen.set(String(status), (seen.get(String(status)) ?? 0) + 1);
            if (status >= 400) expect(sim.topology).toBe(before);
            checkBody(request, { status, body, type: headers["Content-Type"] });
            checkIsolation(request, body);
            if (sent % 7 === 0) sim.advance(20_000);
          }
        },
      ),
      { numRuns: Math.max(320, fc.readConfigureGlobal().numRuns ?? 0) },
    );
    expect(sent).toBeGreaterThanOrEqual(20_000);
    // The requests are good for something: every kind of response occurred.
    expect([...seen.keys()].sort()).toEqual(
      ["200", "202", "204", "400", "401", "403", "404", "405", "413", "415", "422", "501"].sort(),
    );
  },
  patience(180_000),
);

function plain({ method, path, token, type, body }: AnyRequest) {
  return {
    method,
    url: `${origin}${path}`,
    headers: {
      ...(token === undefined ? {} : { "X-Auth-Token": token }),
      ...(type === undefined ? {} : { "Content-Type": type }),
    },
    ...(body === undefined
      ? {}
      : { body: typeof body === "string" ? body : Uint8Array.from(body) }),
  };
}

const document = openApi();
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(document, "api");

interface Documented {
  readonly pattern: RegExp;
  readonly path: string;
  readonly item: Readonly<Record<string, { readonly responses: Readonly<Record<string, object>> }>>;
}

const documented: readonly Documented[] = Object.entries(
  document["paths"] as Record<string, object>,
).map(([path, item]) => ({
  path,
  item: item as Documented["item"],
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+").replaceAll(".", "\\.")}$`),
}));

/** A body is what the document says for the operation and the status; outside of it, a fault of its status. */
function checkBody(
  { method, path }: AnyRequest,
  answer: { readonly status: number; readonly body: string; readonly type: string | undefined },
): void {
  const { status, body, type } = answer;
  if (method === "HEAD" || method === "OPTIONS") {
    if (method === "HEAD") expect(body).toBe("");
    return;
  }
  const pathname = new URL(`${origin}${path}`).pathname.replace(/\.json$/, "");
  const here = documented.find(({ pattern }) => pattern.test(pathname));
  const responses = here?.item[method.toLowerCase()]?.responses;
  if (responses === undefined) {
    expect(status, `${method} ${path}`).toBeGreaterThanOrEqual(400);
  } else {
    expect(Object.keys(responses), `${method} ${path} ${body}`).toContain(String(status));
  }
  if (body === "") {
    expect(type).toBeUndefined();
    return;
  }
  expect(type).toBe("application/json");
  const value: unknown = JSON.parse(body);
  const isFault = status >= 400;
  const pointer = isFault
    ? `/components/responses/${Object.keys(value as object)[0] ?? ""}`
    : `/paths/${escaped(here?.path ?? "")}/${method.toLowerCase()}/responses/${String(status)}`;
  const validate = ajv.getSchema(`api#${pointer}/content/${escaped("application/json")}/schema`);
  if (validate === undefined) throw new Error(`nothing is documented at ${pointer}`);
  expect(validate(value), `${method} ${path}: ${ajv.errorsText(validate.errors)} in ${body}`).toBe(
    true,
  );
  if (isFault) expect((Object.values(value as object)[0] as { code: number }).code).toBe(status);
}

/** What the other account has is in no answer, but where the caller itself named it. */
function checkIsolation({ path, body: sent }: AnyRequest, body: string): void {
  expect(body).not.toContain("of 4321");
  for (const id of start.pools.foreign) {
    const isNamed = path.includes(id) || (typeof sent === "string" && sent.includes(id));
    if (!isNamed) expect(body).not.toContain(id);
    else if (body.includes(id)) expect(JSON.parse(body)).not.toHaveProperty("instance");
  }
}

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}

test("an operation that answers with a body says how it looks", () => {
  const bare = operations.filter(
    ({ success, response, method }) =>
      method === "GET" && success === 200 && response === undefined,
  );
  expect(bare.map(({ id }) => id)).toEqual([]);
});

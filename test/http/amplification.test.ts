import { InvalidInputError, ReplicationSimulator } from "replication-simulator";
import { createHandler } from "replication-simulator/http";
import { afterEach, describe, expect, test, vi } from "vitest";

/* How much a small request can lead to: facts (F6), a journal that no string holds (F7), mistakes (F8). */

afterEach(() => {
  vi.restoreAllMocks();
});

function served() {
  const sim = new ReplicationSimulator({ seed: 3 });
  const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
  sim.settle();
  const handler = createHandler(sim, { control: true });
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await handler(
      new Request(`http://db.test${path}`, {
        method,
        headers: { "X-Auth-Token": "t", "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await answer.text();
    return { status: answer.status, length: text.length, body: JSON.parse(text) as unknown };
  };
  return { sim, id, send };
}

describe("F6: facts hold what has changed, not all that there is", () => {
  test("of databases and users, at the source and its replicas", () => {
    const { sim, id } = served();
    sim.createReplica({ flavorId: 2, volumeGb: 10, replicaOf: id });
    sim.settle();
    const names = Array.from({ length: 900 }, (_, at) => ({ name: `db_${String(at)}` }));
    sim.createDatabases(id, names);
    sim.createUsers(id, [
      { name: "app", password: "secret_1", databases: names.slice(0, 2).map(({ name }) => name) },
    ]);
    const sizes = [
      () => sim.createDatabases(id, [{ name: "one_more" }]),
      () => sim.createUsers(id, [{ name: "clerk", password: "secret_1" }]),
      () => sim.deleteDatabase(id, "db_0"),
      () => sim.deleteUser(id, "clerk"),
    ].map((change) => {
      change();
      return JSON.stringify(sim.history.entries().at(-1)).length;
    });
    expect(Math.max(...sizes)).toBeLessThan(1_000);
    const [replica] = sim.listReplicas(id);
    for (const one of [sim.getInstance(id), replica]) {
      expect(one?.databases).toHaveLength(900);
      expect(one?.databases.at(-1)?.name).toBe("one_more");
      // Access to a database goes with it.
      expect(one?.users).toMatchObject([{ name: "app", databases: ["db_1"] }]);
    }
    const replayed = ReplicationSimulator.replay(sim.journal());
    expect(replayed.fingerprint()).toBe(sim.fingerprint());
  });

  test("of users of one name, only the one from the host is removed", () => {
    const { sim, id } = served();
    sim.createUsers(id, [
      { name: "app", password: "secret_1" },
      { name: "app", password: "secret_1", host: "10.0.0.9" },
    ]);
    sim.deleteUser(id, "app", "10.0.0.9");
    expect(sim.getInstance(id).users).toMatchObject([{ name: "app", host: "%" }]);
  });
});

describe("F7: a journal that is too long for a string", () => {
  test("is read in pages", async () => {
    const { sim, send } = served();
    for (let at = 0; at < 5; at++) sim.advance(1);
    for (let at = 0; at < 7; at++) sim.createConfiguration({ name: `c${String(at)}`, values: {} });
    const found: unknown[] = [];
    let from: number | null = 0;
    let pages = 0;
    while (from !== null) {
      const { status, body } = await send(
        "GET",
        `/_simulator/journal?from=${String(from)}&limit=4`,
      );
      expect(status).toBe(200);
      const page = body as {
        readonly entries: readonly unknown[];
        readonly nextFrom: number | null;
      };
      found.push(...page.entries);
      from = page.nextFrom;
      pages += 1;
    }
    expect(found).toEqual(JSON.parse(JSON.stringify(sim.history.entries())));
    expect(pages).toBeGreaterThan(2);
    expect(await send("GET", "/_simulator/journal?limit=x")).toMatchObject({ status: 400 });
    expect(await send("GET", "/_simulator/journal?limit=0")).toMatchObject({
      body: { entries: [], nextFrom: null },
    });
  });

  test("is refused as a whole, and the answer says how to read it", async () => {
    const { send } = served();
    const { stringify } = JSON;
    vi.spyOn(JSON, "stringify").mockImplementation((value: unknown, ...rest: unknown[]) => {
      if ((value as { lines?: unknown } | null)?.lines !== undefined) {
        throw new RangeError("Invalid string length");
      }
      return stringify(value, ...(rest as []));
    });
    expect(await send("GET", "/_simulator/journal")).toMatchObject({
      status: 413,
      body: { overLimit: { message: expect.stringContaining("?from=0&limit=10000") as string } },
    });
  });
});

describe("F8: a body that is made of mistakes", () => {
  const mistakes = (count: number) =>
    Array.from({ length: count }, () => ({ name: "", users: "x", other: 1 }));

  test("is looked at up to a bound, and answered with a short fault", async () => {
    const { id, send } = served();
    const { status, length } = await send("POST", `/v1.0/1234/instances/${id}/databases`, {
      databases: mistakes(900),
    });
    expect(status).toBe(400);
    expect(length).toBeLessThan(9_000);
    const unknown = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, at) => [`${"x".repeat(300)}${String(at)}`, 1]),
    );
    const wide = await send("POST", "/v1.0/1234/instances", { instance: unknown });
    expect(wide.status).toBe(400);
    expect(wide.length).toBeLessThan(9_000);
  });

  test("gives at most a hundred issues in process", () => {
    const { sim, id } = served();
    const result = sim.try.createDatabases(id, mistakes(900) as never);
    if (result.ok || !(result.error instanceof InvalidInputError)) throw new RangeError("accepted");
    expect(result.error.issues).toHaveLength(100);
    expect(result.error.message).toContain("and 80 more");
    expect(sim.getInstance(id).databases).toEqual([]);
  });

  test("a few mistakes are all reported", () => {
    const { sim, id } = served();
    const result = sim.try.createDatabases(id, mistakes(9) as never);
    if (result.ok || !(result.error instanceof InvalidInputError)) throw new RangeError("accepted");
    expect(result.error.issues).toHaveLength(27);
  });
});

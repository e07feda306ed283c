import fc from "fast-check";
import { ReplicationSimulator } from "replication-simulator";
import { type ApiSetupOptions, apiCommands, apiSetup } from "replication-simulator/exploration";
import { createHandler } from "replication-simulator/http";
import { type Json, matchRoute, rackspace } from "replication-simulator/wire";
import { describe, expect, test } from "vitest";

/** What a fake does wrong: it changes the answer to a request, or lets it pass. */
type Mistake = (request: {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}) => { readonly status: number; readonly answer: string } | undefined;

/** A service of its own seed, so with other ids than the model. */
function service(mistake?: Mistake, seen: Map<string, number> = new Map()): ApiSetupOptions {
  const fake = new ReplicationSimulator({ seed: "another" });
  const handler = createHandler(fake);
  return {
    baseUrl: `https://fake.test/v1.0/${fake.accountId}/`,
    fetch: async (url, init) => {
      const request = new Request(url, init);
      const body = await request.clone().text();
      const response = await handler(request);
      const { method } = request;
      const path = new URL(url).pathname.replace(`/v1.0/${fake.accountId}`, "");
      const answer = await response.text();
      const { status } = response;
      const { operation } = matchRoute({
        method,
        path,
        query: {},
        ...(body === "" ? {} : { body: JSON.parse(body) as Json }),
      });
      const key = `${operation.id} ${String(status)}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      const wrong = mistake?.({ method, path, body, status, answer }) ?? { status, answer };
      return new Response(wrong.answer === "" ? null : wrong.answer, { status: wrong.status });
    },
    advance: (ms) => {
      fake.advance(ms);
    },
  };
}

function held(to: () => ApiSetupOptions) {
  return fc.check(
    fc.asyncProperty(apiCommands(), async (commands) => {
      const setup = apiSetup(to());
      await fc.asyncModelRun(() => setup, commands);
    }),
    { seed: 1, numRuns: 500 },
  );
}

/** The shrunk commands of a failure, and its message. */
async function failureOf(mistake: Mistake) {
  const { failed, counterexample, errorInstance } = await held(() => service(mistake));
  expect(failed).toBe(true);
  const message = errorInstance instanceof Error ? errorInstance.message : "";
  return { commands: String(counterexample?.[0]).replace(/ \/\*.*/s, ""), message };
}

test("the simulator's own handler holds to the simulator, in every operation", async () => {
  const seen = new Map<string, number>();
  const { errorInstance, failed } = await held(() => service(undefined, seen));
  expect(errorInstance).toBeNull();
  expect(failed).toBe(false);
  // Each operation is carried out, and those that can be refused are refused, too.
  const carriedOut = rackspace.operations.map(({ id, success }) => `${id} ${String(success)}`);
  expect(carriedOut.filter((key) => !seen.has(key))).toEqual([]);
  const refused = ["createInstance 400", "createInstance 404", "createInstance 422"];
  const others = ["deleteInstance 422", "removeReplica 404", "deleteAcl 404", "getBackup 404"];
  expect([...refused, ...others].filter((key) => !seen.has(key))).toEqual([]);
}, 180_000);

describe("a fake with a mistake fails, and shrinks", () => {
  test("one that deletes a source before its replicas are gone", async () => {
    const { commands, message } = await failureOf(({ method, path, status }) =>
      method === "DELETE" && path.startsWith("/instances") && status === 422
        ? { status: 202, answer: "" }
        : undefined,
    );
    expect(commands.split(",DELETE")).toHaveLength(2);
    expect(message).toMatch(/^DELETE \/instances\/\S+ differs from the simulator in status: /);
    expect(message).toContain("expected 422, got 202");
  }, 120_000);

  test("one whose instances are active at once", async () => {
    const { commands, message } = await failureOf(({ answer, status }) => ({
      status,
      answer: answer.replace('"status":"BUILD"', '"status":"ACTIVE"'),
    }));
    expect(commands).toMatch(/^POST \/(instances|ha) \{[^,]*(,[^P][^,]*)*$/);
    expect(message).toContain('status: expected "BUILD", got "ACTIVE"');
  }, 120_000);

  test("one that shows a replica another source", async () => {
    const { message } = await failureOf(({ answer, status, path }) => ({
      status,
      answer: path === "/instances" ? answer.replace(/"replica_of":\{"id":"./, "$&x") : answer,
    }));
    // Whichever is seen first stands for the other from then on.
    expect(message).toMatch(/\.id: expected "\S+", got "\S+"/);
  }, 120_000);
});

describe("mistakes of every part of the API are found", () => {
  test.each<[string, Mistake, RegExp]>([
    [
      "a schedule that runs an hour later than asked",
      ({ path, answer, status }) =>
        path.startsWith("/schedules")
          ? { status, answer: answer.replace(/"hour":3/, '"hour":4') }
          : undefined,
      /schedules.* differs from the simulator in body\.\S*hour: expected 3, got 4/,
    ],
    [
      "a deleted user that is still listed",
      ({ method, path, answer }) =>
        method === "GET" && path.endsWith("/users") && answer === '{"users":[]}'
          ? { status: 200, answer: '{"users":[{"name":"shop","host":"%","databases":[]}]}' }
          : undefined,
      /users differs from the simulator in body\.users: expected 0 items, got 1/,
    ],
    [
      "a backup that is never completed",
      ({ answer, status }) => ({ status, answer: answer.replaceAll('"COMPLETED"', '"BUILDING"') }),
      /backups.* differs from the simulator in body\..*status: expected "COMPLETED", got "BUILDING"/,
    ],
    [
      "a configuration whose change is lost",
      ({ method, path, answer, status }) =>
        method === "GET" && /^\/configurations\/[^/]+$/.test(path)
          ? { status, answer: answer.replace(/"long_query_time":5,?/, "") }
          : undefined,
      /configurations\/\S+ differs from the simulator in body\.configuration\.values/,
    ],
  ])(
    "%s",
    async (_, mistake, difference) => {
      const { commands, message } = await failureOf(mistake);
      expect(message).toMatch(difference);
      expect(commands.split(/,(?=(?:GET|POST|PUT|PATCH|DELETE|wait) )/).length).toBeLessThan(6);
    },
    120_000,
  );
});

test("the same seed gives the same commands", () => {
  const sample = () => fc.sample(apiCommands(), { seed: 4, numRuns: 20 }).map(String);
  expect(sample()).toEqual(sample());
});

test("after each change a service in real time is waited for", async () => {
  let waits = 0;
  const { advance: _, ...real } = service();
  const fake = new ReplicationSimulator({ seed: "another" });
  const handler = createHandler(fake);
  const setup = apiSetup({
    ...real,
    fetch: (url, init) => handler(new Request(url, init)),
    settle: () => {
      waits += 1;
      fake.settle();
    },
  });
  const [commands] = fc.sample(apiCommands({ maxCommands: 100 }), { seed: 2, numRuns: 1 });
  if (commands === undefined) throw new Error("no commands");
  await fc.asyncModelRun(() => setup, commands);
  expect(waits).toBeGreaterThan(0);
  expect(setup.model.sim.nextDueAt).toBe(fake.nextDueAt);
});

test("a base URL that is none is refused", () => {
  expect(() => apiSetup({ baseUrl: "v1.0/1234" })).toThrow(
    expect.objectContaining({ rule: "api-setup", field: "baseUrl" }),
  );
});

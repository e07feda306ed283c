import {
  ReplicationError,
  ReplicationSimulator,
  type SimulatorOptions,
} from "replication-simulator";
import { describe, expect, test } from "vitest";
import { topologyOf } from "../../src/simulator/clientKernel.js";

/*
 * Callers without types get the same clear errors as callers with wrong values: for every argument of every method,
 * nothing but a `ReplicationError` is thrown, and nothing has changed then.
 */

const no = (): never => {
  throw new RangeError("hostile");
};
const hostile = new Proxy({}, { get: no, has: no, ownKeys: no, getOwnPropertyDescriptor: no });

const values: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  zero: 0,
  negative: -1,
  nan: Number.NaN,
  fraction: 1.5,
  bigint: 10n,
  nothing: "",
  text: "x",
  surrogate: "\ud800",
  true: true,
  list: [],
  listed: [1],
  object: {},
  known: { a: 1 },
  bare: Object.create(null) as object,
  symbol: Symbol("s"),
  hostile,
  "hostile part": { latency: hostile, faults: hostile },
  "no text": Object.create({ toString: no }) as object,
};

/** The methods of the simulator alone, some in a part of it; those of an account are listed by `try`. */
const operatorMethods = [
  ...["account", "advance", "advanceTo", "listPendingTasks"],
  ...["subscribe", "fork", "branch", "explain"],
  ...["history.entries", "history.rollbackTo", "history.loadSnapshot"],
  ...["history.truncate", "history.replayEntries"],
];

const sample = new ReplicationSimulator();
const source = sample.createInstance({ name: "orders", flavorId: 2, volumeGb: 1 });
sample.settle();
const accountMethods = Object.keys(sample.try);

/** Calls a method and returns the error it threw. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("a method with invalid input", () => {
  test.each([...accountMethods, ...operatorMethods])("%s throws nothing but a refusal", (name) => {
    for (const [first, one] of Object.entries(values)) {
      for (const [second, other] of Object.entries(values)) {
        for (const args of [
          [one, other],
          [source.id, one, other],
        ]) {
          const sim = sample.fork();
          const before = topologyOf(sim);
          const [method = "", home] = name.split(".").reverse();
          const owner = (home === undefined ? sim : sim.history) as never as Readonly<
            Record<string, (...given: readonly unknown[]) => unknown>
          >;
          const thrown = thrownBy(() => owner[method]?.(...args));
          if (thrown === undefined) continue;
          expect(thrown, `${name}, ${first}, ${second}`).toBeInstanceOf(ReplicationError);
          // Only waiting moves time before it gives up.
          if (!name.startsWith("waitFor")) expect(sim.topology).toBe(before);
        }
      }
    }
  });
});

describe("an option that is nonsense", () => {
  const names: readonly (keyof SimulatorOptions)[] = [
    ...(["seed", "startAt", "accountId", "region", "latency", "jitter", "limits"] as const),
    ...(["rateLimits", "policy", "catalog", "store", "journal", "maxSteps", "createId"] as const),
    ...(["faults", "interpreter"] as const),
  ];

  test.each(names)("%s is refused when the simulator is made, or does no harm", (name) => {
    for (const [word, value] of Object.entries(values)) {
      const thrown = thrownBy(() => {
        const sim = new ReplicationSimulator({ [name]: value } as SimulatorOptions);
        sim.createInstance({ flavorId: 2, volumeGb: 1 });
        sim.settle();
      });
      if (thrown !== undefined) expect(thrown, word).toBeInstanceOf(ReplicationError);
    }
  });

  test.each(Object.entries(values))("all of them as %s", (_, value) => {
    for (const make of [
      () => new ReplicationSimulator(value as SimulatorOptions),
      () => ReplicationSimulator.restore(value as never),
      () => ReplicationSimulator.replay(value as never),
    ]) {
      const thrown = thrownBy(make);
      if (thrown !== undefined) expect(thrown).toBeInstanceOf(ReplicationError);
    }
  });

  test("a catalog is looked at to its last word", () => {
    const { catalog } = sample.settings;
    const refused = (changes: object): unknown =>
      thrownBy(() => new ReplicationSimulator({ catalog: { ...catalog, ...changes } }));
    const [flavor] = catalog.flavors;
    const [datastore] = catalog.datastores;
    expect(refused({})).toBeUndefined();
    expect(refused({ flavors: [{ ...flavor, ramMb: "512" }] })).toMatchObject({
      field: "catalog.flavors[0].ramMb",
      allowed: "an integer of megabytes from 1 on",
    });
    expect(refused({ datastores: [{ ...datastore, type: "MySQL" }] })).toMatchObject({
      field: "catalog.datastores[0].type",
      value: "MySQL",
    });
    expect(refused({ defaultDatastore: { type: "mysql", version: "4.0" } })).toMatchObject({
      field: "catalog.defaultDatastore",
      value: "mysql 4.0",
    });
  });

  test("what is kept of a catalog is a copy", () => {
    const flavors = [...sample.settings.catalog.flavors];
    const sim = new ReplicationSimulator({ catalog: { ...sample.settings.catalog, flavors } });
    flavors.length = 0;
    expect(sim.settings.catalog.flavors).toHaveLength(9);
  });

  test("a fork changes only what belongs to its future", () => {
    const inPlace = new ReplicationSimulator({ store: "in-place" });
    const { id } = inPlace.createInstance({ flavorId: 2, volumeGb: 1 });
    expect(thrownBy(() => inPlace.fork({ store: "immutable" } as never))).toMatchObject({
      rule: "known-field",
      field: "store",
      allowed: "one of seed, latency, jitter, policy, limits, rateLimits",
    });
    inPlace.settle();
    expect(inPlace.getInstance(id).status).toBe("ACTIVE");
  });
});

describe("waiting", () => {
  test("refuses a status that there is not, instead of waiting for it", () => {
    const sim = sample.fork();
    const wait = (status: string): unknown =>
      thrownBy(() => sim.waitFor(source.id, status as never));
    expect(wait("Active")).toMatchObject({
      code: "badRequest",
      rule: "known-status",
      field: "status",
      value: "Active",
    });
    expect(wait("NEW")).toMatchObject({ rule: "known-status" });
    expect(sim.now).toBe(sample.now);
  });

  test("takes no more steps than any other call may", () => {
    const sim = new ReplicationSimulator({ maxSteps: 20 });
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
    sim.waitFor(id, "ACTIVE");
    sim.injectRandom({
      fault: "crash",
      target: { instanceId: id },
      timeToFailure: 1,
      timeToRepair: 1,
    });
    expect(thrownBy(() => sim.waitFor(id, "RESIZE"))).toMatchObject({
      name: "TimeLimitError",
      rule: "steps-max",
      field: "maxSteps",
    });
  });

  test("for a backup goes as far as it takes", () => {
    const sim = sample.fork();
    const { id } = sim.createBackup({ name: "nightly", ownerId: source.id });
    expect(sim.waitForBackup(id, "BUILDING").status).toBe("BUILDING");
    expect(sim.waitForBackup(id, "COMPLETED")).toBe(sim.getBackup(id));
    expect(thrownBy(() => sim.waitForBackup(id, "FAILED"))).toMatchObject({
      rule: "status-in-time",
      value: "COMPLETED",
      allowed: "FAILED",
    });
    expect(thrownBy(() => sim.waitForBackup(source.id, "COMPLETED"))).toMatchObject({
      code: "itemNotFound",
      rule: "backup-exists",
      field: "id",
    });
  });
});

describe("a savepoint", () => {
  test("of another simulator is refused, and nothing has changed", () => {
    const sim = sample.fork();
    const before = topologyOf(sim);
    for (const foreign of [
      sample.history.savepoint(),
      new ReplicationSimulator().history.savepoint(),
      {},
    ]) {
      for (const call of [sim.history.rollbackTo, sim.history.truncate]) {
        expect(thrownBy(() => call.call(sim.history, foreign as never))).toMatchObject({
          code: "badRequest",
          rule: "savepoint-of-this-simulator",
          field: "savepoint",
        });
      }
    }
    expect(sim.topology).toBe(before);
  });
});

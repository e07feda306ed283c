import { describe, expect, test } from "vitest";
import { dropRow } from "../../src/collections/table.js";
import { KeyedRandom } from "../../src/kernel/keyedRandom.js";
import { fastLatency, type LatencyProfile } from "../../src/kernel/latency.js";
import {
  type EngineContext,
  type ServiceFunctions,
  Transaction,
} from "../../src/kernel/transaction.js";
import { existing } from "../../src/kernel/writeRows.js";
import { transitionTables } from "../../src/lifecycle/compile.js";
import { tableInterpreter } from "../../src/lifecycle/interpreter.js";
import { durationMsMax } from "../../src/model/distributions.js";
import { InvariantViolationError } from "../../src/model/errors.js";
import { emptyTopology, type Topology } from "../../src/model/topology.js";
import type { Backup } from "../../src/service/backups/backup.model.js";
import type { HaGroup } from "../../src/service/haGroups/haGroup.model.js";
import type { Instance } from "../../src/service/instances/instance.model.js";
import { everyKind } from "./everyKind.js";

/* One transaction over rows that are free to choose: what it draws, emits and refuses. */

const owner = { key: "0123456789abcdef0123456789abcdef", tasksStarted: 3 };
const error = { task: "restart", message: "failed", createdAt: 0 } as const;

interface Given {
  readonly topology?: Topology;
  readonly accountId?: string;
  readonly latency?: Partial<LatencyProfile>;
  readonly jitter?: number;
  readonly service?: Partial<ServiceFunctions>;
}

function begin(given: Given = {}): Transaction {
  const { topology = everyKind(), accountId = "1234", latency, jitter = 0, service } = given;
  const context = {
    topology,
    accountId,
    latency: { ...fastLatency, ...latency },
    jitter,
    chance: new KeyedRandom(42),
    interpreter: tableInterpreter(),
    lifecycle: transitionTables(),
    lastNamed: { instance: undefined },
    lastMembers: { replicaIds: undefined, sourceOrdinal: -1, replicaOrdinals: [] },
  } as unknown as EngineContext;
  return new Transaction(context, {
    before: topology,
    now: 1000,
    seq: 9,
    nextTaskSeq: 5,
    service: {
      evolve: () => undefined,
      onFact: () => undefined,
      slowdownFactor: () => 1,
      ...service,
    },
  });
}

describe("a task", () => {
  test("starts now, ends after its duration, and knows the entry that started it", () => {
    const transaction = begin({ latency: { restart: 700 } });
    expect(transaction.work("restart", owner)).toEqual({
      task: "restart",
      latency: "restart",
      startedAt: 1000,
      dueAt: 1700,
      factor: 1,
      seq: 5,
      cause: 9,
      target: null,
    });
    expect(transaction.nextTaskSeq).toBe(6);
  });

  test.each([
    [0, 0],
    [0.5, 350],
    [3, 2100],
    [0.333, 233],
    [1e12, durationMsMax],
  ])("takes %d times as long when tasks are slow, copying included", (factor, ms) => {
    const calls: unknown[] = [];
    const slowdownFactor: ServiceFunctions["slowdownFactor"] = (_, of) => {
      calls.push(of);
      return factor;
    };
    const transaction = begin({ latency: { restart: 700 }, service: { slowdownFactor } });
    const work = transaction.work("restart", owner, { extraMs: 700 });
    expect(work).toMatchObject({ factor, startedAt: 1000 + ms, dueAt: 1000 + 2 * ms });
    expect(calls).toEqual([{ task: "restart", accountId: "1234" }]);
  });

  test("draws its duration by the row and the number of tasks that it has started", () => {
    const transaction = begin({ latency: { restart: { from: 0, to: 999_999 } } });
    const drawn = (of: typeof owner): number => transaction.work("restart", of).dueAt - 1000;
    expect(drawn(owner)).toBe(642_258);
    expect(drawn(owner)).toBe(642_258);
    expect(drawn({ ...owner, tasksStarted: 4 })).not.toBe(642_258);
    expect(drawn({ ...owner, key: "f".repeat(32) })).not.toBe(642_258);
  });
});

describe("the place of the next row", () => {
  test("counts in the world and in the account", () => {
    const topology = everyKind();
    expect(begin({ topology }).nextPlace("groups")).toEqual({ ordinal: 2, accountOrdinal: 2 });
  });

  test("is the first one in an account that has none yet", () => {
    expect(begin({ accountId: "9" }).nextPlace("groups")).toEqual({
      ordinal: 2,
      accountOrdinal: 0,
    });
    expect(begin({ topology: emptyTopology() }).nextPlace("groups")).toEqual({
      ordinal: 0,
      accountOrdinal: 0,
    });
  });
});

describe("contributing causes", () => {
  test("are none at first, and each of them once", () => {
    const transaction = begin();
    expect(transaction.also).toEqual([]);
    for (const cause of [4, 2, 4, 2]) transaction.owe(cause);
    expect(transaction.also).toEqual([4, 2]);
  });
});

describe("an emitted fact", () => {
  test("is written, recorded, and only then reacted to", () => {
    const seen: string[] = [];
    const transaction = begin({
      service: {
        evolve: (_, fact, at) => seen.push(`write ${fact.type} at ${String(at)}`),
        onFact: ({ facts }, fact) =>
          seen.push(`react to ${fact.type} after ${String(facts.length)}`),
      },
    });
    transaction.emit({ type: "AccountOpened", accountId: "9" } as never);
    expect(seen).toEqual(["write AccountOpened at 1000", "react to AccountOpened after 1"]);
  });
});

/** Rows as a caller has read them: what they have become since is in the topology. */
const instance = { ordinal: 0, id: "0", state: "active", ...owner } as Instance;
const group = { ordinal: 0, id: "0", state: "active", ...owner } as HaGroup;
const backup = { ordinal: 0, id: "0", state: "completed", ...owner } as Backup;

/** The three kinds with a lifecycle: a signal that leads out of a state, one that leaves a state, one that is ignored. */
const lifecycles = [
  {
    kind: "instances",
    type: "InstanceStateEntered",
    state: "active",
    next: "rebooting",
    leaving: "restart.requested",
    staying: "rename.requested",
    ignored: "task.done",
    step: (transaction: Transaction, signal: string, options?: object) =>
      transaction.tryInstance(instance, signal as never, options),
  },
  {
    kind: "groups",
    type: "GroupStateEntered",
    state: "active",
    next: "detectingFailure",
    leaving: "source.lost",
    staying: "acl.requested",
    ignored: "task.done",
    step: (transaction: Transaction, signal: string, options?: object) =>
      transaction.tryGroup(group, signal as never, options),
  },
  {
    kind: "backups",
    type: "BackupStateEntered",
    state: "completed",
    next: "deleting",
    leaving: "delete.requested",
    staying: "delete.requested",
    ignored: "source.lost",
    step: (transaction: Transaction, signal: string, options?: object) =>
      transaction.tryBackup(backup, signal as never, options),
  },
] as const;

/** Returns a topology whose first row of a kind is in a state. */
function inState(kind: (typeof lifecycles)[number]["kind"], state: string): Topology {
  const topology = everyKind();
  Object.assign(existing<object>(topology[kind], 0), { state, status: `in ${state}`, ...owner });
  return topology;
}

describe.each(lifecycles)("a signal to one of the $kind", (of) => {
  const { kind, type, state, next, leaving, staying, ignored, step } = of;

  test("leads from its present state to the next one, whose task starts", () => {
    const transaction = begin({ topology: inState(kind, state) });
    expect(step(transaction, leaving)).toBe(true);
    expect(transaction.facts).toMatchObject([
      {
        type,
        id: "0",
        row: 0,
        from: state,
        state: next,
        statusBefore: `in ${state}`,
        work: { startedAt: 1000, cause: 9 },
        lastError: null,
      },
    ]);
  });

  test("is handled and changes nothing where the state stays, so that its task goes on", () => {
    const transaction = begin({ topology: inState(kind, next) });
    expect(step(transaction, staying)).toBe(true);
    expect(transaction.facts).toEqual([]);
  });

  test("is not handled where the lifecycle ignores it", () => {
    const transaction = begin({ topology: inState(kind, state) });
    expect(step(transaction, ignored)).toBe(false);
    expect(transaction.facts).toEqual([]);
  });

  test("reads a removed row as it was read last", () => {
    const topology = inState(kind, state);
    dropRow<object>(topology[kind], 0);
    const transaction = begin({ topology });
    expect(step(transaction, leaving)).toBe(true);
    expect(transaction.facts).toMatchObject([{ from: state }]);
  });
});

// A deletion of a backup that fails leads to a state of its own.
test.each(lifecycles.filter(({ kind }) => kind !== "backups"))(
  "a signal to one of the $kind records its error even where the state stays",
  ({ kind, next, staying, step }) => {
    const transaction = begin({ topology: inState(kind, next) });
    expect(step(transaction, staying, { lastError: error })).toBe(true);
    expect(transaction.facts).toMatchObject([{ from: next, state: next, lastError: error }]);
  },
);

test.each([
  [
    "instance 0 in state active",
    "instances",
    (t: Transaction) => t.stepInstance(instance, "task.done"),
  ],
  ["HA group 0 in state active", "groups", (t: Transaction) => t.stepGroup(group, "task.done")],
] as const)("%s that must handle a signal and does not is a bug", (which, kind, step) => {
  const transaction = begin({ topology: inState(kind, "active") });
  expect(() => {
    step(transaction);
  }).toThrow(InvariantViolationError);
  expect(() => {
    step(transaction);
  }).toThrow(`${which} does not handle task.done`);
  expect(transaction.facts).toEqual([]);
});

test("a step that the lifecycle handles enters the next state", () => {
  const instances = begin({ topology: inState("instances", "active") });
  instances.stepInstance(instance, "restart.requested");
  expect(instances.facts).toMatchObject([{ state: "rebooting" }]);
  const groups = begin({ topology: inState("groups", "active") });
  groups.stepGroup(group, "source.lost");
  expect(groups.facts).toMatchObject([{ state: "detectingFailure" }]);
});

import fc from "fast-check";
import {
  diff,
  type Journal,
  ReplicationError,
  ReplicationSimulator,
  type SnapshotJson,
} from "replication-simulator";
import { describe, expect, test } from "vitest";
import { brokenInvariants } from "../../src/service/invariants.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { runs } from "../scenarioGenerators.js";
import {
  callable,
  nonsenseOf,
  type Place,
  placesIn,
  type Spoiling,
  scramble,
  spoilt as spoil,
  spoiling,
  withAt,
  words,
} from "./invalidValues.js";
import {
  type Arguments,
  accountCalls,
  functionsOf,
  historyCalls,
  ids,
  internal,
  operatorCalls,
  otherCalls,
  sampleWorld,
  shortDraft,
  stateSpaceCalls,
  viewCalls,
} from "./publicMethods.js";

/*
 * Whatever is handed to whichever method: nothing but a `ReplicationError` is thrown, what is refused has changed
 * nothing, nothing hangs, no prototype is polluted, and no object of the caller is kept or written into. The methods are
 * found by looking, so that a new one cannot be forgotten.
 */

const sample = sampleWorld();
/** Where the journals of its forks begin to differ. */
const begun = sample.snapshot().seq;

/** Where a method is called. */
const entryPoints = [
  "simulator",
  "account",
  "try",
  "view",
  "history",
  "stateSpace",
  "other",
] as const;
type EntryPoint = (typeof entryPoints)[number];

const methodsOf: Readonly<Record<EntryPoint, readonly string[]>> = {
  simulator: [...Object.keys(accountCalls), ...Object.keys(operatorCalls)],
  account: Object.keys(accountCalls),
  try: Object.keys(accountCalls),
  view: Object.keys(viewCalls),
  history: Object.keys(historyCalls),
  stateSpace: Object.keys(stateSpaceCalls),
  other: Object.keys(otherCalls),
};

/** One call: what is put where into arguments that would be accepted, or instead of all of them. */
interface Spoilt extends Spoiling {
  readonly entryPoint: EntryPoint;
  readonly method: string;
}

const calls: fc.Arbitrary<Spoilt> = fc
  .constantFrom(
    ...entryPoints.flatMap((entryPoint) =>
      methodsOf[entryPoint].map((method) => ({ entryPoint, method }) as const),
    ),
  )
  .chain(({ entryPoint, method }) => spoiling.map((how) => ({ entryPoint, method, ...how })));

/** A world, the arguments for it, and what calls the method. */
function prepared({ entryPoint, method }: Pick<Spoilt, "entryPoint" | "method">): {
  readonly sim: ReplicationSimulator;
  readonly args: Arguments;
  readonly call: (args: Arguments) => unknown;
} {
  const sim = sample.fork();
  type Method = (...args: Arguments) => unknown;
  const on = (owner: object): Method =>
    (owner as Readonly<Record<string, Method>>)[method] as Method;
  if (entryPoint === "other") {
    const other = otherCalls[method];
    if (other === undefined) throw new RangeError(method);
    return { sim, args: other.args(sim), call: (args) => (other.call as Method)(...args) };
  }
  if (entryPoint === "view") {
    const { view } = sim;
    return {
      sim,
      args: viewCalls[method]?.(view) ?? [],
      call: (args) => on(view).apply(view, [...args]),
    };
  }
  if (entryPoint === "history" || entryPoint === "stateSpace") {
    const owner = sim[entryPoint];
    const calls = entryPoint === "history" ? historyCalls : stateSpaceCalls;
    const args = calls[method]?.(sim) ?? [];
    return { sim, args, call: (given) => on(owner).apply(owner, [...given]) };
  }
  const args = (accountCalls[method] ?? operatorCalls[method])?.(sim) ?? [];
  const owner =
    entryPoint === "simulator" ? sim : entryPoint === "account" ? sim.account("1234") : sim.try;
  return { sim, args, call: (given) => on(owner).apply(owner, [...given]) };
}

/** Everything that a refused call must leave alone. */
function stateOf(sim: ReplicationSimulator) {
  const { topology, now, settings, nextDueAt } = sim;
  return { topology, now, settings, nextDueAt, lines: sim.history.entries().length };
}

/** Everything that an accepted call may have changed, and what its caller does afterwards may not. */
function foldJournal(sim: ReplicationSimulator): string {
  return JSON.stringify([sim.snapshot(), sim.history.entries(begun), sim.listFaults()]);
}

const pristine = [Object.prototype, Array.prototype, Function.prototype].map((prototype) => ({
  prototype,
  names: Reflect.ownKeys(prototype),
}));

/** Methods that move time before they give up, and say so. */
const movesTime: ReadonlySet<string> = new Set(["waitFor", "waitForBackup", "replayEntries"]);
/** Methods that take functions: what those throw is the caller's. */
const takesFunctions: ReadonlySet<string> = new Set([
  "subscribe",
  "branch",
  "constructor",
  "restore",
  "replay",
]);

interface Outcome {
  readonly error?: unknown;
  readonly result?: unknown;
}

function outcomeOf(call: () => unknown): Outcome {
  try {
    return { result: call() };
  } catch (error) {
    return { error };
  }
}

/** Calls it, and holds it to every promise; gives what it was refused with. */
function held(spoilt: Spoilt): ReplicationError | undefined {
  const { entryPoint, method, word } = spoilt;
  const { sim, args, call } = prepared(spoilt);
  const given = spoil(args, spoilt);
  const before = stateOf(sim);
  const { error, result } = outcomeOf(() => call(given));
  for (const { prototype, names } of pristine) expect(Reflect.ownKeys(prototype)).toEqual(names);

  const isCallersOwn = takesFunctions.has(method) && callable.has(word);
  if (isCallersOwn && error !== undefined) return undefined;
  if (error !== undefined) {
    if (!(error instanceof ReplicationError)) throw error;
    expect(entryPoint, "the form that does not throw").not.toBe("try");
  }
  const refusal = error ?? (entryPoint === "try" ? refusalIn(result) : undefined);
  if (refusal !== undefined) {
    isReported(refusal);
    if (!movesTime.has(method)) expect(stateOf(sim)).toStrictEqual(before);
    expect(topologyOf(sim) === before.topology || movesTime.has(method)).toBe(true);
  } else if (!isCallersOwn) {
    for (const world of [sim, ...worldsIn(result)]) isSound(world, given);
  }
  return refusal;
}

/** A refusal can be logged: it is short, and JSON. */
function isReported(refusal: unknown): asserts refusal is ReplicationError {
  expect(refusal).toBeInstanceOf(ReplicationError);
  const { message, rule } = refusal as ReplicationError;
  expect(rule).toMatch(/^[a-z][a-z0-9-]*$/);
  expect(message.length).toBeLessThan(20_000);
  expect(JSON.stringify(refusal).length).toBeLessThan(500_000);
}

/** A world that accepted what it was given: it does not hold on to it, and goes on. */
function isSound(world: ReplicationSimulator, given: unknown): void {
  const reported = foldJournal(world);
  scramble(given);
  expect(foldJournal(world)).toBe(reported);
  const goesOn = outcomeOf(() => {
    for (let steps = 0; steps < 3; steps++) world.step();
  });
  if (goesOn.error !== undefined) throw goesOn.error;
  const { limits } = world.settings;
  expect(
    brokenInvariants(world.topology, {
      now: world.now,
      limits: { ...limits, maxReplicasPerSource: 1e6 },
    }),
  ).toEqual([]);
}

function refusalIn(result: unknown): unknown {
  return (result as { readonly error?: unknown }).error;
}

function worldsIn(result: unknown): readonly ReplicationSimulator[] {
  const found = typeof result === "object" && result !== null ? Object.values(result) : [];
  return [result, ...found].filter((one) => one instanceof ReplicationSimulator);
}

/** A snapshot and a journal in the middle of much work, as files hold them. */
const files = (() => {
  const sim = sampleWorld();
  sim.addReplica("group-1", { flavorId: "2", volumeGb: 10 });
  sim.createReplica({ flavorId: "2", volumeGb: 10, replicaOf: "instance-0" });
  sim.createBackup({ name: "under way", ownerId: "instance-1" });
  sim.inject({ kind: "crash", instanceId: sim.getGroup("group-0").sourceId ?? "" });
  sim.advance(5000);
  return { snapshot: JSON.stringify(sim.snapshot()), journal: JSON.stringify(shortDraft()) };
})();

/** One node of a file is another one. */
interface Mangled {
  readonly file: "snapshot" | "journal";
  readonly at: number;
  readonly how: "gone" | "nonsense" | "near" | "elsewhere" | "twice";
  readonly word: string;
  readonly other: number;
}

const mangling: fc.Arbitrary<Mangled> = fc.record(
  {
    file: fc.constantFrom("snapshot", "snapshot", "journal"),
    at: fc.nat(100_000),
    how: fc.constantFrom("gone", "nonsense", "near", "near", "elsewhere", "elsewhere", "twice"),
    word: fc.constantFrom(...words),
    other: fc.nat(100_000),
  },
  { noNullPrototype: true },
);

function mangled({ file, at, how, word, other }: Mangled): unknown {
  const sound: unknown = JSON.parse(files[file]);
  const places = placesIn(sound);
  const place = places[at % places.length] ?? [];
  const old = partAt(sound, place);
  const parts: Readonly<Record<Mangled["how"], () => unknown>> = {
    gone: () => undefined,
    nonsense: () => nonsenseOf(word),
    near: () => near(old, other),
    elsewhere: () => partAt(sound, places[other % places.length] ?? []),
    twice: () => (Array.isArray(old) ? [...(old as unknown[]), ...(old as unknown[])] : [old, old]),
  };
  return withAt(sound, place, parts[how]());
}

function partAt(value: unknown, place: Place): unknown {
  return place.reduce((node, key) => (node as Record<string, unknown>)[key], value);
}

/** Something of the same type, off by a little. */
function near(old: unknown, other: number): unknown {
  if (typeof old === "number") return old + ([1, -1, 1000, -old, 0.5, 2 ** 40][other % 6] ?? 0);
  if (typeof old === "string") return [`${old}x`, "", "instance-1", "active", "2"][other % 5];
  if (typeof old === "boolean") return !old;
  if (Array.isArray(old)) return other % 2 === 0 ? [] : [...(old as unknown[])].reverse();
  return old === null ? ["instance-0", 0, {}][other % 3] : null;
}

/** Everything that reads worlds from files, on a sound file beside it. */
const readers: Readonly<Record<Mangled["file"], readonly ((file: never) => unknown)[]>> = {
  snapshot: [
    (file: SnapshotJson) => ReplicationSimulator.restore(file),
    (file: SnapshotJson) => {
      const sim = sample.fork();
      sim.history.loadSnapshot(file);
      return sim;
    },
  ],
  journal: [
    (file: Journal) => ReplicationSimulator.replay(file, { createId: ids }),
    (file: Journal) => {
      new ReplicationSimulator({ createId: ids }).history.replayEntries(linesOf(file) as never);
    },
    (file: Journal) => void diff(JSON.parse(files.journal) as Journal, file),
  ],
};

function linesOf(file: unknown): unknown {
  try {
    return (file as Journal | undefined)?.lines;
  } catch {
    return undefined; // a stand-in that has been taken back
  }
}

/** A world that was read goes on as any other, whatever its file contains: a fork with the same commands gives the same world. */
function goesOn(sim: ReplicationSimulator): void {
  const fork = sim.fork();
  for (const world of [sim, fork]) busyDay(world);
  expect(fork.fingerprint()).toBe(sim.fingerprint());
}

function busyDay(sim: ReplicationSimulator): void {
  sim.settle();
  for (const { id } of sim.listInstances().items) sim.try.restartInstance(id);
  for (const { id } of sim.listGroups().items) sim.try.resizeGroupVolumes(id, 50);
  for (const { id } of sim.listSchedules().items) sim.try.updateSchedule(id, { runNow: true });
  sim.advance(86_400_000);
}

describe("a file that is spoilt", () => {
  test("is refused, or is a world as any other", () => {
    fc.assert(
      fc.property(mangling, (how) => {
        for (const read of readers[how.file]) {
          const { error, result } = outcomeOf(() => read(mangled(how) as never));
          if (error !== undefined && !(error instanceof ReplicationError)) throw error;
          if (error === undefined && result instanceof ReplicationSimulator) {
            const { error: late } = outcomeOf(() => {
              goesOn(result);
            });
            if (late !== undefined && !(late instanceof ReplicationError)) throw late;
          }
        }
      }),
      { numRuns: runs(500) },
    );
  });
});

describe("a method with invalid input", () => {
  test("is here, with a call that is accepted", () => {
    const { prototype } = ReplicationSimulator;
    const isPublic = (name: string): boolean => !internal.includes(name);
    expect(functionsOf(prototype).filter(isPublic).sort()).toEqual([...methodsOf.simulator].sort());
    for (const [entryPoint, owner] of [
      ["account", sample.account("1234")],
      ["history", sample.history],
      ["stateSpace", sample.stateSpace],
    ] as const) {
      const { prototype: methods } = owner.constructor;
      expect(
        functionsOf(methods as object)
          .filter(isPublic)
          .sort(),
      ).toEqual([...methodsOf[entryPoint]].sort());
    }
    expect(Object.keys(sample.try).sort()).toEqual([...methodsOf.try].sort());
    expect(functionsOf(Object.getPrototypeOf(sample.view) as object).sort()).toEqual(
      [...methodsOf.view].sort(),
    );
    const all = [
      ...functionsOf(prototype),
      ...functionsOf(Object.getPrototypeOf(sample.stateSpace)),
    ];
    for (const name of internal) expect(all).toContain(name);
    for (const entryPoint of entryPoints) {
      for (const method of methodsOf[entryPoint]) {
        const { sim, args, call } = prepared({ entryPoint, method });
        const result = call(args);
        if (entryPoint === "try") expect(result, method).toMatchObject({ ok: true });
        for (const world of [sim, ...worldsIn(result)]) isSound(world, args);
      }
    }
  });

  test("is every string at every method, and every method refuses some", () => {
    const received = new Set<string>();
    const used = new Set<string>();
    for (const spoilt of fc.sample(calls, { numRuns: 6000, seed: 1 })) {
      const name = `${spoilt.entryPoint} ${spoilt.method}`;
      used.add(spoilt.word).add(spoilt.how);
      if (received.has(name)) continue;
      const { args, call } = prepared(spoilt);
      const { error, result } = outcomeOf(() => call(spoil(args, spoilt)));
      const isRefused = error ?? (spoilt.entryPoint === "try" ? refusalIn(result) : undefined);
      if (isRefused !== undefined) received.add(name);
    }
    expect([...used].sort()).toEqual([...words, "added", "all", "replaced"].sort());
    // What takes nothing has nothing to refuse; who only shows says that there is nothing.
    const mayRefuse = entryPoints.flatMap((entryPoint) =>
      methodsOf[entryPoint]
        .filter((method) => prepared({ entryPoint, method }).args.length > 0)
        .filter((method) => entryPoint !== "view" && !["check", "explain"].includes(method))
        .map((method) => `${entryPoint} ${method}`),
    );
    expect(mayRefuse.filter((name) => !received.has(name))).toEqual([]);
  });

  test("throws nothing but a refusal, changes nothing, and keeps nothing of it", () => {
    fc.assert(
      fc.property(calls, (spoilt) => {
        held(spoilt);
      }),
      { numRuns: runs(1500) },
    );
  });
});

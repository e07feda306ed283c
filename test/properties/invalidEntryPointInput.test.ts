import fc from "fast-check";
import {
  InvalidInputError,
  ReplicationError,
  type ReplicationSimulator,
} from "replication-simulator";
import { ServerConfigError, StoreError } from "replication-simulator/server";
import { httpStatusByCode } from "replication-simulator/wire";
import { describe, expect, test } from "vitest";
import { runs } from "../scenarioGenerators.js";
import {
  type EntryPointCall,
  entryPointCalls,
  exportedFunctions,
  unreachable,
} from "./entryPoints.js";
import { callable, placeInOne, type Spoiling, spoiling, spoilt, words } from "./invalidValues.js";
import { type Arguments, sampleWorld } from "./publicMethods.js";

/*
 * Whatever is handed to whichever function of an entry point: it answers properly, or throws an error of the library, and what
 * is refused has changed nothing. The functions are found by looking, so that a new one cannot be forgotten.
 */

const sample = sampleWorld();
const names = Object.keys(entryPointCalls);
/** Those that open files and sockets: they are asked less often. */
const isSlow = (name: string): boolean => name.startsWith("server.");

const calls: fc.Arbitrary<readonly [string, Spoiling]> = fc.tuple(
  fc.constantFrom(...names.filter((name) => !isSlow(name))),
  spoiling,
);
const slowCalls = fc.tuple(fc.constantFrom(...names.filter(isSlow)), spoiling);

interface Outcome {
  readonly error?: unknown;
  readonly result?: unknown;
}

/** Calls it with spoilt arguments, and holds it to every promise; gives what it was refused with. */
async function held([name, how]: readonly [string, Spoiling]): Promise<unknown> {
  const sim = sample.fork();
  const { args, call } = prepared(name, sim);
  const given = spoilt(args, how, placeInOne);
  const before = { fingerprint: sim.fingerprint(), now: sim.now, fetch: globalThis.fetch };
  const started = performance.now();
  const { error, result } = await outcomeOf(() => call(given));
  expect(performance.now() - started, "it takes no time").toBeLessThan(2000);
  expect(globalThis.fetch).toBe(before.fetch);
  // What a function of the caller's throws is the caller's own.
  if (error !== undefined && callable.has(how.word) && !isOurs(error)) return undefined;
  if (error !== undefined && !isOurs(error)) throw error;
  if (error !== undefined || isRefusal(result)) {
    expect(sim.fingerprint()).toBe(before.fingerprint);
    expect(sim.now).toBe(before.now);
  }
  if (error !== undefined) isReported(error);
  else isProper(name, result, given[0] === args[0]);
  return error ?? (isRefusal(result) ? result : undefined);
}

/** With what a function is called in a world, and what calls it. */
function prepared(name: string, sim: ReplicationSimulator) {
  const { args, call, owner } = entryPointCalls[name] as EntryPointCall;
  const owners = owner === undefined ? [] : [owner(sim)];
  return {
    args: args(sim),
    call: (given: Arguments): unknown => call(...([...owners, ...given] as never[])),
  };
}

async function outcomeOf(call: () => unknown): Promise<Outcome> {
  try {
    return { result: await call() };
  } catch (error) {
    return { error };
  }
}

/** Errors that the entry points say they throw. */
function isOurs(error: unknown): boolean {
  return [ReplicationError, StoreError, ServerConfigError].some((type) => error instanceof type);
}

/** A refusal can be logged: it is short, and says which rule it was, and what would have done. */
function isReported(error: unknown): void {
  if (!(error instanceof ReplicationError)) return;
  expect(error.rule).toMatch(/^[a-z][a-z0-9-]*$/);
  expect(error.message.length).toBeLessThan(20_000);
  if (error instanceof InvalidInputError) expect(error.field).toBeTruthy();
}

const statuses: ReadonlySet<unknown> = new Set([200, 202, 204, ...Object.values(httpStatusByCode)]);

/** An answer is one of the API's, but never a fault of the service itself; of a whole world a picture is whole. */
function isProper(name: string, result: unknown, isWhole: boolean): void {
  if (name.startsWith("render.")) expect(result).toBeTypeOf("string");
  if (name.startsWith("render.") && isWhole) expect(result).not.toMatch(/NaN|undefined|\[object/);
  const { status } = (result ?? {}) as { readonly status?: unknown };
  if (typeof status !== "number") return;
  expect(statuses).toContain(status);
  expect(status).not.toBe(500);
}

function isRefusal(result: unknown): boolean {
  const { status } = (result ?? {}) as { readonly status?: unknown };
  return typeof status === "number" && status >= 400;
}

describe("an entry point with invalid input", () => {
  test("is here, with a call that is accepted", async () => {
    const known = [...names.map((name) => name.split(" ")[0] ?? ""), ...Object.keys(unreachable)];
    expect([...new Set(known)].sort()).toEqual([...exportedFunctions()].sort());
    for (const name of names) {
      const sim = sample.fork();
      const { args, call } = prepared(name, sim);
      const { error, result } = await outcomeOf(() => call(args));
      const isToRefuse = name === "wire.errorResponse";
      expect([name, error, isRefusal(result)]).toEqual([name, undefined, isToRefuse]);
    }
  });

  test("refuses some of it, whichever it is", async () => {
    const received = new Set<string>();
    const used = new Set<string>();
    for (const how of fc.sample(calls, { numRuns: 3000, seed: 1 })) {
      used.add(how[1].word);
      if (received.has(how[0])) continue;
      if ((await held(how)) !== undefined) received.add(how[0]);
    }
    expect([...used].sort()).toEqual([...words].sort());
    // Whatever is no timer of its own, a clock has forgotten already.
    const mayRefuse = names.filter((name) => !isSlow(name) && !name.endsWith(".clearTimer"));
    expect(mayRefuse.filter((name) => !received.has(name))).toEqual([]);
  });

  test("throws nothing but errors of the library, and changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(calls, async (how) => {
        await held(how);
      }),
      { numRuns: runs(1500) },
    );
  });

  test("is a server or a store: the same", async () => {
    await fc.assert(
      fc.asyncProperty(slowCalls, async (how) => {
        await held(how);
      }),
      { numRuns: runs(150) },
    );
  });
});

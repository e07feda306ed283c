import fc from "fast-check";
import { type InputIssue, InvalidInputError } from "../model/errors.js";
import { unknownName } from "../model/schema/entryPointOptions.js";
import { journalToScenario } from "../scenario/index.js";
import type { SimulatorOptions } from "../simulator/options.js";
import type { ReplicationSimulator } from "../simulator.js";
import { type ClientContext, type ClientRun, runClient } from "./clientRun.js";
import { type ClientPromise, terminates } from "./promises.js";
import { sequenceDiagram } from "./sequenceDiagram.js";
import {
  choicesArbitrary,
  describeChoice,
  type ServiceChoice,
  type ServiceChoiceKind,
  serviceChoiceKinds,
} from "./serviceChoice.js";

/** Options of an exploration. */
export interface ExploreOptions<Setup, Result> {
  /** The client or controller under test. Use only the context to ask and to wait. */
  readonly client: (context: ClientContext<Setup>) => Promise<Result>;
  /** Builds the world that the client meets; what it returns is `context.setup`. Default: an empty world. */
  readonly setup?: (sim: ReplicationSimulator) => Setup;
  /** Promises to check for every behaviour of the service. Termination of the client is always checked. */
  readonly promises: readonly ClientPromise<Setup, Result>[];
  /** Number of runs. Default 500. */
  readonly runs?: number;
  /** Requests and sleeps of one run, together. Default 400. */
  readonly maxSteps?: number;
  /** Choices of the service in one run at most. Default 6. */
  readonly maxChoices?: number;
  /** Kinds of choices that the service may make. Default: all. */
  readonly allow?: readonly ServiceChoiceKind[];
  /** Seed of the exploration, a 32-bit integer. The same seed explores the same runs on every runtime. Default 1. */
  readonly seed?: number;
  /** Options of the simulator. */
  readonly options?: SimulatorOptions;
}

/** A run that broke a promise, shrunk to the fewest choices. */
export interface ExplorationFailure<Setup, Result> {
  /** Name of the promise. */
  readonly promise: string;
  readonly message: string;
  /** The choices of the service that it takes, and that made a difference. */
  readonly choices: readonly ServiceChoice[];
  /** Requests, sleeps and what the service did, as text. */
  readonly diagram: string;
  /** The run as a unit test that replays it. */
  readonly test: string;
  /** The events of the world as a scenario: plain data for `runScenario`. */
  readonly scenario: unknown;
  readonly run: ClientRun<Setup, Result>;
}

/** Result of an exploration. */
export interface Exploration<Setup, Result> {
  /** Runs without those of shrinking. */
  readonly runs: number;
  readonly shrinkRuns: number;
  readonly seed: number;
  /** Number of times each kind of choice changed a run. A kind with 0 was not explored. */
  readonly met: Readonly<Partial<Record<ServiceChoiceKind, number>>>;
  readonly failure: ExplorationFailure<Setup, Result> | undefined;
}

/**
 * Runs a client against a service that behaves in every legal way: operations take longer or fail, requests and
 * responses get lost, rate limits strike, reads are stale, instances crash. fast-check chooses, and shrinks a failure to
 * the fewest choices. Deterministic: the same seed explores the same runs.
 *
 * @example
 * ```ts
 * import { createsNothingTwice, exploreClient } from "replication-simulator/exploration";
 *
 * const { failure } = await exploreClient({
 *   client: async ({ fetch, baseUrl }) => {
 *     await fetch(`${baseUrl}/instances`);
 *   },
 *   promises: [createsNothingTwice()],
 *   runs: 50,
 * });
 * console.log(failure?.promise ?? "all promises hold");
 * ```
 * @param options - the client, its promises and the number of runs
 * @returns what was found; `assertExplored` throws for a failure
 * @throws InvalidInputError `explore-options`
 */
export async function exploreClient<Setup = undefined, Result = unknown>(
  options: ExploreOptions<Setup, Result>,
): Promise<Exploration<Setup, Result>> {
  const read = readOptions(options);
  const { runs, seed, maxChoices, allow } = read;
  const met: Partial<Record<ServiceChoiceKind, number>> = {};
  const plain = await runClient(read.under, []);
  const extent = {
    requests: plain.requests.length,
    reads: plain.requests.filter(({ method }) => method === "GET").length,
    sleeps: plain.sleeps,
    changes: plain.requests.filter(({ method }) => method !== "GET").map(({ number }) => number),
  };
  let found: string | undefined;
  const property = fc.asyncProperty(
    choicesArbitrary(allow, extent, maxChoices),
    async (choices) => {
      const run = await runClient(read.under, choices);
      if (found === undefined) {
        for (const { kind } of run.effective) met[kind] = (met[kind] ?? 0) + 1;
      }
      const broken = brokenPromise(read.promises, run);
      // A failure shrinks to fewer choices that break the same promise.
      found ??= broken?.promise;
      return broken === undefined || broken.promise !== found;
    },
  );
  const details = await fc.check(property, { numRuns: runs, seed, endOnFailure: false });
  const [counterexample] = details.counterexample ?? [];
  if (counterexample === undefined) {
    return { runs: details.numRuns, shrinkRuns: 0, seed, met, failure: undefined };
  }
  const { minimizingRuns, ...failure } = await failureOf(read, counterexample);
  const shrinkRuns = details.numShrinks + minimizingRuns;
  return { runs: details.numRuns, shrinkRuns, seed, met, failure };
}

/**
 * Explores a client and throws if a promise is broken, with the choices, the diagram and the test that replays it.
 *
 * @example
 * ```ts
 * import { assertExplored, createsNothingTwice } from "replication-simulator/exploration";
 *
 * const { runs } = await assertExplored({
 *   client: async ({ fetch, baseUrl }) => {
 *     await fetch(`${baseUrl}/instances`);
 *   },
 *   promises: [createsNothingTwice()],
 *   runs: 20,
 * });
 * console.log(runs); // 20
 * ```
 * @param options - the client, its promises and the number of runs
 * @returns the exploration, without a failure
 * @throws Error with the failure in words
 * @throws InvalidInputError `explore-options`
 */
export async function assertExplored<Setup = undefined, Result = unknown>(
  options: ExploreOptions<Setup, Result>,
): Promise<Exploration<Setup, Result>> {
  const exploration = await exploreClient(options);
  const { failure, runs, seed } = exploration;
  if (failure === undefined) return exploration;
  throw new Error(
    [
      `the client breaks the promise "${failure.promise}": ${failure.message}`,
      `found after ${String(runs)} runs with seed ${String(seed)}; what the service did:`,
      ...listed(failure.choices),
      "",
      failure.diagram,
      "",
      "this test replays it:",
      "",
      failure.test,
    ].join("\n"),
  );
}

/**
 * Runs the client once against these choices and throws when a promise is broken: what a printed test calls.
 *
 * @throws Error with the failure in words
 * @throws InvalidInputError `explore-options`
 */
export async function replayClient<Setup = undefined, Result = unknown>(
  options: ExploreOptions<Setup, Result> & { readonly choices: readonly ServiceChoice[] },
): Promise<ClientRun<Setup, Result>> {
  const { choices, ...rest } = options;
  const read = readOptions(rest);
  const run = await runClient(read.under, choices);
  const broken = brokenPromise(read.promises, run);
  if (broken === undefined) return run;
  throw new Error(
    [
      `the client breaks the promise "${broken.promise}": ${broken.message}`,
      ...listed(run.effective),
      "",
      sequenceDiagram(run),
    ].join("\n"),
  );
}

function listed(choices: readonly ServiceChoice[]): readonly string[] {
  return choices.length === 0
    ? ["  nothing but the plain case"]
    : choices.map((choice) => `  ${describeChoice(choice)}`);
}

interface ReadOptions<Setup, Result> {
  readonly under: Parameters<typeof runClient<Setup, Result>>[0];
  readonly promises: readonly ClientPromise<Setup, Result>[];
  readonly runs: number;
  readonly seed: number;
  readonly maxChoices: number;
  readonly allow: readonly ServiceChoiceKind[];
}

const known: readonly (keyof ExploreOptions<unknown, unknown>)[] = [
  ...(["client", "setup", "promises", "runs", "maxSteps"] as const),
  ...(["maxChoices", "allow", "seed", "options"] as const),
];

function readOptions<Setup, Result>(
  options: ExploreOptions<Setup, Result>,
): ReadOptions<Setup, Result> {
  const { client, setup, promises, runs = 500, maxSteps = 400, maxChoices = 6 } = options;
  const { allow = serviceChoiceKinds, seed = 1, options: ofSimulator = {} } = options;
  const issues: InputIssue[] = [];
  const demand = (field: string, value: unknown, holds: boolean, expected: string): void => {
    if (!holds) issues.push({ field, value, expected, rule: "explore-options" });
  };
  for (const key of Object.keys(options)) {
    if (!(known as readonly string[]).includes(key)) issues.push(unknownName(key, key, known));
  }
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;
  demand("client", client, typeof client === "function", "a function");
  demand("setup", setup, setup === undefined || typeof setup === "function", "a function");
  demand("promises", promises, Array.isArray(promises), "an array of promises");
  demand("runs", runs, isCount(runs), "an integer of at least 1");
  demand("maxSteps", maxSteps, isCount(maxSteps), "an integer of at least 1");
  demand("maxChoices", maxChoices, isCount(maxChoices), "an integer of at least 1");
  demand("seed", seed, Number.isInteger(seed), "a 32-bit integer");
  const isAllowed =
    Array.isArray(allow) &&
    allow.every((kind: unknown) => (serviceChoiceKinds as readonly unknown[]).includes(kind));
  demand("allow", allow, isAllowed, `an array of ${serviceChoiceKinds.join(", ")}`);
  if (issues.length > 0) throw new InvalidInputError(issues);
  return {
    under: {
      client,
      // Without a setup the type of what it returns is undefined.
      setup: setup ?? (() => undefined as Setup),
      options: ofSimulator,
      maxSteps,
    },
    promises: [terminates() as ClientPromise<Setup, Result>, ...promises],
    runs,
    seed,
    maxChoices,
    allow,
  };
}

/** The first promise that a run breaks. Operations in progress end before promises look at the world. */
function brokenPromise<Setup, Result>(
  promises: readonly ClientPromise<Setup, Result>[],
  run: ClientRun<Setup, Result>,
): { readonly promise: string; readonly message: string } | undefined {
  run.sim.settle();
  for (const { name, check } of promises) {
    try {
      const message = check(run);
      if (typeof message === "string") return { promise: name, message };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { promise: name, message };
    }
  }
  return undefined;
}

async function failureOf<Setup, Result>(
  read: ReadOptions<Setup, Result>,
  counterexample: readonly ServiceChoice[],
): Promise<ExplorationFailure<Setup, Result> & { readonly minimizingRuns: number }> {
  const { choices, runs } = await minimized(read, counterexample);
  const run = await runClient(read.under, choices);
  const broken = brokenPromise(read.promises, run);
  if (broken === undefined) throw notDeterministic();
  return {
    ...broken,
    choices,
    diagram: sequenceDiagram(run),
    test: testOf(broken.promise, choices),
    scenario: journalToScenario(run.sim.journal()),
    run,
    minimizingRuns: runs,
  };
}

/**
 * Leaves out what fast-check cannot: choices that made no difference, and those whose only part is to move another one
 * to its place, such as a lost request before the one that matters.
 */
async function minimized<Setup, Result>(
  read: ReadOptions<Setup, Result>,
  counterexample: readonly ServiceChoice[],
): Promise<{ readonly choices: readonly ServiceChoice[]; readonly runs: number }> {
  const first = await runClient(read.under, counterexample);
  const promise = brokenPromise(read.promises, first)?.promise;
  if (promise === undefined) throw notDeterministic();
  let runs = 0;
  let choices = counterexample;
  const breaks = async (candidate: readonly ServiceChoice[]): Promise<boolean> => {
    runs += 1;
    const run = await runClient(read.under, candidate);
    return brokenPromise(read.promises, run)?.promise === promise;
  };
  const { effective } = first;
  if (effective.length < choices.length && (await breaks(effective))) choices = effective;
  for (let next: readonly ServiceChoice[] | undefined = choices; next !== undefined; ) {
    choices = next;
    next = undefined;
    for (const candidate of candidates(choices)) {
      if (!(await breaks(candidate))) continue;
      next = candidate;
      break;
    }
  }
  return { choices, runs };
}

/** The choices without one of them, and with the others at the same places or somewhat earlier. */
function* candidates(choices: readonly ServiceChoice[]): Generator<readonly ServiceChoice[]> {
  for (const left of choices) {
    const others = choices.filter((choice) => choice !== left);
    for (const by of [0, 1, 2, 3]) yield others.map((choice) => earlier(choice, by));
  }
}

function earlier(choice: ServiceChoice, by: number): ServiceChoice {
  if ("request" in choice) return { ...choice, request: Math.max(0, choice.request - by) };
  if ("read" in choice) return { ...choice, read: Math.max(0, choice.read - by) };
  return choice;
}

function notDeterministic(): Error {
  return new Error("the client is not deterministic: the same choices gave another outcome");
}

function testOf(promise: string, choices: readonly ServiceChoice[]): string {
  const lines = choices.map((choice) => `      ${JSON.stringify(choice)},`);
  return [
    'import { replayClient } from "replication-simulator/exploration";',
    'import { test } from "vitest";',
    'import { exploration } from "./exploration.js"; // the options that you gave to exploreClient',
    "",
    `test(${JSON.stringify(`keeps the promise: ${promise}`)}, async () => {`,
    "  await replayClient({",
    "    ...exploration,",
    "    choices: [",
    ...lines,
    "    ],",
    "  });",
    "});",
  ].join("\n");
}

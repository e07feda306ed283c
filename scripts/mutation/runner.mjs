/**
 * A test runner for Stryker that keeps the mutated code and its tests in the process of the worker. Starting Vitest for
 * each mutant takes longer than the tests that kill it.
 *
 * Most mutants share one set of modules, whose tests are loaded and whose code is compiled. What a mutant leaves in a
 * cache of a module must not reach the next one, so a mutant gets modules of its own if a test reaches it while a file
 * loads, or only the first time that the test runs. A failure counts only if the same test passes without the mutant.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { DryRunStatus, MutantRunStatus, TestStatus } from "@stryker-mutator/api/test-runner";
import { build } from "esbuild";
import { closeSuites, createExpect, createTestApi, runTest } from "./testApi.mjs";
import { environment, setupFile, testFiles } from "./tests.mjs";

/** After so many seconds of CPU without a failure a mutant has survived. A timeout would count as noticed. */
const patience = Number(process.env.MUTANT_SECONDS ?? 20);

/** A test that reaches a mutant more often than this is in an endless loop: none of them does so a tenth as often. */
const mostHits = 20_000_000;

/** In the working directory, which is a copy of the project that Stryker deletes. */
const knownTests = "mutation-tests.json";

const loading = "#(loading)";
const secondRun = "(second run of all tests)";

class InProcessRunner {
  static inject = ["logger"];
  #log;
  #script;
  #require = createRequire(`${process.cwd()}/package.json`);
  #expect = createExpect();
  /** Of each test, by id: its file, its milliseconds, how many mutants it reaches, whether it can run twice. */
  #known = new Map();
  /** Mutants that a test reaches only once in a set of modules. */
  #cached = new Set();
  /** For each mutated file the tests that killed its last mutants, the latest first. */
  #killers = new Map();
  /** The modules that mutants share; a file is loaded when a mutant needs it. */
  #shared;

  constructor(log) {
    this.#log = log;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    Object.assign(process.env, environment);
    const lines = testFiles().map((file) => `${JSON.stringify(file)}: () => require("./${file}"),`);
    const contents = `require("./${setupFile}");\nmodule.exports = {\n${lines.join("\n")}\n};`;
    // A test that reads files finds them from where it stands.
    const locations = {
      name: "locations",
      setup({ onLoad }) {
        onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, async ({ path }) => {
          const text = await readFile(path, "utf8");
          const url = JSON.stringify(pathToFileURL(path).href);
          return { contents: text.replaceAll("import.meta.url", url), loader: "ts" };
        });
      },
    };
    const { outputFiles } = await build({
      plugins: [locations],
      stdin: { contents, resolveDir: process.cwd(), loader: "js" },
      bundle: true,
      format: "cjs",
      platform: "node",
      packages: "external",
      keepNames: true,
      // The package has no side effects; the matchers that a test imports have.
      ignoreAnnotations: true,
      write: false,
      logLevel: "error",
    });
    const [{ text }] = outputFiles;
    this.#script = new Script(`(function (module, exports, require) {${text}\n})`, {
      filename: "mutants.cjs",
    });
  }

  async dryRun() {
    const namespace = stryker();
    namespace.activeMutant = undefined;
    const tests = [];
    const measure = async (id, file, body) => {
      namespace.currentTestId = id;
      const from = performance.now();
      let failure;
      try {
        await body();
      } catch (error) {
        failure = messageOf(error);
      } finally {
        namespace.currentTestId = undefined;
      }
      const timeSpentMs = performance.now() - from;
      this.#known.set(id, { file, timeSpentMs, breadth: 0, repeatable: true });
      const result = { id, name: id, timeSpentMs, fileName: file };
      tests.push(
        failure === undefined
          ? { ...result, status: TestStatus.Success }
          : { ...result, status: TestStatus.Failed, failureMessage: failure },
      );
    };
    for (const file of testFiles()) {
      let registered = [];
      await measure(loadOf(file), file, () => {
        registered = [...this.#newShared()(file).values()];
      });
      for (const test of registered) await measure(idOf(file, test), file, () => runTest(test));
      await closeSuites(registered);
    }
    const { mutantCoverage } = namespace;
    const from = performance.now();
    await this.#runAgain(mutantCoverage);
    // As a test, for Stryker would take the time for overhead and add it to the timeout of each mutant.
    const timeSpentMs = performance.now() - from;
    tests.push({
      id: secondRun,
      name: secondRun,
      timeSpentMs,
      status: TestStatus.Success,
    });
    const known = { tests: [...this.#known], cached: [...this.#cached] };
    writeFileSync(knownTests, JSON.stringify(known));
    return { status: DryRunStatus.Complete, tests, mutantCoverage };
  }

  /** Runs each test twice in shared modules and notes what the second run does not reach any more. */
  async #runAgain(first) {
    const namespace = stryker();
    // The modules keep the object that they find when they are evaluated.
    const coverage = { static: {}, perTest: {} };
    namespace.mutantCoverage = coverage;
    this.#shared = this.#newShared();
    for (const file of testFiles()) {
      const tests = [...this.#shared(file)];
      for (const [, test] of tests) await runTest(test).catch(() => {});
      coverage.perTest = {};
      for (const [id, test] of tests) {
        const known = this.#known.get(id);
        namespace.currentTestId = id;
        const from = performance.now();
        known.repeatable = await runTest(test).then(
          () => true,
          () => false,
        );
        known.timeSpentMs = performance.now() - from;
        namespace.currentTestId = undefined;
        const reached = Object.keys(first.perTest[id] ?? {});
        known.breadth = reached.length;
        const again = coverage.perTest[id] ?? {};
        for (const mutant of reached) if (!(mutant in again)) this.#cached.add(mutant);
      }
    }
    coverage.perTest = {};
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, sandboxFileName }) {
    // After an endless loop a new process goes on, which has not made the first run.
    if (this.#known.size === 0) {
      const { tests, cached } = JSON.parse(readFileSync(knownTests, "utf8"));
      this.#known = new Map(tests);
      this.#cached = new Set(cached);
    }
    const plan = this.#plan(testFilter, sandboxFileName);
    const loads = testFilter?.some((id) => id.endsWith(loading)) ?? true;
    const once = loads || this.#cached.has(activeMutant.id);
    const run = new MutantRun(activeMutant.id, hitLimit);
    if (!once) {
      this.#shared ??= this.#newShared();
      const repeatable = plan.filter((id) => this.#known.get(id).repeatable);
      const result = await this.#runTests(run, repeatable, this.#shared);
      const { killedBy } = result;
      if (
        killedBy !== undefined &&
        !(await passes(this.#shared, this.#known.get(killedBy), killedBy))
      ) {
        this.#shared = undefined;
        run.restart();
      } else if (killedBy !== undefined || result.over) {
        return this.#report(result, run, sandboxFileName);
      } else if (repeatable.length === plan.length) {
        return run.survived();
      }
    }
    const result = await this.#runTests(run, plan, this.#newShared());
    return this.#report(result, run, sandboxFileName);
  }

  #report({ killedBy, error }, run, source) {
    if (killedBy === undefined) return run.survived();
    const others = this.#killersOf(source).filter((other) => other !== killedBy);
    this.#killers.set(source, [killedBy, ...others]);
    return run.killed(killedBy, error);
  }

  /** Runs tests until one fails or the time is over. */
  async #runTests(run, ids, load) {
    for (const id of ids) {
      const { file } = this.#known.get(id);
      let tests;
      try {
        tests = run.active(() => load(file));
      } catch (error) {
        return { killedBy: loadOf(file), error };
      }
      // A table of cases that the mutant itself has changed has other titles.
      const test = tests.get(id);
      if (test === undefined) {
        return { killedBy: id, error: new Error(`${id} is not there any more`) };
      }
      const error = await run.test(test);
      if (error !== undefined) return { killedBy: id, error };
      if (run.isOver()) return { over: true };
    }
    return {};
  }

  /** New modules. What comes back loads a test file, once, and gives its tests by id. */
  #newShared() {
    const module = { exports: {} };
    const api = createTestApi(this.#expect);
    const require = (id) => (id === "vitest" ? api.module : this.#require(id));
    this.#script.runInThisContext()(module, module.exports, require);
    const loaded = new Map();
    return (file) => {
      const known = loaded.get(file);
      if (known !== undefined) return known;
      const from = api.tests.length;
      module.exports[file]();
      const tests = new Map(api.tests.slice(from).map((test) => [idOf(file, test), test]));
      loaded.set(file, tests);
      return tests;
    };
  }

  #killersOf(source) {
    return this.#killers.get(source) ?? [];
  }

  /**
   * Ids of tests in the order in which a failure is likely to come soon: those that killed before, then the others of
   * their files, then quick ones that reach little else. What loading a file reaches can change each of its tests.
   */
  #plan(filter, source) {
    const chosen = new Set(filter ?? this.#known.keys());
    const killers = new Map(this.#killersOf(source).map((id, rank) => [id, rank]));
    const near = new Set([...killers.keys()].map((id) => this.#known.get(id).file));
    const rank = (id) =>
      killers.get(id) ?? killers.size + (near.has(this.#known.get(id).file) ? 0 : 1);
    const effort = (id) => {
      const { timeSpentMs, breadth } = this.#known.get(id);
      return timeSpentMs * (1 + breadth);
    };
    return [...this.#known.keys()]
      .filter((id) => {
        const load = loadOf(this.#known.get(id).file);
        return id !== load && (chosen.has(id) || chosen.has(load));
      })
      .sort((a, b) => rank(a) - rank(b) || effort(a) - effort(b));
  }
}

/** One mutant: whether it is active, the CPU time that its tests have used, and what is said of it. */
class MutantRun {
  #id;
  #before;
  #tests = 0;

  constructor(id, hitLimit) {
    this.#id = id;
    stryker().hitLimit = Math.min(hitLimit ?? mostHits, mostHits);
    this.restart();
  }

  restart() {
    this.#before = process.cpuUsage();
    this.#tests = 0;
    stryker().hitCount = 0;
  }

  isOver() {
    const { user, system } = process.cpuUsage(this.#before);
    return (user + system) / 1e6 > patience;
  }

  active(body) {
    const namespace = stryker();
    namespace.activeMutant = this.#id;
    try {
      return body();
    } finally {
      namespace.activeMutant = undefined;
    }
  }

  /** What the test throws, `undefined` if it passes. */
  async test(test) {
    const namespace = stryker();
    this.#tests += 1;
    namespace.hitCount = 0;
    namespace.activeMutant = this.#id;
    try {
      await runTest(test);
    } catch (error) {
      return error ?? new Error("a test has thrown nothing");
    } finally {
      namespace.activeMutant = undefined;
    }
    return this.#isEndless() ? new Error("hit limit") : undefined;
  }

  #isEndless() {
    const { hitCount, hitLimit } = stryker();
    return hitCount > hitLimit;
  }

  survived() {
    return { status: MutantRunStatus.Survived, nrOfTests: this.#tests };
  }

  killed(id, error) {
    if (this.#isEndless()) return { status: MutantRunStatus.Timeout, reason: "hit limit" };
    const failureMessage = messageOf(error);
    const nrOfTests = this.#tests;
    return { status: MutantRunStatus.Killed, killedBy: [id], failureMessage, nrOfTests };
  }
}

/** Whether the test passes without a mutant, so that its failure was the mutant's. */
async function passes(load, { file }, id) {
  const { hitCount } = stryker();
  try {
    await runTest(load(file).get(id));
    return true;
  } catch {
    return false;
  } finally {
    stryker().hitCount = hitCount;
  }
}

/** The evaluation of a test file counts as a test: it fails when the file cannot be loaded. */
function loadOf(file) {
  return `${file}${loading}`;
}

function idOf(file, test) {
  return `${file}#${test.name}`;
}

/** The object through which Stryker's instrumented code knows the active mutant. */
function stryker() {
  globalThis.__stryker__ ??= {};
  return globalThis.__stryker__;
}

function messageOf(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export const strykerPlugins = [
  { kind: "TestRunner", name: "in-process", injectableClass: InProcessRunner },
];

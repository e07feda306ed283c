/**
 * A test runner for Stryker that keeps the mutated code and its tests in the process of the worker. Starting Vitest for
 * each mutant takes longer than the tests that kill it; here a mutant costs an evaluation of the files that it needs.
 *
 * Each mutant gets modules of its own: what a mutant has put into a cache of a module must not reach the next one.
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

class InProcessRunner {
  static inject = ["logger"];
  #log;
  #script;
  #require = createRequire(`${process.cwd()}/package.json`);
  #expect = createExpect();
  /** File and milliseconds of each test, by id. */
  #known = new Map();
  /** For each mutated file the tests that killed its last mutants, the latest first. */
  #killers = new Map();

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
      this.#known.set(id, { file, timeSpentMs });
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
        registered = this.#evaluate()(file);
      });
      for (const test of registered) await measure(idOf(file, test), file, () => runTest(test));
      await closeSuites(registered);
    }
    writeFileSync(knownTests, JSON.stringify([...this.#known]));
    return { status: DryRunStatus.Complete, tests, mutantCoverage: namespace.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, sandboxFileName }) {
    // After an endless loop a new process goes on, which has not made the first run.
    if (this.#known.size === 0) this.#known = new Map(JSON.parse(readFileSync(knownTests, "utf8")));
    const namespace = stryker();
    namespace.hitCount = 0;
    namespace.hitLimit = Math.min(hitLimit ?? mostHits, mostHits);
    namespace.activeMutant = activeMutant.id;
    const before = process.cpuUsage();
    let nrOfTests = 0;
    const killed = (id, error) => {
      const others = this.#killersOf(sandboxFileName).filter((other) => other !== id);
      this.#killers.set(sandboxFileName, [id, ...others]);
      return namespace.hitCount > namespace.hitLimit
        ? { status: MutantRunStatus.Timeout, reason: "hit limit" }
        : {
            status: MutantRunStatus.Killed,
            killedBy: [id],
            failureMessage: messageOf(error),
            nrOfTests,
          };
    };
    try {
      const load = this.#evaluate();
      for (const [file, ids] of this.#plan(testFilter, sandboxFileName)) {
        let registered;
        try {
          registered = load(file);
        } catch (error) {
          return killed(loadOf(file), error);
        }
        const byId = new Map(registered.map((test) => [idOf(file, test), test]));
        for (const id of ids) {
          // A table of cases that the mutant itself has changed has other titles.
          const test = byId.get(id);
          if (test === undefined) return killed(id, new Error(`${id} is not there any more`));
          nrOfTests += 1;
          namespace.hitCount = 0;
          try {
            await runTest(test);
          } catch (error) {
            return killed(id, error);
          }
          if (namespace.hitCount > namespace.hitLimit) return killed(id, new Error("hit limit"));
          const { user, system } = process.cpuUsage(before);
          if ((user + system) / 1e6 > patience)
            return { status: MutantRunStatus.Survived, nrOfTests };
        }
      }
      return { status: MutantRunStatus.Survived, nrOfTests };
    } finally {
      namespace.activeMutant = undefined;
    }
  }

  /** New modules. What comes back loads a test file and lists its tests. */
  #evaluate() {
    const module = { exports: {} };
    const api = createTestApi(this.#expect);
    const require = (id) => (id === "vitest" ? api.module : this.#require(id));
    this.#script.runInThisContext()(module, module.exports, require);
    return (file) => {
      const from = api.tests.length;
      module.exports[file]();
      return api.tests.slice(from);
    };
  }

  #killersOf(source) {
    return this.#killers.get(source) ?? [];
  }

  /**
   * Files with the ids of their tests, in the order in which a failure is likely to come soon. What loading a file reaches
   * can change each of its tests.
   */
  #plan(filter, source) {
    const chosen = new Set(filter ?? this.#known.keys());
    const killers = new Map(this.#killersOf(source).map((id, rank) => [id, rank]));
    const rank = (id) => killers.get(id) ?? killers.size;
    const ids = [...this.#known.keys()]
      .filter((id) => {
        const load = loadOf(this.#known.get(id).file);
        return id !== load && (chosen.has(id) || chosen.has(load));
      })
      .sort(
        (a, b) =>
          rank(a) - rank(b) || this.#known.get(a).timeSpentMs - this.#known.get(b).timeSpentMs,
      );
    const files = new Map();
    for (const id of ids) {
      const { file } = this.#known.get(id);
      files.set(file, [...(files.get(file) ?? []), id]);
    }
    return files;
  }
}

/** The evaluation of a test file counts as a test: it fails when the file cannot be loaded. */
function loadOf(file) {
  return `${file}#(loading)`;
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

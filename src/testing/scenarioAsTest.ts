import { InvalidInputError } from "../model/errors.js";
import { assertKnownOptions } from "../model/schema/entryPointOptions.js";
import { type NameTable, runScenario, type Scenario } from "../scenario/index.js";
import { literal } from "./printLiteral.js";

/** Options of a printed test. */
export interface ScenarioTestOptions {
  /** Name of the test. Default "a scenario of N steps". */
  readonly name?: string;
  /** Last statement, about `sim`. Default `expectNoBrokenInvariants(sim);`. */
  readonly check?: string;
  /** Source of the options of `runScenario`, such as `{ afterStep: ({ next }) => route(next) }`. Default: none. */
  readonly runOptions?: string;
}

/** Refuses unknown options of a printed test. */
export function assertScenarioTestOptions(options: ScenarioTestOptions): void {
  assertKnownOptions(options, ["name", "check", "runOptions"]);
}

/**
 * Prints a scenario as the source of a test. It imports only the public API and runs the scenario unchanged. A refused
 * step has a comment with the rule.
 *
 * @example
 * ```ts
 * import { scenario } from "replication-simulator/scenario";
 * import { scenarioAsTest } from "replication-simulator/testing";
 *
 * const source = scenarioAsTest(scenario({ scenario: 1, topology: { orders: { kind: "instance" } }, horizon: "1h" }));
 * console.log(source.includes("runScenario")); // true
 * ```
 * @param scenario - a parsed scenario
 * @param options - title, last statement and imports of the test
 * @returns the source of the test
 * @throws InvalidInputError if the value does not have the form of a scenario
 */
export function scenarioAsTest(scenario: Scenario, options: ScenarioTestOptions = {}): string {
  assertScenarioTestOptions(options);
  const { steps = [], ...rest } = scenario;
  const { check = "expectNoBrokenInvariants(sim);", runOptions } = options;
  const { name = `a scenario of ${String(steps.length)} steps` } = options;
  const refusals = refusalsOf(scenario);
  const helpers = testHelpers.filter((helper) =>
    `${check} ${runOptions ?? ""}`.includes(`${helper}(`),
  );
  return `${[
    'import { runScenario } from "replication-simulator/scenario";',
    ...(helpers.length > 0
      ? [`import { ${helpers.join(", ")} } from "replication-simulator/testing";`]
      : []),
    'import { test } from "vitest";',
    "",
    `test(${literal(name)}, () => {`,
    "  const { sim } = runScenario({",
    ...Object.entries(rest).map(([key, value]) => `    ${key}: ${literal(value)},`),
    "    steps: [",
    ...steps.flatMap((step, index) => [
      ...(refusals.get(index) ?? []).map((why) => `      // ${why}`),
      `      ${literal(step)},`,
    ]),
    "    ],",
    `  }${runOptions === undefined ? "" : `, ${runOptions}`});`,
    `  ${check}`,
    "});",
  ].join("\n")}\n`;
}

const testHelpers = ["expectNoBrokenInvariants", "expectRefused", "expectSettled"];

/** Returns the reasons of refused steps, by index. Errors of the simulator itself are left to the test. */
function refusalsOf(scenario: Scenario): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  try {
    const { names } = runScenario(scenario, {
      afterStep: ({ index, results }) => {
        for (const result of results) {
          if (result.ok) continue;
          const { rule, message } = result.error;
          const why = `refused by ${rule}: ${message.replaceAll(/\s+/g, " ")}`;
          found.set(index, [...(found.get(index) ?? []), why]);
        }
      },
    });
    for (const [index, reasons] of found) {
      found.set(
        index,
        reasons.map((why) => shortened(withNames(why, names.things))),
      );
    }
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
  }
  return found;
}

/** Replaces ids by the names of the scenario. */
function withNames(text: string, things: NameTable["things"]): string {
  let named = text;
  for (const { name, id, born, isFixture } of things) {
    for (const [index, member] of born.entries()) {
      const isItself = member === id && !isFixture;
      named = named.replaceAll(member, isItself ? name : `${name}.${String(index + 1)}`);
    }
    named = named.replaceAll(id, name);
  }
  return named;
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

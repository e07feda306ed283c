import { type InputIssue, InvalidInputError } from "../../model/errors.js";
import { documentedLimits } from "../../model/limits.js";
import { nearestHint } from "../../model/schema/nearest.js";
import { isRecord, plainCopy } from "../../model/schema/plainData.js";
import { checkNames } from "./checkNames.js";
import { checkRepetitions } from "./checkTimes.js";
import { type Scenario, type ScenarioInput, scenarioVersion } from "./scenario.js";
import { scenarioField } from "./scenarioField.js";

/** A scenario, or everything that is wrong with it. */
export type CheckedScenario =
  | { readonly scenario: Scenario; readonly issues: readonly [] }
  | { readonly scenario: undefined; readonly issues: readonly InputIssue[] };

/**
 * Returns the scenario with every quantity parsed: durations in ms, sizes in GB, shares from 0 to 1.
 *
 * @example
 * ```ts
 * import { scenario } from "replication-simulator/scenario";
 *
 * const outage = scenario({
 *   scenario: 1,
 *   topology: { orders: { kind: "group", replicas: 2 } },
 *   steps: [{ at: "10m", do: { fault: "crash", of: "orders.source", for: "5m" } }],
 *   horizon: "1h",
 * });
 * console.log(outage.horizon); // 3600000
 * ```
 * @param input - a scenario whose quantities are numbers or strings such as `10m`
 * @returns the scenario with numbers only
 * @throws InvalidInputError with every problem: its path, what was expected, and the nearest known word
 */
export function scenario(input: ScenarioInput): Scenario {
  const { scenario: parsed, issues } = checkScenario(input);
  if (parsed === undefined) throw new InvalidInputError(issues);
  return parsed;
}

/**
 * Returns the scenario with every quantity parsed; names are not checked. A scenario from which steps were removed may
 * refer to what no step creates any more: the simulator refuses such a command, and the run goes on.
 * @throws InvalidInputError with every part that has not the form of the format, and repetitions that no run keeps
 */
export function parseShape(input: ScenarioInput): Scenario {
  const issues: InputIssue[] = [];
  const parsed = scenarioField.read(plainCopy(input), "", { limits: documentedLimits, issues });
  // A run would leave repetitions out in silence.
  issues.push(...checkRepetitions(parsed?.steps ?? [], parsed?.horizon));
  if (parsed === undefined || issues.length > 0) throw new InvalidInputError(issues);
  return parsed;
}

/** Parses an unvalidated scenario. Returns it, or all its issues. */
export function checkScenario(value: unknown): CheckedScenario {
  const input = plainCopy(value);
  if (!isRecord(input)) {
    const expected = "an object with scenario: 1";
    return refused([{ field: "", value, expected, rule: "scenario" }]);
  }
  const version = input["scenario"];
  if (version !== scenarioVersion) {
    const expected = `${String(scenarioVersion)}, the version that this library reads`;
    return refused([{ field: "scenario", value: version, expected, rule: "scenario-version" }]);
  }
  const issues: InputIssue[] = [];
  const parsed = scenarioField.read(input, "", { limits: documentedLimits, issues });
  // Names are checked in what was written, as far as it can be read: all problems are reported at once.
  const ofNames = checkNames(parsed ?? input);
  // A name of the wrong form is reported once, with the names that there are.
  const isNamed = new Set(ofNames.map(({ field }) => field));
  const ofShape = issues.filter(({ field }) => !isNamed.has(field)).map(withHint);
  const hinted = [...ofShape, ...ofNames];
  if (parsed === undefined || hinted.length > 0) return refused(hinted);
  return { scenario: parsed, issues: [] };
}

function refused(issues: readonly InputIssue[]): CheckedScenario {
  return { scenario: undefined, issues };
}

/** Adds the nearest known word where a word was expected. */
function withHint(issue: InputIssue): InputIssue {
  const { value, expected } = issue;
  const words = /^one of ([\w-]+(?:, [\w-]+)*)$/.exec(expected)?.[1]?.split(", ");
  if (typeof value !== "string" || words === undefined) return issue;
  return { ...issue, expected: `${expected}${nearestHint(value, words)}` };
}

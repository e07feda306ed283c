import { assertParts } from "../../model/schema/argument.js";

/**
 * Refuses what is no scenario that was parsed.
 * @throws InvalidInputError `scenario`
 */
export function assertScenario(value: unknown): void {
  const expected = "a scenario, as scenario() and parseScenarioFile() return it";
  assertParts(value, { field: "scenario", expected, rule: "scenario" });
}

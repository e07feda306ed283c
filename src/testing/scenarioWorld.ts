import { InvalidInputError } from "../model/errors.js";
import { assertKnownOptions } from "../model/schema/entryPointOptions.js";
import type { ScenarioInput } from "../scenario/index.js";
import { runScenario } from "../scenario/index.js";
import type { ReplicationSimulator } from "../simulator.js";

/** Options of the world of a scenario. */
export interface ScenarioWorldOptions {
  /** Default: the seed of the scenario. */
  readonly seed?: string | number;
}

/** A simulator after a scenario, and the resolution of its names. */
export interface ScenarioWorld {
  readonly sim: ReplicationSimulator;
  /**
   * Returns the id of a reference of the scenario at present, such as `orders`, `orders.source` or `orders.r1`.
   * @throws InvalidInputError `scenario-reference` if it stands for no resource, or for several
   */
  readonly idOf: (reference: string) => string;
  /** Returns the ids of a reference to several instances, such as `orders.replicas`. */
  readonly idsOf: (reference: string) => readonly string[];
}

/**
 * Creates the topology of a scenario, all at rest, and carries out its steps up to its horizon: a fixture as data. Read a
 * file with `parseScenarioFile` of `replication-simulator/scenario-file`.
 *
 * @example
 * ```ts
 * import { createScenarioWorld } from "replication-simulator/testing";
 *
 * const { sim, idOf } = createScenarioWorld({
 *   scenario: 1,
 *   topology: { orders: { kind: "group", replicas: 2 } },
 *   steps: [{ at: "10m", do: { fault: "crash", of: "orders.source" } }],
 * });
 * console.log(sim.getInstance(idOf("orders.source")).status);
 * ```
 * @param input - the scenario
 * @param options - seed and options of the simulator
 * @returns the simulator after the scenario, and the ids of its names
 * @throws InvalidInputError when it does not have the form of a scenario
 * @throws Error when a step is refused, or a check of the scenario does not hold
 */
export function createScenarioWorld(
  input: ScenarioInput,
  options: ScenarioWorldOptions = {},
): ScenarioWorld {
  assertKnownOptions(options, ["seed"]);
  const { sim, names, refusals, failedChecks } = runScenario(input, options);
  const problems = [
    ...refusals.map(({ by, error }) => `step ${String(by)} is refused: ${error.message}`),
    ...failedChecks.map(({ index, message }) => `step ${String(index)}: ${message}`),
  ];
  if (problems.length > 0) {
    throw new Error(`the scenario does not lead where it should:\n  ${problems.join("\n  ")}`);
  }
  const idsOf = (reference: string): readonly string[] => {
    const name = reference.replace(/\.[^.]*$/, "");
    if (names.thing(name) === undefined) throw noSuch(reference, names.things);
    return names.resolve(reference);
  };
  return {
    sim,
    idsOf,
    idOf: (reference) => {
      const ids = idsOf(reference);
      const [id] = ids;
      if (id === undefined || ids.length > 1) throw notOne(reference, ids.length);
      return id;
    },
  };
}

function noSuch(value: string, things: readonly { readonly name: string }[]): InvalidInputError {
  const known = things.map(({ name }) => name).join(", ");
  const expected = `a name of the scenario (${known || "it has none"}), or a part of one`;
  return new InvalidInputError([
    { field: "reference", value, expected, rule: "scenario-reference" },
  ]);
}

function notOne(value: string, count: number): InvalidInputError {
  const expected = `a reference to one resource; it stands for ${String(count)}`;
  return new InvalidInputError([
    { field: "reference", value, expected, rule: "scenario-reference" },
  ]);
}

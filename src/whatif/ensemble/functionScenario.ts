import { assertKnownOptions } from "../../model/schema/entryPointOptions.js";
import type { SimulatorOptions } from "../../simulator/options.js";
import { ReplicationSimulator } from "../../simulator.js";
import type { Json } from "../../wire/json.js";
import { digest } from "./canonicalJson.js";
import type { Outcome } from "./outcome.js";
import type { RunnableScenario } from "./runnableScenario.js";

/** A scenario as code: runs one future in a world that was made for it, and says what it came to. */
export type FutureFunction = (sim: ReplicationSimulator, params: never) => Outcome;

/**
 * Makes a scenario of a function. The world is made here, not in the function: so it always has the store and the seed
 * that it must have, and any future can be run again with a journal.
 * @throws InvalidInputError for an unknown option, and for invalid options of the world
 */
export function functionScenario(options: {
  readonly future: FutureFunction;
  /** Argument of the function for each design. Default: one design, "scenario", without an argument. */
  readonly designs?: Readonly<Record<string, Json>>;
  /** Options of each world. */
  readonly world?: SimulatorOptions;
  /** Text that fixes what is run, such as the source of the module. */
  readonly source: string;
}): RunnableScenario {
  assertKnownOptions(options, ["future", "designs", "world", "source"]);
  const { designs = { scenario: null }, source } = options;
  const world = { ...options.world, store: "in-place", journal: false } as const;
  const future = options.future as (sim: ReplicationSimulator, params: Json) => Outcome;
  const paramsOf = (design: string): Json => designs[design] ?? null;
  return {
    designs: Object.keys(designs),
    source,
    simulate: (design, seed) =>
      future(new ReplicationSimulator({ ...world, seed }), paramsOf(design)),
    factsOf: (design, seed) => {
      const sim = new ReplicationSimulator({ ...world, seed });
      const facts: string[] = [];
      sim.subscribe((entry) => {
        facts.push(JSON.stringify(entry));
      });
      const outcome = future(sim, paramsOf(design));
      return digest(JSON.stringify(facts) + JSON.stringify(outcome));
    },
  };
}

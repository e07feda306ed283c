import { designsOf } from "../scenario/format/designs.js";
import { scenario as parseScenario } from "../scenario/format/parseScenario.js";
import type { Scenario, ScenarioInput } from "../scenario/format/scenario.js";
import { canonicalJson, digest } from "./ensemble/canonicalJson.js";
import { EnsembleError } from "./ensemble/ensembleError.js";
import type { PlayableScenario } from "./ensemble/playableScenario.js";
import { type OwnParts, type PreparedDesign, prepareDesign } from "./future/design.js";
import { playFuture } from "./future/playFuture.js";

/**
 * Makes a scenario of data ready to be played: its designs, with the topology of each built once, at its first future.
 *
 * @throws InvalidInputError with every problem of the scenario and of its designs
 */
export function dataScenario(input: ScenarioInput, own: OwnParts = {}): PlayableScenario {
  const scenario = parseScenario(input);
  const designs = new Map(designsOf(scenario).map((design) => [design.name, design.scenario]));
  const prepared = new Map<string, PreparedDesign>();
  const designOf = (name: string): PreparedDesign => {
    let design = prepared.get(name);
    if (design === undefined) {
      design = prepareDesign(scenarioOf(designs, name), own);
      prepared.set(name, design);
    }
    return design;
  };
  return {
    designs: [...designs.keys()],
    source: canonicalJson([
      scenario,
      Object.keys(own.measures ?? {}),
      Object.keys(own.properties ?? {}),
    ]),
    play: (design, seed) => playFuture(designOf(design), seed).outcome,
    factsOf: (design, seed) => {
      const facts: string[] = [];
      const { outcome } = playFuture(designOf(design), seed, {
        onEntry: (entry) => {
          facts.push(JSON.stringify(entry));
        },
      });
      return digest(JSON.stringify(facts) + JSON.stringify(outcome));
    },
  };
}

function scenarioOf(designs: ReadonlyMap<string, Scenario>, name: string): Scenario {
  const scenario = designs.get(name);
  if (scenario !== undefined) return scenario;
  throw new EnsembleError(
    "design-name",
    `design ${name} not found; allowed: ${[...designs.keys()].join(", ")}`,
    {
      field: "design",
      value: name,
      allowed: [...designs.keys()].join(", "),
    },
  );
}

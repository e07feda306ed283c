import { assertKnownOptions } from "../model/schema/entryPointOptions.js";
import { designsOf } from "../scenario/format/designs.js";
import { scenario as parseScenario } from "../scenario/format/parseScenario.js";
import type { Scenario, ScenarioInput } from "../scenario/format/scenario.js";
import { CompiledDesign } from "./compiled/compiledDesign.js";
import { type Engine, engines } from "./compiled/engine.js";
import { canonicalJson, digest } from "./ensemble/canonicalJson.js";
import { assertWord, EnsembleError, unknownName } from "./ensemble/ensembleError.js";
import type { RunnableScenario } from "./ensemble/runnableScenario.js";
import {
  assertOwnParts,
  type OwnParts,
  type PreparedDesign,
  prepareDesign,
} from "./future/design.js";
import { runFuture } from "./future/runFuture.js";

/** Futures that are run to find out how futures of a design are computed. */
const probes = 20;

/**
 * Makes a scenario of data ready to be run: its designs, with the topology of each built once, at its first future.
 * Futures are computed from tables where a design allows it; what they come to is the same either way.
 *
 * @throws InvalidInputError with every problem of the scenario and of its designs
 * @throws EnsembleError `engine` for an unknown engine, and where `compiled` is asked for and not possible
 */
export function dataScenario(
  input: ScenarioInput,
  own: OwnParts = {},
  options: { readonly engine?: Engine } = {},
): RunnableScenario {
  assertOwnParts(own);
  assertKnownOptions(options, ["engine"]);
  const { engine = "auto" } = options;
  assertWord("engine", "engine", engine, engines);
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
  const compiled = new Map<string, CompiledDesign>();
  const compiledOf = (name: string): CompiledDesign => {
    let design = compiled.get(name);
    if (design === undefined) {
      design = new CompiledDesign(scenarioOf(designs, name), own);
      compiled.set(name, design);
    }
    return design;
  };
  const engineOf: RunnableScenario["engineOf"] = (name) => {
    if (engine === "simulator") {
      return { engine, reason: "asked for", states: 0, transitions: 0 };
    }
    const design = compiledOf(name);
    for (let seed = 0; seed < probes; seed++) design.simulate(seed);
    return design.report();
  };
  if (engine === "compiled") {
    for (const name of designs.keys()) refuseSimulator(name, engineOf(name).reason);
  }
  return {
    designs: [...designs.keys()],
    engineOf,
    source: canonicalJson([
      scenario,
      Object.keys(own.measures ?? {}),
      Object.keys(own.properties ?? {}),
    ]),
    addTo: (columns, design, seed) =>
      engine !== "simulator" && compiledOf(design).addTo(columns, seed),
    simulate: (design, seed) => {
      const outcome = engine === "simulator" ? undefined : compiledOf(design).simulate(seed);
      return outcome ?? runFuture(designOf(design), seed).outcome;
    },
    factsOf: (design, seed) => {
      const facts: string[] = [];
      const { outcome } = runFuture(designOf(design), seed, {
        onEntry: (entry) => {
          facts.push(JSON.stringify(entry));
        },
      });
      return digest(JSON.stringify(facts) + JSON.stringify(outcome));
    },
  };
}

function refuseSimulator(design: string, reason: string | undefined): void {
  if (reason === undefined) return;
  const allowed = "auto or simulator";
  const message = `design ${design} cannot be compiled: ${reason}; allowed: ${allowed}`;
  throw new EnsembleError("engine", message, { field: "engine", value: "compiled", allowed });
}

function scenarioOf(designs: ReadonlyMap<string, Scenario>, name: string): Scenario {
  const scenario = designs.get(name);
  if (scenario !== undefined) return scenario;
  throw unknownName("design", name, [...designs.keys()]);
}

import { baseDesign, designsOf } from "../../scenario/format/designs.js";
import { scenario as parseScenario } from "../../scenario/format/parseScenario.js";
import type { Scenario, ScenarioInput } from "../../scenario/format/scenario.js";
import type { JsonObject } from "../../wire/json.js";
import type { Engine } from "../compiled/engine.js";
import { canonicalJson, digest } from "../ensemble/canonicalJson.js";
import { unknownName } from "../ensemble/ensembleError.js";
import type { Outcome } from "../ensemble/outcome.js";
import type { RunnableScenario } from "../ensemble/runnableScenario.js";
import { forcedRoot } from "./forcedExcursions.js";
import { rareEventsOf } from "./rareEvent.js";
import type { RareLevel } from "./rareLevel.js";
import type { RareHit, RareWorld, RootOutcome } from "./rareWorld.js";
import { restartRoot } from "./restart.js";
import { RootWorlds } from "./rootWorlds.js";

/** A method for roots. */
export type RareMethod = "forced" | "restart";

/** All methods. */
export const rareMethods: readonly RareMethod[] = ["forced", "restart"];

/** Everything that fixes what a root comes to, but for its seed: plain data, the same for every worker. */
export interface RareSetup {
  readonly scenario: ScenarioInput;
  /** A design of the scenario. */
  readonly design: string;
  /** The name of an expectation. */
  readonly event: string;
  readonly level: RareLevel;
  readonly method: RareMethod;
  /** Copies at each departure and each higher level, of forced excursions. */
  readonly copies: number;
  /** Scale of the time to the next failure in a forced excursion, in ms. */
  readonly scaleMs: number;
  /** Shape of that time. */
  readonly shape: number;
  /** Factors of RESTART, from level 1 on. */
  readonly factors: readonly number[];
  /** How roots are computed; their values are the same either way. */
  readonly engine: Engine;
}

/** Builds the worlds of a setup. */
function worldsOf({ scenario: input, design, event: name, level, engine }: RareSetup): RootWorlds {
  const scenario = scenarioOfDesign(parseScenario(input), design);
  const [event] = rareEventsOf(scenario, name);
  if (event === undefined) throw new RangeError("rareEventsOf returns one event or throws");
  return new RootWorlds({ scenario, event, level, engine });
}

/**
 * Returns a design of a scenario.
 * @throws EnsembleError `design-name`
 */
export function scenarioOfDesign(scenario: Scenario, design: string): Scenario {
  const designs = designsOf(scenario);
  const found = designs.find(({ name }) => name === design);
  if (found !== undefined) return found.scenario;
  throw unknownName(
    "design",
    design,
    designs.map(({ name }) => name),
  );
}

/** Runs the root of a seed from its beginning. */
export function runRoot(
  world: RareWorld,
  { scenario, event, method, copies, scaleMs, shape, factors }: RareSetup,
  { seed: number, onHit }: { readonly seed: number; readonly onHit?: (hit: RareHit) => void },
): RootOutcome {
  const seed = String(number);
  const listened = onHit === undefined ? { seed } : { seed, onHit };
  if (method === "restart") return restartRoot(world, { ...listened, factors });
  // What a measure counts, such as lost data, follows within seconds of the last failure: another try of it costs more time
  // than it gains.
  const splits = !("share" in (scenario.expect?.[event] ?? {}));
  return forcedRoot(world, { ...listened, copies, scaleMs, shape, splits });
}

/** Makes a setup ready to be run: a future of it is a root. */
export function rareScenario(setup: RareSetup, known?: RootWorlds): RunnableScenario {
  let worlds = known;
  const simulate = (_: string, seed: number): Outcome => {
    worlds ??= worldsOf(setup);
    return worlds.use((begin) => {
      const world = begin(seed);
      const outcome = runRoot(world, setup, { seed });
      world.release?.();
      return { ...outcome };
    });
  };
  return {
    designs: [baseDesign],
    source: canonicalJson(setup as unknown as JsonObject),
    simulate,
    factsOf: (design, seed) => digest(JSON.stringify(simulate(design, seed))),
  };
}

import { baseDesign, designsOf } from "../../scenario/format/designs.js";
import { scenario as parseScenario } from "../../scenario/format/parseScenario.js";
import type { Scenario, ScenarioInput } from "../../scenario/format/scenario.js";
import type { JsonObject } from "../../wire/json.js";
import { canonicalJson, digest } from "../ensemble/canonicalJson.js";
import { EnsembleError } from "../ensemble/ensembleError.js";
import type { Outcome, PlayableScenario } from "../ensemble/playableScenario.js";
import { forcedRoot } from "./forcedExcursions.js";
import { rareEventsOf } from "./rareEvent.js";
import type { RareLevel } from "./rareLevel.js";
import type { RootOutcome } from "./rareWorld.js";
import { restartRoot } from "./restart.js";
import { prepareQuestion, type RareQuestion, worldOf } from "./scenarioWorld.js";

/** How roots are run. */
export type RareMethod = "forced" | "restart";

/** Everything that fixes what a root comes to, but for its seed: plain data, the same for every worker. */
export interface RareSetup {
  readonly scenario: ScenarioInput;
  /** A design of the scenario. */
  readonly design: string;
  /** The name of an expectation. */
  readonly event: string;
  readonly level: RareLevel;
  readonly method: RareMethod;
  /** Copies at each departure, of forced excursions. */
  readonly copies: number;
  /** Scale of the time to the next failure in a forced excursion, in ms. */
  readonly scaleMs: number;
  /** Shape of that time. */
  readonly shape: number;
  /** Factors of RESTART, from level 1 on. */
  readonly factors: readonly number[];
}

/** Builds the question of a setup. */
export function questionOf(setup: RareSetup): RareQuestion {
  const { design, event: name, level } = setup;
  const scenario = scenarioOfDesign(parseScenario(setup.scenario), design);
  const [event] = rareEventsOf(scenario, name);
  if (event === undefined) throw new RangeError("rareEventsOf returns one event or throws");
  return prepareQuestion(scenario, event, level);
}

/**
 * Returns a design of a scenario.
 * @throws EnsembleError `design-name`
 */
export function scenarioOfDesign(scenario: Scenario, design: string): Scenario {
  const designs = designsOf(scenario);
  const found = designs.find(({ name }) => name === design);
  if (found !== undefined) return found.scenario;
  const allowed = designs.map(({ name }) => name).join(", ");
  throw new EnsembleError("design-name", `design ${design} not found; allowed: ${allowed}`, {
    field: "design",
    value: design,
    allowed,
  });
}

/** Runs one root of a question. */
export function runRoot(question: RareQuestion, setup: RareSetup, seed: number): RootOutcome {
  const world = worldOf(question, seed);
  const name = String(seed);
  const { method, copies, scaleMs, shape, factors } = setup;
  return method === "forced"
    ? forcedRoot(world, { seed: name, copies, scaleMs, shape })
    : restartRoot(world, { seed: name, factors });
}

/** Makes a setup ready to be played: a future of it is a root. */
export function rareScenario(setup: RareSetup): PlayableScenario {
  let question: RareQuestion | undefined;
  const play = (_: string, seed: number): Outcome => {
    question ??= questionOf(setup);
    return { ...runRoot(question, setup, seed) };
  };
  return {
    designs: [baseDesign],
    source: canonicalJson(setup as unknown as JsonObject),
    play,
    factsOf: (design, seed) => digest(JSON.stringify(play(design, seed))),
  };
}

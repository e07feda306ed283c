import { baseDesign } from "../../scenario/format/designs.js";
import type { Journal } from "../../simulator/serialization.js";
import { assertRareAnswer } from "../assertInput.js";
import { withoutOthers } from "./compiledQuestion.js";
import type { RareAnswer } from "./estimateRare.js";
import { runRoot } from "./rareScenario.js";
import type { RareHit } from "./rareWorld.js";
import { prepareQuestion, ScenarioWorld, worldOf } from "./scenarioWorld.js";

/** A path to the event, to look at: that of a root with a large value that counts for most. */
export interface RareExhibit {
  /** Seed of the root. */
  readonly seed: number;
  /** Value of the root. */
  readonly value: number;
  /** Share of the sum of all roots that this root has. */
  readonly share: number;
  /** Virtual time at which the path left health. */
  readonly departedAt: number;
  /** Virtual time of the event. */
  readonly happenedAt: number;
  /** Virtual time of time 0. */
  readonly start: number;
  readonly journal: Journal;
}

/** Returns paths of the roots with the largest values. The simulator runs these roots again, with a journal. */
export function rareExhibits(answer: RareAnswer, count = 3): readonly RareExhibit[] {
  assertRareAnswer(answer);
  const { results, shards, setup, event, scenario } = answer;
  if (results === null) return [];
  const { values, seeds } = results.column(baseDesign, "value", shards);
  const places = [...values.keys()].filter((at) => (values[at] ?? 0) > 0);
  const largest = places
    .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b)
    .slice(0, count);
  if (largest.length === 0) return [];
  const sum = values.reduce((total, value) => total + value, 0);
  const own = withoutOthers(scenario, event);
  const question = prepareQuestion(own, event, setup.level, { journal: true });
  return largest.flatMap((at) => {
    const [seed = 0, value = 0] = [seeds[at], values[at]];
    const hits: RareHit[] = [];
    const world = worldOf(question, seed);
    runRoot(world, setup, { seed, onHit: (hit) => hits.push(hit) });
    const [hit] = hits.sort((a, b) => b.weight - a.weight);
    if (hit === undefined || !(hit.world instanceof ScenarioWorld)) return [];
    const { now: happenedAt } = hit.world;
    const { departedAt } = hit;
    const { start } = question.prepared;
    const share = value / sum;
    return [{ seed, value, share, departedAt, happenedAt, start, journal: hit.world.journal() }];
  });
}

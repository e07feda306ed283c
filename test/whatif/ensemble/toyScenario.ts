import { finish, mix } from "../../../src/collections/murmur3.js";
import type { Outcome } from "../../../src/whatif/ensemble/outcome.js";
import {
  type EnsemblePlan,
  prepareEnsemble,
} from "../../../src/whatif/ensemble/prepareEnsemble.js";
import type { RunnableScenario } from "../../../src/whatif/ensemble/runnableScenario.js";

/** A number from 0 to 1 that depends on the seed alone. */
export const draw = (seed: number, what: number): number =>
  finish(mix(mix(3, seed), what)) / 0x1_0000_0000;

/** A scenario without a simulator: two designs that share their faults, one measure that is a list. */
export function toyScenario(changes: Partial<RunnableScenario> = {}): RunnableScenario {
  return {
    designs: ["as it is", "slow"],
    source: "toy",
    simulate: (design, seed): Outcome => {
      const faults = Math.floor(draw(seed, 0) * 5);
      const cost = design === "slow" ? 60_000 : 20_000;
      const interruptions = Array.from(
        { length: faults },
        (_, at) => cost * (0.5 + draw(seed, at + 1)),
      );
      return {
        down: interruptions.reduce((sum, each) => sum + each, 0),
        interruptions,
        lost: draw(seed, 9) < 0.1 ? 100 * draw(seed, 10) : 0,
      };
    },
    factsOf: (design, seed) => JSON.stringify([design, seed]),
    ...changes,
  };
}

export function prepareToy(plan: Partial<EnsemblePlan> = {}, scenario = toyScenario()) {
  return prepareEnsemble(
    { scenario: { data: null }, futures: 200, shardSize: 20, ...plan },
    () => scenario,
  );
}

/** The same list, in an order that the seed gives. */
export function shuffled<T>(list: readonly T[], seed: number): readonly T[] {
  return list
    .map((each, at) => ({ each, key: draw(seed, at) }))
    .sort((a, b) => a.key - b.key)
    .map(({ each }) => each);
}

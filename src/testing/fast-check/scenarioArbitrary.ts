import fc from "fast-check";
import type { CommandType } from "../../model/commandTypes.js";
import { type OptionRules, parseOptions } from "../../model/schema/entryPointOptions.js";
import { isRecord } from "../../model/schema/plainData.js";
import type { Scenario, StepOf } from "../../scenario/index.js";
import { scenario as parsedScenario } from "../../scenario/index.js";
import { defaultSettings } from "../../simulator/options.js";
import { draftArbitrary, draftRules, type FaultChoice, readFaultChoice } from "./draftArbitrary.js";
import { stepsOf } from "./scenarioSteps.js";
import type { StepDrafts } from "./stepDrafts.js";

/** Options of generated scenarios. */
export interface RandomScenarioOptions {
  /** Options of the simulated service: its seed, latency, limits and so on. */
  readonly world?: NonNullable<Scenario["world"]>;
  /** Resources that exist at time 0, by name; steps refer to them. Default: none. */
  readonly topology?: NonNullable<Scenario["topology"]>;
  /** Commands that occur. Default: all commands. */
  readonly commands?: readonly CommandType[];
  /** Faults to inject, their share and their targets; needs the command `injectFault`. */
  readonly faults?: FaultChoice;
  /** Maximum number of steps. Default 40. */
  readonly maxSteps?: number;
  /** Accounts that issue commands beside that of the world. Default: none. */
  readonly accounts?: readonly string[];
  /** Whether the service may refuse every request for a while. Default false. */
  readonly outages?: boolean;
  /** Whether a scenario may continue in a fork or a restored snapshot. Default false. */
  readonly worlds?: boolean;
}

/**
 * Generates random scenarios: commands, faults and moves of time after a topology. Run one with `runScenario`, whose
 * `afterStep` is the place to call the code under test. What a step creates has a label, and other steps refer to it by
 * that: a failing scenario shrinks by leaving steps out and by shortening times, and every name keeps its meaning.
 *
 * @example
 * ```ts
 * import fc from "fast-check";
 * import { runScenario } from "replication-simulator/scenario";
 * import { expectNoBrokenInvariants } from "replication-simulator/testing";
 * import { scenarioArbitrary, scenarioReporter } from "replication-simulator/testing/fast-check";
 *
 * const scenarios = scenarioArbitrary({
 *   topology: { orders: { kind: "group", replicas: 2 } },
 *   faults: { kinds: ["crash", "hang"], share: 0.5, targets: ["source"] },
 * });
 * const property = fc.property(scenarios, (scenario) => {
 *   expectNoBrokenInvariants(runScenario(scenario).sim);
 * });
 * fc.assert(property, { numRuns: 20, reporter: scenarioReporter() });
 * ```
 * @param given - topology, commands, faults and length
 * @returns an arbitrary of scenarios
 * @throws InvalidInputError `scenario-options`, `known-field`
 */
export function scenarioArbitrary(given: RandomScenarioOptions = {}): fc.Arbitrary<Scenario> {
  const options = parseOptions(given, rules, { field: "options", rule: "scenario-options" });
  const { world, topology, commands, faults, maxSteps = 40, accounts, outages, worlds } = options;
  const base = parsedScenario({
    scenario: 1,
    ...(world === undefined ? {} : { world }),
    ...(topology === undefined ? {} : { topology }),
  });
  const drafts = draftArbitrary({
    lengthMax: maxSteps,
    ...(commands === undefined ? {} : { commands }),
    ...(faults === undefined ? {} : { faults: readFaultChoice(faults) }),
    ...(accounts === undefined ? {} : { accounts }),
    ...(outages === undefined ? {} : { outages }),
    ...(worlds === undefined ? {} : { worlds }),
    ...(world?.limits === undefined ? {} : { limits: world.limits }),
  });
  return new ScenarioArbitrary(base, drafts);
}

const object = { expected: "an object", accepts: isRecord };
const rules: OptionRules<RandomScenarioOptions> = {
  world: object,
  topology: object,
  commands: draftRules.commands,
  faults: draftRules.faults,
  maxSteps: draftRules.lengthMax,
  accounts: draftRules.accounts,
  outages: draftRules.outages,
  worlds: draftRules.worlds,
};

/** Shrinks scenarios instead of drafts, so that the remaining steps keep their labels. */
class ScenarioArbitrary extends fc.Arbitrary<Scenario> {
  readonly #base: Scenario;
  readonly #drafts: fc.Arbitrary<StepDrafts>;

  constructor(base: Scenario, drafts: fc.Arbitrary<StepDrafts>) {
    super();
    this.#base = base;
    this.#drafts = drafts;
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<Scenario> {
    const { topology = {}, world = {} } = this.#base;
    const { accountId = defaultSettings.accountId } = world;
    const drafts = this.#drafts.generate(random, biasFactor).value;
    const steps = stepsOf(drafts, topology, accountId);
    return new fc.Value({ ...this.#base, steps }, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Scenario {
    return isRecord(value) && value["scenario"] === 1;
  }

  override shrink(value: Scenario): fc.Stream<fc.Value<Scenario>> {
    return fc.stream(smaller(value)).map((scenario) => new fc.Value(scenario, undefined));
  }
}

/** Yields the scenario without some of its steps, many first, then with shorter waits. */
function* smaller(scenario: Scenario): Generator<Scenario, undefined> {
  const { steps = [] } = scenario;
  for (let count = steps.length; count >= 1; count = Math.floor(count / 2)) {
    for (let from = 0; from < steps.length; from += count) {
      yield { ...scenario, steps: [...steps.slice(0, from), ...steps.slice(from + count)] };
    }
  }
  for (const [at, step] of steps.entries()) {
    for (const shorter of shorterWaits(step)) {
      yield { ...scenario, steps: steps.map((other, index) => (index === at ? shorter : other)) };
    }
  }
  return undefined;
}

function* shorterWaits(step: StepOf<number>): Generator<StepOf<number>> {
  const { do: action } = step;
  if (typeof action !== "object" || !("advance" in action)) return;
  for (let less = action.advance; less >= 1; less = Math.floor(less / 2)) {
    yield { ...step, do: { advance: action.advance - less } };
  }
}

import { InvalidInputError } from "../../model/errors.js";
import type { Scenario } from "../../scenario/format/scenario.js";
import { planSteps } from "../../scenario/run/planSteps.js";
import type { PreparedScenario } from "../../scenario/run/prepare.js";
import { type OwnParts, prepareDesign } from "../future/design.js";
import { missesBound } from "../future/missesBound.js";
import { type Future, isStepName, runFuture } from "../future/runFuture.js";

/** Failure of a future: the broken expectation and its time. */
export interface Failure {
  /** The name of the expectation; `exception` for an error that was thrown. */
  readonly expectation: string;
  /** Time since time 0, in ms. */
  readonly at: number;
  readonly message: string;
}

/** The name of the failure that is an error. */
export const exceptionName = "exception";

/** Runs candidates and says whether they fail in the one way that is shrunk. Counts the runs. */
export class FailureCheck {
  readonly expectation: string;
  readonly maxRuns: number;
  runs = 0;
  readonly #own: OwnParts;
  /** The error that is shrunk: the first one that was thrown. */
  #error: string | undefined;
  readonly #known = new Map<string, Failure | undefined>();
  readonly #bases = new Map<string, PreparedScenario>();

  constructor(expectation: string, options: { readonly own: OwnParts; readonly maxRuns: number }) {
    this.expectation = expectation;
    this.#own = options.own;
    this.maxRuns = options.maxRuns;
  }

  /** Whether no more runs are left. */
  get isExhausted(): boolean {
    return this.runs >= this.maxRuns;
  }

  /** The failure of a candidate; undefined where it holds, is no scenario, or no run is left. */
  of(scenario: Scenario, seed: number): Failure | undefined {
    const key = JSON.stringify([scenario, seed]);
    if (this.#known.has(key)) return this.#known.get(key);
    if (this.isExhausted) return undefined;
    this.runs += 1;
    const failure = this.#run(scenario, seed);
    this.#known.set(key, failure);
    return failure;
  }

  #run(scenario: Scenario, seed: number): Failure | undefined {
    const { expectation } = this;
    let future: Future;
    try {
      const design = prepareDesign(scenario, this.#own);
      future = runFuture({ ...design, prepared: this.#baseOf(scenario, design.prepared) }, seed);
    } catch (error) {
      if (expectation !== exceptionName || !this.#isSame(error)) return undefined;
      return { expectation, at: scenario.horizon ?? 0, message: String(error) };
    }
    return failureOf(expectation, scenario, future);
  }

  /** Whether an error is the one that is shrunk. A candidate that is no scenario has errors of its own. */
  #isSame(error: unknown): boolean {
    if (error instanceof InvalidInputError) return false;
    const kind = kindOf(error);
    this.#error ??= kind;
    return this.#error === kind;
  }

  /** The world at time 0 depends on world and topology alone: candidates share it. */
  #baseOf(scenario: Scenario, fresh: PreparedScenario): PreparedScenario {
    const key = JSON.stringify([scenario.world, scenario.topology]);
    const known = this.#bases.get(key);
    if (known === undefined) this.#bases.set(key, fresh);
    const { initialCommands } = fresh;
    return { ...(known ?? fresh), scenario, plan: planSteps(scenario), initialCommands };
  }
}

/** An error without ids, times and counts, which differ from candidate to candidate. */
function kindOf(error: unknown): string {
  return String(error).replaceAll(/[\w-]*\d[\w.-]*/g, "#");
}

/** Returns how a future breaks an expectation; undefined where it does not. */
export function failureOf(
  expectation: string,
  { expect = {} }: Scenario,
  { outcome, violations, run }: Future,
): Failure | undefined {
  // Steps that are left out change the number of the step that checks.
  const isCheck = expect[expectation] === undefined && isStepName(expectation);
  const violation = violations.find(
    (one) => one.expectation === expectation || (isCheck && isStepName(one.expectation)),
  );
  if (violation !== undefined) return violation;
  const bound = expect[expectation];
  if (bound === undefined || !missesBound(bound, outcome)) return undefined;
  const at = run.sim.now - run.start;
  return { expectation, at, message: `this future misses ${expectation}` };
}

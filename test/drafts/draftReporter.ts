import type fc from "fast-check";
import type { StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { draftsAsTest, type PrintOptions, type SerializableOptions } from "./draftsAsTest.js";

/** How a failing draft is reported. */
export interface ReporterOptions<Ts> extends PrintOptions {
  /** The options of the simulator that a draft was run in: fixed, or made from the generated values. */
  readonly simulator?: SerializableOptions | ((generated: Ts) => SerializableOptions);
  /** The draft to print; default the first list among the generated values. */
  readonly draft?: (generated: Ts) => StepDrafts;
}

/**
 * A reporter for `fc.assert`: a property that fails throws an Error whose message holds the shrunk draft as a test to
 * paste, and the seed and path that replay the search.
 * @throws Error when the property failed
 */
export function draftReporter<Ts extends readonly unknown[]>({
  simulator = {},
  draft = firstList,
  ...print
}: ReporterOptions<Ts> = {}): (run: fc.RunDetails<Ts>) => void {
  return (run) => {
    if (!run.failed) return;
    const { counterexample, seed, counterexamplePath, numRuns, numShrinks, errorInstance } = run;
    const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    if (counterexample === null) {
      throw new Error(`no counterexample after ${String(numRuns)} runs: ${why}`);
    }
    const options = typeof simulator === "function" ? simulator(counterexample) : simulator;
    const replay = `{ seed: ${String(seed)}, path: ${JSON.stringify(counterexamplePath)} }`;
    throw new Error(
      [
        `a draft failed after ${String(numRuns)} runs and was shrunk ${String(numShrinks)} times: ${why}`,
        `fc.assert(..., ${replay}) searches the same way again; this test does what the draft does:`,
        "",
        draftsAsTest(draft(counterexample), options, print),
      ].join("\n"),
      { cause: errorInstance },
    );
  };
}

function firstList(generated: readonly unknown[]): StepDrafts {
  return (generated.find((value) => Array.isArray(value)) ?? []) as StepDrafts;
}

import type { Scenario, StepOf } from "replication-simulator/scenario";
import { describe, expect, test } from "vitest";
import { missesBound } from "../../src/whatif/future/missesBound.js";
import { type FailingScenario, roundDurations } from "../../src/whatif/shrink/roundDurations.js";

const second = 1000;
const minute = 60 * second;

/** Faults at times, some for a duration, and a rest until the horizon. */
interface Line {
  readonly faults: readonly (readonly [at: number, lasts?: number])[];
  readonly horizon: number;
}

function scenarioOf({ faults, horizon }: Line): Scenario {
  const steps = faults.map(([at, lasts]) => ({
    at,
    do: { fault: "crash", of: "a", ...(lasts === undefined ? {} : { for: lasts }) },
  })) as readonly StepOf<number>[];
  return { scenario: 1, steps, horizon };
}

function lineOf({ steps = [], horizon = 0 }: Scenario): Line {
  const faults = steps.map(({ at = 0, do: action }): readonly [number, number?] => {
    const lasts = (action as { readonly for?: number }).for;
    return lasts === undefined ? [at] : [at, lasts];
  });
  return { faults, horizon };
}

/** The line after its durations were rounded, as long as it fails. */
function rounded(line: Line, fails: (candidate: Line) => boolean): Line {
  class Failing implements FailingScenario {
    scenario = scenarioOf(line);
    get steps(): readonly StepOf<number>[] {
      return this.scenario.steps ?? [];
    }
    withSteps(steps: readonly StepOf<number>[], horizon?: number): Scenario {
      return { ...this.scenario, steps, ...(horizon === undefined ? {} : { horizon }) };
    }
    take(candidate: () => Scenario | undefined): boolean {
      const found = candidate();
      if (found === undefined || !fails(lineOf(found))) return false;
      this.scenario = found;
      return true;
    }
  }
  const failing = new Failing();
  roundDurations(failing);
  return lineOf(failing.scenario);
}

describe("durations of a failing scenario", () => {
  test("go where nothing depends on them, and what follows moves along", () => {
    expect(
      rounded(
        {
          faults: [
            [123_456, 98_765],
            [200_000, 5],
          ],
          horizon: 300_000,
        },
        () => true,
      ),
    ).toEqual({ faults: [[0], [0]], horizon: 100_000 });
  });

  test("become the shortest round gap and duration that still fail", () => {
    const gap = rounded({ faults: [[0], [3_723_456]], horizon: 4_000_000 }, ({ faults }) => {
      const [[first = 0] = [], [next = 0] = []] = faults;
      return next - first >= 61 * second;
    });
    expect(gap).toEqual({ faults: [[0], [10 * minute]], horizon: 10 * minute + 276_544 });
    const lasting = rounded({ faults: [[0, 3_723_456]], horizon: 1 }, ({ faults }) => {
      const [[, lasts = 0] = []] = faults;
      return lasts > 10 * second;
    });
    expect(lasting.faults).toEqual([[0, minute]]);
    const exact = rounded({ faults: [[0, 3_723_456]], horizon: 1 }, ({ faults }) => {
      const [[, lasts = 0] = []] = faults;
      return lasts >= minute;
    });
    expect(exact.faults).toEqual([[0, minute]]);
  });

  test("stay where only they fail", () => {
    const line: Line = { faults: [[7001, 5003], [20_011]], horizon: 30_000 };
    const isSame = (candidate: Line): boolean => JSON.stringify(candidate) === JSON.stringify(line);
    expect(rounded(line, isSame)).toEqual(line);
  });

  test("become round together where one alone would not fail", () => {
    // The second fault comes at the end of the first one, to the ms.
    const together = rounded(
      { faults: [[0, 92_000], [92_000]], horizon: 100_000 },
      ({ faults }) => {
        const [[at = 0, lasts = 0] = [], [next = 0] = []] = faults;
        return lasts >= minute && next === at + lasts;
      },
    );
    const [[, lasts = 0] = [], [next = 0] = []] = together.faults;
    expect(next).toBe(lasts);
    expect(lasts % minute).toBe(0);
    expect(together.horizon).toBe(next + 8000);
  });
});

describe("one future alone misses a bound", () => {
  const outcome = { n: 5, list: [2, 4], none: [] };
  test.each([
    [{ mean: "n", atMost: 5 }, false],
    [{ mean: "n", atMost: 4.9 }, true],
    [{ mean: "n", atLeast: 5 }, false],
    [{ mean: "n", atLeast: 5.1 }, true],
    [{ mean: "n", atMost: 9, atLeast: 6 }, true],
    [{ mean: "list", atMost: 5 }, true],
    [{ mean: "list", atMost: 6 }, false],
    [{ mean: "none", atLeast: 1 }, true],
    [{ quantile: 0.5, of: "list", atMost: 4 }, false],
    [{ quantile: 0.5, of: "list", atMost: 3 }, true],
    [{ quantile: 0.5, of: "none", atLeast: 3 }, false],
    [{ share: "list", above: 6, atMost: 0.1 }, false],
    [{ share: "list", above: 5, atMost: 0.1 }, true],
    [{ share: "n", above: 4, atLeast: 0.1 }, false],
    [{ share: "n", above: 5, atLeast: 0.1 }, true],
    [{ share: "n", above: 4, atMost: 0.5, atLeast: 0.1 }, true],
    [{ share: "n", above: 5, atMost: 0.5, atLeast: 0.1 }, false],
    [{ mean: "other", atMost: 1 }, false],
    [{ never: "noCopy", of: "a" }, false],
    [{ holds: "recovers" }, false],
  ] as const)("%j: %j", (expectation, misses) => {
    expect(missesBound(expectation, outcome)).toBe(misses);
  });
});

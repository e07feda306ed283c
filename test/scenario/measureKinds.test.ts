import { InvalidInputError } from "replication-simulator";
import { type MeasureKind, measureKinds, scenario } from "replication-simulator/scenario";
import { formatScenario } from "replication-simulator/scenario-file";
import { describe, expect, test } from "vitest";

/* What a scenario file takes of each measure that is built in, as docs/measures.md describes them. */

describe("of all measures", () => {
  test("those of writes are refused where nothing is written", () => {
    expect(measureKinds.filter((measure) => isRefused({ measure }, {}))).toEqual([
      "lostTransactions",
      "recoveryPoint",
      "semiSyncOff",
      "commitsStalled",
      "lag",
    ]);
  });

  test("those of a thing as a whole are refused for one of its instances", () => {
    expect(measureKinds.filter((measure) => isRefused({ measure, of: "orders.1" }))).toEqual([
      "lostTransactions",
      "recoveryPoint",
      "recoveryTime",
      "failovers",
      "failoverTime",
      "abortedFailovers",
      "backupAge",
      "operatorActions",
      "refused", // takes no `of` at all
    ]);
  });

  test("those of time are bounded by durations, the others by numbers", () => {
    const ofTime = measureKinds.filter((measure) =>
      /atMost: 1m\b/.test(formatScenario(questionOf({ measure }))),
    );
    expect(ofTime).toEqual([
      "writesDown",
      "readsDown",
      "interruptions",
      "recoveryPoint",
      "recoveryTime",
      "failoverTime",
      "degraded",
      "noCopy",
      "semiSyncOff",
      "commitsStalled",
      "lag",
      "backupAge",
    ]);
  });
});

interface Measured {
  readonly measure: MeasureKind;
  readonly of?: string;
}

function questionOf(measured: Measured, writes: object = { writes: { perSecond: 100 } }) {
  return scenario({
    scenario: 1,
    topology: { orders: { kind: "group", ...writes } },
    horizon: "1d",
    measures: { measured },
    expect: { bound: { mean: "measured", atMost: 60_000 } },
  });
}

function isRefused(measured: Measured, writes?: object): boolean {
  try {
    questionOf(measured, writes);
    return false;
  } catch (error) {
    if (error instanceof InvalidInputError) return true;
    throw error;
  }
}

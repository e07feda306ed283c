import { documentedLatency } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { durationOf } from "../../src/kernel/distribution.js";
import { type DrawKey, KeyedRandom } from "../../src/kernel/keyedRandom.js";
import { drawDuration, jitterOf } from "../../src/kernel/latency.js";
import { type Distribution, durationMsMax } from "../../src/model/distributions.js";
import { nextSlot, weekdayOf } from "../../src/service/schedules/scheduleTimes.js";
import { LawTable, workLaw } from "../../src/whatif/compiled/lawTable.js";

/*
 * How long things take: what a draw of 32 bits stands for in each distribution, and what the jitter makes of it.
 */

const draws = 2 ** 32;
const shares = [0, 0.001, 0.25, 0.5, 0.632, 0.9, 0.999] as const;

test("the documented durations are those of the documents (§6.2), in ms", () => {
  expect(documentedLatency).toEqual({
    build: 35_000,
    buildReplica: 55_000,
    restart: 3_000,
    reboot: 5_000,
    resizeFlavor: 60_000,
    resizeVolume: 15_000,
    detach: 5_000,
    promote: 5_000,
    delete: 10_000,
    startMemberBuild: 74_000,
    leaveGroup: 8_000,
    connect: 191_000,
    convert: 120_000,
    detectFailure: 9_000,
    failover: 11_000,
    forceFailover: 11_000,
    disableFailover: 1_000,
    enableFailover: 1_000,
    updateProxyNodes: 5_000,
    startBackup: 500,
    runBackup: 6_000,
    backupPerGb: 10_000,
    restorePerGb: 10_000,
    buildReplicaPerGb: 20_000,
    receiveLag: 1_000,
    applyLag: 1_000,
    acknowledgementTimeout: 10_000,
    deleteBackup: 1_000,
  });
});

describe("a draw stands for", () => {
  test("the same duration always, where one number is given", () => {
    for (const draw of [0, draws - 1]) expect(durationOf(250, draw)).toBe(250);
  });

  test("each whole ms between two bounds, evenly, both included", () => {
    const even = { from: 10, to: 13 };
    expect(
      [0, draws / 4 - 1, draws / 4, draws / 2, (draws * 3) / 4, draws - 1].map((draw) =>
        durationOf(even, draw),
      ),
    ).toEqual([10, 10, 11, 12, 13, 13]);
  });

  test("one of those that were measured, each as likely", () => {
    const measured: Distribution = { kind: "empirical", ms: [5, 7, 90] };
    expect(
      [0, Math.floor(draws / 3), draws / 2, draws - 1].map((draw) => durationOf(measured, draw)),
    ).toEqual([5, 5, 7, 90]);
    expect(durationOf(measured, Math.ceil((draws * 2) / 3))).toBe(90);
  });

  test.each(shares)("the quantile of its share, where a distribution has a shape: %d", (share) => {
    const draw = share * draws;
    const middle = (draw + 0.5) / draws;
    const waiting = -Math.log(1 - middle);
    expect(durationOf({ kind: "exponential", meanMs: 1_000_000 }, draw)).toBe(
      Math.round(1_000_000 * waiting),
    );
    for (const shape of [0.5, 1, 3]) {
      expect(durationOf({ kind: "weibull", scaleMs: 1_000_000, shape }, draw)).toBe(
        Math.round(1_000_000 * waiting ** (1 / shape)),
      );
    }
  });

  test("less and more than the median alike, where its logarithm is normal", () => {
    const lognormal: Distribution = { kind: "lognormal", medianMs: 1_000_000, sigma: 0.5 };
    expect(durationOf(lognormal, draws / 2)).toBe(1_000_000);
    // 84.134 % are below one standard deviation, 15.866 % below minus one.
    const one = 0.841344746068543;
    expect(durationOf(lognormal, one * draws) / 1_000_000).toBeCloseTo(Math.exp(0.5), 5);
    expect(durationOf(lognormal, (1 - one) * draws) / 1_000_000).toBeCloseTo(Math.exp(-0.5), 5);
  });

  test("317 years at most", () => {
    const endless: Distribution = { kind: "weibull", scaleMs: durationMsMax, shape: 0.1 };
    expect(durationOf(endless, draws - 1)).toBe(durationMsMax);
  });
});

describe("the jitter", () => {
  const chance = new KeyedRandom(7);
  /** The least and the most of a thousand draws. */
  function range(duration: Distribution, jitter: number): readonly [number, number] {
    const drawn = Array.from({ length: 1_000 }, (_, sequence) => {
      const key: DrawKey = { purpose: "duration", key: "0".repeat(32), sequence };
      return drawDuration(duration, { chance, key, jitter });
    });
    return [Math.min(...drawn), Math.max(...drawn)];
  }

  test("of 0 leaves durations alone", () => {
    expect(range(20, 0)).toEqual([20, 20]);
    expect(range({ from: 10, to: 30 }, 0)).toEqual([10, 30]);
  });

  test("spreads what is fixed by its share to both sides", () => {
    expect(range(20, 0.25)).toEqual([15, 25]);
    expect(range(20, 1)).toEqual([0, 40]);
  });

  test("widens what is even by its share, to no less than nothing", () => {
    expect(range({ from: 10, to: 30 }, 0.5)).toEqual([5, 35]);
    expect(range({ from: 2, to: 22 }, 0.5)).toEqual([0, 27]);
  });

  test("makes no duration longer than the longest, and compiled futures draw the same", () => {
    const laws = new LawTable();
    const longest = { from: durationMsMax - 1000, to: durationMsMax };
    for (const duration of [durationMsMax - 10, longest] as const) {
      const [least, most] = range(duration, 1);
      expect(least).toBeLessThan(durationMsMax);
      expect(most).toBe(durationMsMax);
      expect(laws.durationOf(laws.numberOf(workLaw(duration, 1)), draws - 1)).toBe(durationMsMax);
    }
  });

  test("leaves what has a shape of its own alone", () => {
    const measured: Distribution = { kind: "empirical", ms: [5, 90] };
    expect(range(measured, 1)).toEqual([5, 90]);
  });

  test("is half for detection and promotion wherever there is any (§6.2)", () => {
    expect(
      ["detectFailure", "failover", "build"].map((task) => jitterOf(task as never, 0.1)),
    ).toEqual([0.5, 0.5, 0.1]);
    expect(jitterOf("failover", 0)).toBe(0);
  });
});

describe("the calendar", () => {
  const utc = (text: string): number => Date.parse(`${text}Z`);

  test.each([
    ["2026-01-01T05:29:59.999", "2026-01-01T05:30"],
    ["2026-01-01T05:30", "2026-01-02T05:30"],
    ["2026-01-01T05:30:00.001", "2026-01-02T05:30"],
    ["2026-12-31T23:59", "2027-01-01T05:30"],
    ["1969-12-30T12:00", "1969-12-31T05:30"],
  ])("after %s, 5:30 comes next on %s", (after, slot) => {
    expect(nextSlot(utc(after), { hour: 5, minute: 30 })).toBe(utc(slot));
  });

  test("knows the days of the week, before 1970 too", () => {
    for (let day = -1_000; day <= 1_000; day++) {
      const at = day * 86_400_000;
      expect(weekdayOf(at)).toBe(new Date(at).getUTCDay());
      expect(weekdayOf(at + 86_399_999)).toBe(new Date(at).getUTCDay());
    }
  });
});

import type { ScenarioInput } from "replication-simulator/scenario";
import type { RareOptions } from "replication-simulator/whatif";
import { atLeast, atMost, type Row } from "./harness.js";
import { inOwnProcess } from "./ownProcess.js";

const crashes = (
  every: string,
  timeToRepair: { exponential: string } | { lognormal: string; sigma: number },
) => ({
  fault: "crash" as const,
  of: "orders.any",
  every: { exponential: every },
  timeToRepair,
});

/** An HA group of three that has no copy within a year; exactly 4.4938e-7 where failures come each 30 days. */
const group = (every: string): ScenarioInput => ({
  scenario: 1,
  world: {
    latency: {
      detectFailure: { exponential: "9s" },
      failover: { exponential: "11s" },
      buildReplica: { exponential: "74s" },
      startMemberBuild: { exponential: "1s" },
      leaveGroup: { exponential: "1s" },
      build: { exponential: "35s" },
      delete: { exponential: "10s" },
    },
  },
  topology: { orders: { kind: "group", replicas: 2 } },
  random: { crashes: crashes(every, { exponential: "20m" }) },
  horizon: "365d",
  expect: { event: { never: "noCopy", of: "orders" } },
});

/** Acknowledged data of an HA group under load is lost. */
const dataLost: ScenarioInput = {
  scenario: 1,
  world: { jitter: 0.3 },
  topology: { orders: { kind: "group", replicas: 2, writes: { perSecond: 200 } } },
  random: { crashes: crashes("30d", { lognormal: "20m", sigma: 1 }) },
  horizon: "365d",
  measures: { lost: { measure: "lostTransactions", of: "orders" } },
  expect: { event: { share: "lost", above: 0, atMost: "1 %" } },
};

interface Work {
  readonly mean: number;
  readonly variance: number;
  /** CPU of a root, in s. */
  readonly seconds: number;
}

/** Runs roots with one engine in a process of their own, as the command does. */
const workOf = (scenario: ScenarioInput, options: RareOptions & { roots: number }): Work =>
  inOwnProcess("./rareWork.mjs", { scenario, options }) as Work;

/** So many that their time is well above that of preparing them, which is taken off. */
const plainFutures = 2000;

/** CPU to a half-width of 10 %, in s. */
const toTenPercent = ({ mean, variance, seconds }: Work): number =>
  ((1.96 / 0.1) ** 2 * variance * seconds) / mean ** 2;

/** How much more work plain futures of the same engine would take for the same standard error. */
const gain = (forced: Work, plain: Work): number =>
  (forced.mean * plain.seconds) / (forced.variance * forced.seconds);

/** What rare events cost, and what forced excursions gain over plain futures. All in CPU time of one thread. */
export function rareRows(): readonly Row[] {
  const rows: Row[] = [];
  const plainOf = (scenario: ScenarioInput, roots: number, engine: "compiled" | "simulator") =>
    workOf(scenario, { method: "restart", factors: [], roots, engine });
  for (const [every, roots] of [
    ["30d", 300],
    ["10d", 100],
  ] as const) {
    const name = `no copy of an HA group, failures each ${every}`;
    const simulated = workOf(group(every), { roots, engine: "simulator" });
    const plain = plainOf(group(every), plainFutures, "simulator");
    const computed = workOf(group(every), { roots: 20 * roots, engine: "compiled" });
    const against = `p = ${computed.mean.toExponential(2)}`;
    const unit = "s of CPU to ± 10 %";
    rows.push(
      atMost({
        name: `${name}: simulator`,
        value: toTenPercent(simulated),
        unit,
        goal: 15,
        against,
      }),
      atMost({
        name: `${name}: compiled`,
        value: toTenPercent(computed),
        unit,
        goal: 0.1,
        against,
      }),
      atLeast({
        name: `${name}: gain`,
        value: gain(simulated, plain),
        unit: "x",
        goal: 1000,
        against,
      }),
    );
  }
  const lost = workOf(dataLost, { roots: 300, engine: "simulator" });
  const plain = plainOf(dataLost, plainFutures, "simulator");
  const against = `p = ${lost.mean.toExponential(2)}`;
  const name = "acknowledged data is lost, lognormal repairs, failures each 30d";
  rows.push(
    atLeast({ name: `${name}: gain`, value: gain(lost, plain), unit: "x", goal: 100, against }),
    atMost({
      name: `${name}: simulator`,
      value: toTenPercent(lost),
      unit: "s of CPU to ± 10 %",
      goal: 200,
      against,
    }),
  );
  return rows;
}

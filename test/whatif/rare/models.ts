import { scenario as readScenario, type ScenarioInput } from "replication-simulator/scenario";
import { solveScenario } from "replication-simulator/whatif";

/** A scenario whose event has an exact probability: all durations are exponential. */
export interface ExactModel {
  readonly name: string;
  readonly scenario: ScenarioInput;
  /** Decimal order of the probability, for the reader and as a check. */
  readonly near: number;
  /** Roots of the quick test. Default 100. */
  readonly roots?: number;
  /** Roots that an interval needs to pass the guards. Default 100. */
  readonly rootsOfInterval?: number;
}

const exponentialWork = {
  latency: {
    detectFailure: { exponential: "9s" },
    failover: { exponential: "11s" },
    buildReplica: { exponential: "74s" },
    startMemberBuild: { exponential: "1s" },
    leaveGroup: { exponential: "1s" },
    build: { exponential: "35s" },
    delete: { exponential: "10s" },
  },
} as const;

const crashes = (of: string, every: string, repaired = "20m") => ({
  fault: "crash" as const,
  of,
  every: { exponential: every },
  timeToRepair: { exponential: repaired },
});

const noCopy = { event: { never: "noCopy", of: "orders" } } as const;

/** An HA group of three whose instances crash one after the other, as in the design of this library. */
export const group = (every: string, horizon = "365d"): ScenarioInput => ({
  scenario: 1,
  world: exponentialWork,
  topology: { orders: { kind: "group", replicas: 2 } },
  random: { crashes: crashes("orders.any", every) },
  horizon,
  expect: noCopy,
});

const set = (replicas: number, every: string, horizon: string): ScenarioInput => ({
  scenario: 1,
  topology: { orders: { kind: "set", replicas } },
  random: { crashes: crashes("orders", every) },
  horizon,
  expect: noCopy,
});

/** Models with exact probabilities from 1e-3 to 1e-9. */
export const exactModels: readonly ExactModel[] = [
  { name: "a pair of which both are down", scenario: set(1, "30d", "60d"), near: 1e-3 },
  {
    name: "a set of three, each with a clock of its own",
    scenario: set(2, "30d", "90d"),
    near: 1e-6,
    rootsOfInterval: 150,
  },
  {
    name: "an HA group that crashes each 10 days",
    scenario: group("10d", "60d"),
    near: 1e-6,
    rootsOfInterval: 400,
    roots: 60,
  },
  {
    name: "an HA group that crashes each 30 days",
    scenario: group("30d"),
    near: 1e-7,
    rootsOfInterval: 300,
    roots: 60,
  },
  {
    name: "an HA group that crashes each 200 days",
    scenario: group("200d"),
    near: 1e-9,
    rootsOfInterval: 2000,
  },
  {
    name: "an HA group of two that hangs and crashes",
    scenario: {
      ...group("60d", "90d"),
      topology: { orders: { kind: "group", replicas: 1 } },
      random: {
        crashes: crashes("orders.any", "60d"),
        hangs: { ...crashes("orders.any", "40d", "5m"), fault: "hang" as const },
      },
    },
    near: 1e-4,
    rootsOfInterval: 400,
  },
  {
    name: "a pair that crashes and hangs, by two processes",
    scenario: {
      ...set(1, "60d", "60d"),
      random: {
        crashes: crashes("orders", "90d", "1h"),
        hangs: { ...crashes("orders.any", "40d", "10m"), fault: "hang" as const },
      },
    },
    near: 1e-3,
    rootsOfInterval: 200,
  },
  {
    name: "a set of three that seldom fails",
    scenario: {
      ...set(2, "90d", "30d"),
      random: { crashes: crashes("orders", "90d", "5m") },
    },
    near: 1e-9,
    rootsOfInterval: 1000,
  },
];

/** The exact probability of the one event of a model. */
export function exactOf(scenario: ScenarioInput): number {
  const [figure] = solveScenario(readScenario(scenario)).figures;
  if (figure === undefined) throw new Error("the model has an event");
  return figure.probability;
}

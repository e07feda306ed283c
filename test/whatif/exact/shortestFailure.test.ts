import { scenario as readScenario, type ScenarioInput } from "replication-simulator/scenario";
import { exploreScenario, shortestFailure, whatIf } from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";
import { eventTimes, type TaskSpan } from "../../../src/whatif/exact/eventTimes.js";

const crash = { fault: "crash", every: { exponential: "3d" }, timeToRepair: "20m" } as const;
const never = {
  "a copy": { never: "noCopy", of: "orders" },
  up: { never: "writesDown", of: "orders" },
  spare: { never: "degraded", of: "orders", copies: 1 },
  replicated: { never: "replicationBroken", of: "orders" },
} as const;

const set = (replicas: number): ScenarioInput => ({
  scenario: 1,
  topology: { orders: { kind: "set", replicas } },
  expect: never,
});
const group: ScenarioInput = { ...set(2), topology: { orders: { kind: "group", replicas: 2 } } };

/** Questions, how far they are explored, and how many expectations they break. */
const questions = [
  ["a set, crashes", { ...set(1), random: { crashes: { ...crash, of: "orders" } } }, {}, 4],
  [
    "a group, crashes of any member and broken replication",
    {
      ...group,
      random: {
        crashes: { ...crash, of: "orders.any" },
        breaks: { ...crash, fault: "breakReplication", of: "orders.replicas" },
      },
    },
    { maxFaults: 3 },
    4,
  ],
  [
    "a group whose sources crash, so that failovers end on the way",
    {
      ...group,
      world: { jitter: 0.3, latency: { detectFailure: { exponential: "9s" } } },
      random: { crashes: { ...crash, of: "orders.source" } },
    },
    { maxFaults: 5 },
    3,
  ],
  [
    "a set, its commands and a fault with an end",
    {
      ...set(2),
      steps: [
        { do: { command: "restartInstance", of: "orders.all" } },
        { do: { command: "detachReplica", of: "orders.replicas" } },
        { do: { fault: "crash", of: "orders.source", for: "10m" } },
      ],
    },
    { maxCommands: 3 },
    4,
  ],
] as const satisfies readonly (readonly [string, ScenarioInput, object, number])[];

describe("the shortest way to a broken expectation", () => {
  test.each(questions)(
    "is a scenario that breaks it, of no more steps: %s",
    (_, input, bounds, count) => {
      const space = exploreScenario(readScenario(input), bounds);
      let broken = 0;
      for (const name of space.watched) {
        const failure = shortestFailure(space, name);
        if (failure === undefined) continue;
        broken += 1;
        const { way, shortest } = failure;
        if (shortest === undefined) throw new Error(`${name}: no scenario`);
        const { scenario, seed } = shortest;
        const steps = scenario.steps ?? [];
        // Tasks and repairs end by themselves.
        const own = way.filter((event) => !event.endsWith(" ends") && !event.startsWith("repair "));
        expect(steps).toHaveLength(own.length);
        expect(scenario.random).toBeUndefined();
        expect(scenario.topology).toEqual(space.scenario.topology);
        expect(whatIf(scenario).future(seed).breaks).toContain(name);
        expect(whatIf(scenario).future(seed + 1).breaks).toContain(name);
        // It is a shortest one: none of its steps can be left out.
        for (const step of steps) {
          const without = { ...scenario, steps: steps.filter((other) => other !== step) };
          expect(whatIf(without).future(seed).breaks).not.toContain(name);
        }
      }
      expect(broken).toBe(count);
    },
  );

  test("is undefined where every state keeps the expectation", () => {
    const input = { ...set(1), random: { crashes: { ...crash, of: "orders" } } };
    const space = exploreScenario(readScenario(input), { maxFaults: 1 });
    expect(shortestFailure(space, "a copy")).toBeUndefined();
    expect(shortestFailure(space, "up")?.way).toEqual(["crash of orders.1"]);
  });
});

describe("times of events", () => {
  const span = (from: number, to: number | null, until: number): TaskSpan => ({
    ...{ latency: "restart", factor: 1, extraMs: 0 },
    ...{ from, to, until },
  });
  const how = { isEnd: (event: number) => event >= 3, own: () => undefined };

  test("let tasks of one kind take the same time, and end in the order of events", () => {
    const found = eventTimes(4, [span(1, 3, 3), span(2, 4, 4)], how);
    const [, first = 0, second = 0, third = 0, fourth = 0] = found?.times ?? [];
    expect(third - first).toBe(found?.durations.get("restart"));
    expect(fourth - second).toBe(third - first);
    expect(second).toBeGreaterThan(first);
  });

  test("leave a task under way that does not end", () => {
    const found = eventTimes(3, [span(1, null, 3)], { ...how, isEnd: () => false });
    const [, first = 0, , third = 0] = found?.times ?? [];
    expect(third - first).toBeLessThan(found?.durations.get("restart") ?? 0);
  });

  test("are none where what began later ends first", () => {
    expect(eventTimes(4, [span(1, 4, 4), span(2, 3, 3)], how)).toBeUndefined();
  });
});

import { scenario as readScenario, type ScenarioInput } from "replication-simulator/scenario";
import { expect, test } from "vitest";
import { prepareScenario } from "../../src/scenario/run/prepare.js";
import { PreparedRun, runPrepared } from "../../src/scenario/run/runScenario.js";

/** Faults, planned steps and an operator, some of them at the same moments. */
const input: ScenarioInput = {
  scenario: 1,
  world: { jitter: 0.3 },
  topology: { orders: { kind: "set", replicas: 2, writes: { perSecond: 200 } } },
  steps: [
    { at: "2h", repeat: "5h", do: { fault: "crash", of: "orders.source", for: "10m" } },
    { at: "2h", do: { fault: "slowLink", of: "orders.r1", lag: "30s", for: "1h" } },
    { at: "9h", do: { command: "restartInstance", of: "orders.r1" } },
  ],
  random: {
    crashes: {
      fault: "crash",
      of: "orders",
      every: { weibull: "20h", shape: 0.8 },
      timeToRepair: { lognormal: "20m", sigma: 1 },
    },
  },
  operators: {
    "on call": {
      when: { condition: "writesDown", of: "orders", for: "5m" },
      after: { lognormal: "3m", sigma: 0.5 },
      do: [{ command: "detachReplica", of: "orders.freshest" }],
    },
  },
  horizon: "2d",
};

const prepared = prepareScenario(readScenario(input), { store: "immutable", journal: false });

/** Everything that a run says, entry by entry. */
function recorded(): { readonly lines: string[]; readonly onEntry: (entry: unknown) => void } {
  const lines: string[] = [];
  return { lines, onEntry: (entry) => lines.push(JSON.stringify(entry)) };
}

function runStepwise(seed: number, between: (run: PreparedRun, steps: number) => void): string[] {
  const { lines, onEntry } = recorded();
  const run = new PreparedRun(prepared, { seed, onEntry });
  run.begin();
  for (let steps = 0; run.nextAt !== undefined; steps++) {
    expect(run.nextAt).toBeGreaterThanOrEqual(run.sim.now);
    run.step();
    between(run, steps);
  }
  return lines;
}

test.each([1, 2, 3, 4, 5, 6])(
  "a run that goes event by event is the run at once, seed %i",
  (seed) => {
    const { lines, onEntry } = recorded();
    const reactions: number[] = [];
    const whole = runPrepared(prepared, {
      seed,
      onEntry,
      onReaction: (_, __, at) => reactions.push(at),
    });
    expect(runStepwise(seed, () => undefined)).toEqual(lines);
    expect(lines.length).toBeGreaterThan(20);
    // Without incidents the operator would not be part of the test.
    if (seed === 1) expect(reactions).not.toEqual([]);
    expect(whole.end).toBe(whole.sim.now);
  },
);

test("forks leave a run as it is, and have draws of their own", () => {
  const alone = runStepwise(7, () => undefined);
  const forked = new Set<string>();
  const between = (run: PreparedRun, steps: number): void => {
    if (steps % 8 !== 3) return;
    for (const seed of ["a", "b"]) {
      const { lines, onEntry } = recorded();
      const fork = run.fork({ seed: `${String(steps)}/${seed}`, onEntry });
      const before = fork.sim.now;
      expect(before).toBe(run.sim.now);
      for (let more = 0; more < 30 && fork.nextAt !== undefined; more++) fork.step();
      forked.add(lines.join("\n"));
    }
  };
  expect(runStepwise(7, between)).toEqual(alone);
  expect(forked.size).toBeGreaterThan(6);
});

import fc from "fast-check";
import type { Faults } from "replication-simulator";
import { runScenario, type Scenario } from "replication-simulator/scenario";
import { scenarioAsTest } from "replication-simulator/testing";
import { scenarioArbitrary, scenarioReporter } from "replication-simulator/testing/fast-check";
import { describe, expect, test } from "vitest";
import { draftArbitrary } from "../../src/testing/fast-check/draftArbitrary.js";
import { complaints, runPrinted } from "./printedTests.js";

const topology = {
  orders: { kind: "group", replicas: 2 },
  users: { kind: "set", replicas: 1 },
} as const;

const everything = scenarioArbitrary({
  topology,
  maxSteps: 60,
  accounts: ["5678"],
  outages: true,
  worlds: true,
});

/** Commands and faults that were carried out. */
function acceptedIn(scenario: Scenario): readonly string[] {
  const accepted: string[] = [];
  runScenario(scenario, {
    afterStep: ({ commands, results }) => {
      for (const [index, result] of results.entries()) {
        const command = commands[index];
        if (result.ok && command !== undefined) accepted.push(command.type);
      }
    },
  });
  return accepted;
}

function faultsIn(scenarios: readonly Scenario[]) {
  return scenarios
    .flatMap(({ steps = [] }) => steps)
    .flatMap(({ do: action }) => (typeof action === "object" && "fault" in action ? [action] : []));
}

describe("scenarioArbitrary", () => {
  test("generates JSON that runs, and reaches commands and faults of every kind", () => {
    const commands = new Set<string>();
    const faults = new Set<string>();
    fc.assert(
      fc.property(everything, (scenario) => {
        expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
        for (const type of acceptedIn(scenario)) commands.add(type);
        for (const { fault } of faultsIn([scenario])) faults.add(fault);
      }),
      { numRuns: 300, seed: 3 },
    );
    expect(commands.size).toBeGreaterThan(35);
    expect(faults.size).toBeGreaterThan(10);
  });

  test("refers to what exists by its names: the topology and the labels of earlier steps", () => {
    const scenarios = fc.sample(everything, { numRuns: 200, seed: 4 });
    const named = new Set<string>();
    for (const { steps = [] } of scenarios) {
      for (const { do: action } of steps) {
        if (typeof action !== "object") continue;
        const { of } = action as { readonly of?: unknown };
        if (typeof of === "string") named.add(of.replaceAll(/\d+/g, "N"));
      }
    }
    for (const reference of ["orders", "orders.source", "orders.rN", "users.source", "instanceN"]) {
      expect(named).toContain(reference);
    }
  });

  test("without any one step, every other name means what its own step creates", () => {
    let isDangling = 0;
    fc.assert(
      fc.property(everything, fc.nat(), (scenario, nth) => {
        const { steps = [] } = scenario;
        if (steps.length === 0) return;
        const left = nth % steps.length;
        const reduced = { ...scenario, steps: steps.filter((_, index) => index !== left) };
        const idsIn = (reported: Scenario): ReadonlyMap<string, unknown> => {
          const made = new Map<string, unknown>();
          runScenario(reported, {
            afterStep: ({ step, results: [result] }) => {
              if (step.label === undefined || result?.ok !== true) return;
              const { value } = result;
              made.set(
                step.label,
                typeof value === "string" ? value : (value as { id: string }).id,
              );
            },
          });
          return made;
        };
        const [before, after] = [idsIn(scenario), idsIn(reduced)];
        // A fork with another seed gives other ids: a comparison without it is empty.
        const isOtherSeed = JSON.stringify(steps[left]).includes('"seed"');
        for (const [label, id] of after) {
          if (before.has(label) && !isOtherSeed) expect(before.get(label)).toBe(id);
        }
        const gone = steps[left]?.label;
        if (gone !== undefined && JSON.stringify(reduced.steps).includes(`"${gone}`))
          isDangling += 1;
      }),
      { numRuns: 150, seed: 5 },
    );
    expect(isDangling).toBeGreaterThan(5);
  });

  test("shrinks to the steps that matter, with the labels that they had", () => {
    const property = fc.property(
      scenarioArbitrary(),
      (scenario) => !acceptedIn(scenario).includes("detachReplica"),
    );
    const { failed, counterexample } = fc.check(property, { numRuns: 2_000, seed: 11 });
    expect(failed).toBe(true);
    const [scenario = { scenario: 1 }] = counterexample ?? [];
    expect(acceptedIn(scenario)).toEqual(["createInstance", "createReplica", "detachReplica"]);
    const text = JSON.stringify(scenario.steps);
    const labels = (scenario.steps ?? []).flatMap(({ label }) => label ?? []);
    expect(labels).toHaveLength(2);
    for (const label of labels) expect(text.split(`"${label}"`)).toHaveLength(3);
  });

  test("waits shrink to the least that fails", () => {
    const isShort = ({ steps = [] }: Scenario): boolean =>
      steps.every(
        ({ do: action }) =>
          typeof action !== "object" || !("advance" in action) || action.advance < 100_012_345,
      );
    const { counterexample } = fc.check(fc.property(scenarioArbitrary(), isShort), {
      numRuns: 1_000,
      seed: 3,
    });
    expect(counterexample?.[0].steps).toEqual([{ do: { advance: 100_012_345 } }]);
  });
});

describe("which faults on what", () => {
  test("only these kinds, and only on these targets", () => {
    const kinds: readonly (keyof Faults)[] = ["crash", "hang"];
    const faults = { kinds, targets: ["orders.source"] };
    const scenarios = fc.sample(scenarioArbitrary({ topology, faults }), { numRuns: 200, seed: 6 });
    const found = faultsIn(scenarios);
    expect(found.length).toBeGreaterThan(100);
    expect(new Set(found.map(({ fault }) => fault))).toEqual(new Set(kinds));
    expect(new Set(found.map((fault) => ("of" in fault ? fault.of : "")))).toEqual(
      new Set(["orders.source"]),
    );
  });

  test("roles are those of the moment", () => {
    const faults = { kinds: ["crash"], targets: ["source", "replica"] } as const;
    const scenarios = fc.sample(
      scenarioArbitrary({ topology, commands: ["injectFault"], faults }),
      { numRuns: 100, seed: 7 },
    );
    const targets = new Set(faultsIn(scenarios).map((fault) => ("of" in fault ? fault.of : "")));
    expect([...targets].sort()).toEqual([
      ...["orders.r1", "orders.r2", "orders.source", "users.r1", "users.source"],
    ]);
  });

  test.each([0, 0.3, 0.8, 1])("a share of %d of the commands", (share) => {
    const options = { topology, faults: { share }, maxSteps: 100 };
    const steps = fc
      .sample(scenarioArbitrary(options), { numRuns: 200, seed: 8 })
      .flatMap((scenario) => scenario.steps ?? []);
    const isFault = ({ do: action }: (typeof steps)[number]): boolean =>
      typeof action === "object" && "fault" in action;
    const isCommand = ({ do: action }: (typeof steps)[number]): boolean =>
      typeof action === "object" && "command" in action;
    const faults = steps.filter(isFault).length;
    const all = faults + steps.filter(isCommand).length;
    // Fragments, which inject nothing here, come beside single steps.
    expect(faults / all).toBeGreaterThan(share * 0.6 - 1e-9);
    expect(faults / all).toBeLessThanOrEqual(Math.min(1, share + 0.05));
  });

  test.each([
    [{ fault: {} }, "fault"],
    [{ faults: { kind: ["crash"] } }, "kind"],
    [{ faults: { kinds: ["explode"] } }, "kinds"],
    [{ faults: { share: 2 } }, "share"],
    [{ faults: { targets: [] } }, "targets"],
    [{ commands: ["create"] }, "commands"],
    [{ maxSteps: 0 }, "maxSteps"],
  ])("options that do not exist or do not fit are refused: %j", (options, field) => {
    expect(() => scenarioArbitrary(options as never)).toThrow(expect.objectContaining({ field }));
  });

  test("draftArbitrary refuses them, too", () => {
    expect(() => draftArbitrary({ length: 3 } as never)).toThrow("lengthMax");
    expect(() => draftArbitrary({ faults: { sharing: 1 } } as never)).toThrow("share");
  });
});

describe("scenarioAsTest", () => {
  const scenario: Scenario = {
    scenario: 1,
    world: { seed: 7 },
    topology: { orders: { kind: "set" } },
    steps: [
      {
        label: "extra",
        do: { command: "createReplica", flavorId: "2", volumeGb: 10, replicaOf: "orders.r1" },
      },
      { do: { advance: 60_000 } },
      { do: { fault: "crash", of: "orders.source" } },
    ],
  };

  test("prints a test that imports the public API only", () => {
    expect(scenarioAsTest(scenario)).toBe(
      [
        'import { runScenario } from "replication-simulator/scenario";',
        'import { expectNoBrokenInvariants } from "replication-simulator/testing";',
        'import { test } from "vitest";',
        "",
        'test("a scenario of 3 steps", () => {',
        "  const { sim } = runScenario({",
        "    scenario: 1,",
        "    world: { seed: 7 },",
        '    topology: { orders: { kind: "set" } },',
        "    steps: [",
        "      // refused by single-source: instance orders.2 is a replica of orders.1; replicas cannot be chained",
        '      { label: "extra", do: { command: "createReplica", flavorId: "2", volumeGb: 10, replicaOf: "orders.r1" } },',
        "      { do: { advance: 60_000 } },",
        '      { do: { fault: "crash", of: "orders.source" } },',
        "    ],",
        "  });",
        "  expectNoBrokenInvariants(sim);",
        "});",
        "",
      ].join("\n"),
    );
  });

  test("what is printed leads to the same world", () => {
    fc.assert(
      fc.property(everything, (reported) => {
        const reports: unknown[] = [];
        const text = scenarioAsTest(reported, { check: "report(sim.fingerprint());" });
        runPrinted(text, (report) => reports.push(report));
        expect(reports).toEqual([runScenario(reported).sim.fingerprint()]);
      }),
      { numRuns: 60, seed: 9 },
    );
  });

  test("what is printed compiles under strict options", () => {
    const texts = fc
      .sample(everything, { numRuns: 20, seed: 10 })
      .map((reported) => scenarioAsTest(reported));
    expect(complaints(texts)).toEqual([]);
  }, 180_000);
});

test("a failing property prints the shrunk scenario as a test, and how to search again", () => {
  const property = fc.property(scenarioArbitrary({ commands: ["createInstance"] }), (scenario) => {
    const { sim } = runScenario(scenario);
    if (sim.instances().length >= 2) throw new Error("2 instances");
  });
  const check = 'if (sim.instances().length >= 2) throw new Error("2 instances");';
  let message = "";
  try {
    fc.assert(property, { seed: 4, reporter: scenarioReporter({ check }) });
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toMatch(
    /^a scenario failed after \d+ runs and was shrunk \d+ times: 2 instances/,
  );
  expect(message).toMatch(/fc\.assert\(\.\.\., \{ seed: 4, path: "[\d:]+" \}\)/);
  const text = message.slice(message.indexOf("import "));
  expect(text.split("\n").filter((line) => line.includes("createInstance"))).toHaveLength(2);
  expect(() => {
    runPrinted(text);
  }).toThrow("2 instances");
});

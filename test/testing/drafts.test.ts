import fc from "fast-check";
import {
  InvalidInputError,
  InvariantViolationError,
  ReplicationSimulator,
} from "replication-simulator";
import { createReplicationSet } from "replication-simulator/testing";
import { describe, expect, test, vi } from "vitest";
import { draftArbitrary } from "../../src/testing/fast-check/draftArbitrary.js";
import { type StepDraft, type StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { draftReporter } from "../drafts/draftReporter.js";
import { draftsAsTest } from "../drafts/draftsAsTest.js";
import { type DraftOutcome, runDrafts } from "../drafts/runDrafts.js";
import { complaints, runPrinted } from "./printedTests.js";

const everything = draftArbitrary({ malformed: true, worlds: true, accounts: ["5678"] });

describe("play", () => {
  test("a draft is commands and moves of time, and its end is a world", () => {
    const sim = new ReplicationSimulator();
    const end = runDrafts(sim, [
      { execute: { type: "createInstance", name: "a", flavorId: "2", volumeGb: 10 } },
      { advance: 35_000 },
      {
        execute: {
          type: "createReplica",
          flavorId: "2",
          volumeGb: 10,
          replicaOf: { the: "instance", nth: 1 },
        },
      },
      "step",
      "settle",
    ]);
    expect(end).toBe(sim);
    expect(sim.listInstances().items.map(({ status }) => status)).toEqual(["ACTIVE", "ACTIVE"]);
    expect(sim.listInstances({ includeReplicas: false }).items).toHaveLength(1);
  });

  test("a refusal is part of the draft, and is reported", () => {
    const outcomes: DraftOutcome[] = [];
    const draft: StepDrafts = [
      { execute: { type: "deleteInstance", instanceId: { the: "instance", nth: 1 } } },
      { execute: { type: "rebuildReplica" } },
      { advance: -1 },
      { execute: { type: "createInstance", flavorId: "2", volumeGb: 1 } },
    ];
    runDrafts(new ReplicationSimulator(), draft, {
      onStep: (outcome) => {
        outcomes.push(outcome);
      },
    });
    expect(outcomes.map(({ result }) => (result.ok ? "ok" : result.error.rule))).toEqual([
      "instance-exists",
      "known-command",
      "clock-time",
      "ok",
    ]);
    expect(outcomes.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(outcomes[0]?.command).toEqual({
      type: "deleteInstance",
      instanceId: "no-such-instance",
    });
  });

  test("observers get the world before and after each step", () => {
    const seen: string[] = [];
    const create: StepDraft = { execute: { type: "createInstance", flavorId: "2", volumeGb: 1 } };
    runDrafts(new ReplicationSimulator(), [create, { advance: 5 }], {
      beforeStep: ({ sim, index }) => {
        seen.push(`before ${index}: ${sim.listInstances().items.length}`);
      },
      onStep: ({ sim, index }) => {
        seen.push(`after ${index}: ${sim.listInstances().items.length}`);
      },
    });
    expect(seen).toEqual(["before 0: 0", "after 0: 1", "before 1: 1", "after 1: 1"]);
  });

  test("references count the acting account's things, round and from both ends", () => {
    const sim = new ReplicationSimulator();
    const { source, replicas } = createReplicationSet(sim, { replicas: 2 });
    const lone = sim.createInstance({ flavorId: "2", volumeGb: 1 });
    const foreign = sim.account("5678").createInstance({ flavorId: "2", volumeGb: 1 });
    const named = (reference: object, by?: string): unknown => {
      let id: unknown;
      const step = { execute: { type: "deleteInstance", instanceId: reference } };
      runDrafts(sim.fork(), [by === undefined ? step : { ...step, by }], {
        onStep: ({ command }) => {
          id = (command as { instanceId?: unknown } | undefined)?.instanceId;
        },
      });
      return id;
    };
    const [first, second] = replicas;
    expect(named({ the: "instance", nth: 1 })).toBe(source.id);
    expect(named({ the: "instance", nth: 4 })).toBe(lone.id);
    expect(named({ the: "instance", nth: 5 })).toBe(source.id);
    expect(named({ the: "instance", nth: -1 })).toBe(lone.id);
    expect(named({ the: "source", nth: 3 })).toBe(source.id);
    expect(named({ the: "replica", nth: 1 })).toBe(first?.id);
    expect(named({ the: "replica", nth: 2 })).toBe(second?.id);
    expect(named({ the: "replica", nth: -1 })).toBe(second?.id);
    expect(named({ the: "member", nth: 1 })).toBe("no-such-member");
    expect(named({ the: "group", nth: 1 })).toBe("no-such-group");
    expect(named({ the: "schedule", nth: 1 })).toBe("no-such-schedule");
    expect(named({ the: "instance", nth: 1 }, "5678")).toBe(foreign.id);
    expect(named({ the: "instance", nth: 1, of: "5678" })).toBe(foreign.id);
    expect(named({ the: "replica", nth: 1 }, "5678")).toBe("no-such-replica");
  });

  test("after a fork or a restore the draft goes on in the other world", () => {
    const sim = new ReplicationSimulator();
    const create: StepDraft = { execute: { type: "createInstance", flavorId: "2", volumeGb: 1 } };
    const end = runDrafts(sim, [create, { fork: { seed: 9 } }, create, "restore", create]);
    expect(sim.listInstances().items).toHaveLength(1);
    expect(end.listInstances().items).toHaveLength(3);
    expect(end.settings.seed).toBe(9);
  });

  test("functions of the caller live on in restored worlds", () => {
    const live = { createId: (kind: string, ordinal: number) => `${kind}-${ordinal}` };
    const create: StepDraft = { execute: { type: "createInstance", flavorId: "2", volumeGb: 1 } };
    const end = runDrafts(new ReplicationSimulator(live), [create, "restore", create], { live });
    expect(end.listInstances().items.map(({ id }) => id)).toEqual(["instance-0", "instance-1"]);
  });

  test.each([null, 7, "wait", {}, { execute: null }, { execute: "restart" }, []])(
    "what is no act is named: %j",
    (step) => {
      const draft = ["step", step] as unknown as StepDrafts;
      expect(() => runDrafts(new ReplicationSimulator(), draft)).toThrow(InvalidInputError);
      expect(() => runDrafts(new ReplicationSimulator(), draft)).toThrow("draft[1]");
    },
  );
});

describe("draftArbitrary", () => {
  const sampled = (options: Parameters<typeof draftArbitrary>[0]): readonly StepDrafts[] =>
    fc.sample(draftArbitrary(options), { numRuns: 200, seed: 5 });

  test("drafts are JSON", () => {
    fc.assert(
      fc.property(everything, (draft) => {
        expect(JSON.parse(JSON.stringify(draft))).toEqual(draft);
      }),
    );
  });

  test("drafts are as long as asked for, and no longer", () => {
    const lengths = sampled({ lengthMax: 25 }).map(({ length }) => length);
    expect(Math.max(...lengths)).toBe(25);
    expect(Math.min(...lengths)).toBeLessThan(8);
  });

  test("only the commands asked for occur, in sets that are made from them too", () => {
    const commands = ["createInstance", "createReplica"] as const;
    const types = sampled({ commands })
      .flat()
      .map((step) =>
        typeof step === "object" && "execute" in step ? step.execute.type : undefined,
      );
    expect(new Set(types)).toEqual(new Set([...commands, undefined]));
  });

  test("by default nothing is malformed, no world is left and no other account acts", () => {
    for (const step of sampled({}).flat()) {
      expect(step).not.toBe("restore");
      expect(step).not.toHaveProperty("fork");
      expect(step).not.toHaveProperty("by");
    }
  });

  test("a failing draft shrinks to the steps that matter, wherever they stand", () => {
    const done = (draft: StepDrafts): readonly string[] => {
      const accepted: string[] = [];
      runDrafts(new ReplicationSimulator(), draft, {
        onStep: ({ command, result }) => {
          if (result.ok && command !== undefined) accepted.push(command.type);
        },
      });
      return accepted;
    };
    const property = fc.property(
      draftArbitrary(),
      (draft) => !done(draft).includes("detachReplica"),
    );
    const { failed, counterexample } = fc.check(property, { numRuns: 2000, seed: 11 });
    expect(failed).toBe(true);
    const [draft = []] = counterexample ?? [];
    expect(done(draft)).toEqual(["createInstance", "createReplica", "detachReplica"]);
    // and a move of time after each of the first two, perhaps in two steps
    expect(draft.length).toBeLessThanOrEqual(8);
  });

  test("numbers shrink to the least that fails", () => {
    // More than a day, which is what a phrase may wait as it stands.
    const isShort = (step: StepDraft): boolean =>
      typeof step === "string" || !("advance" in step) || step.advance < 100_012_345;
    const property = fc.property(draftArbitrary(), (draft) => draft.every(isShort));
    const { counterexample } = fc.check(property, { numRuns: 1_000, seed: 3 });
    expect(counterexample).toEqual([[{ advance: 100_012_345 }]]);
  });
});

describe("draftsAsTest", () => {
  test("a printed draft reads like a handwritten test", () => {
    const draft: StepDrafts = [
      { execute: { type: "createInstance", name: "a", flavorId: "2", volumeGb: 10 } },
      { advance: 35_000 },
      {
        execute: {
          type: "createReplica",
          flavorId: "2",
          volumeGb: 10,
          replicaOf: { the: "instance", nth: 1 },
        },
      },
      { execute: { type: "restartInstance", instanceId: { the: "source", nth: 1 } } },
      { execute: { type: "deleteInstance", instanceId: 7 } },
      { fork: { latency: "fast" } },
      { execute: { type: "createInstance", flavorId: "2", volumeGb: 1 }, by: "5678" },
      "restore",
      "settle",
    ];
    expect(draftsAsTest(draft, { seed: 42 }, { name: "a replica too soon" })).toBe(
      [
        'import { ReplicationSimulator } from "replication-simulator";',
        'import { expectNoBrokenInvariants } from "replication-simulator/testing";',
        'import { test } from "vitest";',
        "",
        'test("a replica too soon", () => {',
        "  let sim = new ReplicationSimulator({ seed: 42 });",
        '  const instance1 = sim.execute({ type: "createInstance", name: "a", flavorId: "2", volumeGb: 10 });',
        "  sim.advance(35_000);",
        '  sim.execute({ type: "createReplica", flavorId: "2", volumeGb: 10, replicaOf: instance1.id });',
        "  // refused by restart-status: cannot restart instance instance1 in status RESTART; allowed: ACTIVE, RESTART_REQUIRED,...",
        '  sim.try.execute({ type: "restartInstance", instanceId: instance1.id });',
        "  // refused by id-text: instanceId must be a resource id (string); got 7",
        '  sim.try.execute({ type: "deleteInstance", instanceId: 7 } as never);',
        '  sim = sim.fork({ latency: "fast" });',
        '  sim.account("5678").execute({ type: "createInstance", flavorId: "2", volumeGb: 1 });',
        "  sim = ReplicationSimulator.restore(JSON.parse(JSON.stringify(sim.snapshot())));",
        "  sim.settle();",
        "  expectNoBrokenInvariants(sim);",
        "});",
        "",
      ].join("\n"),
    );
  });

  test("a printed draft does what the draft did, to the byte", () => {
    fc.assert(
      fc.property(everything, fc.integer(), (draft, seed) => {
        const simulated = runDrafts(new ReplicationSimulator({ seed }), draft).fingerprint();
        const reports: unknown[] = [];
        const text = draftsAsTest(draft, { seed }, { check: "report(sim.fingerprint());" });
        runPrinted(text, (report) => reports.push(report));
        expect(reports).toEqual([simulated]);
      }),
      { numRuns: 60 },
    );
  });

  test("printed drafts compile under strict options", () => {
    const texts = fc
      .sample(everything, { numRuns: 25, seed: 8 })
      .map((draft) =>
        draftsAsTest(draft, { seed: 1, latency: "fast", limits: { maxVolumeGb: 30 } }),
      );
    expect(complaints(texts)).toEqual([]);
    // The check itself would see a mistake.
    expect(complaints(["export const x: string = 1;"])).toHaveLength(1);
  }, 180_000);

  test("a draft that ends in an error is printed up to it, without an unreachable check", () => {
    const settle = vi.spyOn(ReplicationSimulator.prototype, "settle");
    settle.mockImplementation(() => {
      throw new InvariantViolationError("two\nlines");
    });
    const create: StepDraft = { execute: { type: "createInstance", flavorId: "2", volumeGb: 1 } };
    const text = draftsAsTest([create, "settle", create]);
    expect(text.split("\n").slice(6)).toEqual([
      '  sim.execute({ type: "createInstance", flavorId: "2", volumeGb: 1 });',
      "  // throws InvariantViolationError: Simulator bug: two lines. Please report it with sim.journal().",
      "  sim.settle();",
      "});",
      "",
    ]);
    expect(() => {
      runPrinted(text);
    }).toThrow(InvariantViolationError);
    settle.mockRestore();
  });

  test("a refused move of time does not end the test", () => {
    const create: StepDraft = { execute: { type: "createInstance", flavorId: "2", volumeGb: 1 } };
    const text = draftsAsTest([create, create, "settle"], { maxSteps: 1 });
    expect(text).toContain("// refused by steps-max");
    runPrinted(text);
  });
});

describe("a draft that begins on something", () => {
  const setup = {
    run: (sim: ReplicationSimulator) => createReplicationSet(sim, { replicas: 2 }),
    source: "createReplicationSet(sim, { replicas: 2 });",
  };
  const draft: StepDrafts = [
    { execute: { type: "detachReplica", instanceId: { the: "replica", nth: 1 } } },
    "settle",
  ];

  test("is printed with it, and means the same when it is pasted", () => {
    const sim = new ReplicationSimulator({ seed: 7 });
    setup.run(sim);
    runDrafts(sim, draft);
    const text = draftsAsTest(draft, { seed: 7 }, { setup, check: "report(sim.fingerprint());" });
    expect(text).toContain('import { createReplicationSet } from "replication-simulator/testing";');
    expect(text).not.toContain("refused");
    const received: unknown[] = [];
    runPrinted(text, (value) => received.push(value));
    expect(received).toEqual([sim.fingerprint()]);
    expect(complaints([draftsAsTest(draft, { seed: 7 }, { setup })])).toEqual([]);
  });

  test("is reported with it", () => {
    const property = fc.property(
      fc.constant<StepDrafts>(draft),
      (reported) => reported.length === 0,
    );
    const reporter = draftReporter<[StepDrafts]>({ simulator: { seed: 7 }, setup });
    expect(() => {
      fc.assert(property, { reporter });
    }).toThrow(/\n {2}createReplicationSet\(sim, \{ replicas: 2 \}\);\n {2}sim\.execute\(/);
  });
});

describe("draftReporter", () => {
  const commands = ["createInstance", "createReplica", "restartInstance"] as const;
  const property = fc.property(fc.integer(), draftArbitrary({ commands }), (seed, draft) => {
    const sim = runDrafts(new ReplicationSimulator({ seed }), draft);
    const { length } = sim.listInstances().items;
    if (length >= 2) throw new Error(`${length} instances`);
  });
  const check = 'if (sim.listInstances().items.length >= 2) throw new Error("2 instances");';

  test("a failing property says how to replay it, as a seed and as a test", () => {
    const reporter = draftReporter<[number, StepDrafts]>({
      simulator: ([seed]) => ({ seed }),
      check,
    });
    const { message } = thrownBy(() => {
      fc.assert(property, { reporter, seed: 4 });
    });
    expect(message).toMatch(/^a draft failed after \d+ runs and was shrunk \d+ times: 2 instances/);
    const [, replay] = /fc\.assert\(\.\.\., (\{.*\})\)/.exec(message) ?? [];
    expect(replay).toMatch(/^\{ seed: 4, path: "[\d:]+" \}$/);
    const text = message.slice(message.indexOf("import "));
    expect(text.split("\n").filter((line) => /create(Instance|Replica)/.test(line))).toHaveLength(
      2,
    );
    expect(() => {
      runPrinted(text);
    }).toThrow("2 instances");
  });

  test("the path of a failure finds the same draft at once", () => {
    const first = fc.check(property, { seed: 4 });
    const again = fc.check(property, {
      seed: 4,
      path: first.counterexamplePath ?? "",
      endOnFailure: true,
    });
    expect(again.counterexample).toEqual(first.counterexample);
  });

  test("a property that holds says nothing", () => {
    fc.assert(
      fc.property(draftArbitrary(), () => true),
      { reporter: draftReporter() },
    );
  });
});

function thrownBy(action: () => void): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

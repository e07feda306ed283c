import fc from "fast-check";
import {
  documentedLimits,
  InvalidWorldDataError,
  ReplicationSimulator,
  RuleViolationError,
} from "replication-simulator";
import { describe, expect, test } from "vitest";
import { type StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { drafts, neighbour, runs, worlds } from "../scenarioGenerators.js";

/*
 * A simulator can go back, become another world, forget its journal and let a journal happen again. In each case it
 * must be the world that it says it is, and go on as that world would.
 */

const stores = fc.constantFrom<"immutable" | "in-place">("immutable", "in-place");

/** Worlds in two parts: a past, and drafts without forks and restores, which stay in the world they are given. */
function assertParts(
  usualRuns: number,
  property: (sim: ReplicationSimulator, next: StepDrafts, other: StepDrafts) => void,
): void {
  const inPlace = (steps: StepDrafts): StepDrafts =>
    steps.filter((step) => step !== "restore" && !(typeof step === "object" && "fork" in step));
  fc.assert(
    fc.property(worlds, drafts, drafts, drafts, stores, (options, past, next, other, store) => {
      const sim = runDrafts(new ReplicationSimulator({ ...options, store }), past);
      property(sim, inPlace(next), inPlace(other));
    }),
    { numRuns: runs(usualRuns) },
  );
}

describe("rollbackTo", () => {
  test("gives the world as it was, which goes on as if nothing had been", () => {
    assertParts(80, (sim, next, other) => {
      const straight = sim.fork();
      const before = bytes(sim);
      const savepoint = sim.history.savepoint();
      runDrafts(sim, next);
      sim.history.rollbackTo(savepoint);
      expect(bytes(sim)).toBe(before);
      runDrafts(sim, other);
      expect(bytes(sim)).toBe(bytes(runDrafts(straight, other)));
      // and once more, to the same savepoint
      sim.history.rollbackTo(savepoint);
      expect(bytes(sim)).toBe(before);
    });
  });

  test("leaves forks alone that were made of what did not happen", () => {
    assertParts(40, (sim, next, other) => {
      const savepoint = sim.history.savepoint();
      runDrafts(sim, next);
      const fork = sim.fork();
      const before = bytes(fork);
      sim.history.rollbackTo(savepoint);
      runDrafts(sim, other);
      expect(bytes(fork)).toBe(before);
    });
  });

  test("account clients and subscribers stay", () => {
    const sim = new ReplicationSimulator();
    const client = sim.account(neighbour);
    const reported: number[] = [];
    sim.subscribe(({ seq }) => reported.push(seq));
    const savepoint = sim.history.savepoint();
    const { id } = client.createInstance({ flavorId: 2, volumeGb: 1 });
    sim.history.rollbackTo(savepoint);
    expect(client.listInstances().items).toEqual([]);
    expect(client.createInstance({ flavorId: 2, volumeGb: 1 }).id).toBe(id);
    expect(reported).toEqual([0, 0]);
  });

  test("a thousand times in turns with what is kept, and the journal is whole", () => {
    const sim = new ReplicationSimulator({ limits: { maxInstancesPerAccount: 10_000 } });
    for (let round = 0; round < 1000; round++) {
      const savepoint = sim.history.savepoint();
      sim.createInstance({ flavorId: 2, volumeGb: 1, name: "lost" });
      sim.history.rollbackTo(savepoint);
      sim.createInstance({ flavorId: 2, volumeGb: 1, name: String(round) });
    }
    const names = sim.history.entries().map(({ trigger }) => {
      return trigger.kind === "command" && trigger.command.type === "createInstance"
        ? trigger.command.name
        : trigger;
    });
    expect(names).toEqual(Array.from({ length: 1000 }, (_, round) => String(round)));
    expect(ReplicationSimulator.replay(sim.journal()).fingerprint()).toBe(sim.fingerprint());
  });
});

describe("load", () => {
  test("becomes the world of a snapshot, and goes on as that world does", () => {
    assertParts(60, (sim, next, other) => {
      const text = JSON.stringify(sim.snapshot());
      const loaded = runDrafts(new ReplicationSimulator({ store: sim.settings.store }), next);
      loaded.history.loadSnapshot(JSON.parse(text));
      expect(JSON.stringify(loaded.snapshot())).toBe(text);
      expect(loaded.listPendingTasks()).toEqual(sim.listPendingTasks());
      expect(loaded.journal()).toMatchObject({ origin: JSON.parse(text), lines: [] });
      runDrafts(loaded, other);
      runDrafts(sim, other);
      expect(loaded.fingerprint()).toBe(sim.fingerprint());
      expect(ReplicationSimulator.replay(loaded.journal()).fingerprint()).toBe(sim.fingerprint());
    });
  });

  test("keeps what is no part of a world", () => {
    const sim = new ReplicationSimulator({ accountId: "1", maxSteps: 5 });
    const client = sim.account(neighbour);
    const reported: number[] = [];
    sim.subscribe(({ seq }) => reported.push(seq));
    const other = new ReplicationSimulator({
      accountId: "2",
      seed: 9,
      store: "in-place",
      journal: false,
      limits: { maxInstancesPerAccount: 1 },
    });
    other.account(neighbour).createInstance({ flavorId: 2, volumeGb: 1 });
    sim.history.loadSnapshot(other.snapshot());
    expect(sim.accountId).toBe("1");
    expect(sim.settings).toMatchObject({
      store: "immutable",
      journal: true,
      maxSteps: 5,
      seed: 9,
      accountId: "2",
      limits: { ...documentedLimits, maxInstancesPerAccount: 1 },
    });
    expect(client.listInstances().items).toHaveLength(1);
    expect(() => client.createInstance({ flavorId: 2, volumeGb: 1 })).toThrow(/its quota is 1/);
    sim.step();
    expect(reported).toEqual([1]);
    // what the other world does is its own
    other.settle();
    expect(sim.now).toBeLessThan(other.now + 1);
    expect(sim.history.entries()).toHaveLength(1);
  });

  test("of another account's world: a fork acts for the account of its origin", () => {
    const other = new ReplicationSimulator({
      accountId: "2",
      createId: (kind, n) => `${kind}-${String(n)}`,
    });
    other.createInstance({ flavorId: 2, volumeGb: 1, name: "of the other" });
    const sim = new ReplicationSimulator({ accountId: "1" });
    sim.history.loadSnapshot(other.snapshot());
    const { busy } = sim.branch({ busy: { seed: 9 } });
    for (const fork of [sim.fork(), sim.fork({ seed: 9 }), sim.fork().fork(), busy]) {
      expect(fork.accountId).toBe("1");
      expect(fork.listInstances().items).toEqual([]);
    }
    const fork = sim.fork();
    for (const one of [sim, fork]) {
      one.createInstance({ flavorId: 2, volumeGb: 1 });
      one.settle();
    }
    expect(fork.fingerprint()).toBe(sim.fingerprint());
    // The caller is not part of a world: a restored one uses the account of its settings.
    expect(ReplicationSimulator.restore(sim.snapshot()).accountId).toBe("2");
    expect(ReplicationSimulator.replay(sim.journal()).accountId).toBe("2");
  });

  test("of something unreadable changes nothing", () => {
    const sim = new ReplicationSimulator();
    sim.createInstance({ flavorId: 2, volumeGb: 1 });
    const before = bytes(sim);
    expect(() => sim.history.loadSnapshot({ ...sim.snapshot().toJSON(), version: 1 as 2 })).toThrow(
      InvalidWorldDataError,
    );
    expect(bytes(sim)).toBe(before);
  });

  test("can be rolled back, old journal and all", () => {
    assertParts(30, (sim, next) => {
      const before = bytes(sim);
      const savepoint = sim.history.savepoint();
      sim.history.loadSnapshot(new ReplicationSimulator({ seed: 3 }).snapshot());
      runDrafts(sim, next);
      sim.history.rollbackTo(savepoint);
      expect(bytes(sim)).toBe(before);
    });
  });
});

describe("forget", () => {
  test("drops old lines and nothing else", () => {
    assertParts(60, (sim, next, other) => {
      const savepoint = sim.history.savepoint();
      runDrafts(sim, next);
      const straight = sim.fork();
      const rest = sim.history.entries(savepoint.snapshot.seq);
      sim.history.truncate(savepoint);
      expect(sim.fingerprint()).toBe(straight.fingerprint());
      expect(sim.history.entries()).toEqual(rest);
      expect(sim.journal().origin).toEqual(JSON.parse(JSON.stringify(savepoint.snapshot)));
      expect(ReplicationSimulator.replay(sim.journal()).fingerprint()).toBe(sim.fingerprint());
      runDrafts(sim, other);
      runDrafts(straight, other);
      expect(sim.fingerprint()).toBe(straight.fingerprint());
      expect(ReplicationSimulator.replay(sim.journal()).fingerprint()).toBe(sim.fingerprint());
    });
  });

  test("refuses a savepoint that is not in this journal's past", () => {
    const sim = new ReplicationSimulator();
    const first = sim.history.savepoint();
    sim.createInstance({ flavorId: 2, volumeGb: 1 });
    const abandoned = sim.history.savepoint();
    sim.history.rollbackTo(first);
    expect(() => sim.history.truncate(abandoned)).toThrow(RuleViolationError);
    expect(() => sim.history.truncate(sim.fork().history.savepoint())).toThrow(/not in the past/);
    // what is forgotten already
    sim.createInstance({ flavorId: 2, volumeGb: 1 });
    const early = sim.history.savepoint();
    sim.settle();
    sim.history.truncate(sim.history.savepoint());
    expect(() => sim.history.truncate(early)).toThrow(/not in the past/);
  });

  test("a savepoint follows another as long as nothing was taken back in between", () => {
    const sim = new ReplicationSimulator();
    const first = sim.history.savepoint();
    sim.createInstance({ flavorId: 2, volumeGb: 1 });
    const second = sim.history.savepoint();
    expect([second.follows(first), first.follows(second), first.follows(first)]).toEqual([
      true,
      false,
      true,
    ]);
    sim.history.truncate(second);
    sim.settle();
    expect(sim.history.savepoint().follows(first)).toBe(true);
    sim.history.rollbackTo(second);
    expect(sim.history.savepoint().follows(second)).toBe(false);
    expect(sim.fork().history.savepoint().follows(sim.history.savepoint())).toBe(false);
    const before = sim.history.savepoint();
    sim.history.loadSnapshot(sim.snapshot());
    expect(sim.history.savepoint().follows(before)).toBe(false);
  });
});

describe("repeat", () => {
  test("a snapshot and the lines after it give the world, with the same numbers", () => {
    assertParts(60, (sim, next) => {
      const snapshot = JSON.parse(JSON.stringify(sim.snapshot()));
      const seq = sim.snapshot().seq;
      runDrafts(sim, next);
      const again = ReplicationSimulator.restore(snapshot);
      again.history.replayEntries(sim.history.entries(seq).values(), { until: sim.now });
      expect(JSON.stringify(again.snapshot())).toBe(JSON.stringify(sim.snapshot()));
      expect(again.history.entries()).toEqual(sim.history.entries(seq));
    });
  });

  test("says which line comes out differently, and why", () => {
    const sim = new ReplicationSimulator();
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
    sim.settle();
    sim.restartInstance(id);
    const lines = sim.history.entries();
    const repeat = (changed: object, at: number): void =>
      new ReplicationSimulator().history.replayEntries(
        lines.map((line, index) => (index === at ? { ...line, ...changed } : line)),
      );
    expect(() => repeat({}, 0)).not.toThrow();
    expect(() => repeat({ cause: 5 }, 1)).toThrow(/replay mismatch at journal entry 1:/);
    expect(() => repeat({ at: lines[0]!.at }, 2)).toThrow(
      /journal entry 2: .*before the current virtual time/,
    );
    expect(() =>
      repeat(
        {
          trigger: {
            kind: "command",
            accountId: "1234",
            command: { type: "restartInstance", instanceId: "no-such-id" },
          },
        },
        2,
      ),
    ).toThrow(/entry 2: .*no-such-id not found/);
    expect(() => new ReplicationSimulator().history.replayEntries([], { until: 5 })).toThrow(
      InvalidWorldDataError,
    );
  });
});

function bytes(sim: ReplicationSimulator): string {
  return JSON.stringify([sim.snapshot(), sim.listPendingTasks(), sim.journal()]);
}

import { type Change, ReplicationSimulator } from "replication-simulator";
import { expect, test } from "vitest";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { positionOf } from "../../src/simulator/serialization.js";
import { group, lone } from "../rules/fixtures.js";

/*
 * Listeners that do more than listen: what they ask for happens, and the call that they were called from ends well.
 */

test("a listener that moves time further than the call that notifies it does not make time go back", () => {
  const sim = lone();
  sim.restartInstance("instance-0");
  const start = sim.now;
  let calls = 0;
  sim.subscribe(() => {
    if (calls++ === 0) sim.advance(20_000);
  });
  sim.advance(10_000);
  expect(sim.now - start).toBe(25_000);
});

test.each<[string, (sim: ReplicationSimulator) => void]>([
  ["advance", (sim) => sim.advance(600_000)],
  ["settle", (sim) => sim.settle()],
  ["waitFor", (sim) => sim.waitFor("group-0", "ACTIVE", { withinMs: 600_000 })],
])(
  "a listener that goes back in time ends a call of %s: no notification of what did not happen",
  (_, call) => {
    const sim = group();
    const before = sim.history.savepoint();
    sim.restartGroup("group-0");
    const changes: Change[] = [];
    sim.subscribe((change) => {
      changes.push(change);
      if (changes.length === 1) sim.history.rollbackTo(before);
    });
    call(sim);
    expect(changes).toHaveLength(1);
    expect([sim.now, topologyOf(sim)]).toEqual([
      before.snapshot.now,
      positionOf(before.snapshot).topology,
    ]);
    expect(sim.journal().lines).toHaveLength(before.snapshot.seq);
  },
);

test("what a listener requests is notified to all after the current facts, and its own refusal is its own", () => {
  const sim = group();
  const calls: string[] = [];
  sim.subscribe(({ trigger }) => {
    if (trigger.kind === "command" && trigger.command.type === "restartGroup") {
      sim.addAcl("group-0", "192.0.2.1/32");
      expect(sim.try.restartGroup("group-0").ok).toBe(false);
    }
    calls.push(`first ${trigger.kind === "command" ? trigger.command.type : trigger.kind}`);
  });
  sim.subscribe(({ trigger }) => {
    calls.push(`second ${trigger.kind === "command" ? trigger.command.type : trigger.kind}`);
  });
  sim.restartGroup("group-0");
  expect(calls).toEqual([
    "first restartGroup",
    "second restartGroup",
    "first addAcl",
    "second addAcl",
  ]);
});

test("what a listener throws reaches the caller after all are notified, and undoes nothing", () => {
  const sim = lone();
  let count = 0;
  sim.subscribe(() => {
    throw new RangeError("not mine");
  });
  sim.subscribe(() => {
    count += 1;
  });
  expect(() => sim.restartInstance("instance-0")).toThrow(/not mine/);
  expect([count, sim.getInstance("instance-0").status]).toEqual([1, "REBOOT"]);
  expect(() => {
    sim.settle();
  }).toThrow(/not mine/);
  expect(sim.getInstance("instance-0").status).toBe("ACTIVE");
});

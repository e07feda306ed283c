import { ReplicationSimulator } from "replication-simulator";
import { expectNoBrokenInvariants, expectSettled, play } from "replication-simulator/testing";
import { test } from "vitest";
import { assertStories } from "../told.js";

test("x", () => {
  const seen: Record<string, number> = {};
  assertStories(Number(process.env["N"] ?? 300), (options, story) => {
    const sim = play(new ReplicationSimulator(options), story, {
      onAct: ({ next, command, result }) => {
        if (command?.type === "injectFault") {
          const k = (command.fault as any)?.kind + " " + (result.ok ? "ok" : result.error.rule);
          seen[k] = (seen[k] ?? 0) + 1;
        }
        expectNoBrokenInvariants(next);
      },
    });
    sim.settle();
    expectSettled(sim);
    expectNoBrokenInvariants(sim);
    for (const g of sim.snapshot().toJSON().topology.groups.rows) {
      const k = "group " + g.state;
      seen[k] = (seen[k] ?? 0) + 1;
    }
  });
  console.log(seen);
}, 600_000);

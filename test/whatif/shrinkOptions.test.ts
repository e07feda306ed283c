import type { JournalEntry } from "replication-simulator";
import { scenario } from "replication-simulator/scenario";
import { type OwnParts, shrink } from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";

const faults = scenario({
  scenario: 1,
  topology: { orders: { kind: "set", replicas: 1 }, users: { kind: "instance" } },
  steps: [
    { at: "1h", do: { fault: "crash", of: "orders.source", for: "5m" } },
    { at: "2h", do: { fault: "hang", of: "orders.r1", for: "5m" } },
    { at: "3h", do: { fault: "crash", of: "users", for: "5m" } },
    { at: "4h", do: { fault: "hang", of: "users", for: "5m" } },
  ],
  horizon: "5h",
});

/** A property that throws at the horizon, by the kinds of faults that there were. */
const throwing = (errorOf: (kinds: readonly string[]) => string | undefined): OwnParts => ({
  properties: {
    own: () => {
      const kinds: string[] = [];
      return {
        after: (entry: JournalEntry) => {
          for (const fact of entry.facts) {
            if (fact.type === "FaultInjected") kinds.push(fact.injected.fault.kind);
          }
          return undefined;
        },
        end: () => {
          const message = errorOf(kinds);
          if (message !== undefined) throw new Error(message);
          return undefined;
        },
      };
    },
  },
});

describe("shrinking keeps the reason of a failure", () => {
  test("a smaller candidate that throws another error is not taken", () => {
    const own = throwing((kinds) => {
      if (!kinds.includes("hang")) return "nothing has hung";
      return kinds.includes("crash") ? `${String(kinds.length)} faults of both kinds` : undefined;
    });
    const shrunk = shrink(faults, 0, { own });
    expect(shrunk?.failure.expectation).toBe("exception");
    // The number in the message changes with the candidate, and is the same error.
    expect(shrunk?.failure.message).toBe("Error: 2 faults of both kinds");
    expect(shrunk?.scenario.steps).toHaveLength(2);
  });

  test("a broken property is not exchanged for another one, nor for an error", () => {
    const own: OwnParts = {
      properties: {
        first: () => ({
          end: ({ sim }) => (sim.listFaults().length > 0 ? "a fault is left" : undefined),
        }),
        ...throwing((kinds) => (kinds.length === 0 ? "no fault" : undefined)).properties,
        last: () => ({ end: () => "always broken" }),
      },
    };
    const lasting = scenario({
      scenario: 1,
      topology: { orders: { kind: "set", replicas: 1 } },
      steps: [
        { at: "1h", do: { fault: "crash", of: "orders.source" } },
        { at: "2h", do: { fault: "hang", of: "orders.r1", for: "5m" } },
      ],
      horizon: "5h",
    });
    const shrunk = shrink(lasting, 0, { own, expectation: "first" });
    expect(shrunk?.failure).toMatchObject({ expectation: "first", message: "a fault is left" });
    expect(shrunk?.scenario.steps).toHaveLength(1);
  });

  test("no more runs are spent than allowed", () => {
    const own = throwing((kinds) => (kinds.includes("crash") ? "a crash" : undefined));
    for (const maxRuns of [1, 7]) {
      expect(shrink(faults, 0, { own, maxRuns })?.runs).toBeLessThanOrEqual(maxRuns);
    }
    expect(shrink(faults, 0, { own })?.scenario.steps).toHaveLength(1);
  });
});

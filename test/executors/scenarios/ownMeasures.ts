import { scenario } from "replication-simulator/scenario";
import type { MeasureFactory } from "replication-simulator/whatif";

/** A scenario with a measure that no file can hold. */
export default scenario({
  scenario: 1,
  topology: { orders: { kind: "set", replicas: 1 } },
  random: {
    crashes: { fault: "crash", of: "orders", every: { exponential: "2d" }, timeToRepair: "20m" },
  },
  horizon: "20d",
  measures: { faults: { measure: "faults" } },
});

export const measures: Readonly<Record<string, MeasureFactory>> = {
  activations: () => {
    let count = 0;
    return {
      after: ({ facts }) => {
        for (const { type } of facts) if (type === "FaultActivated") count += 1;
      },
      end: () => count,
    };
  },
};

import { toDistribution } from "../format/distributions.js";
import type { Scenario } from "../format/scenario.js";
import { randomPlaces, randomTarget } from "./actions.js";
import type { NameTable } from "./nameTable.js";

/** Starts the random faults of a scenario, each under its name as label. */
export function startRandomFaults({ random = {} }: Scenario, names: NameTable): void {
  for (const [label, declared] of Object.entries(random)) {
    const { fault, of, every, timeToRepair } = declared;
    const times = toDistribution(every);
    const process = { fault, timeToRepair: toDistribution(timeToRepair) };
    const target = of === undefined ? randomPlaces(declared) : randomTarget(of, names);
    names.sim.inject(
      of?.endsWith(".any") === true
        ? { kind: "randomAmong", ...process, timeBetweenFailures: times, target }
        : { kind: "random", ...process, timeToFailure: times, target },
      { label },
    );
  }
}

import type { Fault } from "../../service/faults/fault.model.js";
import { toDistribution } from "../format/distributions.js";
import type { Scenario } from "../format/scenario.js";
import { randomPlaces, randomTarget } from "./actions.js";
import type { NameTable } from "./nameTable.js";

/** Returns the random faults of a scenario as commands inject them, each under its name as label. */
export function randomFaultsOf(
  { random = {} }: Scenario,
  names: NameTable,
): readonly { readonly label: string; readonly fault: Fault }[] {
  return Object.entries(random).map(([label, declared]) => {
    const { fault, of, every, timeToRepair } = declared;
    const times = toDistribution(every);
    const process = { fault, timeToRepair: toDistribution(timeToRepair) };
    const target = of === undefined ? randomPlaces(declared) : randomTarget(of, names);
    return of?.endsWith(".any") === true
      ? { label, fault: { kind: "randomAmong", ...process, timeBetweenFailures: times, target } }
      : { label, fault: { kind: "random", ...process, timeToFailure: times, target } };
  });
}

/** Starts the random faults of a scenario. */
export function startRandomFaults(scenario: Scenario, names: NameTable): void {
  for (const { fault, label } of randomFaultsOf(scenario, names)) {
    names.sim.inject(fault, { label });
  }
}

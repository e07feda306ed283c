import type { Command } from "../../model/commandTypes.js";
import { parseFor } from "../../simulator/clientKernel.js";
import type { Scenario } from "../format/scenario.js";
import type { NameTable } from "./nameTable.js";
import { randomFaultsOf } from "./randomProcesses.js";

/** Commands with which each future of a scenario begins, parsed once for all of them. */
export interface InitialCommands {
  readonly workloads: readonly Command[];
  readonly randomFaults: readonly Command[];
}

/**
 * Returns the commands that start the workloads and the random faults of a scenario.
 * @param names - the names in the world at time 0
 */
export function initialCommandsOf(scenario: Scenario, names: NameTable): InitialCommands {
  const { sim } = names;
  const workloads: Command[] = [];
  for (const [name, { writes }] of Object.entries(scenario.topology ?? {})) {
    const thing = names.thing(name);
    if (writes === undefined || thing === undefined) continue;
    const { perSecond, bytes } = writes;
    workloads.push(
      parseFor(sim, "setWorkload", {
        instanceId: names.sourceId(thing),
        transactionsPerSecond: perSecond,
        ...(bytes === undefined ? {} : { bytesPerTransaction: bytes }),
      }),
    );
  }
  const randomFaults = randomFaultsOf(scenario, names).map((input) =>
    parseFor(sim, "injectFault", input),
  );
  return { workloads, randomFaults };
}

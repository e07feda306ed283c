import { dropId, ordinalOf, putId } from "../collections/idIndex.js";
import { appendRow, dropRow, rowToWrite } from "../collections/table.js";
import { InvariantBrokenError } from "../domain/errors.js";
import type {
  FaultCounted,
  FaultEnded,
  FaultInjected,
  FaultStruck,
  InjectedFault,
} from "../domain/faults.js";
import { copyOfFault } from "./copies.js";
import { damageKey, isWatched } from "./faults.js";
import type { Topology, Writable } from "./state.js";

/** Writes a fact about a fault; for `evolve` alone. */
export function evolveFault(
  topology: Writable<Topology>,
  fact: FaultInjected | FaultStruck | FaultCounted | FaultEnded,
): void {
  switch (fact.type) {
    case "FaultInjected": {
      const ordinal = appendRow<object>(topology.faults, copyOfFault(fact.injected));
      if (ordinal !== fact.injected.ordinal) throw misplaced(ordinal);
      enlist(topology, fact.injected);
      return;
    }
    case "FaultStruck": {
      const row = existing(topology, fact.row);
      Object.assign(row, fact.changes);
      enlist(topology, { ...row, ...fact.changes });
      return;
    }
    case "FaultCounted": {
      existing(topology, fact.row).left = { ...fact.left };
      return;
    }
    case "FaultEnded": {
      const row = existing(topology, fact.row);
      const key = damageKey(row);
      // A crash of what hangs takes the place of the hang before that ends.
      if (key !== null && ordinalOf(topology.faultsOnInstances, key) === fact.row) {
        dropId(topology.faultsOnInstances, key);
      }
      if (topology.watchedFaults.includes(fact.row)) {
        topology.watchedFaults = topology.watchedFaults.filter((other) => other !== fact.row);
      }
      dropRow<object>(topology.faults, fact.row);
    }
  }
}

/** Enters a fault that stands where it is looked for. */
function enlist(topology: Writable<Topology>, row: InjectedFault): void {
  if (isWatched(row)) {
    // In the order of injection, which a snapshot keeps.
    topology.watchedFaults = [...topology.watchedFaults, row.ordinal].sort((a, b) => a - b);
  }
  const key = damageKey(row);
  if (key === null) return;
  if (ordinalOf(topology.faultsOnInstances, key) !== undefined) {
    dropId(topology.faultsOnInstances, key);
  }
  putId(topology.faultsOnInstances, key, row.ordinal);
}

function existing(topology: Writable<Topology>, ordinal: number): Writable<InjectedFault> {
  const row = rowToWrite(topology.faults, ordinal);
  if (row === undefined) throw misplaced(ordinal);
  return row as Writable<InjectedFault>;
}

function misplaced(ordinal: number): InvariantBrokenError {
  return new InvariantBrokenError(`a fact names fault ${String(ordinal)}, which is not there`);
}

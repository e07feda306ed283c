import { dropId, ordinalOf, putId } from "../../collections/idIndex.js";
import { appendRow, dropRow, writableRow } from "../../collections/table.js";
import { copyOfFault } from "../../kernel/copyRow.js";
import { damageKey, isWatched } from "../../kernel/derivedIndexes.js";
import { accountToWrite, count, indexes, noteBirth } from "../../kernel/writeRows.js";
import { InvariantViolationError } from "../../model/errors.js";
import type { FactOf } from "../../model/facts.js";
import type { Mutable, Topology } from "../../model/topology.js";
import type { InjectedFault } from "./fault.model.js";

/** Writes a fact about a fault; for `evolve` alone. */
export function evolveFault(
  topology: Mutable<Topology>,
  fact:
    | FactOf<"FaultInjected">
    | FactOf<"FaultActivated">
    | FactOf<"FaultClockChanged">
    | FactOf<"FaultCounterChanged">
    | FactOf<"FaultEnded">,
): void {
  switch (fact.type) {
    case "FaultInjected": {
      const account = accountToWrite(topology, fact.injected.accountId);
      count(account, "faults");
      noteBirth(indexes(topology, account), "faults", fact.injected, fact);
      const ordinal = appendRow<object>(topology.faults, copyOfFault(fact.injected));
      if (ordinal !== fact.injected.ordinal) throw misplaced(ordinal);
      enlist(topology, fact.injected);
      return;
    }
    case "FaultActivated": {
      const row = existing(topology, fact.row);
      applyActivation(row, fact.changes);
      enlist(topology, row);
      return;
    }
    case "FaultClockChanged": {
      const row = existing(topology, fact.row);
      const { dueAt, seq, endsAt, clock } = fact.changes;
      row.dueAt = dueAt;
      row.seq = seq;
      row.endsAt = endsAt;
      row.clock = clock;
      return;
    }
    case "FaultCounterChanged": {
      existing(topology, fact.row).remaining = { ...fact.left };
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

/** Writes what changes when a fault becomes active: field by field, since `Object.assign` is a call out of compiled code. */
export function applyActivation(
  row: Mutable<InjectedFault>,
  changes: FactOf<"FaultActivated">["changes"],
): void {
  row.phase = changes.phase;
  row.dueAt = changes.dueAt;
  row.seq = changes.seq;
  row.endsAt = changes.endsAt;
  row.targetOrdinal = changes.targetOrdinal;
  row.activations = changes.activations;
  row.clock = changes.clock;
  row.remaining = changes.remaining;
  if (changes.clockOf !== undefined) row.clockOf = changes.clockOf;
}

/** Enters a fault that stands where it is looked for. */
function enlist(topology: Mutable<Topology>, row: InjectedFault): void {
  if (isWatched(row) && !topology.watchedFaults.includes(row.ordinal)) {
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

function existing(topology: Mutable<Topology>, ordinal: number): Mutable<InjectedFault> {
  const row = writableRow(topology.faults, ordinal);
  if (row === undefined) throw misplaced(ordinal);
  return row as Mutable<InjectedFault>;
}

function misplaced(ordinal: number): InvariantViolationError {
  return new InvariantViolationError(`a fact refers to the missing fault ${String(ordinal)}`);
}

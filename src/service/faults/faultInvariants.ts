import { ordinalOf } from "../../collections/idIndex.js";
import { rowAt, rowsOf } from "../../collections/table.js";
import { damageKey, isWatched } from "../../kernel/derivedIndexes.js";
import type { Topology } from "../../model/topology.js";
import type { Invariants } from "../shared/invariant.js";
import { faultOf, findResource, isStillDamaged, targetIdOf } from "./activeFaults.js";
import { type InjectedFault, infoOf, isPart } from "./fault.model.js";

/** What must always hold for a fault, by name. */
export const faultInvariants: Invariants<InjectedFault> = {
  // One that is to come may name what is to come, too.
  "a fault that stands or comes again points at what exists": (
    { accountId, fault, phase },
    { topology },
  ) => {
    const id = targetIdOf(fault);
    return (
      phase === "scheduled" ||
      id === null ||
      findResource(topology, { accountId, id }) !== undefined
    );
  },
  "a fault that stands on an instance has damaged it": (
    { fault, phase, targetOrdinal: on },
    { topology },
  ) => {
    const what = infoOf(fault).part;
    if (what === null || phase === "scheduled") return true;
    const instance = on === null ? undefined : rowAt(topology.instances, on);
    return instance !== undefined && isStillDamaged(fault, instance);
  },
  "a fault has its turn when it waits for one, and never before now": (
    { phase, dueAt, endsAt, seq, clock },
    { now },
  ) =>
    (dueAt === null) === (seq === null) &&
    (dueAt === null
      ? endsAt === null && phase !== "scheduled" && clock?.since == null
      : dueAt >= now) &&
    (phase !== "active" || dueAt === endsAt) &&
    (endsAt === null || dueAt === null || dueAt <= endsAt),
  "a part stands no longer than its correlated fault": (row, { topology }) =>
    !isPart(row) ||
    faultOf(topology, { accountId: row.accountId, id: row.partOf })?.fault.kind === "correlated",
  "work that is to fail has failures left": ({ fault, phase, remaining: left }) =>
    phase === "scheduled" || (fault.kind === "failTask") === (left !== null && left.times > 0),
};

/** The name of what must hold for the indexes of faults. */
export const faultIndexInvariant = "the faults that stand are listed where they are looked for";

/** What does not hold for the indexes of faults. O(faults). */
export function* brokenFaultIndexes(topology: Topology): Generator<string> {
  const rows = [...rowsOf(topology.faults)];
  const watched = rows.filter(isWatched).map(({ ordinal }) => ordinal);
  if (watched.join(" ") !== topology.watchedFaults.join(" ")) {
    yield `${faultIndexInvariant}: ${topology.watchedFaults.join(" ")}`;
  }
  const keyed = rows.filter((row) => damageKey(row) !== null);
  if (keyed.length !== topology.faultsOnInstances.count) {
    yield `${faultIndexInvariant}: ${String(topology.faultsOnInstances.count)}`;
  }
  for (const row of keyed) {
    if (ordinalOf(topology.faultsOnInstances, damageKey(row) ?? "") !== row.ordinal) {
      yield `${faultIndexInvariant}: ${row.id}`;
    }
  }
}

import { rowAt, rowsOf } from "../../collections/table.js";
import { WideHash } from "../../collections/wideHash.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { Fact, FactOf } from "../../model/facts.js";
import type { Topology } from "../../model/topology.js";
import type { Instance } from "../instances/instance.model.js";
import { clockAt, clocksOf, randomProcesses } from "./activeFaults.js";
import type { FaultOf, InjectedFault } from "./fault.model.js";
import { endFault, newFault } from "./processFault.js";
import { drawnClock, dueAtOf } from "./randomFaults.js";
import { canFail, isTarget } from "./randomTargets.js";

/**
 * Updates the clocks of random faults: clocks of instances in service run, all others are paused, and an instance that
 * comes into service for the first time gets a clock. Worlds without random faults pay one comparison.
 */
export function followClocks(transaction: Transaction, from: number): void {
  const { topology } = transaction.context;
  if (topology.watchedFaults.length === 0 && topology.faultsOnInstances.count === 0) return;
  const hasProcess = topology.watchedFaults.some(
    (ordinal) => rowAt(topology.faults, ordinal)?.fault.kind === "random",
  );
  const touched = new Set<number>();
  // New facts are added behind the ones being processed.
  for (const fact of transaction.facts.slice(from)) {
    if (fact.type === "FaultEnded") endClocks(transaction, fact);
    if (!hasProcess) continue;
    for (const ordinal of touchedBy(topology, fact)) touched.add(ordinal);
  }
  if (touched.size === 0) return;
  for (const ordinal of [...touched].sort((a, b) => a - b)) {
    const instance = rowAt(topology.instances, ordinal);
    if (instance === undefined) continue;
    for (const owner of randomProcesses(topology, instance.accountId)) {
      const { fault } = owner;
      if (fault.kind === "random") follow(transaction, { owner, fault, instance });
    }
  }
}

/** Instances that may have come into or out of service, or into the scope of a random fault. */
function* touchedBy(topology: Topology, fact: Fact): Generator<number> {
  switch (fact.type) {
    case "InstanceStateEntered":
    case "PartitionChanged":
      yield fact.row;
      return;
    case "ReplicationStarted":
    case "ReplicationStopped":
      yield fact.replicaRow;
      yield fact.sourceRow;
      return;
    case "MemberJoined":
    case "MemberLeft":
      yield fact.instanceRow;
      return;
    case "LinkChanged":
      yield fact.row;
      return;
    case "FaultInjected":
    case "FaultActivated": {
      const row = fact.type === "FaultInjected" ? fact.injected.ordinal : fact.row;
      const owner = rowAt(topology.faults, row);
      if (owner?.fault.kind !== "random") return;
      if (owner.clockOf !== null) {
        yield owner.clockOf.instanceOrdinal;
        return;
      }
      for (const { ordinal, accountId } of rowsOf(topology.instances)) {
        if (accountId === owner.accountId) yield ordinal;
      }
      return;
    }
    default:
  }
}

/** Runs the clock of one instance while it is in service and in the scope of the fault. */
function follow(
  transaction: Transaction,
  {
    owner,
    fault,
    instance,
  }: {
    readonly owner: InjectedFault;
    readonly fault: FaultOf<"random">;
    readonly instance: Instance;
  },
): void {
  const { lifecycle, topology } = transaction.context;
  const runs =
    isTarget(instance, { target: fault.target, topology }) &&
    canFail(instance, { fault: fault.fault, topology, lifecycle });
  const place = { processOrdinal: owner.ordinal, instanceOrdinal: instance.ordinal };
  const row = clockAt(topology, place);
  if (row === undefined) {
    if (runs) addClock(transaction, { owner, fault, instance });
    return;
  }
  const { clock, endsAt } = row;
  if (clock === null || runs === (clock.since !== null)) return;
  const { now } = transaction;
  const ranMs = clock.since === null ? clock.ranMs : clock.ranMs + now - clock.since;
  const changed = { ...clock, ranMs, since: runs ? now : null };
  const dueAt = dueAtOf(changed, endsAt);
  const seq = dueAt === null ? null : transaction.takeSeq();
  transaction.emit({
    type: "FaultClockChanged",
    id: row.id,
    row: row.ordinal,
    change: runs ? "started" : "stopped",
    changes: { dueAt, seq, endsAt, clock: changed },
  });
}

/** Returns the lineage key of the clock that a random fault has for an instance. */
export function clockKey(ownerKey: string, instanceKey: string): string {
  return new WideHash().text("clock").key(ownerKey).key(instanceKey).digits();
}

/** Adds a clock: a random fault for one instance, with a key made of both. */
function addClock(
  transaction: Transaction,
  {
    owner,
    fault,
    instance,
  }: {
    readonly owner: InjectedFault;
    readonly fault: FaultOf<"random">;
    readonly instance: Instance;
  },
): void {
  const { durationMs: _, ...kept } = fault;
  const key = clockKey(owner.key, instance.key);
  const own: FaultOf<"random"> = { ...kept, target: { instanceId: instance.id } };
  const clock = drawnClock(transaction, { key }, { fault, activations: 0, since: transaction.now });
  transaction.emit({
    type: "FaultInjected",
    injected: {
      ...newFault(transaction, own, { key, label: null, counted: null }),
      phase: "recurring",
      // It ends together with its random fault.
      dueAt: dueAtOf(clock, null),
      seq: transaction.takeSeq(),
      cause: owner.cause,
      clock,
      clockOf: { processOrdinal: owner.ordinal, instanceOrdinal: instance.ordinal },
    },
    counted: null,
  });
}

/** Ends the clocks of a random fault that ends. */
function endClocks(transaction: Transaction, { row, outcome }: FactOf<"FaultEnded">): void {
  for (const clock of clocksOf(transaction.context.topology, row)) {
    endFault(transaction, clock, { outcome });
  }
}

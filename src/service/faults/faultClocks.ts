import { addOrdered } from "../../collections/addOrdered.js";
import { rowAt, rowsOf } from "../../collections/table.js";
import { WideHash } from "../../collections/wideHash.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { Fact, FactOf } from "../../model/facts.js";
import { isOfPlaces, type RandomPlaces } from "../../model/randomPlaces.js";
import type { Mutable, Topology } from "../../model/topology.js";
import type { Instance } from "../instances/instance.model.js";
import { racksOf, zonesOf } from "../placement/placement.model.js";
import { clockAt, clocksOf, faultOf, randomProcesses } from "./activeFaults.js";
import { type FaultClock, type FaultOf, type InjectedFault } from "./fault.model.js";
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
  const touched: number[] | undefined = hasProcess(topology) ? [] : undefined;
  // New facts are added behind the ones being processed.
  const end = transaction.facts.length;
  for (let at = from; at < end; at++) {
    const fact = transaction.facts[at] as Fact; // below the length

    if (fact.type === "FaultEnded") endClocks(transaction, fact);
    followPlaces(transaction, fact);
    if (touched !== undefined) addTouchedBy(topology, fact, touched);
  }
  if (touched === undefined || touched.length === 0) return;
  let accountId: string | undefined;
  let processes: readonly InjectedFault[] = [];
  for (const ordinal of touched) {
    const instance = rowAt(topology.instances, ordinal);
    if (instance === undefined) continue;
    if (instance.accountId !== accountId) {
      accountId = instance.accountId;
      processes = randomProcesses(topology, accountId);
    }
    for (const owner of processes) {
      const { fault } = owner;
      if (fault.kind === "random") follow(transaction, { owner, fault, instance });
    }
  }
}

/** Whether a random process of clocks runs. */
function hasProcess({ watchedFaults, faults }: Topology): boolean {
  for (const ordinal of watchedFaults) {
    if (rowAt(faults, ordinal)?.fault.kind === "random") return true;
  }
  return false;
}

/**
 * Adds the instances that may have come into or out of service, or into the scope of a random fault, in the order of
 * their ordinals.
 */
function addTouchedBy(topology: Topology, fact: Fact, touched: number[]): void {
  switch (fact.type) {
    case "InstanceStateEntered":
    case "PartitionChanged":
      addOrdered(touched, fact.row);
      return;
    case "ReplicationStarted":
    case "ReplicationStopped":
      addOrdered(touched, fact.replicaRow);
      addOrdered(touched, fact.sourceRow);
      return;
    case "MemberJoined":
    case "MemberLeft":
      addOrdered(touched, fact.instanceRow);
      return;
    case "LinkChanged":
      addOrdered(touched, fact.row);
      return;
    case "FaultInjected":
    case "FaultActivated": {
      const row = fact.type === "FaultInjected" ? fact.injected.ordinal : fact.row;
      const owner = rowAt(topology.faults, row);
      if (owner?.fault.kind !== "random") return;
      if (isOfPlaces(owner.fault.target)) return;
      if (owner.clockOf !== null) {
        if (owner.clockOf.instanceOrdinal !== null)
          addOrdered(touched, owner.clockOf.instanceOrdinal);
        return;
      }
      for (const { ordinal, accountId } of rowsOf(topology.instances)) {
        if (accountId === owner.accountId) addOrdered(touched, ordinal);
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
  const { clock } = row;
  if (clock === null || runs === (clock.since !== null)) return;
  setRunning(transaction, row, { clock, runs });
}

/** Starts or stops a clock. */
function setRunning(
  transaction: Transaction,
  row: InjectedFault,
  { clock, runs }: { readonly clock: FaultClock; readonly runs: boolean },
): void {
  const { now } = transaction;
  const { endsAt } = row;
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

/** Returns the lineage key of the clock that a random fault has for a place: nothing that stands in it matters. */
function placeClockKey(ownerKey: string, place: RandomPlaces): string {
  const hash = new WideHash().text("clock of a place").key(ownerKey);
  return hash.text(Object.values(place).join("")).digits();
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
  insertClock(transaction, {
    owner,
    fault: { ...fault, target: { instanceId: instance.id } },
    key: clockKey(owner.key, instance.key),
    instanceOrdinal: instance.ordinal,
  });
}

function insertClock(
  transaction: Transaction,
  {
    owner,
    fault,
    key,
    instanceOrdinal,
  }: {
    readonly owner: InjectedFault;
    readonly fault: FaultOf<"random">;
    readonly key: string;
    readonly instanceOrdinal: number | null;
  },
): void {
  const { durationMs: _, ...own } = fault;
  const clock = drawnClock(transaction, { key }, { fault, activations: 0, since: transaction.now });
  const birth = { key, label: null, counted: null };
  const injected: Mutable<InjectedFault> = newFault(transaction, own, birth);
  injected.phase = "recurring";
  // It ends together with its random fault.
  injected.dueAt = dueAtOf(clock, null);
  injected.seq = transaction.takeSeq();
  injected.cause = owner.cause;
  injected.clock = clock;
  injected.clockOf = { processOrdinal: owner.ordinal, instanceOrdinal };
  transaction.emit({ type: "FaultInjected", injected, counted: null });
}

/** Starts the clocks of a random fault of each place, and a clock anew when the failure of its place is repaired. */
function followPlaces(transaction: Transaction, fact: Fact): void {
  const { topology, placement } = transaction.context;
  if (fact.type === "FaultInjected" || fact.type === "FaultActivated") {
    const row = fact.type === "FaultInjected" ? fact.injected.ordinal : fact.row;
    const owner = rowAt(topology.faults, row);
    if (owner?.fault.kind !== "random" || owner.phase !== "recurring") return;
    const { fault } = owner;
    if (fault.target === "all" || !("each" in fault.target)) return;
    const places: readonly RandomPlaces[] =
      fault.target.each === "zone"
        ? zonesOf(placement).map((zone) => ({ zone }))
        : racksOf(placement).map((rack) => ({ rack }));
    for (const target of places) {
      const key = placeClockKey(owner.key, target);
      insertClock(transaction, { owner, fault: { ...fault, target }, key, instanceOrdinal: null });
    }
    return;
  }
  const ended = fact.type === "FaultEnded" ? rowAt(transaction.before.faults, fact.row) : undefined;
  if (ended?.fault.kind !== "correlated" || ended.partOf === null) return;
  const { accountId, partOf: id } = ended;
  const row = faultOf(topology, { accountId, id });
  if (row?.clock?.since !== null) return;
  setRunning(transaction, row, { clock: row.clock, runs: true });
}

/** Ends the clocks of a random fault that ends. */
function endClocks(transaction: Transaction, { row, outcome }: FactOf<"FaultEnded">): void {
  const ended = rowAt(transaction.before.faults, row);
  if (ended !== undefined && ended.fault.kind !== "random") return; // has no clocks
  for (const clock of clocksOf(transaction.context.topology, row)) {
    endFault(transaction, clock, { outcome });
  }
}

import { rowAt } from "../../collections/table.js";
import { WideHash } from "../../collections/wideHash.js";
import { type Birth, birthByCommand } from "../../kernel/lineage.js";
import { accountOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { isOfPlaces, placeOfTarget } from "../../model/randomPlaces.js";
import type { Mutable } from "../../model/topology.js";
import type { Instance } from "../instances/instance.model.js";
import { instancesInPlace } from "../placement/placement.js";
import type { LinkCondition } from "../replication/dataPlane.model.js";
import { changeLine, stopReceiving } from "../replication/links.js";
import { hasSourceThatServes } from "../replication/replicaReactions.js";
import { newIdOf, refuseId, requireInstance } from "../shared/lookups.js";
import { firstRefusal } from "../shared/refusals.js";
import { faultOf, faultOnPart, findResource, partsOf, targetIdOf } from "./activeFaults.js";
import { applyActivation } from "./evolveFaults.js";
import {
  type ClockPlace,
  type Fault,
  type FaultClock,
  type FaultOf,
  type InjectedFault,
  infoOf,
} from "./fault.model.js";
import { injectFaultRules } from "./faultRules.js";
import { activateAmong, activateByClock, drawnClock, dueAtOf } from "./randomFaults.js";
import { crash, hang, loseHost, recover, replicationSignal } from "./serviceHealth.js";

/** Returns the birth of an injected fault, identified by its target. */
export function birthOfFault(
  moment: Transaction,
  { fault, label }: { readonly fault: Fault; readonly label: string | undefined },
): Birth {
  const { topology, accountId } = moment.context;
  const id = targetIdOf(fault);
  // A scheduled fault may name a target that does not exist yet.
  const parentKey =
    id === null ? placeNameOf(fault) : (findResource(topology, { accountId, id })?.key ?? id);
  return birthByCommand(moment, { label, kind: "fault", parentKey, name: fault.kind });
}

/** Returns the place that a random process strikes, by which it is identified; empty for others. */
function placeNameOf(fault: Fault): string {
  if (!isRandom(fault) || !isOfPlaces(fault.target)) return "";
  return Object.values(fault.target).join("");
}

/** Adds a fault that becomes active at once. */
export function injectNow(
  moment: Transaction,
  fault: Fault,
  {
    birth,
    repair = null,
    partOf = null,
  }: {
    readonly birth: Birth;
    readonly repair?: FaultClock | null;
    readonly partOf?: string | null;
  },
): void {
  endWhatIsLost(moment, fault);
  const row: Mutable<InjectedFault> = newFault(moment, fault, birth);
  row.partOf = partOf;
  applyActivation(row, whenActivated(moment, row));
  if (repair !== null) row.clock = repair;
  moment.emit({ type: "FaultInjected", injected: row, counted: birth.counted });
  apply(moment, row);
}

/** Ends the fault on a service that is already down when its host is lost. */
function endWhatIsLost(moment: Transaction, fault: Fault): void {
  if (fault.kind !== "loseHost") return;
  const held = faultOnPart(moment.context.topology, "service", requireInstance(moment, fault));
  if (held !== undefined) {
    endFault(moment, held, { outcome: "superseded", reason: "its host is lost" });
  }
}

/** Adds a fault that becomes active later. */
export function injectLater(
  moment: Transaction,
  fault: Fault,
  { birth, dueAt }: { readonly birth: Birth; readonly dueAt: number },
): void {
  const injected: Mutable<InjectedFault> = newFault(moment, fault, birth);
  injected.phase = "scheduled";
  injected.dueAt = dueAt;
  injected.seq = moment.takeSeq();
  moment.emit({ type: "FaultInjected", injected, counted: birth.counted });
}

/** Processes a due fault: it becomes active, recurs, or expires. */
export function processFault(
  moment: Transaction,
  row: InjectedFault,
  victimId: string | undefined,
): void {
  const { fault, phase } = row;
  if (phase === "scheduled") activate(moment, row);
  else if (phase === "recurring" && row.endsAt !== row.dueAt && isRandom(fault)) {
    const activated =
      fault.kind === "random"
        ? activateByClock(moment, row, fault)
        : activateAmong(moment, row, { fault, victimId });
    if (activated !== undefined) injectNow(moment, activated.fault, activated);
  } else deactivateFault(moment, row, "expired");
}

/** Ends a fault, and undoes its effect where that is possible. */
export function deactivateFault(
  moment: Transaction,
  row: InjectedFault,
  outcome: "expired" | "cleared",
): void {
  const instance =
    row.targetOrdinal === null
      ? undefined
      : rowAt(moment.context.topology.instances, row.targetOrdinal);
  const undo = instance && undoing(moment, row, instance);
  endFault(moment, row, { outcome, reason: typeof undo === "string" ? undo : null });
  if (typeof undo === "function") undo();
  if (row.fault.kind !== "correlated") return;
  for (const part of partsOf(moment.context.topology, row)) deactivateFault(moment, part, outcome);
}

/** Returns how the effect of a fault on an instance is undone, or why it cannot be; undefined if it undoes itself. */
function undoing(
  moment: Transaction,
  { fault }: InjectedFault,
  instance: Instance,
): (() => void) | string | undefined {
  const cells = moment.context.lifecycle.instance.transitions[instance.state];
  switch (infoOf(fault).part) {
    case "service":
      if (cells["service.recovered"] === undefined) {
        return `instance ${instance.id} is ${instance.status} and does not recover`;
      }
      return () => {
        recover(moment, instance);
      };
    case "replication":
      // With its source down or busy, replication comes back with the source, or when it is done.
      if (cells["replication.repaired"] === undefined || !hasSourceThatServes(moment, instance)) {
        return undefined;
      }
      return () => {
        replicationSignal(moment, instance, "replication.repaired");
      };
    case "link":
      return () => {
        changeLine(moment, instance, { condition: "normal" });
      };
    case "network":
      return () => {
        changePartition(moment, instance, null);
      };
    case null:
      return undefined;
  }
}

/** Emits the fact that ends a fault. */
export function endFault(
  moment: Transaction,
  { id, ordinal }: InjectedFault,
  {
    outcome,
    reason = null,
  }: {
    readonly outcome: "expired" | "cleared" | "superseded" | "exhausted" | "completed" | "rejected";
    readonly reason?: string | null;
  },
): void {
  moment.emit({ type: "FaultEnded", id, row: ordinal, outcome: outcome, reason });
}

/** A scheduled fault may have become impossible; then it is skipped. */
function activate(moment: Transaction, row: InjectedFault): void {
  const { fault, id, ordinal } = row;
  const refusal = firstRefusal(injectFaultRules, { type: "injectFault", fault }, moment.context);
  if (refusal !== undefined) {
    endFault(moment, row, { outcome: "rejected", reason: refusal.message });
    return;
  }
  endWhatIsLost(moment, fault);
  const changes = whenActivated(moment, row);
  moment.emit({ type: "FaultActivated", id, row: ordinal, changes, skipped: null });
  apply(moment, row);
}

/** Applies the effect of a fault when it becomes active. */
function apply(moment: Transaction, row: InjectedFault): void {
  const { fault } = row;
  switch (fault.kind) {
    case "crash":
      crash(moment, requireInstance(moment, fault));
      return;
    case "hang":
      hang(moment, requireInstance(moment, fault));
      return;
    case "loseHost":
      loseHost(moment, requireInstance(moment, fault));
      return;
    case "recover":
      endFault(moment, row, { outcome: "completed" });
      recover(moment, requireInstance(moment, fault));
      return;
    case "breakReplication":
      replicationSignal(moment, replicaOf(moment, fault), "replication.broken");
      if (fault.thread === "receiving") stopReceiving(moment, replicaOf(moment, fault));
      return;
    case "repairReplication":
      endFault(moment, row, { outcome: "completed" });
      repair(moment, replicaOf(moment, fault));
      return;
    case "cutLink":
    case "slowLink":
      changeLine(moment, replicaOf(moment, fault), journalEntry(fault));
      return;
    case "restoreLink": {
      endFault(moment, row, { outcome: "completed" });
      const replica = replicaOf(moment, fault);
      const held = faultOnPart(moment.context.topology, "link", replica);
      if (held !== undefined) endFault(moment, held, { outcome: "superseded" });
      changeLine(moment, replica, { condition: "normal" });
      return;
    }
    case "partition":
      changePartition(moment, requireInstance(moment, fault), fault.name ?? row.id);
      return;
    case "correlated":
      activateTogether(moment, row, fault);
      return;
    case "healPartition": {
      endFault(moment, row, { outcome: "completed" });
      const instance = requireInstance(moment, fault);
      const held = faultOnPart(moment.context.topology, "network", instance);
      if (held !== undefined) endFault(moment, held, { outcome: "superseded" });
      changePartition(moment, instance, null);
      return;
    }
    case "failTask":
    case "slowTasks":
    case "outage":
    case "loseAnswers":
    case "random":
    case "randomAmong":
  }
}

/**
 * Injects a part on each instance in a place that can fail. Parts end with the whole. A partition is one for all of
 * them.
 */
function activateTogether(
  moment: Transaction,
  { id, key, accountId }: InjectedFault,
  fault: FaultOf<"correlated">,
): void {
  const { effect } = fault;
  for (const victim of instancesInPlace(moment.context, accountId, fault)) {
    const birth = { key: victimKey(key, victim.key), label: null, counted: null };
    const instanceId = victim.id;
    const one: Fault =
      effect === "partition"
        ? { kind: effect, instanceId, name: id }
        : { kind: effect, instanceId };
    injectNow(moment, one, { birth, partOf: id });
  }
}

/** Returns the lineage key of the fault that a correlated one injects on an instance. */
function victimKey(faultKey: string, instanceKey: string): string {
  return new WideHash().text("correlated").key(faultKey).key(instanceKey).digits();
}

function changePartition(
  moment: Transaction,
  { id, ordinal: row }: Instance,
  partitionId: string | null,
): void {
  moment.emit({ type: "PartitionChanged", id, row, partitionId });
}

function journalEntry(fault: FaultOf<"cutLink"> | FaultOf<"slowLink">): LinkCondition {
  if (fault.kind === "cutLink") return { condition: "cut" };
  const { factor, lagMs: extraLagMs } = fault;
  return {
    condition: "slow",
    ...(factor === undefined ? {} : { factor }),
    ...(extraLagMs === undefined ? {} : { extraLagMs }),
  };
}

/** Repairs replication; a fault that keeps it broken ends first. */
function repair(moment: Transaction, replica: Instance): void {
  const held = faultOnPart(moment.context.topology, "replication", replica);
  if (held !== undefined) endFault(moment, held, { outcome: "superseded" });
  replicationSignal(moment, replica, "replication.repaired");
}

function replicaOf(moment: Transaction, { replicaId }: { readonly replicaId: string }): Instance {
  return requireInstance(moment, { instanceId: replicaId });
}

/** Returns the row of a fault after it has become active. */
function whenActivated(
  moment: Transaction,
  row: InjectedFault,
): Pick<
  InjectedFault,
  | "phase"
  | "dueAt"
  | "seq"
  | "endsAt"
  | "targetOrdinal"
  | "activations"
  | "clock"
  | "clockOf"
  | "remaining"
> {
  const { fault } = row;
  const durationMs = "durationMs" in fault ? fault.durationMs : undefined;
  const endsAt = durationMs === undefined ? null : moment.now + durationMs;
  const id = infoOf(fault).part === null ? null : targetIdOf(fault);
  const on = id === null ? null : requireInstance(moment, { instanceId: id }).ordinal;
  const left =
    fault.kind === "failTask" ? { skip: fault.skip ?? 0, times: fault.times ?? 1 } : null;
  if (isRandom(fault)) {
    const clockOf = ownClock(moment, row, fault);
    // A random fault for several instances has no clock itself. The clock of one instance runs as soon as it is in
    // service.
    const isOfPlace = placeOfTarget(fault.target) !== undefined;
    const since = fault.kind === "random" && !isOfPlace ? null : moment.now;
    const clock =
      fault.kind === "random" && clockOf === null && !isOfPlace
        ? null
        : drawnClock(moment, row, { fault, activations: 0, since });
    const dueAt = clock === null ? endsAt : dueAtOf(clock, endsAt);
    return {
      phase: "recurring",
      dueAt,
      seq: dueAt === null ? null : moment.takeSeq(),
      endsAt,
      targetOrdinal: on,
      activations: 0,
      clock,
      clockOf,
      remaining: left,
    };
  }
  const seq = endsAt === null ? null : moment.takeSeq();
  return {
    phase: "active",
    dueAt: endsAt,
    seq,
    endsAt,
    targetOrdinal: on,
    activations: 1,
    clock: null,
    clockOf: null,
    remaining: left,
  };
}

function isRandom(fault: Fault): fault is FaultOf<"random"> | FaultOf<"randomAmong"> {
  return fault.kind === "random" || fault.kind === "randomAmong";
}

/** A random fault for one instance is its own clock. */
function ownClock(
  moment: Transaction,
  { ordinal: processOrdinal }: InjectedFault,
  { kind, target }: FaultOf<"random"> | FaultOf<"randomAmong">,
): ClockPlace | null {
  if (kind !== "random" || target === "all" || !("instanceId" in target)) return null;
  return { processOrdinal, instanceOrdinal: requireInstance(moment, target).ordinal };
}

/** Returns a row for a new fault that waits for nothing yet. */
export function newFault(moment: Transaction, fault: Fault, { key, label }: Birth): InjectedFault {
  const { topology, accountId } = moment.context;
  const accountOrdinal = accountOf(topology, accountId)?.created.faults ?? 0;
  const ordinal = topology.faults.size;
  return {
    ordinal,
    accountOrdinal,
    id: faultId(moment, { key, ordinal }),
    accountId,
    key,
    label,
    fault,
    phase: "active",
    injectedAt: moment.now,
    dueAt: null,
    seq: null,
    endsAt: null,
    cause: moment.seq,
    targetOrdinal: null,
    activations: 0,
    clock: null,
    clockOf: null,
    partOf: null,
    remaining: null,
  };
}

/** Returns the id of a fault: from the caller's `createId`, which must return a new one, or digits of the key. */
function faultId(
  moment: Transaction,
  row: { readonly key: string; readonly ordinal: number },
): string {
  const { newId, topology, accountId } = moment.context;
  if (newId === undefined) return `fault-${row.key.slice(0, 16)}`;
  const id = newIdOf(moment, "fault", row);
  const isTaken = faultOf(topology, { accountId, id }) !== undefined;
  return isTaken ? refuseId({ kind: "fault", ordinal: row.ordinal, id }) : id;
}

import { rowAt } from "../collections/table.js";
import type { LinkLine } from "../domain/dataPlane.js";
import type { Instance } from "../domain/entities.js";
import type { Fault, FaultOf, InjectedFault } from "../domain/faults.js";
import { damagedBy, damageOn } from "../topology/faults.js";
import { accountOf } from "../topology/queries.js";
import { firstRefusal } from "../topology/rules/book.js";
import { named } from "./commands/named.js";
import { changeLine } from "./dataPlane/links.js";
import { crash, hang, recover, replicationSignal } from "./health.js";
import type { Moment } from "./moment.js";
import { nextStrike, strikeAtRandom } from "./randomFaults.js";

/** A fault becomes known, and strikes at once. */
export function injectNow(moment: Moment, fault: Fault): void {
  const row = newFault(moment, fault);
  const struck = { ...row, ...whenStruck(moment, row) };
  moment.facts.push({ type: "FaultInjected", injected: struck });
  apply(moment, struck);
}

/** A fault becomes known, and strikes later. */
export function injectLater(moment: Moment, fault: Fault, dueAt: number): void {
  const row = newFault(moment, fault);
  const injected: InjectedFault = { ...row, phase: "coming", dueAt, seq: moment.takeSeq() };
  moment.facts.push({ type: "FaultInjected", injected });
}

/** What is due of a fault: it strikes, strikes again, or lifts itself. */
export function settleFault(moment: Moment, row: InjectedFault): void {
  if (row.phase === "coming") strike(moment, row);
  else if (row.phase === "standing" || row.fault.kind !== "random" || row.endsAt === row.dueAt) {
    lift(moment, row, "over");
  } else {
    const victim = strikeAtRandom(moment, row, row.fault);
    if (victim !== undefined) injectNow(moment, victim);
  }
}

/** A fault ends, and what it did is undone where that can be. */
export function lift(moment: Moment, row: InjectedFault, how: "over" | "lifted"): void {
  const instance = row.on === null ? undefined : rowAt(moment.context.topology.instances, row.on);
  const undo = instance && undoing(moment, row, instance);
  endFault(moment, row, { how, reason: typeof undo === "string" ? undo : null });
  if (typeof undo === "function") undo();
}

/** How what a fault did to an instance is undone, or why it cannot be; undefined where it undoes itself. */
function undoing(
  moment: Moment,
  { fault }: InjectedFault,
  instance: Instance,
): (() => void) | string | undefined {
  const cells = moment.context.lifecycle.instance.cells[instance.state];
  switch (damagedBy[fault.kind]) {
    case "service":
      if (cells["service.recovered"] === undefined) {
        return `instance ${instance.id} is ${instance.status} and does not recover`;
      }
      return () => {
        recover(moment, instance);
      };
    case "replication":
      // With its source down, or busy, it comes back with the source or when it is done.
      if (cells["replication.repaired"] === undefined || !moment.hasSourceThatServes(instance)) {
        return undefined;
      }
      return () => {
        replicationSignal(moment, instance, "replication.repaired");
      };
    case "link":
      return () => {
        changeLine(moment, instance, { condition: "normal" });
      };
    case null:
      return undefined;
  }
}

/** The fact that a fault is no more. */
export function endFault(
  moment: Moment,
  { id, ordinal }: InjectedFault,
  {
    how,
    reason = null,
  }: {
    readonly how: "over" | "lifted" | "overtaken" | "spent" | "done" | "refused";
    readonly reason?: string | null;
  },
): void {
  moment.facts.push({ type: "FaultEnded", id, row: ordinal, how, reason });
}

/** What was to come may have become impossible. */
function strike(moment: Moment, row: InjectedFault): void {
  const { fault, id, ordinal } = row;
  const refusal = firstRefusal({ type: "injectFault", fault }, moment.context);
  if (refusal !== undefined) {
    endFault(moment, row, { how: "refused", reason: refusal.message });
    return;
  }
  const changes = whenStruck(moment, row);
  moment.facts.push({ type: "FaultStruck", id, row: ordinal, changes, skipped: null });
  apply(moment, { ...row, ...changes });
}

/** What a fault does in the moment in which it strikes. */
function apply(moment: Moment, row: InjectedFault): void {
  const { fault } = row;
  switch (fault.kind) {
    case "crash":
      crash(moment, named(moment, fault));
      return;
    case "hang":
      hang(moment, named(moment, fault));
      return;
    case "recover":
      endFault(moment, row, { how: "done" });
      recover(moment, named(moment, fault));
      return;
    case "breakReplication":
      replicationSignal(moment, replicaOf(moment, fault), "replication.broken");
      return;
    case "repairReplication":
      endFault(moment, row, { how: "done" });
      repair(moment, replicaOf(moment, fault));
      return;
    case "cutLink":
    case "slowLink":
      changeLine(moment, replicaOf(moment, fault), lineOf(fault));
      return;
    case "restoreLink": {
      endFault(moment, row, { how: "done" });
      const replica = replicaOf(moment, fault);
      const held = damageOn(moment.context.topology, "link", replica);
      if (held !== undefined) endFault(moment, held, { how: "overtaken" });
      changeLine(moment, replica, { condition: "normal" });
      return;
    }
    case "failTask":
    case "slowTasks":
    case "outage":
    case "random":
  }
}

function lineOf(fault: FaultOf<"cutLink"> | FaultOf<"slowLink">): LinkLine {
  if (fault.kind === "cutLink") return { condition: "cut" };
  const { factor, lagMs: extraLagMs } = fault;
  return {
    condition: "slow",
    ...(factor === undefined ? {} : { factor }),
    ...(extraLagMs === undefined ? {} : { extraLagMs }),
  };
}

/** Replication that a fault holds broken is let go first. */
function repair(moment: Moment, replica: Instance): void {
  const held = damageOn(moment.context.topology, "replication", replica);
  if (held !== undefined) endFault(moment, held, { how: "overtaken" });
  replicationSignal(moment, replica, "replication.repaired");
}

function replicaOf(moment: Moment, { replicaId }: { readonly replicaId: string }): Instance {
  return named(moment, { instanceId: replicaId });
}

/** How a fault stands after it has struck. */
function whenStruck(
  moment: Moment,
  row: InjectedFault,
): Pick<InjectedFault, "phase" | "dueAt" | "seq" | "endsAt" | "on" | "strikes" | "left"> {
  const { fault } = row;
  const forMs = "forMs" in fault ? fault.forMs : undefined;
  const endsAt = forMs === undefined ? null : moment.now + forMs;
  const id = instanceIdOf(fault);
  const on = id === null ? null : named(moment, { instanceId: id }).ordinal;
  const left =
    fault.kind === "failTask" ? { skip: fault.skip ?? 0, times: fault.times ?? 1 } : null;
  if (fault.kind === "random") {
    const dueAt = nextStrike(moment, { ...row, endsAt }, { fault, from: moment.now, strikes: 0 });
    return { phase: "recurring", dueAt, seq: moment.takeSeq(), endsAt, on, strikes: 0, left };
  }
  const seq = endsAt === null ? null : moment.takeSeq();
  return { phase: "standing", dueAt: endsAt, seq, endsAt, on, strikes: 1, left };
}

/** The instance that a fault will stand on. */
function instanceIdOf(fault: Fault): string | null {
  switch (fault.kind) {
    case "crash":
    case "hang":
      return fault.instanceId;
    case "breakReplication":
    case "cutLink":
    case "slowLink":
      return fault.replicaId;
    default:
      return null;
  }
}

function newFault(moment: Moment, fault: Fault): InjectedFault {
  const { topology, accountId } = moment.context;
  let here = 0;
  for (const fact of moment.facts) if (fact.type === "FaultInjected") here += 1;
  const accountOrdinal = (accountOf(topology, accountId)?.created.faults ?? 0) + here;
  return {
    ordinal: topology.faults.size + here,
    accountOrdinal,
    id: `fault-${String(accountOrdinal)}`,
    accountId,
    fault,
    phase: "standing",
    injectedAt: moment.now,
    dueAt: null,
    seq: null,
    endsAt: null,
    cause: moment.seq,
    on: null,
    strikes: 0,
    left: null,
  };
}

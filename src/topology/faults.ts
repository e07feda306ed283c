import { ordinalOf } from "../collections/idIndex.js";
import { rowAt, rowsOf } from "../collections/table.js";
import type { Backup, HaGroup, Instance } from "../domain/entities.js";
import type { Fault, FaultKind, FaultOf, InjectedFault } from "../domain/faults.js";
import type { TaskKind } from "../domain/statuses.js";
import { instanceStates } from "../lifecycle/instanceStates.js";
import { backupOf, groupOf, instanceOf, type OwnId } from "./queries.js";
import type { Topology } from "./state.js";

/** What of an instance a fault can stand on: its service, its replication, its link. One fault at a time on each. */
export type FaultablePart = "service" | "replication" | "link";

/** What of an instance a kind of fault stands on; null for what stands on none. */
export const damagedBy: Readonly<Record<FaultKind, FaultablePart | null>> = {
  crash: "service",
  hang: "service",
  breakReplication: "replication",
  cutLink: "link",
  slowLink: "link",
  restoreLink: null,
  recover: null,
  repairReplication: null,
  failTask: null,
  slowTasks: null,
  outage: null,
  random: null,
};

/** Whether an instance is in the condition that a fault has brought it into, or keeps it from leaving. */
export function isStillDamaged(
  kind: FaultKind,
  { state, sourceId, link }: Pick<Instance, "state" | "sourceId" | "link">,
): boolean {
  switch (kind) {
    case "crash":
    case "hang":
      return instanceStates[state].downBy.includes(kind);
    case "breakReplication":
      return sourceId !== null && !instanceStates[state].isReplicationHealthy;
    case "cutLink":
    case "slowLink":
      return link?.condition.condition === (kind === "cutLink" ? "cut" : "slow");
    default:
      return true;
  }
}

/** Kinds that are looked at while nobody asks for them: listed apart, so that others cost nothing. */
const watched: ReadonlySet<FaultKind> = new Set<FaultKind>(["failTask", "slowTasks", "outage"]);

/** Whether a fault stands and is looked at again and again. */
export function isWatched({ fault, phase }: InjectedFault): boolean {
  return phase === "active" && watched.has(fault.kind);
}

/** The key under which a fault that stands on an instance is found; null where it stands on none. */
export function damageKey({ fault, phase, targetOrdinal: on }: InjectedFault): string | null {
  const what = damagedBy[fault.kind];
  return phase === "active" && what !== null && on !== null ? `${what} ${String(on)}` : null;
}

/** The fault with this id in this account. O(faults). */
export function faultOf(topology: Topology, { accountId, id }: OwnId): InjectedFault | undefined {
  for (const fault of rowsOf(topology.faults)) {
    if (fault.id === id && fault.accountId === accountId) return fault;
  }
  return undefined;
}

/** All faults of an account that are to come, stand, or come again and again. O(faults). */
export function faultsOf(topology: Topology, accountId: string): readonly InjectedFault[] {
  return [...rowsOf(topology.faults)].filter((fault) => fault.accountId === accountId);
}

/** The fault that stands on a part of an instance. O(log n). */
export function faultOnPart(
  topology: Topology,
  what: FaultablePart,
  instance: Instance,
): InjectedFault | undefined {
  const { faultsOnInstances, faults } = topology;
  if (faultsOnInstances.count === 0) return undefined;
  const ordinal = ordinalOf(faultsOnInstances, `${what} ${String(instance.ordinal)}`);
  return ordinal === undefined ? undefined : rowAt(faults, ordinal);
}

/** Faults of a watched kind that stand, in the order of injection. O(those that are watched). */
export function* activeFaults<K extends "failTask" | "slowTasks" | "outage">(
  topology: Topology,
  kind: K,
): Generator<{ readonly row: InjectedFault; readonly fault: FaultOf<K> }> {
  for (const ordinal of topology.watchedFaults) {
    const row = rowAt(topology.faults, ordinal);
    if (row?.fault.kind === kind) yield { row, fault: row.fault as FaultOf<K> };
  }
}

/** By how much work of a kind is slowed down now; 1 where nothing does. */
export function slowdownFactor(topology: Topology, task: TaskKind): number {
  let factor = 1;
  if (topology.watchedFaults.length === 0) return factor;
  for (const { fault } of activeFaults(topology, "slowTasks")) {
    if (fault.task === undefined || fault.task === task) factor *= fault.factor;
  }
  return factor;
}

/** The id of what a fault is about; null where it is about nothing in particular. */
export function targetIdOf(fault: Fault): string | null {
  switch (fault.kind) {
    case "crash":
    case "hang":
    case "recover":
      return fault.instanceId;
    case "breakReplication":
    case "repairReplication":
    case "cutLink":
    case "slowLink":
    case "restoreLink":
      return fault.replicaId;
    case "failTask":
      return fault.of ?? null;
    case "slowTasks":
    case "outage":
      return null;
    case "random": {
      const { of } = fault;
      if (of === "all") return null;
      if ("groupId" in of) return of.groupId;
      return "sourceId" in of ? of.sourceId : of.instanceId;
    }
  }
}

/** The instance, the group or the backup with this id. */
export function findResource(
  topology: Topology,
  own: OwnId,
): Instance | HaGroup | Backup | undefined {
  return instanceOf(topology, own) ?? groupOf(topology, own) ?? backupOf(topology, own);
}

import { ordinalOf, scanIds } from "../../collections/idIndex.js";
import { rowAt, rowsOf } from "../../collections/table.js";
import { clockKey } from "../../kernel/derivedIndexes.js";
import { backupOf, groupOf, instanceOf, type OwnId } from "../../kernel/queries.js";
import { instanceStates } from "../../lifecycle/instanceStates.js";
import type { TaskKind } from "../../lifecycle/tasks.js";
import type { Topology } from "../../model/topology.js";
import type { Backup } from "../backups/backup.model.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import {
  type ClockPlace,
  type Fault,
  type FaultablePart,
  type FaultOf,
  type InjectedFault,
  infoOf,
  type RandomTarget,
} from "./fault.model.js";

/** Whether an instance is in the condition that a fault has brought it into, or keeps it from leaving. */
export function isStillDamaged(
  fault: Fault,
  { state, sourceId, link, partitionId }: Instance,
): boolean {
  switch (infoOf(fault).part) {
    case "service":
      return instanceStates[state].downBy.some((kind) => kind === fault.kind);
    case "replication":
      return sourceId !== null && !instanceStates[state].isReplicationHealthy;
    case "link":
      return link?.condition.condition === (fault.kind === "cutLink" ? "cut" : "slow");
    case "network":
      return partitionId !== null;
    case null:
      return true;
  }
}

/** The clock of a random process for an instance. O(log n). */
export function clockAt(
  { faultsOnInstances, faults }: Topology,
  place: ClockPlace,
): InjectedFault | undefined {
  const ordinal = ordinalOf(faultsOnInstances, clockKey(place));
  return ordinal === undefined ? undefined : rowAt(faults, ordinal);
}

/** The clocks of a random process that has one for each instance. O(log n + clocks). */
export function clocksOf(
  { faultsOnInstances, faults }: Topology,
  processOrdinal: number,
): readonly InjectedFault[] {
  const clocks: InjectedFault[] = [];
  const prefix = `clock ${String(processOrdinal)} `;
  scanIds(faultsOnInstances, prefix, (ordinal, key) => {
    if (!key.startsWith(prefix)) return false;
    const row = rowAt(faults, ordinal);
    if (row !== undefined) clocks.push(row);
    return true;
  });
  return clocks;
}

/** The random processes of an account that have a clock for each instance. */
export function randomProcesses(
  { faults, watchedFaults }: Topology,
  accountId: string,
): readonly InjectedFault[] {
  const processes: InjectedFault[] = [];
  for (const ordinal of watchedFaults) {
    const row = rowAt(faults, ordinal);
    if (row?.fault.kind === "random" && row.accountId === accountId) processes.push(row);
  }
  return processes;
}

/** The fault with this id in this account. O(faults). */
export function faultOf(topology: Topology, { accountId, id }: OwnId): InjectedFault | undefined {
  for (const fault of rowsOf(topology.faults)) {
    if (fault.id === id && fault.accountId === accountId) return fault;
  }
  return undefined;
}

/** The parts of a correlated fault that are still active, in the order of injection. O(faults). */
export function partsOf(topology: Topology, { id, accountId }: OwnId): readonly InjectedFault[] {
  return faultsOf(topology, accountId).filter(({ partOf }) => partOf === id);
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
export function* activeFaults<
  K extends "failTask" | "slowTasks" | "outage" | "loseAnswers" | "correlated",
>(
  topology: Topology,
  kind: K,
): Generator<{ readonly row: InjectedFault; readonly fault: FaultOf<K> }> {
  for (const ordinal of topology.watchedFaults) {
    const row = rowAt(topology.faults, ordinal);
    if (row?.fault.kind === kind) yield { row, fault: row.fault as FaultOf<K> };
  }
}

/** By how much work of a kind is slowed down now in an account; 1 where nothing does. */
export function slowdownFactor(
  topology: Topology,
  { task, accountId }: { readonly task: TaskKind; readonly accountId: string },
): number {
  let factor = 1;
  if (topology.watchedFaults.length === 0) return factor;
  for (const { row, fault } of activeFaults(topology, "slowTasks")) {
    const isMeant = fault.scope !== "account" || row.accountId === accountId;
    if (isMeant && (fault.task ?? task) === task) factor *= fault.factor;
  }
  return factor;
}

/** The id of what a fault is about; null where it is about nothing in particular. */
export function targetIdOf(fault: Fault): string | null {
  if ("instanceId" in fault) return fault.instanceId;
  if ("replicaId" in fault) return fault.replicaId;
  if ("of" in fault) return fault.of ?? null;
  return "target" in fault ? idOfTarget(fault.target) : null;
}

function idOfTarget(target: RandomTarget): string | null {
  if (target === "all") return null;
  if ("instanceId" in target) return target.instanceId;
  if ("groupId" in target) return target.groupId;
  return "sourceId" in target ? target.sourceId : null;
}

/** The instance, the group or the backup with this id. */
export function findResource(
  topology: Topology,
  own: OwnId,
): Instance | HaGroup | Backup | undefined {
  return instanceOf(topology, own) ?? groupOf(topology, own) ?? backupOf(topology, own);
}

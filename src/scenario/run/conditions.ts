import { rowsOf } from "../../collections/table.js";
import { instanceOf } from "../../kernel/queries.js";
import { isServing } from "../../lifecycle/instanceStates.js";
import { faultOnPart } from "../../service/faults/activeFaults.js";
import type { Instance } from "../../service/instances/instance.model.js";
import { reachEachOther } from "../../service/placement/partitions.js";
import type { ConditionKind, ConditionOf } from "../format/scenario.js";
import type { NamedThing, NameTable } from "./nameTable.js";
import { lagTurnsAt, receiptLag } from "./receiptLag.js";

/** A condition of a scenario, in one world. */
export interface WatchedCondition {
  readonly thing: NamedThing;
  /** Whether it holds now. */
  holds(): boolean;
  /**
   * Virtual time at which it next begins or ceases to hold by itself, as things are, after a moment: now if none is given.
   * Undefined when it does not.
   */
  turnsAt(after?: number): number | undefined;
}

/** Conditions that need the positions of replicas, so that a workload must run. */
export const conditionsOfPositions: ReadonlySet<ConditionKind> = new Set(["lagAbove"]);

/** Conditions that also change while nothing happens, as time passes. */
export const conditionsOfTime: ReadonlySet<ConditionKind> = new Set([
  "lagAbove",
  "backupOlderThan",
]);

/** Returns a condition bound to the names of one world. */
export function watchCondition(condition: ConditionOf<number>, names: NameTable): WatchedCondition {
  const [name = ""] = condition.of.split(".");
  const thing = names.thing(name);
  if (thing === undefined) throw new RangeError(`${name} is not a thing of the topology`);
  const { limit = 0 } = condition;
  const never = (): undefined => undefined;
  switch (condition.condition) {
    case "writesDown":
      return { thing, holds: () => !takesWrites(names, thing), turnsAt: never };
    case "readsDown":
      return { thing, holds: () => servingCopies(names, thing) === 0, turnsAt: never };
    case "degraded": {
      const bound = condition.copies ?? thing.plannedCopies - 1;
      return { thing, holds: () => healthyCopies(names, thing) <= bound, turnsAt: never };
    }
    case "noCopy":
      return { thing, holds: () => healthyCopies(names, thing) === 0, turnsAt: never };
    case "replicationBroken":
      return { thing, holds: () => hasBrokenReplica(names, thing), turnsAt: never };
    case "lagAbove":
      return {
        thing,
        holds: () => receiptLag(names, thing) > limit,
        turnsAt: (after = names.sim.now) => lagTurnsAt(names, thing, { limit, after }),
      };
    case "backupOlderThan":
      return {
        thing,
        holds: () => names.sim.now - usableSince(names, thing) > limit,
        turnsAt: (after = names.sim.now) => {
          const begin = usableSince(names, thing) + limit + 1;
          return begin > after ? begin : undefined;
        },
      };
  }
}

/** Whether clients can write: the instance where they are answers. */
export function takesWrites(names: NameTable, thing: NamedThing): boolean {
  const instance = names.instance(thing, thing.clientsAt);
  if (instance === undefined || !isServing(instance.state)) return false;
  // Clients wait on a source that is a replica now. A label may name a replica, which has no clients that write.
  return instance.sourceId === null || !thing.isFixture;
}

/** Returns the number of instances of a thing that answer. */
export function servingCopies(names: NameTable, thing: NamedThing): number {
  return countCopies(names, thing, ({ state }) => isServing(state));
}

/** Returns the number of instances of a thing that answer and hold its current data. */
export function healthyCopies(names: NameTable, thing: NamedThing): number {
  return countCopies(names, thing, (copy) => isHealthy(names, copy));
}

/**
 * Returns the number of instances that answer and have not lost their replication. A cut link is no loss of a copy: a
 * lag has levels of its own.
 */
export function copiesInService(names: NameTable, thing: NamedThing): number {
  const source = names.instance(thing, names.sourceId(thing));
  return countCopies(names, thing, (copy) => {
    if (!isServing(copy.state)) return false;
    const follows =
      copy.state !== "replicationBroken" && (source === undefined || reachEachOther(copy, source));
    return follows || !takesWrites(names, thing);
  });
}

/**
 * Whether an instance answers and holds current data. What a fault keeps from following its source does not. A replica
 * that has only lost its source does, while nothing more is written.
 */
export function isHealthy({ topology }: NameTable, copy: Instance): boolean {
  const { accountId, sourceId } = copy;
  if (!isServing(copy.state)) return false;
  if (sourceId === null) return true;
  // Its own source: clients may wait on an instance that is a replica now.
  const source = instanceOf(topology, { accountId, id: sourceId });
  const isReached = source === undefined || reachEachOther(copy, source);
  if (!isReached || copy.link?.condition.condition === "cut") return false;
  if (copy.state !== "replicationBroken") return true;
  const isSourceUp = source !== undefined && isServing(source.state);
  return !isSourceUp && faultOnPart(topology, "replication", copy) === undefined;
}

function countCopies(
  names: NameTable,
  thing: NamedThing,
  counts: (instance: Instance) => boolean,
): number {
  let count = 0;
  const add = (id: string): void => {
    const instance = names.instance(thing, id);
    if (instance !== undefined && counts(instance)) count += 1;
  };
  add(names.sourceId(thing));
  for (const id of names.replicaIds(thing)) add(id);
  return count;
}

function hasBrokenReplica(names: NameTable, thing: NamedThing): boolean {
  return names
    .replicaIds(thing)
    .some((id) => names.instance(thing, id)?.state === "replicationBroken");
}

/** Returns the start of the newest backup of a thing that can be restored; the start of the world if it has none. */
function usableSince(names: NameTable, thing: NamedThing): number {
  return newestBackupAt(names, thing) ?? names.sim.settings.startAt;
}

/** Returns the start of the newest completed backup of a thing, in ms since the epoch. */
export function newestBackupAt(names: NameTable, thing: NamedThing): number | undefined {
  let newest: number | undefined;
  for (const backup of rowsOf(names.topology.backups)) {
    if (backup.status !== "COMPLETED" || backup.hiddenForReplicaId !== null) continue;
    if (!thing.backups.includes(backup.id)) continue;
    newest = Math.max(newest ?? 0, backup.createdAt);
  }
  return newest;
}

import type { JournalEntry } from "../../kernel/journal.js";
import { groupOf, instanceOf } from "../../kernel/queries.js";
import { isDown } from "../../lifecycle/instanceStates.js";
import type { PropertyKind } from "../../scenario/format/scenario.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import type { ScenarioRun } from "../../scenario/run/runScenario.js";
import type { HaGroup } from "../../service/haGroups/haGroup.model.js";
import { brokenInvariants } from "../../service/invariants.js";
import { isLostToMonitor, isPromotable } from "../../service/placement/partitions.js";
import { receivedPosition } from "../../service/replication/positions.js";

/** A statement about every future: what it returns says what is broken. */
export interface Property {
  /** Called after every journal entry. */
  after?(entry: JournalEntry, run: ScenarioRun): string | undefined;
  /** Called at the horizon; may change the world. */
  end?(run: ScenarioRun): string | undefined;
}

/** Starts a property at time 0 of a future. */
export type PropertyFactory = () => Property;

/** Properties that a scenario can name: of one thing, or of all where none is named. */
export const propertyFactories: Readonly<
  Record<PropertyKind, (thing: string | undefined) => Property>
> = {
  invariants: () => ({ end: brokenInvariant }),
  freshestPromoted: (thing) => ({ after: (entry, run) => staleCandidate(entry, run, thing) }),
  failoverNeeded: (thing) => ({ after: (entry, run) => needlessFailover(entry, run, thing) }),
  replicasFollow: (thing) => ({ after: (entry, run) => deafReplica(entry, run, thing) }),
  recovers: (thing) => ({ end: (run) => unrecovered(run, thing) }),
  accountedWrites: (thing) => ({ after: (entry, run) => impossiblePosition(entry, run, thing) }),
};

/** Properties that need what replicas have received. */
export const propertiesOfPositions: ReadonlySet<PropertyKind> = new Set([
  "freshestPromoted",
  "accountedWrites",
]);

function brokenInvariant({ sim }: ScenarioRun): string | undefined {
  const { topology, now, settings } = sim;
  return brokenInvariants(topology, { now, limits: settings.limits })[0];
}

/** A failover promotes the replica that has received most, of those that can be promoted. */
function staleCandidate(
  { facts }: JournalEntry,
  { names }: ScenarioRun,
  thing: string | undefined,
): string | undefined {
  for (const fact of facts) {
    if (fact.type !== "FailoverStarted" || fact.candidateId === null) continue;
    const group = groupAt(names, fact.id);
    if (group === undefined || !isGroupOf(names, group.id, thing)) continue;
    const chosen = receivedBytes(names, group, fact.candidateId);
    for (const id of group.replicaIds) {
      if ((receivedBytes(names, group, id) ?? -1) > (chosen ?? -1)) {
        return `failover of ${group.name} promotes a replica that has received less than another`;
      }
    }
  }
  return undefined;
}

/** A failover starts only while the source is down or cut off. */
function needlessFailover(
  { facts }: JournalEntry,
  { names }: ScenarioRun,
  thing: string | undefined,
): string | undefined {
  for (const fact of facts) {
    if (fact.type !== "FailoverStarted") continue;
    const group = groupAt(names, fact.id);
    if (group === undefined || !isGroupOf(names, group.id, thing)) continue;
    const { topology } = names;
    const source = instanceOf(topology, { accountId: group.accountId, id: fact.sourceId });
    if (source !== undefined && !isLostToMonitor(source)) {
      return `failover of ${group.name} starts though its source is ${source.status}`;
    }
  }
  return undefined;
}

/** While a source is down no replica of it is ACTIVE: its replication is broken. */
function deafReplica(
  { facts }: JournalEntry,
  { names }: ScenarioRun,
  thing: string | undefined,
): string | undefined {
  for (const fact of facts) {
    if (fact.type !== "InstanceStateEntered" || fact.state !== "active") continue;
    const { topology, sim } = names;
    const { accountId } = sim;
    const replica = instanceOf(topology, { accountId, id: fact.id });
    if (replica?.sourceId == null || replica.state !== "active") continue;
    if (!isInstanceOf(names, fact.id, thing)) continue;
    const source = instanceOf(topology, { accountId, id: replica.sourceId });
    if (source !== undefined && isDown(source.state)) {
      return `a replica is ACTIVE while its source is ${source.status}`;
    }
  }
  return undefined;
}

function receivedBytes(
  { topology, sim }: NameTable,
  { accountId }: HaGroup,
  id: string,
): number | undefined {
  const replica = instanceOf(topology, { accountId, id });
  if (replica === undefined || !isPromotable(replica)) return undefined;
  return receivedPosition(topology, replica, sim.now).bytes;
}

function isGroupOf(names: NameTable, groupId: string, thing: string | undefined): boolean {
  return thing === undefined || names.thing(thing)?.groupId === groupId;
}

function isInstanceOf(names: NameTable, id: string, thing: string | undefined): boolean {
  return thing === undefined || names.resolve(`${thing}.all`).includes(id);
}

function groupAt({ topology, sim }: NameTable, id: string): HaGroup | undefined {
  return groupOf(topology, { accountId: sim.accountId, id });
}

/** After the end of all faults and tasks, everything must be as planned. */
function unrecovered({ sim, names }: ScenarioRun, only: string | undefined): string | undefined {
  for (const { id } of sim.listFaults()) sim.try.clearFault(id);
  sim.settle();
  for (const thing of names.things) {
    if (!thing.isFixture || (only !== undefined && thing.name !== only)) continue;
    const group = thing.groupId === undefined ? undefined : groupAt(names, thing.groupId);
    if (group !== undefined) {
      if (group.status !== "ACTIVE") return `${thing.name} stays ${group.status}`;
      const copies = group.replicaIds.length + 1;
      if (copies < thing.plannedCopies) {
        return `${thing.name} has ${String(copies)} copies of ${String(thing.plannedCopies)}`;
      }
    }
    for (const id of names.resolve(`${thing.name}.all`)) {
      const status = names.instance(thing, id)?.status;
      if (status !== undefined && status !== "ACTIVE") return `${thing.name} stays ${status}`;
    }
  }
  return undefined;
}

/** No replica receives unwritten transactions, applies unreceived ones, or acknowledges before it has received. */
function impossiblePosition(
  { facts }: JournalEntry,
  { sim, names }: ScenarioRun,
  thing: string | undefined,
): string | undefined {
  for (const fact of facts) {
    if (fact.type !== "LinkChanged" || fact.link === null) continue;
    if (!isInstanceOf(names, fact.id, thing)) continue;
    const status = sim.try.getReplicationStatus(fact.id);
    if (!status.ok || status.value.role !== "replica") continue;
    const { sourceId, receivedPosition: received, appliedPosition: applied } = status.value;
    const source = sim.try.getReplicationStatus(sourceId);
    if (!source.ok || source.value.role !== "source") continue;
    const { writtenPosition: written, acknowledgedPosition: acknowledged } = source.value;
    if (applied.transactions > received.transactions)
      return "a replica applied what it had not received";
    if (received.transactions > written.transactions)
      return "a replica received what was not written";
    if (acknowledged.transactions > written.transactions) {
      return "a source acknowledged what was not written";
    }
  }
  return undefined;
}

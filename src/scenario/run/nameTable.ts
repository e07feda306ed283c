import type { JournalEntry } from "../../kernel/journal.js";
import { groupOf, instanceOf } from "../../kernel/queries.js";
import { canBePromoted, isDown } from "../../lifecycle/instanceStates.js";
import type { Fact } from "../../model/facts.js";
import { assertParts } from "../../model/schema/argument.js";
import type { Topology } from "../../model/topology.js";
import type { HaGroup } from "../../service/haGroups/haGroup.model.js";
import type { Instance } from "../../service/instances/instance.model.js";
import { receivedPosition } from "../../service/replication/positions.js";
import { topologyOf } from "../../simulator/clientKernel.js";
import { ReplicationSimulator } from "../../simulator.js";
import { idPrefix, parseReference } from "../format/references.js";

/** The resource that a name of a scenario stands for. */
export interface NamedThing {
  readonly name: string;
  /** A fixture of the topology follows its clients; a label is what its step created. */
  readonly isFixture: boolean;
  readonly accountId: string;
  /** Id of what was created. */
  readonly id: string;
  /** Id of the HA group; undefined while it is none. */
  groupId: string | undefined;
  /** Id of the instance where its clients write. */
  clientsAt: string;
  /** Number of the journal entry with which its clients moved last; undefined while they are where they were at first. */
  movedWith: number | undefined;
  /** Ids of its instances, in the order in which they came. */
  readonly born: string[];
  /** Ids of its backups, in the order in which they came. */
  readonly backups: string[];
  /** Copies that it is planned to have, its source included. */
  readonly plannedCopies: number;
}

/** The names of a scenario in one world, kept up to date by the facts of its journal. */
export class NameTable {
  sim: ReplicationSimulator;
  readonly #things = new Map<string, NamedThing>();
  /** Things whose instances are followed. */
  readonly #followed: NamedThing[] = [];

  /** Creates the names of a simulator, none at first. */
  constructor(sim: ReplicationSimulator) {
    assertParts(sim, { field: "sim", expected: "a simulator", rule: "scenario" }, "settings");
    this.sim = sim;
  }

  /** The rows of the world at present, not to be kept. @internal */
  get topology(): Topology {
    return topologyOf(this.sim);
  }

  /** All names, in the order in which they were added. */
  get things(): readonly NamedThing[] {
    return [...this.#things.values()];
  }

  /** The thing with this name. */
  thing(name: string): NamedThing | undefined {
    return this.#things.get(name);
  }

  /** Adds a name for something that exists. */
  add(
    name: string,
    made: {
      readonly id: string;
      readonly kind: "instance" | "group" | "other";
      readonly isFixture: boolean;
      readonly accountId: string;
      readonly plannedCopies?: number;
    },
  ): NamedThing {
    const { id, kind, isFixture, accountId } = made;
    const thing: NamedThing = {
      name,
      isFixture,
      accountId,
      id,
      groupId: kind === "group" ? id : undefined,
      clientsAt: id,
      movedWith: undefined,
      born: kind === "instance" ? [id] : [],
      backups: [],
      plannedCopies: made.plannedCopies ?? 1,
    };
    const group = kind === "group" ? this.#group(thing) : undefined;
    if (group !== undefined) {
      thing.clientsAt = group.sourceId ?? id;
      if (group.sourceId !== null) thing.born.push(group.sourceId);
      thing.born.push(...group.replicaIds);
    }
    const instance = kind === "instance" ? this.instance(thing, id) : undefined;
    if (instance !== undefined) thing.born.push(...instance.replicaIds);
    this.#things.set(name, thing);
    this.#followed.push(thing);
    return thing;
  }

  /** The same names in a fork of the world. */
  copyFor(sim: ReplicationSimulator): NameTable {
    const copy = new NameTable(sim);
    for (const thing of this.#things.values()) {
      const own = { ...thing, born: [...thing.born], backups: [...thing.backups] };
      copy.#things.set(thing.name, own);
      copy.#followed.push(own);
    }
    return copy;
  }

  /** Keeps the names up to date. To be called with every entry of the journal. */
  follow({ facts, seq }: Pick<JournalEntry, "facts" | "seq">): void {
    // Links that a promotion changes say nothing about clients: the fact of the promotion does.
    const { length } = facts;
    for (let at = 0; at < length; at++) {
      const fact = facts[at] as Fact; // below the length
      switch (fact.type) {
        case "ReplicationStopped":
          if (!facts.some(({ type }) => type === "ReplicaPromoted")) this.#followAll(fact, seq);
          break;
        case "ReplicaPromoted":
        case "MemberJoined":
        case "MemberLeft":
        case "SourcePromoted":
        case "GroupRemoved":
        case "ReplicationStarted":
        case "WorkloadMoved":
        case "BackupCreated":
          this.#followAll(fact, seq);
          break;
        default:
      }
    }
  }

  #followAll(fact: Fact, seq: number): void {
    for (const thing of this.#followed) {
      const before = thing.clientsAt;
      this.#followFact(thing, fact);
      if (thing.clientsAt !== before) thing.movedWith = seq;
    }
  }

  #followFact(thing: NamedThing, fact: Fact): void {
    switch (fact.type) {
      case "MemberJoined":
        if (thing.groupId === undefined && thing.clientsAt === fact.instanceId) {
          thing.groupId = fact.groupId;
        }
        if (thing.groupId !== fact.groupId) return;
        if (fact.role === "source") thing.clientsAt = fact.instanceId;
        addOnce(thing.born, fact.instanceId);
        return;
      case "MemberLeft":
        // A conversion that fails leaves a group without members, and the set as it was.
        if (thing.groupId !== fact.groupId || thing.clientsAt !== fact.instanceId) return;
        if (
          this.#group(thing)?.sourceId === null &&
          this.instance(thing, fact.instanceId)?.groupId === null
        ) {
          thing.groupId = undefined;
        }
        return;
      case "SourcePromoted":
        if (thing.groupId === fact.id) thing.clientsAt = fact.newSourceId;
        return;
      case "ReplicaPromoted":
        if (fact.movesClients && thing.clientsAt === fact.oldSourceId) thing.clientsAt = fact.id;
        return;
      case "GroupRemoved":
        if (thing.groupId === fact.id) thing.groupId = undefined;
        return;
      case "ReplicationStarted":
        if (thing.clientsAt === fact.sourceId) addOnce(thing.born, fact.replicaId);
        return;
      case "ReplicationStopped": {
        // The clients of a plain set go to the replica that is detached while their source is down.
        if (thing.groupId !== undefined || thing.clientsAt !== fact.sourceId) return;
        // A replica that is deleted takes no clients over.
        if (this.instance(thing, fact.replicaId) === undefined) return;
        const source = this.instance(thing, fact.sourceId);
        if (source !== undefined && isDown(source.state)) thing.clientsAt = fact.replicaId;
        return;
      }
      case "WorkloadMoved": {
        if (thing.clientsAt !== fact.id) return;
        thing.clientsAt = fact.toId;
        addOnce(thing.born, fact.toId);
        // Where its clients are, there is the thing: in the same group, in another one, or alone.
        thing.groupId = this.instance(thing, fact.toId)?.groupId ?? undefined;
        return;
      }
      case "BackupCreated": {
        const { ownerId, scheduleId, hiddenForReplicaId, id } = fact.backup;
        const isOwn = [thing.id, thing.groupId, thing.clientsAt].includes(ownerId);
        const isOfSchedule = scheduleId === thing.id;
        if (hiddenForReplicaId === null && (isOwn || isOfSchedule)) addOnce(thing.backups, id);
        return;
      }
      default:
    }
  }

  /** Returns the ids that a reference stands for at this moment: none, one, or several (`orders.replicas`). */
  resolve(reference: string): readonly string[] {
    if (reference.startsWith(idPrefix)) return [reference.slice(idPrefix.length)];
    const { name, role, replica, born, backup } = parseReference(reference);
    const thing = this.#things.get(name);
    // A name that nothing has stands for an id that nothing has: the simulator refuses it as it would refuse that.
    if (thing === undefined) return [this.#labelled(name) ?? name];
    if (born !== undefined) return listOf(thing.born[born - 1]);
    if (backup !== undefined) return listOf(thing.backups[backup - 1]);
    if (replica !== undefined) return listOf(this.replicaIds(thing)[replica - 1]);
    switch (role) {
      case undefined:
        return [thing.isFixture ? (thing.groupId ?? thing.clientsAt) : thing.id];
      case "source":
        return [this.sourceId(thing)];
      case "replicas":
        return this.replicaIds(thing);
      case "any":
      case "all":
        return [this.sourceId(thing), ...this.replicaIds(thing)];
      case "freshest":
        return listOf(this.#freshest(thing));
    }
  }

  /** The source of a thing: that of its group, or the instance where its clients write. */
  sourceId(thing: NamedThing): string {
    return this.#group(thing)?.sourceId ?? thing.clientsAt;
  }

  /** The replicas of a thing as it is now. */
  replicaIds(thing: NamedThing): readonly string[] {
    const group = this.#group(thing);
    if (group !== undefined) return group.replicaIds;
    return this.instance(thing, thing.clientsAt)?.replicaIds ?? [];
  }

  /** The row of an instance of a thing; undefined when it is gone. */
  instance({ accountId }: NamedThing, id: string): Instance | undefined {
    return instanceOf(this.topology, { accountId, id });
  }

  /** The id of what a label was given to inside a command: a member of a new group. */
  #labelled(label: string): string | undefined {
    const found = this.sim.try.idOf(label);
    return found.ok ? found.value : undefined;
  }

  #group({ accountId, groupId }: NamedThing): HaGroup | undefined {
    if (groupId === undefined) return undefined;
    return groupOf(this.topology, { accountId, id: groupId });
  }

  #freshest(thing: NamedThing): string | undefined {
    const { topology } = this;
    const { now } = this.sim;
    let freshest: string | undefined;
    let most = -1;
    for (const id of this.replicaIds(thing)) {
      const replica = this.instance(thing, id);
      if (replica === undefined || !canBePromoted(replica.state)) continue;
      const { transactions } = receivedPosition(topology, replica, now);
      if (transactions > most) {
        most = transactions;
        freshest = id;
      }
    }
    return freshest;
  }
}

function addOnce(ids: string[], id: string): void {
  if (!ids.includes(id)) ids.push(id);
}

function listOf(id: string | undefined): readonly string[] {
  return id === undefined ? [] : [id];
}

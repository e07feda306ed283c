import { rowAt } from "../../collections/table.js";
import type { DataFact, LinkChanged, LogEnded, LogStarted } from "../../domain/dataFacts.js";
import type { ReplicationLink, ReplicationLog } from "../../domain/dataPlane.js";
import type { Instance } from "../../domain/entities.js";
import { isDown, isServing } from "../../domain/statuses.js";
import { acknowledgedUntil, receivedUntil, writtenAt } from "../../topology/logs.js";
import { groupOf, linkedInstance, replicasOf } from "../../topology/queries.js";
import type { Topology } from "../../topology/state.js";
import type { Transaction } from "../transaction.js";
import { semiSyncState } from "./acknowledgements.js";
import { affectedRows, type PreviousData } from "./affectedInstances.js";
import { presentLink } from "./links.js";
import { oldestReadPosition } from "./logRetention.js";
import {
  newLog,
  noWorkload,
  withWorkload,
  withWritesInterrupted,
  withWritesResumed,
} from "./logs.js";

/**
 * Adds to a moment what its facts mean for logs and links: who can write, who receives, who acknowledges, what was
 * lost. Called when the facts are written, with what was known before; no lifecycle and no command needs to think of it.
 */
export function deriveDataFacts(
  moment: Transaction,
  topology: Topology,
  known: ReadonlyMap<number, PreviousData>,
): void {
  new Follower(moment, topology, known).follow();
}

/** A source that was followed, as it was before. */
type Former = PreviousData & { readonly links: readonly ReplicationLink[] };

/** A fact about a log that goes on, before it is said whose. */
type LogFact = Exclude<DataFact, LinkChanged | LogStarted | LogEnded>;
type Unplaced<T> = T extends LogFact ? Omit<T, "id" | "row"> : never;

/** One pass over the instances that a moment is about, and those that they are linked to. */
class Follower {
  readonly #moment: Transaction;
  readonly #topology: Topology;
  readonly #known: ReadonlyMap<number, PreviousData>;
  readonly #logs = new Map<number, ReplicationLog | null>();
  readonly #links = new Map<number, ReplicationLink | null>();

  constructor(moment: Transaction, topology: Topology, known: ReadonlyMap<number, PreviousData>) {
    this.#moment = moment;
    this.#topology = topology;
    this.#known = known;
  }

  follow(): void {
    const instances = this.#concerned();
    for (const instance of instances) this.#changeRole(instance);
    for (const instance of instances) this.#serve(instance);
    for (const instance of instances) this.#connect(instance);
    for (const instance of instances) this.#acknowledge(instance);
  }

  /** Those that the facts are about, their sources and their replicas, in order of creation. */
  #concerned(): readonly Instance[] {
    const found = new Map<number, Instance>();
    const topology = this.#topology;
    for (const row of affectedRows(topology, this.#moment.facts)) {
      const instance = rowAt(topology.instances, row);
      if (instance === undefined) continue;
      const source =
        instance.sourceId === null
          ? instance
          : linkedInstance(topology, instance, instance.sourceId);
      for (const one of [instance, source, ...replicasOf(topology, source)]) {
        found.set(one.ordinal, one);
      }
    }
    return [...found.values()].sort((a, b) => a.ordinal - b.ordinal);
  }

  /** A replica that follows nobody any more has a log of its own; a source that follows somebody has none. */
  #changeRole(instance: Instance): void {
    const { id, ordinal: row, sourceId } = instance;
    const link = this.#linkOf(instance);
    if (sourceId !== null && this.#logOf(instance) !== null) {
      this.#logs.set(row, null);
      this.#moment.facts.push({ type: "LogEnded", id, row });
    }
    if (sourceId !== null || link === null) return;
    this.#links.set(row, null);
    const source = this.#formerSource(link);
    if (source?.log == null) {
      this.#moment.facts.push({ type: "LinkChanged", id, row, link: null });
      return;
    }
    this.#beginLog(instance, { ...source, log: source.log });
  }

  /** It begins with what was received; where its source is lost, it takes over the users. */
  #beginLog(instance: Instance, source: Former & { readonly log: ReplicationLog }): void {
    const { now, facts } = this.#moment;
    const { id, ordinal: row } = instance;
    const takesOver = this.#takesOver(instance, source);
    const position = writtenAt(source.log, this.#keptUntil(instance, { source, takesOver }));
    const workload = takesOver ? source.log.workload : noWorkload;
    const since = source.log.interruptedAt ?? now;
    const begun = newLog({ now, position, workload, since });
    const acknowledged = writtenAt(source.log, acknowledgedUntil(source.log, source.links, now));
    const lost = Math.max(0, acknowledged.transactions - position.transactions);
    const replacedId = source.id;
    const lostTransactions = takesOver ? lost : 0;
    // Where nobody waits, no resumption will tell of it.
    const log = begun.interruptedAt === null ? begun : { ...begun, replacedId, lostTransactions };
    this.#logs.set(row, log);
    facts.push({ type: "LogStarted", id, row, replacedId, lostTransactions, log: log });
    if (takesOver) this.#moveUsers(linkedInstance(this.#topology, instance, source.id), id);
  }

  #moveUsers(source: Instance, toId: string): void {
    const log = this.#logOf(source);
    if (log === null) return;
    const turn = { ...this.#turn(source), serves: isServing(source.state) };
    const writes = withWorkload(log, noWorkload, turn);
    this.#write(source, { type: "WorkloadMoved", log: writes, toId });
  }

  /** Until when the new source has what the old one wrote: as far as any survivor, who shares it with the others. */
  #keptUntil(
    instance: Instance,
    { source, takesOver }: { readonly source: Former; readonly takesOver: boolean },
  ): number {
    const { now } = this.#moment;
    const own = this.#known.get(instance.ordinal)?.link;
    // Planned: the users stop, and the replica that is promoted receives the rest.
    if (takesOver && own?.receives === true) return now;
    const survivors = [instance, ...replicasOf(this.#topology, instance)].filter(
      (one) => one === instance || isServing(one.state),
    );
    return survivors.reduce((most, { ordinal }) => {
      const link = this.#known.get(ordinal)?.link;
      return link?.sourceId === source.id ? Math.max(most, receivedUntil(link, now)) : most;
    }, 0);
  }

  /** A member that its group calls its source; or, in a plain set, whoever is cut from a source that is down. */
  #takesOver({ id, accountId, groupId }: Instance, source: Former): boolean {
    if (groupId !== null) {
      return groupOf(this.#topology, { accountId, id: groupId })?.sourceId === id;
    }
    return source.groupId === null && isDown(source.state);
  }

  /** Users write while their instance answers. */
  #serve(instance: Instance): void {
    const log = this.#logOf(instance);
    if (log === null) return;
    const { workload, interruptedAt, lostTransactions, replacedId } = log;
    if (workload.transactionsPerSecond === 0) return;
    const serves = isServing(instance.state);
    if (serves === (interruptedAt === null)) return;
    const turn = this.#turn(instance);
    if (interruptedAt === null) {
      this.#write(instance, { type: "WritesInterrupted", log: withWritesInterrupted(log, turn) });
      return;
    }
    this.#write(instance, {
      type: "WritesResumed",
      log: withWritesResumed(log, turn),
      unavailableMs: this.#moment.now - interruptedAt,
      lostTransactions,
      replacedId,
    });
  }

  /** A replica of a source that has a log has a link; it changes with the state of both. */
  #connect(replica: Instance): void {
    const { id, ordinal: row, sourceId } = replica;
    if (sourceId === null) return;
    const source = linkedInstance(this.#topology, replica, sourceId);
    const link = this.#linkOf(replica);
    if (link === null && this.#logOf(source) === null) return;
    const present = presentLink(this.#moment, { replica, source, link });
    if (present === link) return;
    this.#links.set(row, present);
    this.#moment.facts.push({ type: "LinkChanged", id, row, link: present });
  }

  #acknowledge(source: Instance): void {
    const log = this.#logOf(source);
    if (log === null) return;
    const isWaiting = this.#isSemiSynchronous(source);
    if (!isWaiting && log.semiSynchrony === null) return;
    if (isWaiting === (log.semiSynchrony !== null) && !this.#isUnsure(source)) return;
    const semiSynchrony = isWaiting
      ? semiSyncState(this.#moment, {
          source,
          log,
          before: this.#linksBefore(source),
          links: this.#linksOf(source),
          serves: isServing(source.state),
        })
      : null;
    this.#write(source, { type: "AcknowledgementChanged", log: { ...log, semiSynchrony } });
  }

  /** Whether something has happened that can change who acknowledges when; in one moment, to one source. */
  #isUnsure({ ordinal }: Instance): boolean {
    return this.#moment.facts.some((fact) => {
      switch (fact.type) {
        case "ReplicationStopped":
        case "WorkloadSet":
        case "LinkChanged":
          return true;
        // Nobody writes to it, but what was written before may still wait to be acknowledged.
        case "InstanceStateEntered":
          return fact.row === ordinal && isServing(fact.from) !== isServing(fact.state);
        default:
          return false;
      }
    });
  }

  #isSemiSynchronous({ id, accountId, groupId }: Instance): boolean {
    if (groupId === null) return false;
    const group = groupOf(this.#topology, { accountId, id: groupId });
    return group?.sourceId === id && group.replicationMode === "semi-synchronous";
  }

  #write({ id, ordinal: row }: Instance, fact: Unplaced<LogFact>): void {
    this.#logs.set(row, fact.log);
    this.#moment.facts.push({ ...fact, id, row });
  }

  /** The source that a link led to, as it was before, with the links of all who followed it then. */
  #formerSource({ sourceId }: ReplicationLink): Former | undefined {
    for (const one of this.#known.values()) {
      if (one.id === sourceId) return { ...one, links: this.#linksBefore(one) };
    }
    return undefined;
  }

  /** The links of those who followed a source before. */
  #linksBefore(
    source: PreviousData & { readonly replicaIds?: readonly string[] },
  ): readonly ReplicationLink[] {
    const links: ReplicationLink[] = [];
    for (const { link } of this.#known.values()) {
      if (link?.sourceId === source.id) links.push(link);
    }
    const instance = rowAt(this.#topology.instances, source.ordinal);
    if (instance === undefined) return links;
    for (const { ordinal, link } of replicasOf(this.#topology, instance)) {
      if (!this.#known.has(ordinal) && link?.sourceId === source.id) links.push(link);
    }
    return links;
  }

  #linksOf(source: Instance): readonly ReplicationLink[] {
    return replicasOf(this.#topology, source).flatMap((replica) => this.#linkOf(replica) ?? []);
  }

  #turn(source: Instance): { readonly now: number; readonly oldest: number } {
    const { now } = this.#moment;
    return { now, oldest: oldestReadPosition(this.#logOf(source), this.#linksBefore(source), now) };
  }

  #logOf({ ordinal, log: writes }: Instance): ReplicationLog | null {
    const changed = this.#logs.get(ordinal);
    return changed === undefined ? writes : changed;
  }

  #linkOf({ ordinal, link }: Instance): ReplicationLink | null {
    const changed = this.#links.get(ordinal);
    return changed === undefined ? link : changed;
  }
}

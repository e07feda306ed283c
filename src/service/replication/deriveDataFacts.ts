import { addOrdered } from "../../collections/addOrdered.js";
import { filterOrSame } from "../../collections/filterOrSame.js";
import { rowAt, rowsOf } from "../../collections/table.js";
import { groupOf, instanceOf, linkedInstance, replicasOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { isDown, isServing } from "../../lifecycle/instanceStates.js";
import { InvariantViolationError } from "../../model/errors.js";
import type { Fact, FactOf } from "../../model/facts.js";
import type { Topology } from "../../model/topology.js";
import type { Instance } from "../instances/instance.model.js";
import { reachEachOther } from "../placement/partitions.js";
import { semiSyncState, withSemiSynchrony } from "./acknowledgementChanges.js";
import { affectedRows } from "./affectedInstances.js";
import type { LogSegment, ReplicationLink, ReplicationLog } from "./dataPlane.model.js";
import { presentLink } from "./links.js";
import {
  addWorkloads,
  newLog,
  noWorkload,
  piecesUntil,
  withStall,
  withWorkload,
  withWritesInterrupted,
  withWritesResumed,
} from "./logChanges.js";
import { linksOfReplicas, oldestReadPosition } from "./logRetention.js";
import { acknowledgedUntil, appliedUntil, receivedUntil, writtenAt } from "./logs.js";

/**
 * Derives from facts what changes for logs and links: who can write, who receives, who acknowledges, what was lost.
 * Lifecycles and commands do not handle this. A world without logs and links pays one comparison.
 */
export function deriveDataFacts(transaction: Transaction, from: number): void {
  const { topology } = transaction.context;
  if (topology.streams === 0 && transaction.before.streams === 0) return;
  const rows = affectedRows(topology, transaction.facts, from);
  if (rows.length === 0) return;
  new DataDerivation(transaction, promotionsIn(transaction.facts, from)).derive(rows);
}

function promotionsIn(facts: readonly Fact[], from: number): readonly Promotion[] {
  let found: Promotion[] | undefined;
  for (let at = from; at < facts.length; at++) {
    const fact = facts[at] as Fact; // below the length
    if (fact.type === "ReplicaPromoted") (found ??= []).push(fact);
  }
  return found ?? noPromotions;
}

type Promotion = FactOf<"ReplicaPromoted">;

const noPromotions: readonly Promotion[] = [];

/** A source and its log as they were before, with the links of its replicas at that time. */
interface Former {
  readonly source: Instance;
  readonly log: ReplicationLog;
  readonly links: readonly ReplicationLink[];
}

/** One pass over the instances of some facts and the instances that they are linked to. */
class DataDerivation {
  readonly #moment: Transaction;
  readonly #topology: Topology;
  readonly #before: Topology;
  readonly #promotions: readonly Promotion[];

  constructor(moment: Transaction, promotions: readonly Promotion[]) {
    this.#moment = moment;
    this.#promotions = promotions;
    this.#topology = moment.context.topology;
    this.#before = moment.before;
  }

  derive(rows: readonly number[]): void {
    const ordinals = this.#concerned(rows);
    for (const ordinal of ordinals) this.#changeRole(this.#at(ordinal));
    for (const ordinal of ordinals) this.#serve(this.#at(ordinal));
    for (const ordinal of ordinals) this.#connect(this.#at(ordinal));
    for (const ordinal of ordinals) this.#acknowledge(this.#at(ordinal));
    for (const ordinal of ordinals) this.#stall(this.#at(ordinal));
  }

  /** Returns the affected instances, their sources and their replicas, in order of creation. */
  #concerned(rows: readonly number[]): readonly number[] {
    const found: number[] = [];
    const topology = this.#topology;
    for (const row of rows) {
      const instance = rowAt(topology.instances, row);
      if (instance === undefined) continue;
      const source =
        instance.sourceId === null
          ? instance
          : linkedInstance(topology, instance, instance.sourceId);
      addOrdered(found, instance.ordinal);
      addOrdered(found, source.ordinal);
      for (const id of source.replicaIds) {
        addOrdered(found, linkedInstance(topology, source, id).ordinal);
      }
    }
    return found;
  }

  /** Returns an instance as it is now; the facts of this pass are already applied. */
  #at(ordinal: number): Instance {
    const instance = rowAt(this.#topology.instances, ordinal);
    if (instance === undefined)
      throw new InvariantViolationError("an instance is missing but its log remains");
    return instance;
  }

  /**
   * Starts the log of a replica that has become a source or stands alone. Ends the log of a source that has become a
   * replica, unless clients wait there.
   */
  #changeRole(instance: Instance): void {
    const { id, ordinal: row, sourceId, link, log } = instance;
    if (sourceId !== null && log !== null && !this.#hasWaitingClients(instance, log)) {
      if (log.stalledSince !== null) this.#endStall(instance, log, log.stalledSince);
      this.#moment.emit({ type: "LogEnded", id, row });
    }
    if (sourceId !== null || link === null) return;
    const former = this.#formerSource(instance, link);
    if (former === undefined) this.#moment.emit({ type: "LinkChanged", id, row, link: null });
    else this.#beginLog(instance, former);
  }

  /** Returns whether clients wait on an instance since an operator has made a replica of it and has not moved them. */
  #hasWaitingClients(
    { ordinal, sourceId, groupId }: Instance,
    { workload }: ReplicationLog,
  ): boolean {
    if (workload.transactionsPerSecond === 0) return false;
    if (rowAt(this.#before.instances, ordinal)?.sourceId !== null) return true;
    return (
      groupId === null &&
      this.#promotions.some(({ id, movesClients }) => id === sourceId && !movesClients)
    );
  }

  #promotionOf({ id }: Instance): Promotion | undefined {
    return this.#promotions.find((one) => one.id === id);
  }

  /**
   * Starts a log with what was received. If its source is lost, the instance takes over the clients. Clients that have
   * waited here wait no longer.
   */
  #beginLog(instance: Instance, { source, log: formerLog, links }: Former): void {
    const { now } = this.#moment;
    const { id, ordinal: row } = instance;
    const takesOver = this.#takesOver(instance, source);
    const keptUntil = this.#keptUntil(instance, { source, takesOver });
    const position = writtenAt(formerLog, keptUntil);
    const waiting = instance.log;
    const workload = addWorkloads(
      takesOver ? formerLog.workload : noWorkload,
      waiting?.workload ?? noWorkload,
    );
    const since = Math.min(
      (takesOver ? formerLog.interruptedAt : null) ?? now,
      waiting?.interruptedAt ?? now,
    );
    const acknowledged = writtenAt(formerLog, acknowledgedUntil(formerLog, links, now));
    const lost = Math.max(0, acknowledged.transactions - position.transactions);
    const replacedId = source.id;
    const lostTransactions = takesOver ? lost : 0;
    const replaced = { replacedId, lostTransactions };
    const history = this.#historyToRead(instance, { log: formerLog, keptUntil });
    const origin = { instanceId: source.id, transactions: position.transactions };
    const log = newLog({ now, position, workload, since, history, replaced, origin });
    this.#moment.emit({ type: "LogStarted", id, row, replacedId, lostTransactions, log });
    if (takesOver) {
      const abandoned = linkedInstance(this.#topology, instance, source.id);
      this.#moveUsers(abandoned, { toId: id, lostTransactions });
    }
  }

  /** Returns the older writes that replicas still read which a partition keeps from the new source. */
  #historyToRead(
    instance: Instance,
    { log, keptUntil }: { readonly log: ReplicationLog; readonly keptUntil: number },
  ): readonly LogSegment[] {
    const oldest = this.#oldestLeftBehind(instance);
    return oldest < keptUntil ? piecesUntil(log.pieces, { oldest, end: keptUntil }) : [];
  }

  /** Returns until when replicas have applied that follow this instance and do not reach it. */
  #oldestLeftBehind(source: Instance): number {
    const { now } = this.#moment;
    let oldest = now;
    for (const replica of replicasOf(this.#topology, source)) {
      const link = reachEachOther(replica, source) ? null : this.#linkBefore(replica);
      if (link === null) continue;
      const read = instanceOf(this.#before, { accountId: source.accountId, id: link.sourceId });
      oldest = Math.min(oldest, appliedUntil(link, read?.log ?? null, now));
    }
    return oldest;
  }

  #moveUsers(
    source: Instance,
    { toId, lostTransactions }: { readonly toId: string; readonly lostTransactions: number },
  ): void {
    if (source.log === null) return;
    const turn = { ...this.#turn(source), serves: isServing(source.state) };
    const abandonedTransactions = source.log.abandonedTransactions + lostTransactions;
    const log = withWorkload({ ...source.log, abandonedTransactions }, noWorkload, turn);
    const { id, ordinal: row } = source;
    this.#moment.emit({ type: "WorkloadMoved", log, toId, lostTransactions: 0, id, row });
  }

  /**
   * Returns up to which position the new source has the writes of the old one: the most that any survivor received,
   * because survivors share it.
   */
  #keptUntil(
    instance: Instance,
    { source, takesOver }: { readonly source: Instance; readonly takesOver: boolean },
  ): number {
    const { now } = this.#moment;
    const own = this.#linkBefore(instance);
    // In a planned promotion the clients stop, and the promoted replica receives the rest.
    const isPromoted = takesOver || this.#promotionOf(instance) !== undefined;
    if (isPromoted && own?.receives === true) return now;
    const survivors = [instance, ...replicasOf(this.#topology, instance)].filter(
      (one) => one === instance || (isServing(one.state) && reachEachOther(one, instance)),
    );
    return survivors.reduce((most, one) => {
      const link = this.#linkBefore(one);
      return link?.sourceId === source.id
        ? Math.max(most, receivedUntil(link, source.log, now))
        : most;
    }, 0);
  }

  /**
   * Returns true for the source of a group; in a plain set for a replica that an operator promotes with the clients, and
   * for a replica that is cut from a source that is down.
   */
  #takesOver(instance: Instance, source: Instance): boolean {
    const { id, accountId, groupId } = instance;
    const promotion = this.#promotionOf(instance);
    if (promotion !== undefined) return promotion.movesClients;
    if (groupId !== null) {
      return groupOf(this.#topology, { accountId, id: groupId })?.sourceId === id;
    }
    return source.groupId === null && isDown(source.state) && !this.#hasLostClients(source);
  }

  /**
   * Whether the clients of a source went to another replica before: what they lost is counted there, or that replica has
   * everything, and nothing is lost where another one has less.
   */
  #hasLostClients({ ordinal, id, accountId }: Instance): boolean {
    const log = rowAt(this.#topology.instances, ordinal)?.log;
    if (log?.workload.transactionsPerSecond !== 0) return false;
    if (log.abandonedTransactions > 0) return true;
    // A plain set replicates asynchronously: what is written is acknowledged.
    const { transactions } = writtenAt(log, this.#moment.now);
    for (const other of rowsOf(this.#topology.instances)) {
      if (other.accountId !== accountId) continue;
      const origin = other.log?.origin;
      if (origin?.instanceId === id && origin.transactions >= transactions) return true;
    }
    return false;
  }

  /** Updates whether clients can write: the instance is available and is not a replica. */
  #serve(instance: Instance): void {
    const { id, ordinal: row, log } = instance;
    if (log === null) return;
    const { workload, interruptedAt, lostTransactions, replacedId } = log;
    if (workload.transactionsPerSecond === 0) return;
    const serves = isServing(instance.state) && instance.sourceId === null;
    if (serves === (interruptedAt === null)) return;
    const turn = this.#turn(instance);
    if (interruptedAt === null) {
      const stopped = withWritesInterrupted(log, turn);
      this.#moment.emit({ type: "WritesInterrupted", log: stopped, id, row });
      return;
    }
    this.#moment.emit({
      type: "WritesResumed",
      log: withWritesResumed(log, turn),
      unavailableMs: this.#moment.now - interruptedAt,
      lostTransactions,
      replacedId,
      id,
      row,
    });
  }

  /** Updates the link of a replica whose source has a log. It changes with the state of both. */
  #connect(replica: Instance): void {
    const { id, ordinal: row, sourceId, link } = replica;
    if (sourceId === null) return;
    const source = linkedInstance(this.#topology, replica, sourceId);
    if (link === null && source.log === null) return;
    const present = presentLink(this.#moment, { replica, source, link });
    if (present === link) return;
    this.#moment.emit({ type: "LinkChanged", id, row, link: present });
  }

  #acknowledge(source: Instance): void {
    const { log } = source;
    if (log === null) return;
    const isWaiting = this.#isSemiSynchronous(source);
    if (!isWaiting && log.semiSynchrony === null) return;
    if (isWaiting === (log.semiSynchrony !== null) && !this.#isUnsure(source)) return;
    const semiSynchrony = isWaiting
      ? semiSyncState(this.#moment, {
          source,
          log,
          before: this.#linksBefore(source),
          links: linksOfReplicas(this.#topology, source),
          serves: isServing(source.state),
        })
      : null;
    const { id, ordinal: row } = source;
    const changed = withSemiSynchrony(log, semiSynchrony);
    this.#moment.emit({ type: "AcknowledgementChanged", log: changed, id, row });
  }

  /** Interrupts the clients of a semi-synchronous source while none of its replicas receives. */
  #stall(source: Instance): void {
    const { log } = source;
    if (log === null) return;
    const { semiSynchrony, stalledSince, interruptedAt, workload } = log;
    const isStalled =
      semiSynchrony?.status === "on" &&
      interruptedAt === null &&
      workload.transactionsPerSecond > 0 &&
      isServing(source.state) &&
      !linksOfReplicas(this.#topology, source).some(({ receives }) => receives);
    if (isStalled === (stalledSince !== null)) return;
    if (stalledSince === null) {
      const { id, ordinal: row } = source;
      const stalled = withStall(log, this.#moment.now);
      this.#moment.emit({ type: "CommitsStalled", log: stalled, id, row });
    } else this.#endStall(source, log, stalledSince);
  }

  #endStall(source: Instance, log: ReplicationLog, stalledSince: number): void {
    const { semiSynchrony, interruptedAt, workload } = log;
    const writes =
      source.sourceId === null && interruptedAt === null && workload.transactionsPerSecond > 0;
    const answer = semiSynchrony?.status === "on" ? "acknowledged" : "degraded";
    this.#moment.emit({
      type: "CommitStallEnded",
      log: withStall(log, null),
      stalledMs: this.#moment.now - stalledSince,
      outcome: writes ? answer : "interrupted",
      id: source.id,
      row: source.ordinal,
    });
  }

  /** Returns whether something changed that affects when writes are acknowledged. */
  #isUnsure(source: Instance): boolean {
    const before = rowAt(this.#before.instances, source.ordinal);
    if (before === undefined) return true;
    // No client writes, but earlier writes may still wait for their acknowledgement.
    if (isServing(before.state) !== isServing(source.state)) return true;
    if (before.log?.pieces !== source.log?.pieces) return true;
    const links = linksOfReplicas(this.#topology, source);
    const linksBefore = this.#linksBefore(source);
    return (
      links.length !== linksBefore.length || links.some((link, at) => link !== linksBefore[at])
    );
  }

  #isSemiSynchronous({ id, accountId, groupId }: Instance): boolean {
    if (groupId === null) return false;
    const group = groupOf(this.#topology, { accountId, id: groupId });
    return group?.sourceId === id && group.replicationMode === "semi-synchronous";
  }

  /** Returns the source that a link pointed to, if it had a log. */
  #formerSource({ accountId }: Instance, { sourceId }: ReplicationLink): Former | undefined {
    const source = instanceOf(this.#before, { accountId, id: sourceId });
    if (source?.log == null) return undefined;
    return { source, log: source.log, links: this.#linksBefore(source) };
  }

  #linkBefore({ ordinal }: Instance): ReplicationLink | null {
    return rowAt(this.#before.instances, ordinal)?.link ?? null;
  }

  /** Returns the links of the replicas that a source had before. */
  #linksBefore({ id, ordinal }: Instance): readonly ReplicationLink[] {
    const source = rowAt(this.#before.instances, ordinal);
    if (source === undefined) return [];
    return filterOrSame(linksOfReplicas(this.#before, source), ({ sourceId }) => sourceId === id);
  }

  #turn(source: Instance): { readonly now: number; readonly oldest: number } {
    const { now } = this.#moment;
    const oldest = oldestReadPosition(source.log, this.#linksBefore(source), now);
    return { now, oldest: Math.min(oldest, this.#oldestLeftBehind(source)) };
  }
}

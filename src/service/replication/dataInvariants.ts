import { groupOf, instanceOf } from "../../kernel/queries.js";
import { isServing } from "../../lifecycle/instanceStates.js";
import type { Topology } from "../../model/topology.js";
import type { Instance } from "../instances/instance.model.js";
import type { Invariants } from "../shared/invariant.js";
import type { LogPosition, LogSegment, ReplicationLink } from "./dataPlane.model.js";
import { acknowledgedUntil, appliedUntil, receivedUntil, writtenAt } from "./logs.js";
import { replicationFlow } from "./replicationFlow.js";

/** What must always hold for the log and the link of an instance, by name. */
export const dataInvariants: Invariants<Instance> = {
  "an instance has a log only without a source, and a link only with one": ({ sourceId, link }) =>
    sourceId === null ? link === null : (link?.sourceId ?? sourceId) === sourceId,
  "a replica has a log only while clients wait there": ({ sourceId, log: writes }) =>
    sourceId === null || writes === null || writes.workload.transactionsPerSecond > 0,
  "a replica of a source with a log has a link": (instance, { topology }) =>
    instance.link !== null || (sourceOf(topology, instance)?.log ?? null) === null,
  "a log never goes back": ({ log: writes }) => writes === null || growsAlways(writes.pieces),
  "users write exactly while their instance answers": ({ log: writes, state, sourceId }) => {
    if (writes === null) return true;
    const isWritable = isServing(state) && sourceId === null;
    const waits = writes.workload.transactionsPerSecond > 0 && !isWritable;
    return (writes.interruptedAt !== null) === waits && isRateOf(writes);
  },
  "a replica receives and applies exactly while nothing hinders it": (replica, { topology }) => {
    const { link } = replica;
    const source = sourceOf(topology, replica);
    if (link === null || source === undefined) return true;
    const { receives, applies, failure } = replicationFlow({ replica, source, link });
    return (
      receives === link.receives && applies === link.applies && failure?.code === link.failure?.code
    );
  },
  "what is applied was received, and what is received was written": (
    replica,
    { topology, now },
  ) => {
    const { link } = replica;
    if (link === null) return true;
    const log = sourceOf(topology, replica)?.log ?? null;
    const [applied, received] = [appliedUntil(link, log, now), receivedUntil(link, log, now)];
    if (applied > received || received > now || link.at > now) return false;
    return (
      log === null ||
      (isUpTo(writtenAt(log, applied), writtenAt(log, received)) &&
        isUpTo(writtenAt(log, received), writtenAt(log, now)))
    );
  },
  "what is acknowledged was written": (source, { topology, now }) =>
    source.log === null ||
    acknowledgedUntil(source.log, linksOfReplicas(topology, source), now) <= now,
  "commits wait for a replica only in a group that is semi-synchronous, on its source": (
    { id, accountId, groupId, log: writes },
    { topology },
  ) => {
    if (writes === null) return true;
    const group = groupId === null ? undefined : groupOf(topology, { accountId, id: groupId });
    const isWaiting = group?.sourceId === id && group.replicationMode === "semi-synchronous";
    return (writes.semiSynchrony !== null) === isWaiting;
  },
  "acknowledgements are due in the future, and only while clients can write": (
    { log: writes, state },
    { now },
  ) => {
    const due = writes?.semiSynchrony?.due ?? null;
    return (
      due === null || ((due.dueAt >= now || now === Number.MAX_SAFE_INTEGER) && isServing(state))
    );
  },
};

function growsAlways(pieces: readonly LogSegment[]): boolean {
  return pieces.every((piece, index) => {
    const next = pieces[index + 1];
    return (
      next === undefined ||
      (piece.at < next.at && isUpTo(writtenAt({ pieces: [piece] }, next.at), next))
    );
  });
}

/** The last piece of a log grows as its users write, or not at all. */
function isRateOf({
  pieces,
  workload,
  interruptedAt,
}: {
  readonly pieces: readonly LogSegment[];
  readonly workload: { readonly transactionsPerSecond: number };
  readonly interruptedAt: number | null;
}): boolean {
  const rate = interruptedAt === null ? workload.transactionsPerSecond : 0;
  return pieces.at(-1)?.transactionsPerSecond === rate;
}

function isUpTo(left: LogPosition, right: LogPosition): boolean {
  return left.transactions <= right.transactions && left.bytes <= right.bytes;
}

function sourceOf(topology: Topology, { accountId, sourceId }: Instance): Instance | undefined {
  return sourceId === null ? undefined : instanceOf(topology, { accountId, id: sourceId });
}

/** Returns the links of instances that exist. Another invariant reports missing ones. */
function linksOfReplicas(
  topology: Topology,
  { accountId, replicaIds }: Instance,
): readonly ReplicationLink[] {
  return replicaIds.flatMap((id) => instanceOf(topology, { accountId, id })?.link ?? []);
}

import type { DrawKey, KeyedRandom } from "../../kernel/keyedRandom.js";
import { drawDuration, type LatencyProfile } from "../../kernel/latency.js";
import { instanceOf, linkedInstance } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { InvariantViolationError } from "../../model/errors.js";
import type { Topology } from "../../model/topology.js";
import type { Instance } from "../instances/instance.model.js";
import { reachEachOther } from "../placement/partitions.js";
import { copyOfLink } from "./copyStream.js";
import type { LinkCondition, ReplicationLink, ReplicationLog } from "./dataPlane.model.js";
import { advanceLink } from "./logs.js";
import {
  type Flow,
  failureOfThread,
  type ReplicaWithLink,
  replicationFlow,
} from "./replicationFlow.js";

/**
 * Changes the condition of a link by a fault: `cut`, `slow`, or `normal` again.
 * @throws InvariantViolationError for an instance without a source
 */
export function changeLine(moment: Transaction, replica: Instance, line: LinkCondition): void {
  changeLink(moment, replica, { condition: line });
}

/**
 * Stops the receiving thread of a replica with an error, by a fault. Without one, a replica whose replication breaks
 * only stops applying.
 * @throws InvariantViolationError for an instance without a source
 */
export function stopReceiving(moment: Transaction, replica: Instance): void {
  changeLink(moment, replica, { failure: failureOfThread("receiving") });
}

function changeLink(
  moment: Transaction,
  replica: Instance,
  changes: Partial<Pick<ReplicationLink, "condition" | "failure">>,
): void {
  const { sourceId, link } = replica;
  if (sourceId === null) throw new InvariantViolationError(`replica ${replica.id} has no source`);
  const source = linkedInstance(moment.context.topology, replica, sourceId);
  const known = link ?? newLink(moment, { replica, source, link });
  const changed: ReplicationLink = { ...advanceLink(known, source.log, moment.now), ...changes };
  moment.emit({
    type: "LinkChanged",
    id: replica.id,
    row: replica.ordinal,
    link: withFlow(changed, replicationFlow({ replica, source, link: changed })),
  });
}

/** Returns the link as it is from now on; the same object if nothing changed. */
export function presentLink(moment: Transaction, known: ReplicaWithLink): ReplicationLink {
  const { link, source } = known;
  if (link?.sourceId !== source.id) return newLink(moment, known);
  const flow = replicationFlow(known);
  const isSame =
    flow.receives === link.receives &&
    flow.applies === link.applies &&
    flow.failure === link.failure;
  return isSame ? link : withFlow(advanceLink(link, source.log, moment.now), flow);
}

function withFlow(link: ReplicationLink, { failure, applies, receives }: Flow): ReplicationLink {
  const next = copyOfLink(link);
  next.failure = failure;
  next.applies = applies;
  next.receives = receives;
  return next;
}

/**
 * Returns the link of a new replica. It has what its source has at that time, from a snapshot or from the relay logs. A
 * replica that a partition keeps from its new source has what it had.
 */
function newLink(moment: Transaction, known: ReplicaWithLink): ReplicationLink {
  const { context, now, before } = moment;
  const { chance, latency, jitter } = context;
  const { replica, source, link } = known;
  const left =
    link !== null && !reachEachOther(replica, source)
      ? advanceLink(link, logThatIsRead(before, { replica, link }), now)
      : null;
  const { lagMs, applyMs } = lagsOf(replica.key, { chance, latency, jitter });
  const { failure, applies, receives } = replicationFlow(known);
  return {
    sourceId: source.id,
    condition: { condition: "normal" },
    lagMs,
    applyMs,
    at: now,
    received: left?.received ?? now,
    applied: left?.applied ?? now,
    failure,
    applies,
    receives,
  };
}

/** Returns the log that a replica reads over a link; null if its source is gone. */
function logThatIsRead(
  topology: Topology,
  { replica: { accountId }, link }: { readonly replica: Instance; readonly link: ReplicationLink },
): ReplicationLog | null {
  return instanceOf(topology, { accountId, id: link.sourceId })?.log ?? null;
}

/** Returns a link whose lags are drawn with another seed. What was received and applied stays. */
export function redrawLink(
  transaction: Transaction,
  replica: Instance,
  { latency, jitter }: { readonly latency: LatencyProfile; readonly jitter: number },
): void {
  const { link } = replica;
  if (link === null) return;
  const { chance, topology } = transaction.context;
  const lags = lagsOf(replica.key, { chance, latency, jitter });
  if (lags.lagMs === link.lagMs && lags.applyMs === link.applyMs) return;
  transaction.emit({
    type: "LinkChanged",
    id: replica.id,
    row: replica.ordinal,
    link: {
      ...advanceLink(link, logThatIsRead(topology, { replica, link }), transaction.now),
      ...lags,
    },
  });
}

/** Returns the lags of a replica; it keeps them when its source changes. */
function lagsOf(
  rowKey: string,
  { chance, latency, jitter }: { chance: KeyedRandom; latency: LatencyProfile; jitter: number },
): Pick<ReplicationLink, "lagMs" | "applyMs"> {
  const key = (sequence: number): DrawKey => ({ purpose: "lag", key: rowKey, sequence });
  return {
    lagMs: drawDuration(latency.receiveLag, { chance, key: key(0), jitter }),
    applyMs: drawDuration(latency.applyLag, { chance, key: key(1), jitter }),
  };
}

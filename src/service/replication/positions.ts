import { groupOf, linkedInstance, replicasOf } from "../../kernel/queries.js";
import type { Topology } from "../../model/topology.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import type { LogPosition, ReplicationLink, ReplicationLog } from "./dataPlane.model.js";
import { acknowledgedUntil, appliedUntil, receivedUntil, writtenAt, zeroPosition } from "./logs.js";
import { lastErrorOf, type ReplicaWithLink, replicationFlow } from "./replicationFlow.js";

/** Replication status of a replica, as in `SHOW SLAVE STATUS`. */
export interface ReplicaStatus {
  readonly role: "replica";
  readonly sourceId: string;
  /** Whether its source waits for acknowledgements. */
  readonly mode: HaGroup["replicationMode"];
  /** Whether it receives what its source writes. */
  readonly ioRunning: boolean;
  /** Whether it applies what it received. */
  readonly sqlRunning: boolean;
  /** Seconds_Behind_Source in ms: 0 when everything is applied, null when one of the two does not run. */
  readonly lagMs: number | null;
  /** As far as it has the source's log. */
  readonly receivedPosition: LogPosition;
  /** As far as its data has come. */
  readonly appliedPosition: LogPosition;
  /** What replication stopped with, or why it cannot connect; null while nothing is wrong. */
  readonly lastError: ReplicationLink["failure"];
}

/** What a source, or an instance that stands alone, has written, and who has it. */
export interface SourceStatus {
  readonly role: "source";
  /** In the order in which they were created. */
  readonly replicaIds: readonly string[];
  /** Whether commits wait for acknowledgements. */
  readonly mode: HaGroup["replicationMode"];
  /** `off` while replication is asynchronous; `degraded` when no replica acknowledged in time. */
  readonly semiSynchronous: "off" | "on" | "degraded";
  /** Write workload of clients; null if it was never set. */
  readonly workload: ReplicationLog["workload"] | null;
  /** The end of its log. */
  readonly writtenPosition: LogPosition;
  /** Transactions that were acknowledged to clients. */
  readonly acknowledgedPosition: LogPosition;
  /** Since when users want to write and cannot, in ms since the epoch; null while they can. */
  readonly interruptedAt: number | null;
  /**
   * Since when commits wait for an acknowledgement that no replica can give, in ms since the epoch; null while
   * they do not.
   */
  readonly stalledSince: number | null;
}

/** Where an instance stands in replication at a moment. O(log n). */
export function replicationOf(
  topology: Topology,
  instance: Instance,
  now: number,
): ReplicaStatus | SourceStatus {
  return instance.sourceId === null
    ? sourceReplication(topology, instance, now)
    : replicaReplication(topology, { replica: instance, sourceId: instance.sourceId }, now);
}

/** What an instance has received at a moment: of its source's log, or all of its own. O(log n). */
export function receivedPosition(topology: Topology, instance: Instance, now: number): LogPosition {
  const log = followedLog(topology, instance);
  if (log === null) return zeroPosition;
  return writtenAt(log, instance.link === null ? now : receivedUntil(instance.link, log, now));
}

/** What an instance has applied at a moment. O(log n). */
export function appliedPosition(topology: Topology, instance: Instance, now: number): LogPosition {
  const log = followedLog(topology, instance);
  if (log === null) return zeroPosition;
  return writtenAt(log, instance.link === null ? now : appliedUntil(instance.link, log, now));
}

/** The log that an instance follows: that of its source, or its own. */
function followedLog(topology: Topology, instance: Instance): ReplicationLog | null {
  const { sourceId, log } = instance;
  if (topology.streams === 0) return null;
  return sourceId === null ? log : linkedInstance(topology, instance, sourceId).log;
}

function replicaReplication(
  topology: Topology,
  { replica, sourceId }: { readonly replica: Instance; readonly sourceId: string },
  now: number,
): ReplicaStatus {
  const source = linkedInstance(topology, replica, sourceId);
  const { link } = replica;
  const followed = { replica, source, link };
  const { receives, applies } = replicationFlow(followed);
  const receivedNow = receivedPosition(topology, replica, now);
  const appliedNow = appliedPosition(topology, replica, now);
  return {
    role: "replica",
    sourceId,
    mode: modeOf(topology, replica),
    ioRunning: receives,
    sqlRunning: applies,
    lagMs: receives && applies ? lagOf(followed, appliedNow, now) : null,
    receivedPosition: receivedNow,
    appliedPosition: appliedNow,
    lastError: lastErrorOf(followed),
  };
}

/** Nothing to apply is no lag, however long ago the last write was. */
function lagOf({ source, link }: ReplicaWithLink, applied: LogPosition, now: number): number {
  if (source.log === null || link === null) return 0;
  const { transactions } = writtenAt(source.log, now);
  return transactions > applied.transactions ? now - appliedUntil(link, source.log, now) : 0;
}

function sourceReplication(topology: Topology, source: Instance, now: number): SourceStatus {
  const { log: writes, replicaIds } = source;
  const links = replicasOf(topology, source).flatMap(({ link }) => (link === null ? [] : [link]));
  return {
    role: "source",
    replicaIds,
    mode: modeOf(topology, source),
    semiSynchronous: writes?.semiSynchrony?.status ?? "off",
    workload: writes?.workload ?? null,
    writtenPosition: writes === null ? zeroPosition : writtenAt(writes, now),
    acknowledgedPosition:
      writes === null ? zeroPosition : writtenAt(writes, acknowledgedUntil(writes, links, now)),
    interruptedAt: writes?.interruptedAt ?? null,
    stalledSince: writes?.stalledSince ?? null,
  };
}

function modeOf(topology: Topology, { accountId, groupId }: Instance): HaGroup["replicationMode"] {
  const group = groupId === null ? undefined : groupOf(topology, { accountId, id: groupId });
  return group?.replicationMode ?? "asynchronous";
}

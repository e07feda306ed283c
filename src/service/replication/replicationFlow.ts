import { instanceStates, isServing } from "../../lifecycle/instanceStates.js";
import type { ReplicationThread } from "../faults/fault.model.js";
import type { Instance } from "../instances/instance.model.js";
import { reachEachOther } from "../placement/partitions.js";
import type { ReplicationFailure, ReplicationLink } from "./dataPlane.model.js";

/** A replica, its source, and its link if it has one. */
export interface ReplicaWithLink {
  readonly replica: Instance;
  readonly source: Instance;
  readonly link: ReplicationLink | null;
}

/** What runs on a replica. */
export type Flow = Pick<ReplicationLink, "receives" | "applies" | "failure">;

/**
 * Whether a replica receives and applies. Both threads need the replica itself; receiving needs its source, the
 * line and
 * room for what comes, too. An error stops the thread that it belongs to, and only that one.
 */
export function replicationFlow({ replica, source, link }: ReplicaWithLink): Flow {
  const isReached = reaches({ replica, source, link });
  const failure = failureOf(replica, source, link?.failure ?? null);
  const isUp = isServing(replica.state);
  const broken = failure && threadOf(failure);
  return {
    failure,
    applies: isUp && broken !== "applying",
    receives: isUp && broken !== "receiving" && isReached && !isFull(replica),
  };
}

/** What `SHOW SLAVE STATUS` gives as the last error of a replica: numbers and meanings are MySQL's. */
export function lastErrorOf(followed: ReplicaWithLink): ReplicationFailure | null {
  const { replica, source } = followed;
  if (!isServing(replica.state)) return null;
  const { failure } = replicationFlow(followed);
  if (failure !== null) return failure;
  if (!reaches(followed))
    return { code: 2003, message: `cannot connect to the source ${source.id}` };
  return isFull(replica) ? { code: 1021, message: "the disk is full" } : null;
}

function reaches({ replica, source, link }: ReplicaWithLink): boolean {
  const isCut = link?.sourceId === source.id && link.condition.condition === "cut";
  return isServing(source.state) && !isCut && reachEachOther(replica, source);
}

function isFull({ usedGb, volumeGb }: Instance): boolean {
  return usedGb >= volumeGb;
}

/**
 * A replica in REPLICATION_ERROR whose source is up has an error of its own. It stays until replication is repaired: no
 * restart helps.
 */
function failureOf(
  { state }: Instance,
  source: Instance,
  known: ReplicationFailure | null,
): ReplicationFailure | null {
  if (instanceStates[state].isReplicationHealthy) return null;
  return (
    known ?? (state === "replicationBroken" && isServing(source.state) ? duplicateEntry : null)
  );
}

/** The error that a thread of a replica stops with. */
export function failureOfThread(thread: ReplicationThread): ReplicationFailure {
  return thread === "receiving" ? logGone : duplicateEntry;
}

/** The thread of a replica that an error stops. */
export function threadOf({ code }: ReplicationFailure): ReplicationThread {
  return code === logGone.code ? "receiving" : "applying";
}

/** The error that stops receiving for good: the source has purged what the replica would read next. [inferred] */
const logGone: ReplicationFailure = {
  code: 1236,
  message: "the source has no log any more that begins where the replica stopped",
};

/** The most frequent error that breaks replication: a client wrote to the replica. [inferred] */
const duplicateEntry: ReplicationFailure = {
  code: 1062,
  message: "a row that the source inserts is there already",
};

import type { ReplicationLink, ReplicationLog } from "./dataPlane.model.js";

/*
 * Copies of logs and links, to be written into. Field by field, like the copies of rows: what is spread and gets more
 * fields, or is spread of a frozen object, has a shape of its own.
 */

/** A log in which some fields are set. */
export function copyOfLog(log: ReplicationLog): Shallow<ReplicationLog> {
  return {
    workload: log.workload,
    pieces: log.pieces,
    interruptedAt: log.interruptedAt,
    stalledSince: log.stalledSince,
    resumedAt: log.resumedAt,
    lostTransactions: log.lostTransactions,
    replacedId: log.replacedId,
    origin: log.origin,
    abandonedTransactions: log.abandonedTransactions,
    semiSynchrony: log.semiSynchrony,
  };
}

/** A link in which some fields are set. */
export function copyOfLink(link: ReplicationLink): Shallow<ReplicationLink> {
  return {
    sourceId: link.sourceId,
    condition: link.condition,
    lagMs: link.lagMs,
    applyMs: link.applyMs,
    at: link.at,
    received: link.received,
    applied: link.applied,
    failure: link.failure,
    applies: link.applies,
    receives: link.receives,
  };
}

/** Fields that can be set; what they hold cannot be written into. */
type Shallow<T> = { -readonly [K in keyof T]: T[K] };

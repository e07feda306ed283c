import type { Instance } from "../../domain/entities.js";
import {
  appliedUntil,
  catchUpSpeed,
  lagOf,
  receivedUntil,
  writtenAt,
} from "../../topology/logs.js";
import { linkedInstance } from "../../topology/queries.js";
import type { Transaction } from "../transaction.js";

/**
 * How long a replica needs until it has applied all that it can have, in ms: what it has received where its source is
 * lost, all that is written where that lives. It applies `catchUpSpeed` times as fast as its source wrote.
 */
export function catchUpMs({ context, now }: Transaction, replica: Instance): number {
  const { link, sourceId } = replica;
  if (link === null || sourceId === null) return 0;
  const { log } = linkedInstance(context.topology, replica, sourceId);
  if (log === null) return 0;
  const applied = appliedUntil(link, now);
  const goal = link.receives ? now : receivedUntil(link, now);
  const isAll = writtenAt(log, goal).transactions === writtenAt(log, applied).transactions;
  // While its source goes on writing, it wins one part less.
  return isAll
    ? 0
    : Math.ceil((goal - applied) / (link.receives ? catchUpSpeed - 1 : catchUpSpeed));
}

/**
 * Why a replica that receives is not promoted while its source lives: it falls behind faster than it catches up. One that
 * receives nothing catches up with nothing; what it lacks is lost.
 */
export function tooFarBehind(moment: Transaction, replica: Instance): string | undefined {
  const { id, link } = replica;
  const { now } = moment;
  if (link?.receives !== true) return undefined;
  const behindMs = now - appliedUntil(link, now) - lagOf(link) - link.applyMs;
  return behindMs <= 0 || catchUpMs(moment, replica) === 0
    ? undefined
    : `replica ${id} is still ${String(behindMs)} ms further behind than its lag`;
}

import { linkedInstance } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { Instance } from "../instances/instance.model.js";
import {
  appliedUntil,
  catchUpSpeed,
  lagOf,
  receivedUntil,
  writingMs,
  writtenAt,
} from "../replication/logs.js";

/**
 * Returns how long a replica needs to apply all that it can get, in ms: what it has received if its source is lost,
 * everything written if the source is available. It applies `catchUpSpeed` times as fast as its source wrote, and
 * stretches without writes take no time.
 */
export function catchUpMs({ context, now }: Transaction, replica: Instance): number {
  const { link, sourceId } = replica;
  if (link === null || sourceId === null) return 0;
  const { log } = linkedInstance(context.topology, replica, sourceId);
  if (log === null) return 0;
  const applied = appliedUntil(link, log, now);
  const goal = link.receives ? now : receivedUntil(link, log, now);
  if (writtenAt(log, goal).transactions === writtenAt(log, applied).transactions) return 0;
  // While the source keeps writing, the replica gains one part less.
  const keepsWriting = link.receives && log.pieces.at(-1)?.transactionsPerSecond !== 0;
  const gain = keepsWriting ? catchUpSpeed - 1 : catchUpSpeed;
  return Math.ceil(writingMs(log, { from: applied, to: goal }) / gain);
}

/**
 * Returns why a receiving replica cannot be promoted while its source is available: it falls behind faster than it
 * catches up. A replica that receives nothing has nothing to catch up with; what it lacks is lost.
 */
export function tooFarBehind(moment: Transaction, replica: Instance): string | undefined {
  const { id, link, sourceId } = replica;
  const { context, now } = moment;
  if (link?.receives !== true || sourceId === null) return undefined;
  const { log } = linkedInstance(context.topology, replica, sourceId);
  const behindMs = writingMs(log, {
    from: appliedUntil(link, log, now),
    to: now - lagOf(link) - link.applyMs,
  });
  return behindMs === 0 || catchUpMs(moment, replica) === 0
    ? undefined
    : `replica ${id} is still ${String(behindMs)} ms further behind than its lag`;
}

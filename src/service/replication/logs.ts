import { copyOfLink } from "./copyStream.js";
import type {
  LogPosition,
  LogSegment,
  ReplicationLink,
  ReplicationLog,
} from "./dataPlane.model.js";

/*
 * Positions as functions of the time. Everything is whole: times in ms, transactions, bytes. Nothing ticks.
 */

/** A replica that is behind receives and applies so many times as fast as its source wrote. [inferred] */
export const catchUpSpeed = 10;

/** The position before the first transaction. */
export const zeroPosition: LogPosition = { transactions: 0, bytes: 0 };

/** What a log holds at a moment, rounded down to whole transactions. O(log pieces). */
export function writtenAt({ pieces }: Pick<ReplicationLog, "pieces">, time: number): LogPosition {
  const piece = pieces[pieceAt(pieces, time)];
  if (piece === undefined) return zeroPosition;
  const { at, transactions, bytes, transactionsPerSecond, bytesPerTransaction } = piece;
  const more = grown(transactionsPerSecond, time - at);
  return {
    transactions: Math.min(greatest, transactions + more),
    bytes: Math.min(greatest, bytes + more * bytesPerTransaction),
  };
}

/** Maximum position. A log stops growing there, because larger numbers are not exact integers. */
const greatest = Number.MAX_SAFE_INTEGER;

/** The first ms in which a log holds so many transactions; undefined when it never does as things are. */
export function timeOf(
  { pieces }: Pick<ReplicationLog, "pieces">,
  transactions: number,
): number | undefined {
  if (transactions > greatest) return undefined;
  const { length } = pieces;
  for (let index = 0; index < length; index++) {
    const piece = pieces[index] as LogSegment; // below the length
    const missing = transactions - piece.transactions;
    if (missing <= 0) return piece.at;
    if (piece.transactionsPerSecond === 0) continue;
    const time = piece.at + msFor(piece.transactionsPerSecond, missing);
    const next = pieces[index + 1];
    if (next === undefined || time < next.at) return time;
  }
  return undefined;
}

/** Until when a replica has received everything that its source wrote. */
export function receivedUntil(link: ReplicationLink, time: number): number {
  const { received, receives, condition: line, at } = link;
  if (!receives) return received;
  const factor = line.condition === "slow" ? (line.factor ?? 1) : 1;
  const lag = lagOf(link);
  // A slow line does not save up what it could have carried while nothing new was there to carry.
  const moved =
    factor > 1
      ? Math.floor((time - Math.max(at, received + lag)) / factor)
      : (time - at) * catchUpSpeed;
  return Math.max(received, Math.min(time - lag, received + moved));
}

/**
 * The moments at which `receivedUntil` changes its pace, and the one at which everything written until `writtenUntil` is
 * received. Between two of them it grows evenly, to within the ms that it is rounded to.
 */
export function receiptCorners(
  link: ReplicationLink,
  writtenUntil: number | null,
): readonly number[] {
  const { received, receives, condition: line, at } = link;
  if (!receives) return [];
  const lag = lagOf(link);
  const factor = line.condition === "slow" ? (line.factor ?? 1) : 1;
  const missing = writtenUntil === null ? null : writtenUntil - received;
  if (factor > 1) {
    const start = Math.max(at, received + lag);
    return missing === null ? [start] : [start, start + missing * factor];
  }
  // The first write arrives; what was behind is caught up with.
  const corners = [received + lag, (catchUpSpeed * at - received - lag) / (catchUpSpeed - 1)];
  if (missing !== null) {
    corners.push(Math.max(received + missing + lag, at + missing / catchUpSpeed));
  }
  return corners;
}

/** Until when a replica has applied everything that its source wrote. */
export function appliedUntil(link: ReplicationLink, time: number): number {
  const { applied, applies, applyMs, at } = link;
  if (!applies) return applied;
  const own = Math.min(time - lagOf(link) - applyMs, applied + (time - at) * catchUpSpeed);
  return Math.max(applied, Math.min(own, receivedUntil(link, time)));
}

/** From a write to its receipt, in ms, when the replica is not behind. */
export function lagOf({ lagMs, condition: line }: ReplicationLink): number {
  return line.condition === "slow" ? lagMs + (line.extraLagMs ?? 0) : lagMs;
}

/** The same link, said from another moment on. */
export function advanceLink(link: ReplicationLink, now: number): ReplicationLink {
  const next = copyOfLink(link);
  next.at = now;
  next.received = receivedUntil(link, now);
  next.applied = appliedUntil(link, now);
  return next;
}

/**
 * Until when everything written is acknowledged to its users: at once while replication is asynchronous or degraded,
 * else as soon as one of the replicas has received it.
 */
export function acknowledgedUntil(
  { semiSynchrony }: Pick<ReplicationLog, "semiSynchrony">,
  links: readonly ReplicationLink[],
  time: number,
): number {
  if (semiSynchrony === null) return time;
  const { status, acknowledged, waitsFrom } = semiSynchrony;
  if (status === "degraded") return waitsFrom === null ? time : Math.min(time, waitsFrom);
  let most = acknowledged;
  for (const link of links) most = Math.max(most, receivedUntil(link, time));
  return most;
}

/** Pieces without those that end before `oldest`. */
export function piecesFrom(pieces: readonly LogSegment[], oldest: number): readonly LogSegment[] {
  const first = pieceAt(pieces, oldest);
  return first <= 0 ? pieces : pieces.slice(first);
}

/** The piece that holds a moment: the last that began by then, or the first. */
function pieceAt(pieces: readonly LogSegment[], time: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const piece = pieces[middle];
    if (piece !== undefined && piece.at <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Whole transactions in so many ms; exact wherever the result is. */
function grown(perSecond: number, ms: number): number {
  if (ms <= 0) return 0;
  const seconds = Math.floor(ms / 1000);
  return seconds * perSecond + Math.floor(((ms - seconds * 1000) * perSecond) / 1000);
}

/** The first ms after which there are so many transactions more. */
function msFor(perSecond: number, transactions: number): number {
  const seconds = Math.floor(transactions / perSecond);
  return seconds * 1000 + Math.ceil(((transactions - seconds * perSecond) * 1000) / perSecond);
}

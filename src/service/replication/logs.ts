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

/** The segments of a log. A missing log is one in which nothing was written. */
export type LogSegments = Pick<ReplicationLog, "pieces">;

/**
 * Until when a replica has received everything that its source wrote. Stretches of the log in which nothing was written
 * take no time.
 */
export function receivedUntil(
  link: ReplicationLink,
  log: LogSegments | null,
  time: number,
): number {
  const { received, receives, at } = link;
  if (!receives) return received;
  const arrived = time - lagOf(link);
  const factor = factorOf(link);
  if (factor > 1) {
    return Math.max(received, Math.min(arrived, carriedUntil(link, log, { time, factor })));
  }
  const ms = (time - at) * catchUpSpeed;
  // A replica that has caught up has read all, wherever nothing was written.
  if (received + ms >= arrived) return Math.max(received, arrived);
  return Math.max(received, Math.min(arrived, readUntil(log, { from: received, ms })));
}

/**
 * Until when a slow line has carried everything. It does not save up what it could have carried while nothing new was
 * there to carry: it begins anew where the first write arrives after a stretch without any.
 */
function carriedUntil(
  link: ReplicationLink,
  log: LogSegments | null,
  { time, factor }: { readonly time: number; readonly factor: number },
): number {
  const { received, at } = link;
  const lag = lagOf(link);
  const carried = (since: number): number => Math.max(0, Math.floor((time - since) / factor));
  let least = readUntil(log, { from: received, ms: carried(Math.max(at, received + lag)) });
  const pieces = piecesOf(log);
  for (let index = pieces.length - 1; index >= 0; index--) {
    const begin = (pieces[index] as LogSegment).at; // below the length
    if (begin <= received || begin + lag <= at) break;
    if (begin + lag > time || isEmpty(pieces[index]) || !isEmpty(pieces[index - 1])) continue;
    least = Math.min(least, readUntil(log, { from: begin, ms: carried(begin + lag) }));
  }
  return least;
}

/**
 * The moments at which `receivedUntil` changes its pace, in no order. Between two of them what is received grows evenly
 * in writing, to within the ms that it is rounded to.
 */
export function receiptCorners(link: ReplicationLink, log: LogSegments | null): readonly number[] {
  const { received, receives, at } = link;
  if (!receives) return [];
  const lag = lagOf(link);
  const factor = factorOf(link);
  const corners = [Math.max(at, received + lag)];
  if (factor === 1) corners.push(caughtUpAt(link, log));
  const pieces = piecesOf(log);
  for (let index = pieces.length - 1; index >= 0; index--) {
    const piece = pieces[index] as LogSegment; // below the length
    const next = pieces[index + 1];
    if (next !== undefined && next.at <= received) break;
    const arrives = Math.max(at, received + lag, piece.at + lag);
    corners.push(arrives);
    if (factor === 1 || !isEmpty(piece)) continue;
    // A slow line comes to the end of what it has to carry.
    const left = writingMs(log, { from: receivedUntil(link, log, arrives), to: piece.at });
    corners.push(arrives + left * factor);
  }
  return corners;
}

/** Until when a replica has applied everything that its source wrote. */
export function appliedUntil(link: ReplicationLink, log: LogSegments | null, time: number): number {
  const { applied, applies, applyMs, at } = link;
  if (!applies) return applied;
  const end = Math.min(time - lagOf(link) - applyMs, receivedUntil(link, log, time));
  const ms = (time - at) * catchUpSpeed;
  if (applied + ms >= end) return Math.max(applied, end);
  return Math.max(applied, Math.min(end, readUntil(log, { from: applied, ms })));
}

/** For how long something was written that a replica has not received at a moment, in ms: its lag in receiving. */
export function receiptLagAt(link: ReplicationLink, log: LogSegments | null, time: number): number {
  return writingMs(log, { from: receivedUntil(link, log, time), to: time });
}

/** From when on a replica that catches up is behind by its lag alone; not for a line that is slower than its source. */
export function caughtUpAt(link: ReplicationLink, log: LogSegments | null): number {
  const { received, at } = link;
  const lag = lagOf(link);
  let time = at;
  let behind = writingMs(log, { from: received, to: at - lag });
  const pieces = piecesOf(log);
  for (let index = pieceAt(pieces, at - lag); behind > 0 && index < pieces.length; index++) {
    const end = (pieces[index + 1]?.at ?? Number.POSITIVE_INFINITY) + lag;
    const gain = isEmpty(pieces[index]) ? catchUpSpeed : catchUpSpeed - 1;
    if (behind <= gain * (end - time)) return time + behind / gain;
    behind -= gain * (end - time);
    time = end;
  }
  return time;
}

/** For how long something was written between two moments, in ms. O(log pieces) and what lies between. */
export function writingMs(
  log: LogSegments | null,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const pieces = piecesOf(log);
  let sum = 0;
  for (let index = pieceAt(pieces, from); index < pieces.length; index++) {
    const piece = pieces[index] as LogSegment; // below the length
    const begin = Math.max(from, piece.at);
    if (begin >= to) break;
    if (!isEmpty(piece)) sum += Math.min(to, pieces[index + 1]?.at ?? to) - begin;
  }
  return sum;
}

/**
 * Until when one has read who reads `ms` of a log: stretches without writes take no time. Infinity where nothing more is
 * written.
 */
export function readUntil(
  log: LogSegments | null,
  { from, ms }: { readonly from: number; readonly ms: number },
): number {
  const pieces = piecesOf(log);
  let left = ms;
  for (let index = pieceAt(pieces, from); index < pieces.length; index++) {
    const piece = pieces[index] as LogSegment; // below the length
    if (isEmpty(piece)) continue;
    const begin = Math.max(from, piece.at);
    const lasts = (pieces[index + 1]?.at ?? Number.POSITIVE_INFINITY) - begin;
    if (lasts > left) return begin + left;
    left -= lasts;
  }
  return Number.POSITIVE_INFINITY;
}

function piecesOf(log: LogSegments | null): readonly LogSegment[] {
  return log === null ? noPieces : log.pieces;
}

const noPieces: readonly LogSegment[] = [];

/** Whether nothing is written in a segment. */
function isEmpty(piece: LogSegment | undefined): boolean {
  return piece === undefined || piece.transactionsPerSecond === 0;
}

function factorOf({ condition: line }: ReplicationLink): number {
  return line.condition === "slow" ? (line.factor ?? 1) : 1;
}

/** From a write to its receipt, in ms, when the replica is not behind. */
export function lagOf({ lagMs, condition: line }: ReplicationLink): number {
  return line.condition === "slow" ? lagMs + (line.extraLagMs ?? 0) : lagMs;
}

/** The same link, said from another moment on, when its source has this log. */
export function advanceLink(
  link: ReplicationLink,
  log: LogSegments | null,
  now: number,
): ReplicationLink {
  const next = copyOfLink(link);
  next.at = now;
  next.received = receivedUntil(link, log, now);
  next.applied = appliedUntil(link, log, now);
  return next;
}

/**
 * Until when everything written is acknowledged to its users: at once while replication is asynchronous or degraded,
 * else as soon as one of the replicas has received it.
 */
export function acknowledgedUntil(
  log: Pick<ReplicationLog, "pieces" | "semiSynchrony">,
  links: readonly ReplicationLink[],
  time: number,
): number {
  const { semiSynchrony } = log;
  if (semiSynchrony === null) return time;
  const { status, acknowledged, waitsFrom } = semiSynchrony;
  if (status === "degraded") return waitsFrom === null ? time : Math.min(time, waitsFrom);
  let most = acknowledged;
  for (const link of links) most = Math.max(most, receivedUntil(link, log, time));
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

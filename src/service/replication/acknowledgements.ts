import { InvariantViolationError } from "../../model/errors.js";
import type { ReplicationLink, ReplicationLog } from "./dataPlane.model.js";
import {
  acknowledgedUntil,
  catchUpSpeed,
  caughtUpAt,
  type LogSegments,
  lagOf,
  receivedUntil,
  timeOf,
  writingMs,
  writtenAt,
} from "./logs.js";

/** What decides when a semi-synchronous source waits: its log, its replicas, and how long it waits. */
export interface Waiting {
  readonly log: Pick<ReplicationLog, "pieces" | "semiSynchrony" | "resumedAt">;
  readonly links: readonly ReplicationLink[];
  readonly timeoutMs: number;
  readonly now: number;
}

/**
 * When a source that waits for acknowledgements will have waited too long: the first ms in which a transaction is
 * unacknowledged for the whole timeout. Undefined when that does not come as things are.
 */
export function degradesAt({ log, links, timeoutMs, now }: Waiting): number | undefined {
  const reached = (time: number): number =>
    writtenAt(log, acknowledgedUntil(log, links, time)).transactions;
  let next = reached(now) + 1;
  for (let tries = 0; tries < triesMax; tries++) {
    const written = timeOf(log, next);
    if (written === undefined) return undefined;
    const time = Math.max(now, Math.max(written, log.resumedAt) + timeoutMs);
    const acknowledged = reached(time);
    if (acknowledged < next) return time;
    // A replica that is near enough and never falls further behind always acknowledges in time.
    if (
      links.some(
        (link) => keepsUp(link, timeoutMs) && time - receivedUntil(link, log, time) <= timeoutMs,
      )
    ) {
      return undefined;
    }
    next = acknowledged + 1;
  }
  throw new InvariantViolationError("the time of an acknowledgement was not found");
}

/**
 * When commits of a degraded source wait again, and when the first of those is acknowledged: as soon as a replica is no
 * further behind than its line makes it, and near enough to acknowledge in time. Undefined when none will be.
 */
export function restoresAt({
  log,
  links,
  timeoutMs,
  now,
}: Omit<Waiting, "log"> & { readonly log: LogSegments }):
  | { readonly waitsFrom: number; readonly restoredAt: number }
  | undefined {
  const able = links.filter((link) => keepsUp(link, timeoutMs));
  if (able.length === 0) return undefined;
  const waitsFrom = Math.min(
    ...able.map((link) => Math.max(now, Math.ceil(caughtUpAt(link, log)))),
  );
  const restoredAt = Math.min(...able.map((link) => receiptOf(link, log, waitsFrom)));
  return { waitsFrom, restoredAt };
}

/** A lag that grows is at the timeout within few steps: each halves the rest of the way at least. */
const triesMax = 10_000;

/** Whether a replica always acknowledges in time once it has caught up. */
function keepsUp(link: ReplicationLink, timeoutMs: number): boolean {
  const { receives, condition: line } = link;
  const factor = line.condition === "slow" ? (line.factor ?? 1) : 1;
  return receives && factor === 1 && lagOf(link) <= timeoutMs;
}

/** When a replica that has caught up by then has received what is written at that moment. */
function receiptOf(link: ReplicationLink, log: LogSegments, time: number): number {
  const { at, received } = link;
  if (received >= time) return time;
  const ms = Math.ceil(writingMs(log, { from: received, to: time }) / catchUpSpeed);
  return Math.max(time + lagOf(link), at + ms);
}

import { drawDuration } from "../../kernel/latency.js";
import type { Transaction } from "../../kernel/transaction.js";
import { InvariantViolationError } from "../../model/errors.js";
import type { Instance } from "../instances/instance.model.js";
import { degradesAt, restoresAt } from "./acknowledgements.js";
import { copyOfLog } from "./copyStream.js";
import type {
  ReplicationLink,
  ReplicationLog,
  ScheduledTransition,
  SemiSyncState,
} from "./dataPlane.model.js";
import { linksOfReplicas } from "./logRetention.js";
import { acknowledgedUntil, receivedUntil, writtenAt } from "./logs.js";

/** The replicas that acknowledge the writes of a source. */
export interface AckContext {
  readonly source: Instance;
  readonly log: ReplicationLog;
  /** Links of the replicas that acknowledged until now. */
  readonly before: readonly ReplicationLink[];
  /** Links of the replicas that acknowledge from now on. */
  readonly links: readonly ReplicationLink[];
  readonly serves: boolean;
}

/** Returns the semi-synchronous state of a source from now on. */
export function semiSyncState(moment: Transaction, context: AckContext): SemiSyncState {
  const { log, before, links, serves } = context;
  const { now } = moment;
  const known = log.semiSynchrony ?? begun(log, { links, now });
  const acknowledged = acknowledgedUntil({ pieces: log.pieces, semiSynchrony: known }, before, now);
  // A source that is down waits for no replica, and acknowledges nothing.
  if (!serves) {
    const { status, waitsFrom } = known;
    return { status, acknowledged, waitsFrom, due: null };
  }
  return known.status === "on"
    ? waitingOn(moment, context, acknowledged)
    : waitingAgain(moment, context, acknowledged);
}

/** Continues to wait, at most until the timeout. */
function waitingOn(
  moment: Transaction,
  { source, log, links }: Pick<AckContext, "source" | "log" | "links">,
  acknowledged: number,
): SemiSyncState {
  const on: SemiSyncState = { status: "on", acknowledged, waitsFrom: null, due: null };
  const timeoutMs = timeoutOf(moment, source);
  const { now } = moment;
  const waiting = { pieces: log.pieces, resumedAt: log.resumedAt, semiSynchrony: on };
  const time = degradesAt({ log: waiting, links, timeoutMs, now });
  return { status: "on", acknowledged, waitsFrom: null, due: dueAt(moment, time) };
}

/** Replicates asynchronously until a replica has caught up. */
function waitingAgain(
  moment: Transaction,
  { source, log, links }: Pick<AckContext, "source" | "log" | "links">,
  acknowledged: number,
): SemiSyncState {
  const restored = restoresAt({
    log,
    links,
    timeoutMs: timeoutOf(moment, source),
    now: moment.now,
  });
  return {
    status: "degraded",
    acknowledged,
    waitsFrom: restored?.waitsFrom ?? null,
    due: dueAt(moment, restored?.restoredAt),
  };
}

/** Commits wait from the start if a replica has received everything that was written before. */
function begun(
  log: ReplicationLog,
  { links, now }: { readonly links: readonly ReplicationLink[]; readonly now: number },
): SemiSyncState {
  const all = writtenAt(log, now).transactions;
  const isSafe = links.some(
    (link) => link.receives && writtenAt(log, receivedUntil(link, log, now)).transactions === all,
  );
  const status = isSafe ? "on" : "degraded";
  return { status, acknowledged: now, waitsFrom: null, due: null };
}

/** Applies the change of the semi-synchronous state that was computed before. */
export function changeStatus(moment: Transaction, source: Instance): void {
  const { log: log } = source;
  if (log?.semiSynchrony == null) {
    throw new InvariantViolationError(`no replica acknowledges the writes of ${source.id}`);
  }
  const { semiSynchrony } = log;
  const links = linksOfReplicas(moment.context.topology, source);
  const acknowledged = acknowledgedUntil(log, links, moment.now);
  const isOn = semiSynchrony.status === "on";
  const next = isOn
    ? waitingAgain(moment, { source, log, links }, moment.now)
    : waitingOn(moment, { source, log, links }, acknowledged);
  moment.emit({
    type: isOn ? "SemiSynchronousDegraded" : "SemiSynchronousRestored",
    id: source.id,
    row: source.ordinal,
    log: withSemiSynchrony(log, next),
  });
}

/** A log whose commits wait otherwise from now on. */
export function withSemiSynchrony(
  log: ReplicationLog,
  semiSynchrony: SemiSyncState | null,
): ReplicationLog {
  const next = copyOfLog(log);
  next.semiSynchrony = semiSynchrony;
  return next;
}

function dueAt(moment: Transaction, time: number | undefined): ScheduledTransition | null {
  if (time === undefined) return null;
  return { dueAt: time, seq: moment.takeSeq(), cause: moment.seq };
}

function timeoutOf({ context }: Transaction, { key }: Instance): number {
  const { chance, latency, jitter } = context;
  return drawDuration(latency.acknowledgementTimeout, {
    chance,
    key: { purpose: "timeout", key, sequence: 0 },
    jitter,
  });
}

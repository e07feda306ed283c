import type { ReplicationLink } from "../../service/replication/dataPlane.model.js";
import { receiptCorners, receivedUntil } from "../../service/replication/logs.js";
import type { MeasuredThing, MeasureFactory } from "./measure.js";

/** A stretch of time over which the lag changes evenly. */
interface Stretch {
  readonly ms: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Lag of replicas in receiving, over time and over all replicas: the quantile, or the mean. While no write is possible,
 * the lag does not grow.
 */
export const lag: MeasureFactory = ({ names, things, begin, spec }) => {
  const stretches: Stretch[] = [];
  let since = begin;
  let known = readersOf();
  function readersOf(): readonly Reader[] {
    const readers: Reader[] = [];
    for (const measured of things) addReaders(readers, measured);
    return readers;
  }
  function addReaders(readers: Reader[], { thing, instanceId }: MeasuredThing): void {
    const ids = instanceId === undefined ? names.replicaIds(thing) : [instanceId];
    for (const id of ids) {
      const instance = names.instance(thing, id);
      const link = instance?.link;
      if (link == null || instance?.sourceId == null) continue;
      const source = names.instance(thing, instance.sourceId);
      readers.push({ link, stoppedAt: source?.log?.interruptedAt ?? null });
    }
  }
  const proceed = (now: number): void => {
    if (now > since) {
      for (const reader of known) addStretches(stretches, reader, { from: since, to: now });
      since = now;
    }
  };
  return {
    after: ({ at }) => {
      proceed(at);
      known = readersOf();
    },
    end: (now) => {
      proceed(now);
      return spec.quantile === "mean"
        ? meanOf(stretches)
        : quantileOf(stretches, spec.quantile ?? 0.99);
    },
  };
};

interface Reader {
  readonly link: ReplicationLink;
  /** Since when nothing is written on the source; null while something is. */
  readonly stoppedAt: number | null;
}

function lagAt({ link, stoppedAt }: Reader, time: number): number {
  const written = stoppedAt === null ? time : Math.min(time, stoppedAt);
  return Math.max(0, written - receivedUntil(link, time));
}

/** The lag is even between few corners. */
function addStretches(
  stretches: Stretch[],
  reader: Reader,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const corners = receiptCorners(reader.link, reader.stoppedAt)
    .filter((time) => time > from && time < to)
    .sort((a, b) => a - b);
  let begin = from;
  let lagMs = lagAt(reader, from);
  for (const end of [...corners, to]) {
    const lagAtEnd = lagAt(reader, end);
    stretches.push({ ms: end - begin, from: lagMs, to: lagAtEnd });
    begin = end;
    lagMs = lagAtEnd;
  }
}

function meanOf(stretches: readonly Stretch[]): number {
  let sum = 0;
  let ms = 0;
  for (const stretch of stretches) {
    sum += (stretch.ms * (stretch.from + stretch.to)) / 2;
    ms += stretch.ms;
  }
  return ms === 0 ? 0 : sum / ms;
}

/** The least whole ms that the lag does not exceed during this share of the time. */
function quantileOf(stretches: readonly Stretch[], share: number): number {
  const total = stretches.reduce((sum, { ms }) => sum + ms, 0);
  let low = 0;
  let high = Math.ceil(stretches.reduce((most, { from, to }) => Math.max(most, from, to), 0));
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (msUpTo(stretches, middle) >= share * total) high = middle;
    else low = middle + 1;
  }
  return high;
}

function msUpTo(stretches: readonly Stretch[], lagMs: number): number {
  let sum = 0;
  for (const { ms, from, to } of stretches) {
    const [least, most] = [Math.min(from, to), Math.max(from, to)];
    if (most <= lagMs) sum += ms;
    else if (least < lagMs) sum += (ms * (lagMs - least)) / (most - least);
  }
  return sum;
}

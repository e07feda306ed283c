import type { ReplicationLink } from "../../service/replication/dataPlane.model.js";
import {
  type LogSegments,
  lagOf,
  receiptCorners,
  receiptLagAt,
  receivedUntil,
} from "../../service/replication/logs.js";
import type { MeasuredThing, MeasureFactory } from "./measure.js";

/**
 * Stretches of time over which the lag changes evenly, three numbers each: how long one lasts, the lag where it begins,
 * and the lag where it ends. Flat, since a number with a fraction is an object of its own in a field.
 */
type Stretches = number[];

/**
 * Lag of replicas in receiving, over time and over all replicas: the quantile, or the mean. It counts the time in which
 * their source wrote what they have not received, so it does not grow while nothing is written.
 */
export const lag: MeasureFactory = ({ names, things, begin, spec }) => {
  const stretches: Stretches = [];
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
      readers.push({ link, log: names.instance(thing, instance.sourceId)?.log ?? null });
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
  /** The log of its source, which does not turn before the next journal entry. */
  readonly log: LogSegments | null;
}

/** The lag is even between few corners. */
function addStretches(
  stretches: Stretches,
  reader: Reader,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const { link, log } = reader;
  if (isSteady(reader, from)) {
    const lagMs = lagOf(link);
    stretches.push(to - from, lagMs, lagMs);
    return;
  }
  const corners = receiptCorners(link, log);
  let begin = from;
  let lagMs = receiptLagAt(link, log, from);
  while (begin < to) {
    // The next corner: there are few.
    let end = to;
    for (const corner of corners) if (corner > begin && corner < end) end = corner;
    const lagAtEnd = receiptLagAt(link, log, end);
    stretches.push(end - begin, lagMs, lagAtEnd);
    begin = end;
    lagMs = lagAtEnd;
  }
}

/** Whether a replica is behind by its lag alone from a moment on, since it has caught up and its source keeps writing. */
function isSteady({ link, log }: Reader, from: number): boolean {
  const last = log?.pieces.at(-1);
  if (last === undefined || last.transactionsPerSecond === 0 || !link.receives) return false;
  const { condition: line } = link;
  const arrived = from - lagOf(link);
  return (
    (line.condition !== "slow" || (line.factor ?? 1) === 1) &&
    last.at <= arrived &&
    receivedUntil(link, log, from) === arrived
  );
}

function meanOf(stretches: Readonly<Stretches>): number {
  let sum = 0;
  let ms = 0;
  for (let at = 0; at < stretches.length; at += 3) {
    const lasts = stretches[at] as number;
    sum += (lasts * ((stretches[at + 1] as number) + (stretches[at + 2] as number))) / 2;
    ms += lasts;
  }
  return ms === 0 ? 0 : sum / ms;
}

/** The least whole ms that the lag does not exceed during this share of the time. */
function quantileOf(stretches: Readonly<Stretches>, share: number): number {
  let total = 0;
  let most = 0;
  for (let at = 0; at < stretches.length; at += 3) {
    total += stretches[at] as number;
    most = Math.max(most, stretches[at + 1] as number, stretches[at + 2] as number);
  }
  let low = 0;
  let high = Math.ceil(most);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (msUpTo(stretches, middle) >= share * total) high = middle;
    else low = middle + 1;
  }
  return high;
}

function msUpTo(stretches: Readonly<Stretches>, lagMs: number): number {
  let sum = 0;
  for (let at = 0; at < stretches.length; at += 3) {
    const ms = stretches[at] as number;
    const from = stretches[at + 1] as number;
    const to = stretches[at + 2] as number;
    const least = Math.min(from, to);
    const most = Math.max(from, to);
    if (most <= lagMs) sum += ms;
    else if (least < lagMs) sum += (ms * (lagMs - least)) / (most - least);
  }
  return sum;
}

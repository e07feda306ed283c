import type { ReplicationLink } from "../../service/replication/dataPlane.model.js";
import {
  type LogSegments,
  lagOf,
  receiptCorners,
  receiptLagAt,
} from "../../service/replication/logs.js";
import type { NamedThing, NameTable } from "./nameTable.js";

/** Returns the largest lag in receiving among the replicas, in ms in which something was written. */
export function receiptLag(names: NameTable, thing: NamedThing): number {
  const { now } = names.sim;
  return Math.max(
    0,
    ...readsOf(names, thing).map((read) => receiptLagAt(read.link, read.log, now)),
  );
}

/** Returns the time after a moment at which the largest lag next goes above a limit, or back to it. */
export function lagTurnsAt(
  names: NameTable,
  thing: NamedThing,
  { limit, after }: { readonly limit: number; readonly after: number },
): number | undefined {
  const isAbove = (read: LogRead, time: number): boolean =>
    receiptLagAt(read.link, read.log, time) > limit;
  // A replica that has caught up stays so, whatever is written.
  const unsteady = readsOf(names, thing).filter(
    (read) => lagMayExceed(read.link, limit) || isAbove(read, after),
  );
  const turns = unsteady.flatMap((read) => turnsOfLag(read, { limit, after }));
  const isAnyAbove = (time: number): boolean => unsteady.some((read) => isAbove(read, time));
  const wasAbove = isAnyAbove(after);
  return turns.toSorted((one, other) => one - other).find((time) => isAnyAbove(time) !== wasAbove);
}

/** Whether a replica can come to have a lag above a limit as things are. */
function lagMayExceed(link: ReplicationLink, limit: number): boolean {
  if (!link.receives || lagOf(link) > limit) return true;
  return link.condition.condition === "slow" && (link.condition.factor ?? 1) > 1;
}

/** Returns the times at which the lag of one replica goes above a limit or back to it. */
function turnsOfLag(
  read: LogRead,
  { limit, after }: { readonly limit: number; readonly after: number },
): readonly number[] {
  const isAbove = (time: number): boolean => receiptLagAt(read.link, read.log, time) > limit;
  const corners = receiptCorners(read.link, read.log).map(Math.ceil);
  const ends = [...corners.filter((corner) => corner > after), after + openEndMs];
  const turns: number[] = [];
  let from = after;
  for (const end of ends.toSorted((one, other) => one - other)) {
    // Between two corners the lag only grows or only falls.
    if (isAbove(from) !== isAbove(end)) turns.push(firstTime(isAbove, from, end));
    from = end;
  }
  return turns;
}

/** As long as a lag is looked for that grows as things are: some thirty years. */
const openEndMs = 1e12;

/** Returns the first whole ms after `from` at which a test has the result that it has at `to`. */
function firstTime(test: (time: number) => boolean, from: number, to: number): number {
  const result = test(to);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (test(middle) === result) high = middle;
    else low = middle;
  }
  return high;
}

/** A link and the log that is read over it. */
interface LogRead {
  readonly link: ReplicationLink;
  readonly log: LogSegments | null;
}

function readsOf(names: NameTable, thing: NamedThing): readonly LogRead[] {
  return names.replicaIds(thing).flatMap((id) => linkAndLog(names, thing, id) ?? []);
}

/** Returns the link of a replica and the log that it reads. */
function linkAndLog(names: NameTable, thing: NamedThing, id: string): LogRead | undefined {
  const link = names.instance(thing, id)?.link;
  return link == null
    ? undefined
    : { link, log: names.instance(thing, link.sourceId)?.log ?? null };
}

import type { JournalEntry } from "replication-simulator";
import { rowsOf } from "../../src/collections/table.js";
import { instanceStates, isDown } from "../../src/lifecycle/instanceStates.js";
import type { Topology } from "../../src/model/topology.js";
import type { Instance } from "../../src/service/instances/instance.model.js";
import { acknowledgedUntil, receivedUntil, writtenAt } from "../../src/service/replication/logs.js";

/*
 * The measures once more, from what a future looked like after each entry of its journal. Written differently from the
 * library: no names that follow facts, no states that are set and closed. The clients of a thing are where its rate of
 * writes is, so each thing writes at a rate that nothing else has.
 */

/** What there was from a moment on, until the next frame. */
export interface Frame {
  readonly at: number;
  readonly topology: Topology;
  /** Undefined for the frame at time 0. */
  readonly entry: JournalEntry | undefined;
}

/** A stretch of time in which nothing changes. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly topology: Topology;
}

/** A command that a step or an operator has given. */
export interface GivenCommand {
  readonly at: number;
  readonly isRefused: boolean;
}

/** A future, to be measured from a moment on. */
export interface Recording {
  readonly frames: readonly Frame[];
  readonly begin: number;
  readonly end: number;
  /** Planned copies of the thing. */
  readonly planned: number;
  /** Transactions per second that its clients write, and nothing else. */
  readonly rate: number;
  /** All commands of steps and operators, in order. */
  readonly commands: readonly GivenCommand[];
  /** The moments of the steps. Operators act at other times: five minutes after something that is no step. */
  readonly stepTimes: readonly number[];
}

const answers = ({ state }: Instance): boolean =>
  ["ready", "occupied"].includes(instanceStates[state].service);

const instances = (topology: Topology): readonly Instance[] => [...rowsOf(topology.instances)];

const byId = (topology: Topology, id: string | null): Instance | undefined =>
  instances(topology).find((one) => one.id === id);

/** The instance that the clients write on, or wait for. */
function writer(topology: Topology, rate: number): Instance | undefined {
  return instances(topology).find(({ log }) => log?.workload.transactionsPerSecond === rate);
}

/** Whether the clients can write. */
export const isWritten = (topology: Topology, rate: number): boolean =>
  writer(topology, rate)?.log?.interruptedAt === null;

/** The source of a thing, and its replicas. */
function copies(topology: Topology, rate: number): readonly Instance[] {
  const at = writer(topology, rate);
  if (at === undefined) return [];
  const group = [...rowsOf(topology.groups)].find(({ id }) => id === at.groupId);
  const source = group === undefined ? at : byId(topology, group.sourceId);
  const replicas = instances(topology).filter(({ id, sourceId, groupId }) =>
    group === undefined ? sourceId === at.id : groupId === group.id && id !== group.sourceId,
  );
  return source === undefined ? replicas : [source, ...replicas];
}

/** Copies that answer and have what the source has. */
function healthyCopies(topology: Topology, rate: number): number {
  const all = copies(topology, rate);
  const source = all.find(({ sourceId }) => sourceId === null);
  const isActivated = ({ id }: Instance): boolean =>
    [...rowsOf(topology.faults)].some(
      ({ phase, fault }) =>
        phase === "active" &&
        (fault.kind === "cutLink" || fault.kind === "breakReplication") &&
        fault.replicaId === id,
    );
  return all.filter((copy) => {
    if (!answers(copy)) return false;
    if (copy === source) return true;
    if (isActivated(copy)) return false;
    if (source !== undefined && source.partitionId !== copy.partitionId) return false;
    return copy.state !== "replicationBroken" || !isWritten(topology, rate);
  }).length;
}

function stretches({ frames, begin, end }: Recording): readonly Stretch[] {
  return frames.flatMap(({ at, topology }, index) => {
    const from = Math.max(begin, at);
    const to = Math.min(end, frames[index + 1]?.at ?? end);
    return from < to ? [{ from, to, topology }] : [];
  });
}

function integral(recording: Recording, level: (topology: Topology) => number): number {
  return stretches(recording).reduce(
    (sum, { from, to, topology }) => sum + (to - from) * level(topology),
    0,
  );
}

/** Lengths of the runs of frames in which clients cannot write, with what happened in each. */
function interruptions(
  recording: Recording,
): readonly { readonly length: number; readonly entries: readonly JournalEntry[] }[] {
  const { frames, begin, end, rate } = recording;
  const found: { length: number; entries: JournalEntry[] }[] = [];
  let since: number | undefined;
  let entries: JournalEntry[] = [];
  const close = (at: number): void => {
    if (since !== undefined && at > begin) {
      found.push({ length: at - Math.max(begin, since), entries });
    }
    since = undefined;
    entries = [];
  };
  for (const { at, topology, entry } of frames) {
    if (since !== undefined && entry !== undefined) entries.push(entry);
    const isDown = !isWritten(topology, rate);
    if (isDown && since === undefined) {
      since = at;
      entries = entry === undefined ? [] : [entry];
    }
    if (!isDown) close(at);
  }
  if (end > begin) close(end);
  return found;
}

/** Moves of the clients from one instance to another. */
function moves({ frames, begin, rate }: Recording): readonly {
  readonly at: number;
  readonly before: Topology;
  readonly after: Topology;
  readonly from: Instance;
  readonly to: Instance;
}[] {
  return frames.flatMap(({ at, topology: after }, index) => {
    const before = frames[index - 1]?.topology;
    const from = before && writer(before, rate);
    const to = writer(after, rate);
    if (before === undefined || from === undefined || to === undefined) return [];
    return from.id === to.id || at < begin ? [] : [{ at, before, after, from, to }];
  });
}

/** The instances whose log one continues, itself included. */
function ancestorsOf(topology: Topology, { id, log }: Instance): readonly string[] {
  const found = [id];
  for (let origin = log?.origin; origin != null && !found.includes(origin.instanceId); ) {
    found.push(origin.instanceId);
    origin = byId(topology, origin.instanceId)?.log?.origin;
  }
  return found;
}

/** What is lost by each move: acknowledged where the clients were, and not where they are. */
function losses(recording: Recording): readonly number[] {
  return moves(recording).map(({ at, before, from, to }) => {
    const { log } = from;
    if (log === null || to.log === null) return Number.NaN;
    const own = ancestorsOf(before, from);
    // Instances without a common log are not compared.
    if (!ancestorsOf(before, to).some((id) => own.includes(id))) return 0;
    const links = instances(before).flatMap(({ sourceId, link }) =>
      sourceId === from.id && link !== null ? [link] : [],
    );
    const { transactions: acknowledged } = writtenAt(log, acknowledgedUntil(log, links, at));
    return Math.max(0, acknowledged - writtenAt(to.log, at).transactions);
  });
}

/** For each move of the clients, how far back the acknowledged transactions go that are lost by it. */
function recoveryPoints(recording: Recording): readonly number[] {
  const lost = losses(recording);
  return moves(recording).map(({ at, from, to }, index) => {
    if (to.log === null) return Number.NaN;
    if (lost[index] === 0) return 0;
    const kept = writtenAt(to.log, at).transactions;
    const stopped = lastWriteBefore(recording, at);
    return stopped - firstTimeWith(recording, { instanceId: from.id, transactions: kept + 1 });
  });
}

/** Since when clients cannot write at a moment; the moment itself where they can. */
function lastWriteBefore({ frames, rate }: Recording, end: number): number {
  let since = end;
  let wasWritten = true;
  for (const { at, topology } of frames) {
    if (at >= end) break;
    const isWrittenNow = isWritten(topology, rate);
    if (wasWritten && !isWrittenNow) since = at;
    wasWritten = isWrittenNow;
  }
  return wasWritten ? end : since;
}

/** The first ms in which an instance had so many transactions in its log, found in what its log was at each time. */
function firstTimeWith(
  { frames, end }: Recording,
  { instanceId, transactions }: { readonly instanceId: string; readonly transactions: number },
): number {
  for (const [index, { at, topology }] of frames.entries()) {
    const log = byId(topology, instanceId)?.log;
    const next = frames[index + 1]?.at ?? end;
    if (log == null || writtenAt(log, next).transactions < transactions) continue;
    let [low, high] = [at, next];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (writtenAt(log, middle).transactions >= transactions) high = middle;
      else low = middle + 1;
    }
    return low;
  }
  return Number.NaN;
}

const promotes = ({ facts }: JournalEntry, isForcedToo: boolean): boolean =>
  facts.some((fact) => fact.type === "SourcePromoted" && (isForcedToo || !fact.isForced));

const movesClients = (recording: Recording, entry: JournalEntry): boolean =>
  moves({ ...recording, begin: Number.NEGATIVE_INFINITY }).some(({ at, after }) =>
    recording.frames.some(
      (frame) => frame.entry === entry && frame.at === at && frame.topology === after,
    ),
  );

function countFacts(
  { frames, begin }: Recording,
  counts: (fact: JournalEntry["facts"][number]) => boolean,
): number {
  return frames.reduce(
    (sum, { at, entry }) => sum + (at < begin ? 0 : (entry?.facts.filter(counts).length ?? 0)),
    0,
  );
}

/** Start of the newest backup that can be restored. */
function newestBackup({ backups }: Topology): number | undefined {
  const completed = [...rowsOf(backups)].filter(({ status }) => status === "COMPLETED");
  return completed.length === 0
    ? undefined
    : Math.max(...completed.map(({ createdAt }) => createdAt));
}

/** Age of the newest backup where clients lose the instance on which they write, and at the end. */
function backupAges({ frames, begin, end, rate }: Recording): readonly number[] {
  const isLost = (topology: Topology): boolean => {
    const at = writer(topology, rate);
    return at === undefined || isDown(at.state);
  };
  const ages = frames.flatMap(({ at, topology }, index) => {
    const before = frames[index - 1]?.topology ?? topology;
    const isLoss = at >= begin && isLost(topology) && !isLost(before);
    return isLoss ? [at - (newestBackup(topology) ?? begin)] : [];
  });
  const last = frames.at(-1)?.topology;
  return [...ages, end - ((last && newestBackup(last)) ?? begin)];
}

/** The lag of one replica during a short time. */
interface LagSample {
  readonly lagMs: number;
  readonly ms: number;
}

/** The distance of two samples, as a share of the time since the last change: a replica catches up after a change. */
const sampleDistance = 0.01;

/** The periods in which a log has grown until now. */
function writingPeriods(
  log: Instance["log"],
  now: number,
): readonly { readonly begin: number; readonly end: number }[] {
  const pieces = log?.pieces ?? [];
  return pieces.flatMap(({ at, transactionsPerSecond }, index) =>
    transactionsPerSecond > 0 ? [{ begin: at, end: pieces[index + 1]?.at ?? now }] : [],
  );
}

/** What one sees who looks at the lag of every replica again and again: no corners, no stretches that are joined. */
export function lagSamples(recording: Recording): readonly LagSample[] {
  const samples: LagSample[] = [];
  for (const { from, to, topology } of stretches(recording)) {
    const at = writer(topology, recording.rate);
    for (const { id, link } of copies(topology, recording.rate)) {
      // After a promotion without them, clients stay on an instance that is a replica now: it is no copy that lags.
      const isWrittenOn = id === at?.id && at.groupId === null;
      if (link === null || isWrittenOn) continue;
      const log = byId(topology, link.sourceId)?.log ?? null;
      for (let begun = from; begun < to; ) {
        const ms = Math.min(to - begun, Math.max(1, (begun - from) * sampleDistance));
        const now = begun + ms / 2;
        begun += ms;
        const missing = writingPeriods(log, now).map(({ begin, end }) =>
          Math.max(0, end - Math.max(begin, receivedUntil(link, log, now))),
        );
        samples.push({ lagMs: missing.reduce((sum, ms) => sum + ms, 0), ms });
      }
    }
  }
  return samples;
}

/** Every measure that can be computed exactly by looking. */
export function naiveMeasures(recording: Recording): Readonly<Record<string, unknown>> {
  const { rate, planned, frames, begin } = recording;
  const down = interruptions(recording);
  const at0 = frames[0];
  return {
    writesDown: integral(recording, (topology) => (isWritten(topology, rate) ? 0 : 1)),
    readsDown: integral(recording, (topology) => (copies(topology, rate).some(answers) ? 0 : 1)),
    degraded: integral(recording, (topology) => (healthyCopies(topology, rate) < planned ? 1 : 0)),
    noCopy: integral(recording, (topology) => (healthyCopies(topology, rate) === 0 ? 1 : 0)),
    semiSyncOff: integral(recording, (topology) =>
      writer(topology, rate)?.log?.semiSynchrony?.status === "degraded" ? 1 : 0,
    ),
    commitsStalled: integral(recording, (topology) =>
      typeof writer(topology, rate)?.log?.stalledSince === "number" ? 1 : 0,
    ),
    interruptions: down.map(({ length }) => length),
    failoverTime: down.flatMap(({ length, entries }) =>
      entries.some((entry) => promotes(entry, false)) ? [length] : [],
    ),
    recoveryTime: down.flatMap(({ length, entries }) =>
      entries.some((entry) => promotes(entry, true) || movesClients(recording, entry))
        ? [length]
        : [],
    ),
    failovers: countFacts(recording, (fact) => fact.type === "SourcePromoted" && !fact.isForced),
    abortedFailovers: countFacts(recording, ({ type }) => type === "FailoverAborted"),
    faults: frames.reduce((sum, { at, topology }, index) => {
      if (at < begin) return sum;
      const affected = (one: Topology | undefined): readonly string[] =>
        [...(one === undefined ? [] : rowsOf(one.faults))].flatMap(
          ({ id, phase, targetOrdinal }) =>
            phase === "active" && targetOrdinal !== null ? [id] : [],
        );
      const before = affected(frames[index - 1]?.topology ?? at0?.topology);
      return sum + affected(topology).filter((id) => !before.includes(id)).length;
    }, 0),
    instanceHours: integral(recording, (topology) => instances(topology).length) / 3_600_000,
    lostTransactions: losses(recording).reduce((sum, lost) => sum + lost, 0),
    losses: losses(recording),
    recoveryPoint: recoveryPoints(recording),
    operatorActions: recording.commands.filter(
      ({ at }) => at >= begin && !recording.stepTimes.includes(at),
    ).length,
    refused: recording.commands.filter(({ at, isRefused }) => at >= begin && isRefused).length,
    backupAge: backupAges(recording),
  };
}

import {
  type Consequence,
  type Divergence,
  eventsOnlyIn,
  firstDivergence,
} from "../kernel/causalTree.js";
import { type JournalEntry, JournalLog, type Trigger } from "../kernel/journal.js";
import {
  type FieldDifference,
  fieldDifferences,
  type KindDifference,
  type StateDifference,
  stateDifference,
} from "../kernel/stateDifference.js";
import { isRecord } from "../model/schema/plainData.js";
import { emptyTopology, type Mutable, ownedKinds, type Topology } from "../model/topology.js";
import { clockFormat, formatDuration } from "../outline/formatTime.js";
import type { Backup } from "../service/backups/backup.model.js";
import type { Configuration } from "../service/configurations/configuration.model.js";
import { evolve } from "../service/evolve.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";
import { cloneTopology } from "./createWorld.js";
import type { Settings } from "./options.js";
import {
  invalidWorldDataError,
  type Journal,
  readJournal,
  readSnapshot,
  type TakenSnapshot,
} from "./serialization.js";

/** Difference of two worlds of common origin, as plain data. */
export interface WorldDifference {
  /** The first line of the journals that is not the same; null where they agree. */
  readonly divergence: {
    readonly seq: number;
    readonly left: JournalEntry | null;
    readonly right: JournalEntry | null;
  } | null;
  /** Entries of the left world only, each below the one that caused it. */
  readonly left: readonly Consequence[];
  /** Entries of the right world only. */
  readonly right: readonly Consequence[];
  /** Virtual time, where the two do not stand at the same. */
  readonly now: { readonly left: unknown; readonly right: unknown } | null;
  /** Options that are not the same, by name: `seed`, `latency.build`. */
  readonly settings: Readonly<Record<string, { readonly left: unknown; readonly right: unknown }>>;
  /** Differences of the present state. */
  readonly state: {
    readonly instances: KindDifference<Instance>;
    readonly groups: KindDifference<HaGroup>;
    readonly schedules: KindDifference<BackupSchedule>;
    readonly backups: KindDifference<Backup>;
    readonly configurations: KindDifference<Configuration>;
  };
  /** The same in words, one sentence a line. */
  readonly summary: readonly string[];
}

/** A world, and the journal that led to it. */
export interface FoldedWorld {
  readonly settings: Settings;
  readonly now: number;
  readonly topology: Topology;
  readonly log: JournalLog;
  /** Origin of the log; null for the empty world. */
  readonly origin: TakenSnapshot | null;
}

/** The world at the end of a journal: a fold over its facts. O(lines). */
export function foldJournal(journal: Journal): FoldedWorld {
  const { settings, now, origin: begun, lines } = readJournal(journal);
  const origin = begun && readSnapshot(begun);
  const topology = origin === null ? emptyTopology() : cloneTopology(origin.position.topology);
  const log = JournalLog.startingAt(origin === null ? 0 : origin.position.seq);
  for (const line of lines) {
    for (const fact of line.facts) evolve(topology as Mutable<Topology>, fact, line.at);
    log.append(line);
  }
  return { settings, now, topology, log, origin };
}

/**
 * Returns the difference of two worlds with a common past. O(entries since they parted + rows that differ) for forks of
 * one another on the immutable store, else O(entries + rows).
 * @throws InvalidWorldDataError `common-origin`
 */
export function diffWorlds(left: FoldedWorld, right: FoldedWorld): WorldDifference {
  const parting = JournalLog.parting(left.log, right.log) ?? createInitialWorld(left, right);
  const from = Math.max(parting, left.log.firstSeq, right.log.firstSeq);
  const [lefts, rights] = [left.log.lines(from), right.log.lines(from)];
  const divergence = firstDivergence(lefts, rights);
  const settings = settingDifferences(left.settings, right.settings);
  const state = stateDifference(left.topology, right.topology);
  const now = left.now === right.now ? null : { left: left.now, right: right.now };
  const clock = clockSince(left.settings.startAt);
  const words = [
    ...divergenceWords(divergence, clock),
    ...(now === null ? [] : [`virtual time is ${both(now, clock)}`]),
    ...settingWords(settings),
    ...stateWords(state, clock),
  ];
  return { divergence, ...eventsOnlyIn(lefts, rights), now, settings, state, summary: words };
}

/** Worlds that know nothing of each other have a past in common when they began with the same rows. */
function createInitialWorld(left: FoldedWorld, right: FoldedWorld): number {
  if (left.origin !== right.origin && rowsOf(left) !== rowsOf(right)) {
    throw invalidWorldDataError(
      "common-origin",
      "the two simulators have no common origin; compare a fork with its origin or with another fork",
    );
  }
  return left.origin === null ? 0 : left.origin.position.seq;
}

function rowsOf({ origin }: FoldedWorld): string {
  if (origin === null) return "";
  const { seq, topology } = origin.toJSON();
  return JSON.stringify([seq, topology]);
}

/** Two levels deep, since durations, limits and choices are looked at one by one. */
function settingDifferences(
  left: Settings,
  right: Settings,
): Readonly<Record<string, FieldDifference>> {
  const found: Record<string, FieldDifference> = {};
  for (const [name, values] of Object.entries(fieldDifferences(left, right))) {
    if (!isRecord(values.left) || !isRecord(values.right)) found[name] = values;
    else {
      const parts = Object.entries(fieldDifferences(values.left, values.right));
      for (const [part, value] of parts) found[`${name}.${part}`] = value;
    }
  }
  return found;
}

type Format = (value: unknown) => string;

/** Formats times as the time since the start: `0:15:55`. */
function clockSince(startAt: number): Format {
  return (at) => {
    if (!Number.isSafeInteger(at)) return formatJson(at);
    const ms = Number(at) - startAt;
    return clockFormat([ms])(ms);
  };
}

function divergenceWords(divergence: Divergence | null, clock: Format): readonly string[] {
  if (divergence === null) return ["the journals are the same"];
  const { seq, left, right } = divergence;
  const side = (line: Divergence["left"]): string =>
    line === null ? "nothing yet" : `${happening(line.trigger)} at ${clock(line.at)}`;
  const [one, other] = [side(left), side(right)];
  const sides =
    one === other ? `${one}, with other facts left and right` : `left ${one}; right ${other}`;
  return [`entry ${String(seq)} is the first that differs: ${sides}`];
}

function happening(trigger: Trigger): string {
  switch (trigger.kind) {
    case "command":
      return `the command ${trigger.command.type}`;
    case "task":
      return `the end of ${trigger.task} of ${trigger.entity} ${trigger.id}`;
    case "tick":
      return `the hour of schedule ${trigger.scheduleId}`;
    case "acknowledgement":
      return `acknowledgements of instance ${trigger.instanceId}`;
    case "fault":
      return `fault ${trigger.faultId}, which ${trigger.action}`;
  }
}

function settingWords(settings: WorldDifference["settings"]): readonly string[] {
  return Object.entries(settings).map(
    ([name, values]) =>
      `the option ${name} is ${both(values, isDuration(name) ? formatLength : formatJson)}`,
  );
}

function isDuration(name: string): boolean {
  return name.startsWith("latency.") || name.endsWith("Ms");
}

function stateWords(state: StateDifference, clock: Format): readonly string[] {
  return ownedKinds.flatMap((kinds) => {
    const { onlyLeft, onlyRight, changed }: KindDifference<NamedRow> = state[kinds];
    const kind = kinds === "groups" ? "HA group" : kinds.slice(0, -1);
    return [
      ...onlyLeft.map((row) => `${kind} ${named(row)} exists left only`),
      ...onlyRight.map((row) => `${kind} ${named(row)} exists right only`),
      ...changed.map((row) => `${kind} ${named(row)}: ${fieldWords(row.fields, clock)}`),
    ];
  });
}

function fieldWords(fields: Readonly<Record<string, FieldDifference>>, clock: Format): string {
  return Object.entries(fields)
    .map(([field, values]) => {
      const format = isDuration(field) ? formatLength : formatField(field, clock);
      return `${field} is ${both(values, format)}`;
    })
    .join("; ");
}

interface NamedRow {
  readonly id: string;
  readonly name?: string;
}

function named({ id, name = id }: NamedRow): string {
  return name === id ? id : `${JSON.stringify(name)} (${id})`;
}

function both({ left, right }: FieldDifference, format: Format): string {
  return `${format(left)} left and ${format(right)} right`;
}

/** Formats a field of a row, with the times inside it. */
function formatField(field: string, clock: Format): Format {
  return (value) => {
    const replaceTime = (name: string, part: unknown): unknown =>
      name.endsWith("At") && part !== null && part !== undefined ? clock(part) : part;
    return field.endsWith("At")
      ? String(replaceTime(field, value))
      : formatJson(value, replaceTime);
  };
}

function formatLength(value: unknown): string {
  return Number.isSafeInteger(value) ? formatDuration(Number(value), 5) : formatJson(value);
}

function formatJson(value: unknown, replace?: (name: string, part: unknown) => unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value, replace);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

import { deepFreeze } from "../collections/deepFreeze.js";
import type { JournalEntry } from "../kernel/journal.js";
import { topologyToJson } from "../kernel/snapshot.js";
import { formatValue, InvalidWorldDataError, ReplicationError } from "../model/errors.js";
import type { Limits } from "../model/limits.js";
import { isRecord, plainCopy } from "../model/schema/plainData.js";
import { maxTime } from "../model/time.js";
import { readRequestLevels } from "../service/accounts/rateLimiter.js";
import { firstProblemOfFacts } from "../service/facts.js";
import { readTopology } from "../service/parseTopology.js";
import { defaultSettings, readOptions, type Settings } from "./options.js";
import { isWholeUpTo } from "./optionValidators.js";
import type { WorldState } from "./worldState.js";

const snapshotFormat = "replication-simulator/snapshot";
const journalFormat = "replication-simulator/journal";
/** Version of both formats. Other versions are refused by name. */
const version = 2;

/**
 * A world as plain JSON, as `JSON.stringify(sim.snapshot())` writes it. The content of `topology` and `requests` is
 * internal: `ReplicationSimulator.restore` reads it in the same version of the format.
 */
export interface SnapshotJson {
  readonly format: "replication-simulator/snapshot";
  readonly version: 2;
  readonly settings: Settings;
  /** Virtual time, in ms since the epoch. */
  readonly now: number;
  /** Number of the next journal entry. */
  readonly seq: number;
  readonly nextTaskSeq: number;
  /** Request counters, if rates are limited. */
  readonly requests?: Readonly<Record<string, unknown>>;
  /** All rows. */
  readonly topology: Readonly<Record<string, unknown>>;
}

/** A world at one moment. Taking one is O(1) for the immutable store; `JSON.stringify` writes all rows. */
export interface Snapshot {
  /** The options of the world, with all defaults filled in. */
  readonly settings: Settings;
  /** Virtual time, in ms since the epoch. */
  readonly now: number;
  /** Number of the next journal entry. */
  readonly seq: number;
  /** Returns the rows, the clock and the counters as plain data. O(n). */
  toJSON(): SnapshotJson;
}

/** A snapshot of `snapshot()`. */
export class TakenSnapshot implements Snapshot {
  /** Returns whether a value is one, without reading any property. */
  static is(value: unknown): value is TakenSnapshot {
    return typeof value === "object" && value !== null && #mark in value;
  }

  readonly settings: Settings;
  /** The rows, the clock and the counters; the rows are not frozen. */
  readonly position: WorldState;
  readonly #mark = true;

  constructor(settings: Settings, position: WorldState) {
    this.settings = settings;
    this.position = position;
  }

  get now(): number {
    return this.position.now;
  }

  get seq(): number {
    return this.position.seq;
  }

  /** Returns the rows as in a file, frozen, because a fork of the in-place store shares them. O(n). */
  toJSON(): SnapshotJson {
    const json = this.plain();
    deepFreeze(json.topology);
    return json;
  }

  /** Returns the same with rows that are not frozen, for code of this package. */
  plain(): SnapshotJson {
    const { now, seq, nextTaskSeq: taskSeq, requests, topology } = this.position;
    return {
      format: snapshotFormat,
      version,
      settings: this.settings,
      now,
      seq,
      nextTaskSeq: taskSeq,
      ...(requests === undefined ? {} : { requests }),
      topology: { ...topologyToJson(topology) },
    };
  }
}

/** The whole journal as plain data: settings, origin, entries. */
export interface Journal {
  readonly format: "replication-simulator/journal";
  readonly version: 2;
  readonly settings: Settings;
  /** The world before the first entry; null for the empty one. */
  readonly origin: SnapshotJson | null;
  /** Virtual time when the journal was taken. */
  readonly now: number;
  readonly lines: readonly JournalEntry[];
}

/** Returns a journal of these entries. */
export function journalFrom(parts: Omit<Journal, "format" | "version">): Journal {
  return { format: journalFormat, version, ...parts };
}

/**
 * Parses a snapshot: the object itself, or the result of `JSON.parse`.
 * @throws InvalidWorldDataError
 */
export function readSnapshot(value: unknown): TakenSnapshot {
  if (TakenSnapshot.is(value)) return value;
  const json = checked<SnapshotJson>(plainForm(value), snapshotFormat);
  const { now, seq, nextTaskSeq: taskSeq, requests } = json;
  if (
    !isMoment(now) ||
    ![seq, taskSeq].every((count) => Number.isSafeInteger(count) && count >= 0)
  ) {
    throw invalidWorldDataError(
      "snapshot-clock",
      "the clock of the snapshot must consist of integers",
    );
  }
  const settings = readSettings(json.settings);
  const topology = readTopology(json.topology, { now, limits: settings.limits });
  return new TakenSnapshot(settings, {
    topology,
    now,
    seq,
    nextTaskSeq: taskSeq,
    ...(requests === undefined ? {} : { requests: readRequestLevels(requests) }),
  });
}

/** Returns the rows, the clock and the counters of a snapshot. */
export function positionOf(snapshot: Snapshot): WorldState {
  return readSnapshot(snapshot).position;
}

/** A snapshot of the other copy of this package (ESM, CJS) is not an instance of this class, but has its plain form. */
function plainForm(value: unknown): unknown {
  try {
    const { toJSON } = value as { readonly toJSON?: unknown };
    return typeof toJSON === "function" ? (Reflect.apply(toJSON, value, []) as unknown) : value;
  } catch {
    return value;
  }
}

/**
 * Parses a journal from any result of `JSON.parse`.
 * @throws InvalidWorldDataError
 */
export function readJournal(value: unknown): Journal {
  const journal = checked<Journal>(value, journalFormat);
  if (!Array.isArray(journal.lines) || !isMoment(journal.now)) {
    throw invalidWorldDataError("journal-lines", "the journal has no entries or no time");
  }
  for (const line of journal.lines) readLine(line);
  if (!isRecord(journal.origin) && journal.origin !== null) {
    throw invalidWorldDataError(
      "journal-lines",
      "the journal has no settings of the world that it starts from",
    );
  }
  return { ...journal, settings: readSettings(journal.settings) };
}

/**
 * Parses a journal entry as far as a replay needs it.
 * @throws InvalidWorldDataError `journal-lines`
 */
export function readLine(value: unknown): JournalEntry {
  const line = plainCopy(value) as Partial<JournalEntry> | undefined;
  const isLine =
    isRecord(line) &&
    Number.isSafeInteger(line.seq) &&
    isMoment(line.at) &&
    Array.isArray(line.facts) &&
    isRecord(line.trigger);
  if (!isLine)
    throw invalidWorldDataError("journal-lines", `not a journal entry: ${formatValue(value)}`);
  return line as JournalEntry;
}

/** Returns the refusal of a journal that was not written: its replay would give the empty world. */
export function journalOffError(): InvalidWorldDataError {
  return invalidWorldDataError(
    "journal-off",
    "the option journal was false, so there are no entries to replay; set journal to true, or use snapshots",
  );
}

/**
 * Throws because a replayed entry has other facts: another version, or an edited journal. Names the first recorded value
 * that no fact can have: facts that the simulator repeats need no check.
 */
export function throwReplayMismatch(
  { seq, facts }: JournalEntry,
  limits: Limits,
  cause?: ReplicationError,
): never {
  const problem = firstProblemOfFacts(facts, limits);
  const where = `replay mismatch at journal entry ${String(seq)}`;
  if (problem !== undefined) {
    const { field, value, expected } = problem;
    const message = `${where}: ${field} must be ${expected}; got ${formatValue(value)}`;
    throw invalidWorldDataError("journal-facts", message, cause);
  }
  const why = cause === undefined ? "" : `: ${cause.message}`;
  throw invalidWorldDataError(
    "journal-differs",
    `${where}: recomputed facts differ from the recorded ones (other library version, or edited journal)${why}`,
    cause,
  );
}

function readSettings(settings: unknown): Settings {
  try {
    return readOptions(settings as Settings, defaultSettings);
  } catch (cause) {
    if (!(cause instanceof ReplicationError)) throw cause;
    throw invalidWorldDataError("world-settings", `invalid settings: ${cause.message}`, cause);
  }
}

function checked<T extends { readonly format: string; readonly version: number }>(
  value: unknown,
  format: T["format"],
): T {
  const copy = plainCopy(value);
  if (copy === undefined && isRecord(value)) {
    throw invalidWorldDataError("world-format", `not a ${format}: expected plain JSON data`);
  }
  const found: Partial<T> = isRecord(copy) ? (copy as Partial<T>) : {};
  if (found.format !== format) {
    throw invalidWorldDataError(
      "world-format",
      `not a ${format}: its format is ${formatValue(found.format)}`,
    );
  }
  if (found.version !== version) {
    throw invalidWorldDataError(
      "world-version",
      `this library reads ${format} version ${String(version)}; got version ${formatValue(found.version)}${
        found.version === 1 ? ", which library version 0.1 wrote: its rows have no lineage" : ""
      }`,
    );
  }
  return found as T;
}

/** Returns whether a value is a virtual time. */
function isMoment(value: unknown): boolean {
  return isWholeUpTo(maxTime)(value);
}

/** Returns the error for invalid world data. */
export function invalidWorldDataError(
  rule: string,
  message: string,
  cause?: unknown,
): InvalidWorldDataError {
  const parts = { code: "badRequest", rule, message } as const;
  return new InvalidWorldDataError(parts, cause === undefined ? undefined : { cause });
}

import { ReplicationError, shown, UnreadableWorldError } from "../domain/errors.js";
import type { JournalLine, Trigger } from "../engine/journal.js";
import { type RequestLevels, readRequestLevels } from "../engine/requests.js";
import { type TopologyJson, topologyFromJson, topologyToJson } from "../engine/snapshot.js";
import type { Topology } from "../topology/state.js";
import { defaultSettings, readOptions, type Settings } from "./options.js";
import type { Position } from "./position.js";

const snapshotFormat = "replication-simulator/snapshot";
const journalFormat = "replication-simulator/journal";
/** Version of both formats. A reader of another version refuses by name. */
const version = 1;

/** A world as JSON: the settings, the clock and the rows. */
export interface SnapshotJson {
  readonly format: typeof snapshotFormat;
  readonly version: typeof version;
  readonly settings: Settings;
  readonly now: number;
  readonly seq: number;
  readonly taskSeq: number;
  readonly requests?: RequestLevels;
  readonly topology: TopologyJson;
}

/** A world at one moment. Taking it costs nothing for the immutable store; `JSON.stringify` gives its rows. */
export class Snapshot {
  /** The options of the world, with all defaults filled in. */
  readonly settings: Settings;
  /** The rows, the clock and the counters. */
  readonly position: Position;

  /** Made by `sim.snapshot()`; from JSON by `ReplicationSimulator.restore`. */
  constructor(settings: Settings, position: Position) {
    this.settings = settings;
    this.position = position;
  }

  /** The rows, as they go into a file. O(n). */
  toJSON(): SnapshotJson {
    const { now, seq, taskSeq, requests, topology } = this.position;
    return {
      format: snapshotFormat,
      version,
      settings: this.settings,
      now,
      seq,
      taskSeq,
      ...(requests === undefined ? {} : { requests }),
      topology: topologyToJson(topology),
    };
  }
}

/** Everything that happened, as plain data: settings, where it began, and its lines. */
export interface Journal {
  readonly format: typeof journalFormat;
  readonly version: typeof version;
  readonly settings: Settings;
  /** The world that the first line was written on; null for the empty one. */
  readonly origin: SnapshotJson | null;
  /** Virtual time when the journal was taken. */
  readonly now: number;
  readonly lines: readonly JournalLine[];
}

/** A journal of these lines. */
export function journalFrom(parts: Omit<Journal, "format" | "version">): Journal {
  return { format: journalFormat, version, ...parts };
}

/**
 * A snapshot from anything: the object itself, or what `JSON.parse` made of it.
 * @throws UnreadableWorldError
 */
export function readSnapshot(value: unknown): Snapshot {
  if (value instanceof Snapshot) return value;
  const json = checked<SnapshotJson>(value, snapshotFormat);
  const { now, seq, taskSeq, requests } = json;
  if (![now, seq, taskSeq].every((count) => Number.isSafeInteger(count) && count >= 0)) {
    throw unreadable("snapshot-clock", "the clock of the snapshot is not made of whole numbers");
  }
  const topology: Topology = topologyFromJson(json.topology);
  return new Snapshot(readSettings(json.settings), {
    ...{ topology, now, seq, taskSeq },
    ...(requests === undefined ? {} : { requests: readRequestLevels(requests) }),
  });
}

/**
 * A journal from anything that `JSON.parse` can give.
 * @throws UnreadableWorldError
 */
export function readJournal(value: unknown): Journal {
  const journal = checked<Journal>(value, journalFormat);
  if (!Array.isArray(journal.lines) || !Number.isSafeInteger(journal.now)) {
    throw unreadable("journal-lines", "the journal has no lines or no time");
  }
  for (const line of journal.lines) readLine(line);
  return { ...journal, settings: readSettings(journal.settings) };
}

/**
 * A line of a journal, as far as it must be one to be told again.
 * @throws UnreadableWorldError `journal-lines`
 */
export function readLine(value: unknown): JournalLine {
  const { seq, at, trigger, facts } = plain<JournalLine>(value);
  const isWhole = Number.isSafeInteger(seq) && Number.isSafeInteger(at);
  if (!isWhole || !Array.isArray(facts) || plain<Trigger>(trigger).kind === undefined) {
    throw unreadable("journal-lines", `this is no line of a journal: ${shown(value)}`);
  }
  return value as JournalLine;
}

/** The facts of a replayed line came out differently: another version, or a journal that was changed. */
export function differs(seq: number, cause?: ReplicationError): never {
  const why = cause === undefined ? "" : `: ${cause.message}`;
  throw unreadable(
    "journal-differs",
    `line ${String(seq)} of the journal does not come out as it was written${why}`,
    cause,
  );
}

function readSettings(settings: unknown): Settings {
  try {
    return readOptions(settings as Settings, defaultSettings);
  } catch (cause) {
    if (!(cause instanceof ReplicationError)) throw cause;
    throw new UnreadableWorldError(
      {
        fault: "badRequest",
        rule: "world-settings",
        message: `unreadable settings: ${cause.message}`,
      },
      { cause },
    );
  }
}

function checked<T extends { readonly format: string; readonly version: number }>(
  value: unknown,
  format: T["format"],
): T {
  const found = plain<T>(value);
  if (found.format !== format) {
    throw unreadable("world-format", `this is no ${format}: its format is ${shown(found.format)}`);
  }
  if (found.version !== version) {
    throw unreadable(
      "world-version",
      `this library reads ${format} version ${String(version)}; got version ${shown(found.version)}`,
    );
  }
  return found as T;
}

/** The members of something that nobody has looked at: none where it cannot be looked at. */
function plain<T extends object>(value: unknown): Partial<T> {
  try {
    return { ...(value as Partial<T>) };
  } catch {
    return {};
  }
}

export function unreadable(rule: string, message: string, cause?: unknown): UnreadableWorldError {
  const parts = { fault: "badRequest", rule, message } as const;
  return new UnreadableWorldError(parts, cause === undefined ? undefined : { cause });
}

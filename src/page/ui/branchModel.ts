import { rowsOf } from "../../collections/table.js";
import type { JournalEntry } from "../../kernel/journal.js";
import type { Topology } from "../../model/topology.js";
import { shortName } from "../../outline/escape.js";
import { type EntryText, entryText, isHidden } from "../../render/entryText.js";
import { JournalFold } from "../../render/journalFold.js";
import { firstAtLeast } from "../../render/timeAxis.js";
import { LaneBuilder, type Timeline } from "../../render/timelineModel.js";
import { type ReplicationSet, replicationSets } from "../../render/timelineRows.js";
import { causesOf } from "../../service/explain.js";
import { foldFacts } from "../../service/foldFacts.js";
import type { HaGroup } from "../../service/haGroups/haGroup.model.js";
import type { Instance } from "../../service/instances/instance.model.js";
import type { Journal } from "../../simulator/serialization.js";
import type { NamedJournal } from "../pageData.js";

/** What set an entry off, as far as it is drawn differently. */
export type EntryKind = "command" | "fault" | "work" | "quiet";

/** An entry of the journal, ready to show. */
export interface EntryView {
  readonly entry: JournalEntry;
  readonly kind: EntryKind;
  readonly texts: readonly EntryText[];
}

/** One branch: its journal folded entry by entry, so that every moment has its topology. Grows while a server runs. */
export class BranchModel {
  readonly name: string;
  readonly note: string;
  readonly journal: Journal;
  readonly startAt: number;
  readonly firstSeq: number;
  /** Entries that are shown: those about hidden backups alone are left out. */
  readonly entries: EntryView[] = [];
  /** Number of entries of the journal. */
  length = 0;
  /** Rises with each change. */
  version = 0;
  #now: number;
  readonly #fold: JournalFold;
  readonly #builder: LaneBuilder;
  /** The topology after every so many entries; those between are folded again when they are asked for. */
  readonly #checkpoints: Topology[];
  #last: { readonly count: number; readonly topology: Topology };
  #lastCauses:
    | { readonly id: string; readonly count: number; readonly seqs: readonly number[] }
    | undefined;
  readonly #searchTexts = new Map<EntryView, string>();
  readonly #times: number[] = [];
  readonly #moments: number[];
  readonly #lines: JournalEntry[] = [];
  readonly #viewOf = new Map<number, EntryView>();
  #drawn:
    | {
        readonly version: number;
        readonly history: Timeline;
        readonly sets: readonly ReplicationSet[];
      }
    | undefined;

  constructor({ name, note, journal }: NamedJournal) {
    this.name = shortName(name);
    this.note = shortName(note);
    this.journal = journal;
    this.#now = journal.now;
    this.#fold = new JournalFold(journal);
    this.startAt = this.#fold.startAt;
    this.#moments = [this.startAt];
    this.firstSeq = journal.lines[0]?.seq ?? journal.origin?.seq ?? 0;
    this.#builder = new LaneBuilder(this.#fold);
    this.#checkpoints = [this.#fold.topology];
    this.#last = { count: 0, topology: this.#fold.topology };
    for (const line of journal.lines) this.#append(line);
  }

  /** Adds what has happened since. */
  append(lines: readonly JournalEntry[], now: number): void {
    for (const line of lines) if (line.seq === this.nextSeq) this.#append(line);
    this.#now = Math.max(this.#now, now);
    this.version += 1;
  }

  /** Number of the entry that comes next. */
  get nextSeq(): number {
    return this.firstSeq + this.length;
  }

  /** The last moment that is known. */
  get endAt(): number {
    return Math.max(this.#now, this.#moments.at(-1) ?? this.startAt);
  }

  /** Moments at which something happens, ascending, each once. */
  get moments(): readonly number[] {
    return this.#moments;
  }

  /** The entries as they stand in the journal. */
  get lines(): readonly JournalEntry[] {
    return this.#lines;
  }

  /** How many entries of the journal have happened by a moment. O(log n). */
  countAt(at: number): number {
    if (this.length === 0 || (this.#times[0] ?? 0) > at) return 0;
    const next = firstAtLeast(this.#times, at + 1);
    return (this.#times[next] ?? 0) <= at ? this.length : next;
  }

  /** The topology after so many entries. */
  topologyAt(count: number): Topology {
    if (count >= this.length) return this.#fold.topology;
    if (this.#last.count === count) return this.#last.topology;
    const place = Math.floor(count / checkpointEvery);
    const isNear = this.#last.count <= count && this.#last.count >= place * checkpointEvery;
    let topology = isNear ? this.#last.topology : (this.#checkpoints[place] ?? this.#fold.topology);
    const from = isNear ? this.#last.count : place * checkpointEvery;
    for (const { facts, at } of this.#lines.slice(from, count))
      topology = foldFacts(topology, { facts, at });
    this.#last = { count, topology };
    return topology;
  }

  /** Everything of an entry that a search looks into. */
  searchTextOf(view: EntryView): string {
    const known = this.#searchTexts.get(view);
    if (known !== undefined) return known;
    const text = view.texts
      .map(({ name, status, text: words }) => `${name} ${status} ${words}`)
      .join(" ")
      .toLowerCase();
    this.#searchTexts.set(view, text);
    return text;
  }

  /** The entry of a number, where it is shown. */
  view(seq: number): EntryView | undefined {
    return this.#viewOf.get(seq);
  }

  /** Numbers of the entries that led to the status of an id, newest first. */
  causes(id: string, count: number): readonly number[] {
    if (count === 0) return [];
    const known = this.#lastCauses;
    if (known?.id === id && known.count === count) return known.seqs;
    const log = { line: (seq: number) => this.#lines[seq - this.firstSeq] };
    const seqs = causesOf(log, id, this.firstSeq + count - 1).map(({ line }) => line.seq);
    this.#lastCauses = { id, count, seqs };
    return seqs;
  }

  /** The history up to the last known moment. */
  get history(): Timeline {
    return this.#picture().history;
  }

  /** Replication sets with their lanes and outages. */
  get sets(): readonly ReplicationSet[] {
    return this.#picture().sets;
  }

  /** The name of an instance or a group, also of one that is gone. */
  nameOf(id: string): string {
    return shortName(this.#fold.directory.nameOf(id));
  }

  /** The id of the first instance or group with a name; undefined where there is none. */
  idOf(name: string): string | undefined {
    for (const { id } of this.#builder.lanes.values()) if (this.nameOf(id) === name) return id;
    return undefined;
  }

  #picture() {
    if (this.#drawn?.version !== this.version) {
      const built = this.#builder.historyUntil(this.endAt);
      const lanes = built.lanes.map((lane) => ({ ...lane, name: shortName(lane.name) }));
      const faults = built.faults.map((fault) => ({ ...fault, target: shortName(fault.target) }));
      const history = { ...built, lanes, faults };
      this.#drawn = { version: this.version, history, sets: replicationSets(history) };
    }
    return this.#drawn;
  }

  #append(line: JournalEntry): void {
    const folded = this.#fold.append(line);
    this.#builder.append(folded);
    this.#lines.push(line);
    this.#times.push(line.at);
    if (line.at > (this.#moments.at(-1) ?? -1)) this.#moments.push(line.at);
    this.length += 1;
    if (this.length % checkpointEvery === 0) this.#checkpoints.push(folded.after);
    const { directory } = this.#fold;
    if (isHidden(line, directory)) return;
    const texts = entryText(line, directory).filter(
      ({ status, text }, at) => at === 0 || status !== "" || text !== "",
    );
    const view = { entry: line, kind: kindOf(line), texts };
    this.entries.push(view);
    this.#viewOf.set(line.seq, view);
  }
}

const checkpointEvery = 64;

function kindOf({ trigger, facts }: JournalEntry): EntryKind {
  if (facts.some(({ type }) => type === "FaultInjected" || type === "FaultActivated"))
    return "fault";
  if (trigger.kind === "command") return "command";
  return trigger.kind === "acknowledgement" ? "quiet" : "work";
}

/** The row of an instance or a group, where it exists. O(n). */
export function rowOf(
  topology: Topology,
  id: string | null,
):
  | { readonly kind: "instance"; readonly row: Instance }
  | { readonly kind: "group"; readonly row: HaGroup }
  | undefined {
  if (id === null) return undefined;
  for (const row of rowsOf(topology.instances)) if (row.id === id) return { kind: "instance", row };
  for (const row of rowsOf(topology.groups)) if (row.id === id) return { kind: "group", row };
  return undefined;
}

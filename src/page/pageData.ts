import type { JournalEntry } from "../kernel/journal.js";
import type { Settings } from "../simulator/options.js";
import type { Journal, SnapshotJson } from "../simulator/serialization.js";

/** What a page shows, as it stands in the file. */
export interface PageData {
  readonly format: "replication-simulator/page";
  readonly version: 1;
  /** A report is what has happened; an inspector follows a server; a playground holds the simulator itself. */
  readonly mode: "report" | "inspector" | "playground";
  readonly title: string;
  readonly note: string;
  readonly branches: readonly BranchData[];
  readonly futures: FuturesData | null;
  /** Only for an inspector. */
  readonly inspector?: {
    readonly accountId: string;
    readonly needsToken: boolean;
    readonly isReadOnly: boolean;
    readonly hasSpeed: boolean;
  };
}

/** One branch: a journal, without what it shares with the first one. */
export interface BranchData {
  readonly name: string;
  readonly note: string;
  readonly version: Journal["version"];
  readonly settings: Settings;
  readonly origin: SnapshotJson | null | "shared";
  readonly now: number;
  /** How many entries it begins with that are those of the first branch. */
  readonly shared: number;
  readonly lines: readonly JournalEntry[];
}

/** What a measure counts. */
export type MeasureUnit = "ms" | "count" | "share";

/** A measure of futures; the larger value is the worse one unless it says otherwise. */
export interface PageMeasure {
  readonly name: string;
  /** Default "count". */
  readonly unit?: MeasureUnit;
  /** Default "high". */
  readonly worst?: "high" | "low";
}

/** Futures of one world: what was measured in each. */
export interface PageFutures {
  readonly measures: readonly PageMeasure[];
  readonly futures: readonly PageFuture[];
}

/** One future. With its journal it can be opened in the page. */
export interface PageFuture {
  readonly seed: number | string;
  /** Name of its design. Figures are those of one design. Default "". */
  readonly design?: string;
  /** Values by the names of measures. */
  readonly values: Readonly<Record<string, number>>;
  readonly journal?: Journal;
}

/** Futures as they stand in the file: journals are branches of the page. */
export interface FuturesData {
  readonly measures: readonly PageMeasure[];
  readonly futures: readonly {
    readonly seed: number | string;
    readonly design: string;
    /** In the order of the measures; null where one was not measured. */
    readonly values: readonly (number | null)[];
    /** Place of its branch, or null. */
    readonly branch: number | null;
  }[];
}

/** A journal with the name that it has on the page. */
export interface NamedJournal {
  readonly name: string;
  readonly note: string;
  readonly journal: Journal;
}

/** Branches as they stand in the file. What equals the first one is left out. O(entries). */
export function branchesOf(journals: readonly NamedJournal[]): readonly BranchData[] {
  const [first] = journals;
  const firstLines = first?.journal.lines.map((line) => JSON.stringify(line)) ?? [];
  const firstOrigin = JSON.stringify(first?.journal.origin ?? null);
  return journals.map(({ name, note, journal }, place) => {
    const { version, settings, origin, now, lines } = journal;
    const sharesOrigin = place > 0 && JSON.stringify(origin) === firstOrigin;
    const shared = sharesOrigin ? sharedLength(firstLines, lines) : 0;
    return {
      name,
      note,
      version,
      settings,
      origin: sharesOrigin ? "shared" : origin,
      now,
      shared,
      lines: lines.slice(shared),
    };
  });
}

/** The journals of a page, each whole again. */
export function journalsOf({ branches }: Pick<PageData, "branches">): readonly NamedJournal[] {
  const [first] = branches;
  return branches.map(({ name, note, version, settings, origin, now, shared, lines }) => ({
    name,
    note,
    journal: {
      format: "replication-simulator/journal",
      version,
      settings,
      origin: origin === "shared" ? whole(first?.origin) : origin,
      now,
      lines: shared === 0 ? lines : [...(first?.lines.slice(0, shared) ?? []), ...lines],
    },
  }));
}

/** The first branch shares its origin with no other. */
function whole(origin: BranchData["origin"] | undefined): SnapshotJson | null {
  return origin === undefined || origin === "shared" ? null : origin;
}

function sharedLength(first: readonly string[], lines: readonly JournalEntry[]): number {
  let shared = 0;
  while (shared < lines.length && JSON.stringify(lines[shared]) === first[shared]) shared += 1;
  return shared;
}

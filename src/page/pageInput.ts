import { InvalidInputError } from "../model/errors.js";
import { assertOption, type OptionRules, parseOptions } from "../model/schema/entryPointOptions.js";
import { isList, isRecord } from "../model/schema/plainData.js";
import { JournalFold } from "../render/journalFold.js";
import { renderJournal } from "../render/validateInput.js";
import type { Snapshot, SnapshotJson } from "../simulator/serialization.js";
import {
  type Journal,
  journalFrom,
  readJournal,
  readSnapshot,
} from "../simulator/serialization.js";
import {
  branchesOf,
  type FuturesData,
  type NamedJournal,
  type PageData,
  type PageFutures,
} from "./pageData.js";

/** A world to look at: a simulator, its journal, or a snapshot, which has no past. */
export type PageWorld =
  | {
      /** Returns the journal. */
      journal(): Journal;
    }
  | Journal
  | Snapshot
  | SnapshotJson;

/** What a page shows: one world, branches of one, or futures that were measured. */
export interface PageInput {
  /** Heading of the page. Default "Replication". */
  readonly title?: string;
  /** A sentence below the heading. */
  readonly note?: string;
  /** The world to look at, or the first one beside `branches`. */
  readonly world?: PageWorld;
  /** Worlds by the names that they have on the page. Two or more can be compared. */
  readonly branches?: Readonly<Record<string, PageWorld>>;
  /**
   * What happened before the branches parted. A branch with other options begins with a snapshot; with the journal of
   * its origin the page also shows how it came there.
   */
  readonly past?: PageWorld;
  /** Futures of a what-if run. Those with a journal can be opened. */
  readonly futures?: PageFutures;
}

/**
 * The data of a page.
 * @throws InvalidInputError `page-options`
 * @throws InvalidWorldDataError for what is no world
 */
export function pageDataOf(input: PageInput): PageData {
  const {
    title = "Replication",
    note = "",
    world,
    branches,
    past,
    futures,
  } = parseOptions(input, rules, origin);
  const before = past === undefined ? undefined : journalOf(past);
  const given: [string, PageWorld][] = [
    ...(world === undefined ? [] : [["", world] as [string, PageWorld]]),
    ...Object.entries(branches ?? {}),
  ];
  const journals = given.map(([name, each]): NamedJournal => {
    const journal = withPast(journalOf(each), before);
    return { name, note: "", journal };
  });
  const opened = futuresOf(futures, journals.length);
  const all = [...journals, ...opened.journals];
  if (all.length === 0 && futures === undefined) {
    throw new InvalidInputError([
      {
        field: "world",
        value: undefined,
        expected: "a world; pass world, branches or futures",
        rule: "page-options",
      },
    ]);
  }
  return {
    format: "replication-simulator/page",
    version: 1,
    mode: "report",
    title,
    note,
    branches: branchesOf(all),
    futures: opened.data,
  };
}

const origin = { field: "options", rule: "page-options" } as const;

const text = { expected: "a string", accepts: (value: unknown) => typeof value === "string" };
const aWorld = {
  expected: "a simulator, a journal or a snapshot",
  accepts: (value: unknown) => isRecord(value),
};

const rules: OptionRules<PageInput> = {
  title: text,
  note: text,
  world: aWorld,
  past: aWorld,
  branches: { expected: "worlds by name", accepts: (value) => isRecord(value) },
  futures: {
    expected: "measures and futures",
    accepts: (value) => isRecord(value) && isList(value["measures"]) && isList(value["futures"]),
  },
};

/** A journal that folds from its beginning to its end. */
function journalOf(world: PageWorld): Journal {
  const journal = readWorld(assertOption(world, aWorld, { field: "world", rule: "page-options" }));
  return renderJournal(journal, () => {
    const fold = new JournalFold(journal);
    for (const line of journal.lines) fold.append(line);
    return journal;
  });
}

function readWorld(world: PageWorld): Journal {
  if ("journal" in world) return world.journal();
  if ("lines" in world) return readJournal(world);
  const { settings, now } = readSnapshot(world).toJSON();
  return journalFrom({ settings, origin: readSnapshot(world).toJSON(), now, lines: [] });
}

/** The journal with the entries before its first one, where the past reaches up to it. */
function withPast(journal: Journal, past: Journal | undefined): Journal {
  if (past === undefined || journal.origin === null) return journal;
  const { seq } = journal.origin;
  const first = past.lines[0]?.seq ?? seq;
  const earlier = past.lines.slice(0, seq - first);
  const isWhole = seq > first && earlier.at(-1)?.seq === seq - 1;
  return isWhole
    ? { ...journal, origin: past.origin, lines: [...earlier, ...journal.lines] }
    : journal;
}

function futuresOf(
  given: PageFutures | undefined,
  firstBranch: number,
): { readonly data: FuturesData | null; readonly journals: readonly NamedJournal[] } {
  if (given === undefined) return { data: null, journals: [] };
  const journals: NamedJournal[] = [];
  const { measures } = given;
  const futures = given.futures.map(({ seed, design = "", values, journal }) => {
    const branch = journal === undefined ? null : firstBranch + journals.length;
    if (journal !== undefined)
      journals.push({
        name: `${design === "" ? "" : `${design}, `}seed ${String(seed)}`,
        note: "",
        journal: journalOf(journal),
      });
    return { seed, design, values: measures.map(({ name }) => values[name] ?? null), branch };
  });
  return { data: { measures, futures }, journals };
}

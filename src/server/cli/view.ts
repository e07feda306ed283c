import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { formatValue, InvalidWorldDataError, ReplicationError } from "../../model/errors.js";
import { isRecord } from "../../model/schema/plainData.js";
import type { PageFutures } from "../../page/pageData.js";
import { pageHtml } from "../../page/pageHtml.js";
import type { PageInput, PageWorld } from "../../page/pageInput.js";
import { journalFrom } from "../../simulator/serialization.js";
import { openSqliteStore } from "../sqlite/store.js";
import { writePage } from "./openInBrowser.js";
import type { CliIo } from "./terminal.js";

/** Flags of `view`. */
export interface ViewFlags {
  readonly out?: string;
  readonly title?: string;
  readonly open: boolean;
  readonly compare?: string;
}

/** Creates a page from a file: a journal, a snapshot, a state file, or results of a what-if. */
export async function viewFile(
  file: string,
  { out, title = basename(file), open, compare }: ViewFlags,
  terminal: CliIo,
): Promise<number> {
  try {
    const content = await contentOf(file);
    const input: PageInput =
      compare === undefined
        ? content
        : {
            branches: {
              [basename(file)]: worldIn(file, content),
              [basename(compare)]: worldIn(compare, await contentOf(compare)),
            },
          };
    const html = pageHtml({ ...input, title });
    if (out === undefined && !open) {
      await terminal.out(html);
      return 0;
    }
    await terminal.out(`${writePage(html, { out, open }, terminal)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ReplicationError) && !isFileError(error)) throw error;
    terminal.err(`${file}: ${error.message}\n`);
    return 1;
  }
}

/** SQLite files begin with these bytes. */
const sqliteMagic = "SQLite format 3\0";

async function contentOf(file: string): Promise<PageInput> {
  const bytes = readFileSync(file);
  if (bytes.subarray(0, sqliteMagic.length).toString("latin1") === sqliteMagic)
    return { world: await storedWorld(file) };
  const text = bytes.toString("utf8");
  // Results have one JSON object a line, the first with the plan of the run.
  if (text.startsWith('{"spec":')) return { futures: await futuresIn(file) };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw unreadable("not JSON and not a state file", cause);
  }
  if (!isRecord(json)) throw unreadable("not a journal and not a snapshot");
  if ("measures" in json && "futures" in json)
    return { futures: json as unknown as NonNullable<PageInput["futures"]> };
  const { format } = json;
  if (format === "replication-simulator/journal" || format === "replication-simulator/snapshot")
    // The parser of the format validates its content.
    return { world: json as unknown as PageWorld };
  if (format === "replication-simulator/summary")
    throw unreadable("it holds figures and no futures; pass results.ndjson, which is beside it");
  throw unreadable(
    `its format is ${formatValue(format)}; pass a journal, a snapshot, a state file or results`,
  );
}

/** The futures of a file of results. The worst ones are run again. */
async function futuresIn(file: string): Promise<PageFutures> {
  const { answerOfFiles } = await import("./whatif/answerOfFiles.js");
  const { pageFutures } = await import("../../whatif/report/pageFutures.js");
  const answer = await answerOfFiles([file]);
  if (answer === undefined) throw unreadable("these are results of a module, not of a scenario");
  if (answer.shards === 0) throw unreadable("it does not hold the first part of the results");
  return pageFutures(answer);
}

/** Returns the content of a state file as a journal. */
async function storedWorld(file: string): Promise<PageWorld> {
  const store = await openSqliteStore(file, { readOnly: true });
  try {
    const stored = await store.read("start");
    if (stored === undefined) throw unreadable("the file has no saved world yet");
    const { snapshot, lines, now } = stored;
    return journalFrom({ settings: snapshot.settings, origin: snapshot, now, lines: [...lines] });
  } finally {
    await store.close();
  }
}

function worldIn(file: string, { world }: PageInput): PageWorld {
  if (world === undefined) throw unreadable(`${file} has no world to compare`);
  return world;
}

function unreadable(message: string, cause?: unknown): InvalidWorldDataError {
  const parts = { code: "badRequest", rule: "world-format", message } as const;
  return new InvalidWorldDataError(parts, cause === undefined ? undefined : { cause });
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && "code" in error;
}

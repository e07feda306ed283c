import type { JournalEntry } from "../kernel/journal.js";
import { clockFormat } from "../outline/formatTime.js";
import { padded, widest } from "../outline/textColumns.js";
import type { Journal } from "../simulator/serialization.js";
import { type EntryText, entryText, isHidden } from "./entryText.js";
import { JournalFold } from "./journalFold.js";

/** Options of `journalTimeline`. */
export interface JournalTimelineOptions {
  /** Number of the first entry to print. Earlier entries only provide names. Default: all entries. */
  readonly since?: number;
  /** Whether to print entries that affect only the hidden backups that replicas are built from. Default false. */
  readonly hidden?: boolean;
  /** Id of the only instance, group or other resource to print. Default: all. */
  readonly about?: string;
  /** Maximum number of entries to print, newest kept. Default: all. */
  readonly last?: number;
}

/** Renders a valid journal as text. */
export function timelineText(
  journal: Journal,
  {
    since = 0,
    hidden = false,
    about,
    last = Number.POSITIVE_INFINITY,
  }: JournalTimelineOptions = {},
): string {
  const fold = new JournalFold(journal);
  const { directory } = fold;
  const shown: { readonly line: JournalEntry; readonly texts: readonly EntryText[] }[] = [];
  for (const line of journal.lines) {
    fold.append(line);
    if (line.seq < since || (!hidden && isHidden(line, directory))) continue;
    // The names at this entry: a later entry may change them.
    const texts = entryText(line, directory).filter(
      ({ subjectId }) => about === undefined || subjectId === about,
    );
    if (about !== undefined && texts.length === 0) continue;
    shown.push({ line, texts });
    if (shown.length > last) shown.shift();
  }
  const clock = clockFormat(shown.map(({ line }) => line.at - fold.startAt));
  const rows = shown.flatMap(({ line, texts }) =>
    texts.map(({ name, status, text }, at) => {
      const isFirst = at === 0;
      const time = isFirst ? clock(line.at - fold.startAt) : "";
      const number = isFirst ? `#${String(line.seq)}` : "";
      const cause = isFirst && line.cause !== null ? `  ← #${String(line.cause)}` : "";
      return [time, number, name, status, text + cause];
    }),
  );
  const widths = [0, 1, 2, 3].map((column) => widest(rows.map((row) => row[column] ?? "")));
  return rows
    .map((row) =>
      row
        .map((cell, column) => padded(cell, widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

import {
  booleanRule,
  type OptionRules,
  parseOptions,
  wholeFrom,
} from "../domain/entryPointOptions.js";
import type { Fact } from "../domain/facts.js";
import type { JournalEntry } from "../engine/journal.js";
import { plain, shortName } from "../outline/escape.js";
import { clockFormat } from "../outline/formatTime.js";
import { padded, widest } from "../outline/textColumns.js";
import type { Journal } from "../simulator/serialization.js";
import type { Directory } from "./directory.js";
import { type Effect, effectsOf } from "./entryText.js";
import { JournalFold } from "./journalFold.js";
import { renderJournal, renderOptionsOrigin } from "./validateInput.js";

/** Which lines to print. */
export interface JournalTimelineOptions {
  /** Number of the first line to print; what came before gives the names. Default: all lines. */
  readonly since?: number;
  /** Whether to print lines about nothing but the hidden backups that replicas are built from. Default false. */
  readonly hidden?: boolean;
}

/**
 * A journal as text: for each line the time since the start, who changed, the status before and after, what
 * happened, and (after `←`) the number of the line that made it due. One row for each instance or group concerned.
 * @throws InvalidInputError `render-options`
 * @throws InvalidWorldDataError `render-journal` for what is no journal
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { journalTimeline } from "replication-simulator/render";
 *
 * const sim = new ReplicationSimulator();
 * sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
 * sim.settle();
 * console.log(journalTimeline(sim.journal()));
 * // 0:00:00  #0  orders  → BUILD         createInstance: mysql 5.6, flavor 2, 10 GB
 * // 0:00:35  #1  orders  BUILD → ACTIVE  build is done  ← #0
 * ```
 */
export function journalTimeline(journal: Journal, options: JournalTimelineOptions = {}): string {
  const read = parseOptions(options, demands, renderOptionsOrigin);
  return renderJournal(journal, () => told(journal, read));
}

const demands: OptionRules<JournalTimelineOptions> = { since: wholeFrom(0), hidden: booleanRule };

function told(journal: Journal, { since = 0, hidden = false }: JournalTimelineOptions): string {
  const fold = new JournalFold(journal);
  const { directory } = fold;
  const shown: { readonly line: JournalEntry; readonly effects: readonly NamedEffect[] }[] = [];
  for (const line of journal.lines) {
    fold.append(line);
    if (line.seq < since || (!hidden && isHidden(line, directory))) continue;
    // Names as they are now: a later line may change them.
    const effects = effectsOf(line, directory).map((effect) => ({
      ...effect,
      name: shortName(directory.nameOf(effect.who)),
    }));
    shown.push({ line, effects });
  }
  const clock = clockFormat(shown.map(({ line }) => line.at - fold.startAt));
  const rows = shown.flatMap(({ line, effects }) =>
    effects.map(({ name, status, what }, at) => {
      const isFirst = at === 0;
      const time = isFirst ? clock(line.at - fold.startAt) : "";
      const number = isFirst ? `#${String(line.seq)}` : "";
      const cause = isFirst && line.cause !== null ? `  ← #${String(line.cause)}` : "";
      return [
        time,
        number,
        name,
        status,
        plain(isFirst ? sentence(what) : what.join("; ")) + cause,
      ];
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

interface NamedEffect extends Effect {
  readonly name: string;
}

/** Whether a line is about a backup that no listing ever shows, and about nothing else. */
function isHidden({ trigger, facts }: JournalEntry, directory: Directory): boolean {
  if (trigger.kind !== "task" || trigger.entity !== "backup") return false;
  return directory.backup(trigger.id).isHidden && facts.every(({ type }) => backupFacts.has(type));
}

const backupFacts: ReadonlySet<Fact["type"]> = new Set([
  "BackupStateEntered",
  "BackupEnded",
  "BackupRemoved",
]);

/** `build has failed: no host has room`. */
function sentence([first = "", ...rest]: readonly string[]): string {
  return rest.length === 0 ? first : `${first}: ${rest.join("; ")}`;
}

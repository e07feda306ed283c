import type { Journal } from "../simulator/records.js";
import { Cast } from "./cast.js";
import { clockFormat } from "./clock.js";
import { padded, widest } from "./columns.js";
import { effectsOf } from "./effects.js";
import { plain, shortName } from "./escape.js";

/** Which lines to print. */
export interface JournalTimelineOptions {
  /** Number of the first line to print; what came before gives the names. Default: all lines. */
  readonly since?: number;
}

/**
 * A journal as text: for each line the time since the start, who changed, the status before and after, what
 * happened, and (after `←`) the number of the line that made it due. One row for each instance or group concerned.
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
export function journalTimeline(
  journal: Journal,
  { since = 0 }: JournalTimelineOptions = {},
): string {
  const cast = new Cast(journal);
  const clock = clockFormat(journal.lines.map(({ at }) => at - startOf(journal)));
  const rows: (readonly [string, string, string, string, string])[] = [];
  for (const line of journal.lines) {
    cast.follow(line.facts);
    if (line.seq < since) continue;
    const time = clock(line.at - startOf(journal));
    const cause = line.cause === null ? "" : `  ← #${String(line.cause)}`;
    for (const [at, { who, status, what }] of effectsOf(line, cast).entries()) {
      const [when, number, why] = at === 0 ? [time, `#${String(line.seq)}`, cause] : ["", "", ""];
      rows.push([when, number, shortName(cast.nameOf(who)), status, plain(sentence(what)) + why]);
    }
  }
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

/** Virtual time at which a journal begins. */
export function startOf({ origin, settings }: Pick<Journal, "origin" | "settings">): number {
  return origin?.now ?? settings.startAt;
}

/** `build has failed: no host has room`. */
function sentence([first = "", ...rest]: readonly string[]): string {
  return rest.length === 0 ? first : `${first}: ${rest.join("; ")}`;
}

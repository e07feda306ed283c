import type {
  Journal,
  ReplicationError,
  ReplicationSimulator,
  Result,
} from "replication-simulator";
import { journalTimeline, topologyTree } from "replication-simulator/render";
import { handleRequest, type WireRequest } from "replication-simulator/wire";

/** Prints a step of the tour: a heading, and what it is about. */
export function step(title: string, about: string): void {
  console.log(`\n\n━━ ${title} ${"━".repeat(Math.max(0, 90 - title.length))}`);
  console.log(about);
}

/** Prints lines a little further in, under a small heading. */
export function show(heading: string, text: string): void {
  console.log(`\n${heading}`);
  for (const line of text.split("\n")) console.log(`   ${line}`);
}

/** Prints what has happened since the last time, and what there is now. */
export class Reporter {
  readonly #sim: ReplicationSimulator;
  #printed = 0;

  constructor(sim: ReplicationSimulator) {
    this.#sim = sim;
  }

  happened(): void {
    const journal: Journal = this.#sim.journal();
    show("What happened", journalTimeline(journal, { since: this.#printed }));
    this.#printed = journal.lines.length;
    show("What there is now", topologyTree(this.#sim.topology));
  }
}

/** Asks as a client of the API does, and prints request and answer as they would go over the wire. */
export function send(sim: ReplicationSimulator, request: WireRequest): void {
  const { status, body } = handleRequest(sim, request);
  if (status >= 400) throw new Error(`${request.path} was answered with ${status}`);
  const line = `→ ${request.method} /v1.0/${sim.accountId}${request.path}`;
  if (request.body === undefined) console.log(`\n${line}`);
  else show(line, json(request.body));
  show(`← ${status}`, json(body));
}

/** JSON with lines as long as a reader can take in: what fits in one is not broken. */
function json(value: unknown, indent = ""): string {
  const flat = JSON.stringify(value, undefined, 1).replace(/\n */g, " ");
  if (typeof value !== "object" || value === null || indent.length + flat.length <= 92) return flat;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((part: unknown) => inner + json(part, inner))
    : Object.entries(value).map(
        ([key, part]) => `${inner}${JSON.stringify(key)}: ${json(part, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

/** Prints what a misuse is answered with. */
export function refused(attempt: string, result: Result<unknown>): void {
  if (result.ok) throw new Error(`${attempt} was not refused`);
  const { code, rule, message }: ReplicationError = result.error;
  console.log(`\n ✗ ${attempt}`);
  console.log(`   ${message}`);
  console.log(`   error ${code}, rule ${rule}`);
}

/** Rows of a table, each column as wide as it must be. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

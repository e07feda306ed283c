import { formatDuration } from "../outline/formatTime.js";
import { padded, widest } from "../outline/textColumns.js";
import type { ClientRequest, ClientRun } from "./clientRun.js";

/** At most so many requests are shown; of more, the first and the last. */
const maxRows = 40;

/**
 * The requests of a run as a diagram of text: when, what the client asked, what came back, and what the service did
 * other than the plain case.
 */
export function sequenceDiagram<Setup, Result>(run: ClientRun<Setup, Result>): string {
  const { requests } = run;
  const half = maxRows / 2;
  const rows =
    requests.length <= maxRows
      ? requests.map(rowOf)
      : [
          ...requests.slice(0, half).map(rowOf),
          ["", "", `… ${String(requests.length - maxRows)} more requests`, "", ""],
          ...requests.slice(-half).map(rowOf),
        ];
  const titles = ["#", "after", "client → service", "service → client", "the service's choices"];
  const table = [titles, ...rows];
  const widths = titles.map((_, column) => widest(table.map((row) => row[column] ?? "")));
  const lines = table.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [...lines, endOf(run)].join("\n");
}

function rowOf({
  number,
  atMs,
  method,
  path,
  status,
  isExecuted,
  choices,
}: ClientRequest): string[] {
  const answer = status === null ? "✗ network error" : String(status);
  const isHidden = status === null || choices.includes("unavailableAfter");
  const executed = isHidden && isExecuted ? " (but it was carried out)" : "";
  return [
    String(number),
    formatDuration(atMs),
    `${method} ${shortened(path)}`,
    `${answer}${executed}`,
    choices.join(", "),
  ];
}

/** Ids make lines longer than a terminal. */
function shortened(path: string): string {
  return path.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => `${id.slice(0, 8)}…`);
}

function endOf<Setup, Result>({ result, error, isOverBudget }: ClientRun<Setup, Result>): string {
  if (isOverBudget) return "the client did not end within its budget of steps";
  if (error !== undefined) {
    return error instanceof Error
      ? `the client threw ${error.name}: ${error.message}`
      : `the client threw a ${typeof error}`;
  }
  return result === undefined
    ? "the client returned nothing"
    : `the client returned ${JSON.stringify(result)}`;
}

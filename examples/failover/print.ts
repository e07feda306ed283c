import type { Row } from "./eventLog.js";

const width = 40;

/** A chronicle in columns, each moment under its time. */
export function sideBySide(heads: readonly string[], rows: readonly Row[]): string {
  const lines = [
    line("", heads),
    line(
      "",
      heads.map(() => "─".repeat(width - 2)),
    ),
  ];
  for (const { at, note, columns } of rows) {
    if (note !== undefined) {
      lines.push("", `${clock(at)}  ── ${note}`);
      continue;
    }
    const height = Math.max(0, ...columns.map((column) => column.length));
    for (let row = 0; row < height; row++) {
      const cells = columns.map((column) => column[row] ?? "");
      lines.push(line(row === 0 ? clock(at) : "", cells));
    }
  }
  return lines.join("\n");
}

function line(time: string, cells: readonly string[]): string {
  return `${time.padEnd(9)} ${cells.map((cell) => cell.padEnd(width)).join("")}`.trimEnd();
}

/** `1:05:20`. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${String(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** `12 min 5 s`. */
export function minutes(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const whole = Math.floor(seconds / 60);
  return whole === 0 ? `${String(seconds)} s` : `${String(whole)} min ${String(seconds % 60)} s`;
}

/** Rows of a table: the first column to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? "").length)),
  );
  const cell = (text: string, at: number): string =>
    at === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart((widths[at] ?? 0) + 3);
  return rows.map((row) => row.map(cell).join("")).join("\n");
}

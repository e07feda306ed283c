/** The value that a share of all values stays within: the nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(0)} s`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

/** Rows of a table: the first column to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart((widths[column] ?? 0) + 3);
  return rows.map((row) => row.map(cell).join("")).join("\n");
}

/** A Markdown table; a bar inside a cell would end it, so it is escaped. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)];
}

/** A word as code. */
export function code(word: string): string {
  return `\`${word}\``;
}

/** Milliseconds in the unit in which a reader thinks of them. */
export function duration(ms: number): string {
  if (ms < 1000) return `${String(ms)} ms`;
  const s = ms / 1000;
  return s < 120 || s % 60 !== 0 ? `${String(s)} s` : `${String(s / 60)} min`;
}

/** The first lines of every generated page. */
export function generated(title: string, from: string): readonly string[] {
  return [
    `# ${title}`,
    "",
    `<!-- Generated from ${from} by \`npm run docs\`. Edit those; a test fails when this page is stale. -->`,
    "",
  ];
}

/** Words between backquotes, with commas. */
export function codes(words: readonly string[]): string {
  return words.map(code).join(", ");
}

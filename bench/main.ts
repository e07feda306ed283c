import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { bundleRows } from "./bundle.js";
import { coldStartRows } from "./coldStart.js";
import { commandRows } from "./commands.js";
import { constructionRows } from "./construction.js";
import { figure, type Row } from "./harness.js";
import { httpRows } from "./http.js";
import { largeRows } from "./large.js";
import { pageRows } from "./page.js";
import { rareRows } from "./rare.js";
import { transitionRows } from "./transitions.js";
import { whatIfRows } from "./whatIf.js";

const { json, part: wanted } = parseArgs({
  options: { json: { type: "string" }, part: { type: "string" } },
}).values;

// Small worlds first: a heap of a gigabyte makes everything after it slower.
const parts: Readonly<Record<string, () => readonly Row[] | Promise<readonly Row[]>>> = {
  transitions: transitionRows,
  commands: commandRows,
  http: httpRows,
  "cold start": coldStartRows,
  whatif: whatIfRows,
  rare: rareRows,
  construction: constructionRows,
  large: largeRows,
  bundle: bundleRows,
  page: pageRows,
};

const rows: Row[] = [];
for (const [part, measure] of Object.entries(parts)) {
  if (wanted !== undefined && wanted !== part) continue;
  const start = performance.now();
  const found = await measure();
  for (const row of found) console.log(line(row));
  rows.push(...found);
  console.log(`  (${part}: ${((performance.now() - start) / 1000).toFixed(1)} s)`);
}

const missed = rows.filter((row) => !row.met);
console.log(
  missed.length === 0
    ? `\nall ${String(rows.length)} goals met`
    : `\n${String(missed.length)} of ${String(rows.length)} goals missed`,
);
if (json !== undefined) {
  const plain = rows.map(({ name, value, unit, goal, met }) => ({ name, value, unit, goal, met }));
  writeFileSync(json, `${JSON.stringify(plain, null, 2)}\n`);
}

function line({ name, value, unit, goal, stretch, met, against }: Row): string {
  const aim = stretch === undefined ? `goal ${goal}` : `goal ${goal}, stretch ${stretch}`;
  return `${met ? "met   " : "MISSED"} ${name}: ${figure(value)} ${unit} (${aim}; ${against})`;
}

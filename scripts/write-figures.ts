import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";

/*
 * Puts what `npm run bench -- --json FILE` has measured into docs/performance.md, between its two marks:
 * `npm run bench:page -- FILE`, on the machine and with the Node that it was measured with.
 */

/** A row as the benchmarks write it. */
interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number;
  readonly met: boolean;
}

const page = fileURLToPath(new URL("../docs/performance.md", import.meta.url));
const [begin, end] = ["<!-- figures: npm run bench:page -->", "<!-- end of figures -->"];

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("npm run bench:page -- FILE, as npm run bench wrote it");
const rows = JSON.parse(readFileSync(file, "utf8")) as readonly Measured[];
const text = readFileSync(page, "utf8");
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (from < 0 || to < from) throw new Error(`docs/performance.md has lost its marks: ${begin}`);

writeFileSync(
  page,
  `${text.slice(0, from)}${begin}\n${block(rows).join("\n")}\n\n${text.slice(to)}`,
);
console.log(`wrote ${String(rows.length)} figures into docs/performance.md`);

function block(measured: readonly Measured[]): readonly string[] {
  const missed = measured.filter(({ met }) => !met).length;
  const [processor] = cpus();
  const machine = `${String(availableParallelism())} cores${processor === undefined ? "" : ` (${processor.model.trim()})`}`;
  return [
    `Node ${process.versions.node}, ${machine}, ${new Date().toISOString().slice(0, 10)}:`,
    `${String(measured.length - missed)} of ${String(measured.length)} goals met.`,
    "",
    "| what | measured | goal | |",
    "|---|---:|---:|---|",
    ...measured.map(
      ({ name, value, unit, goal, met }) =>
        `| ${name} | ${figure(value)} ${unit} | ${figure(goal)} | ${met ? "met" : "**missed**"} |`,
    ),
  ];
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

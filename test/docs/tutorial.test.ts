import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "replication-simulator/server";
import { expect, test } from "vitest";

/* The first page on what-if questions, command by command, as a reader types it. */

const page = new URL("../../docs/what-if.md", import.meta.url);
const text = readFileSync(page, "utf8");
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text)?.[1] ?? "";

test("the question of docs/what-if.md prints what the page shows, and writes what it names", async () => {
  const dir = mkdtempSync(join(tmpdir(), "tutorial-"));
  try {
    writeFileSync(join(dir, "orders.yaml"), block("yaml"));
    const [program, name, ...argv] = block("sh").trim().split(" ");
    expect([program, name]).toEqual(["npx", "replication-simulator"]);
    const inDir = argv.map((word) =>
      word === "orders.yaml" || word === "answer" ? join(dir, word) : word,
    );
    let out = "";
    const code = await runCli(inDir, {
      out: (shown) => {
        out += shown;
      },
      err: () => undefined,
      interrupted: new AbortController().signal,
    });
    expect(code).toBe(1);
    // A path that is longer than the reader's breaks lines elsewhere.
    const words = (shown: string): readonly string[] => shown.trim().split(/\s+/);
    expect(words(out.replaceAll(`${dir}/`, ""))).toEqual(words(block("text")));
    for (const file of ["results.ndjson", "summary.json", "futures.csv", "report.html"])
      expect(existsSync(join(dir, "answer", file)), file).toBe(true);
  } finally {
    rmSync(dir, { recursive: true });
  }
}, 120_000);

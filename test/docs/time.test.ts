import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { purposes } from "../../src/kernel/keyedRandom.js";

const page = readFileSync(new URL("../../docs/time.md", import.meta.url), "utf8");

test.each([["purpose", purposes]] as const)(
  "docs/time.md lists every %s of a draw with its number",
  (heading, expected) => {
    const table =
      new RegExp(`^\\| ${heading} \\| number [\\s\\S]*?\\n\\n`, "m").exec(page)?.[0] ?? "";
    const rows = [...table.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)];
    expect(Object.fromEntries(rows.map(([, name, number]) => [name, Number(number)]))).toEqual(
      expected,
    );
  },
);

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generatedPages } from "../../scripts/generate-docs.js";
import { root } from "./blocks.js";

test.each(Object.entries(generatedPages()))(
  "%s is what `npm run docs` writes now",
  (path, content) => {
    expect(readFileSync(`${root}${path}`, "utf8")).toBe(content);
  },
);

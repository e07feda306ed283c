import { readFileSync } from "node:fs";
import { InvalidInputError, ReplicationSimulator } from "replication-simulator";
import { expect, test } from "vitest";
import { root } from "./blocks.js";

const page = readFileSync(`${root}docs/options.md`, "utf8");
const rows = [...page.matchAll(/^\| `(\w+)` \| (.*?) \| (.*?) \| /gmu)].map(
  ([, name = "", type = ""]) => ({ name, isForkable: type.includes("*fork*") }),
);

test("the page lists every option, and no other", () => {
  expect(rows.map(({ name }) => name).sort()).toEqual(
    knownNames(() => new ReplicationSimulator({ unknown: 1 } as object)),
  );
});

test("the page marks the options that a fork may change", () => {
  const sim = new ReplicationSimulator();
  const marked = rows.filter(({ isForkable }) => isForkable).map(({ name }) => name);
  expect(marked.sort()).toEqual(knownNames(() => sim.fork({ unknown: 1 } as object)));
});

/** Returns the names that an error for an unknown option lists. */
function knownNames(call: () => unknown): readonly string[] {
  try {
    call();
  } catch (error) {
    if (error instanceof InvalidInputError)
      return (error.issues[0]?.expected ?? "").replace("one of ", "").split(", ").sort();
    throw error;
  }
  throw new TypeError("an unknown option was accepted");
}

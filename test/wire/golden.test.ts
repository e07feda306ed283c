import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { client } from "./client.js";
import { situations } from "./fixtures.js";

/*
 * Every example of the documents, with values of our own: a request that is made in a world, and the whole answer.
 * Keys, nesting, types and values are pinned, since everything is deterministic. `UPDATE_GOLDEN=1` writes
 * them anew, and `npm run format` lays them out.
 */

const folder = new URL("../golden/wire/", import.meta.url);
const updates = process.env["UPDATE_GOLDEN"] === "1";

function golden(name: string, now: unknown): unknown {
  const file = new URL(`${name}.json`, folder);
  if (updates) writeFileSync(file, `${JSON.stringify(now, null, 2)}\n`);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : "there is no such fixture";
}

describe("what the documents show is what is answered", () => {
  test.each(Object.entries(situations))("%s", (name, situation) => {
    const { sim, request, options = {} } = situation();
    const { method, path, query, body } = request;
    expect(request).toEqual(golden(`${name}.request`, request));
    const answer = client(sim, options)(method, path, body, query as Record<string, string>);
    expect(answer).toEqual(golden(`${name}.response`, answer));
  });

  test("no fixture is left without a situation", () => {
    const known = Object.keys(situations).flatMap((name) => [
      `${name}.request.json`,
      `${name}.response.json`,
    ]);
    expect(readdirSync(folder).sort()).toEqual(known.sort());
  });
});

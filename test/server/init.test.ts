import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { runCli } from "replication-simulator/server";
import { describe, expect, test } from "vitest";
import { folder } from "./tempDir.js";

async function init(...args: readonly string[]) {
  let out = "";
  let err = "";
  const code = await runCli(["init", ...args], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interrupted: new AbortController().signal,
  });
  return { code, out, err };
}

function project(manifest: object): string {
  const dir = folder();
  writeFileSync(join(dir, "package.json"), JSON.stringify(manifest));
  return dir;
}

describe("init writes a test for the runner that it finds", () => {
  const vm = "NODE_OPTIONS=--experimental-vm-modules npx jest";
  test.each([
    ["vitest", { devDependencies: { vitest: "1" } }, 'from "vitest"', "npx vitest run"],
    ["jest", { devDependencies: { jest: "1" } }, "require(", "npx jest"],
    ["jest", { type: "module", devDependencies: { jest: "1" } }, "import {", vm],
    ["mocha", { dependencies: { mocha: "1" } }, 'import { it } from "mocha"', "npx mocha"],
    ["bun", { scripts: { test: "bun test" } }, 'from "bun:test"', "bun test"],
    ["deno", { scripts: { test: "deno test" } }, "Deno.test(", "deno test"],
    ["node", {}, 'from "node:test"', "node --test"],
  ])("%s", async (runner, manifest, loads, command) => {
    const dir = project(manifest);
    const { code, out, err } = await init(dir);
    const ending = ["node", "mocha"].includes(runner) ? "mjs" : "js";
    const path = `test/replication.test.${ending}`;
    expect([code, out]).toEqual([0, `${join(dir, path)}\n`]);
    expect(readFileSync(out.trim(), "utf8")).toContain(loads);
    expect(err).toMatch(
      new RegExp(`^run it with: ${command}( --allow-env --allow-read)? ${path}\n`),
    );
  });

  test.each([
    ["bun", "bun.lock"],
    ["deno", "deno.json"],
  ])("%s by its file %s", async (runner, file) => {
    const dir = project({});
    writeFileSync(join(dir, file), "{}");
    expect((await init(dir)).err).toContain(`${runner} test`);
  });

  test("node:test where there is none, and the test passes", async () => {
    const { code, out } = await init(folder());
    expect(code).toBe(0);
    const bundle = join(folder(), "bundle.test.mjs");
    buildSync({
      entryPoints: [out.trim()],
      outfile: bundle,
      bundle: true,
      platform: "node",
      format: "esm",
      absWorkingDir: process.cwd(),
      tsconfig: "tsconfig.json",
    });
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const report = execFileSync(process.execPath, ["--test-reporter=tap", bundle], {
      encoding: "utf8",
      env,
    });
    expect(report).toContain("# pass 1");
    expect(report).toContain("# fail 0");
  });
});

test("init overwrites nothing", async () => {
  const dir = project({ devDependencies: { vitest: "1" } });
  mkdirSync(join(dir, "test"));
  const file = join(dir, "test", "replication.test.js");
  writeFileSync(file, "mine");
  const { code, err } = await init(dir);
  expect(code).toBe(1);
  expect(err).toContain("already exists");
  expect(readFileSync(file, "utf8")).toBe("mine");
});

import { build } from "esbuild";
import { expect, test } from "vitest";

async function packagesOf(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    packages: "external",
    format: "esm",
    logLevel: "silent",
  });
  const names = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external === true).map(({ path }) => path),
  );
  return [...new Set(names)].sort();
}

test("fixtures and assertions load no fast-check", async () => {
  expect(await packagesOf("src/testing/index.ts")).toEqual(["immer", "xstate"]);
});

test("the generators do", async () => {
  expect(await packagesOf("src/testing/fast-check/index.ts")).toContain("fast-check");
});

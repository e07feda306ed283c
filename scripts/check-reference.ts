import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/*
 * Fails when the reference in `docs/api` is not what `npm run docs:api` would write now, and names the pages that differ.
 */

const root = fileURLToPath(new URL("../", import.meta.url));
const fresh = mkdtempSync(join(tmpdir(), "reference-"));
try {
  execFileSync(process.execPath, [join(root, "node_modules/typedoc/bin/typedoc"), "--out", fresh], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [there, wanted] = [pagesIn(join(root, "docs/api")), pagesIn(fresh)];
  const names = [...new Set([...there.keys(), ...wanted.keys()])].sort();
  const stale = names.filter((name) => there.get(name) !== wanted.get(name));
  for (const name of stale) {
    const how = wanted.has(name) ? (there.has(name) ? "differs" : "is missing") : "is too many";
    console.error(`docs/api/${name} ${how}`);
  }
  if (stale.length > 0) {
    console.error("The reference is stale: npm run docs:api");
    process.exitCode = 1;
  } else console.log(`docs/api is what the code says: ${String(names.length)} pages`);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

/** Name -> text, with the line ends of this project whatever the checkout made of them. */
function pagesIn(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".md"));
  return new Map(
    names.map((name) => [name, readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n")]),
  );
}

import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { headingsOf } from "./reference-links.mjs";

/*
 * Tests the package as users install it: packed, unpacked into an empty folder, with its dependencies, first without and
 * then with its optional peers. Needs a build, and no network.
 */

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const root = process.cwd();
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const entryPoints = Object.keys(manifest.exports)
  .filter((path) => path !== "./package.json")
  .map((path) => `replication-simulator${path.slice(1)}`);
/** Peers that an entry point requires, though the package does not. */
const needs: Readonly<Record<string, string>> = {
  "replication-simulator/testing/fast-check": "fast-check",
  "replication-simulator/exploration": "fast-check",
  "replication-simulator/whatif/bullmq": "bullmq",
};

const app = mkdtempSync(join(tmpdir(), "replication-simulator-"));
const failures: string[] = [];
try {
  unpack();
  checkLinks();
  for (const peer of Object.keys(manifest.peerDependencies)) {
    check(!runs(`require("${peer}")`).ok, `${peer} is missing in the empty folder`);
  }
  for (const entryPoint of entryPoints) await without(entryPoint);
  checkStoreHint();
  checkSecondCopy();
  for (const peer of Object.keys(manifest.peerDependencies)) link(peer);
  for (const entryPoint of entryPoints) await complete(entryPoint);
  runsThreads();
  runCli();
} finally {
  rmSync(app, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.error(`\n${failures.length} failed:\n${failures.map((one) => `  ${one}`).join("\n")}`);
  process.exitCode = 1;
}

function unpack(): void {
  const packed = execFileSync(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", app],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  const [{ filename }] = JSON.parse(packed) as [{ readonly filename: string }];
  const home = join(app, "node_modules", "replication-simulator");
  mkdirSync(home, { recursive: true });
  execFileSync("tar", ["-xzf", join(app, filename), "-C", home, "--strip-components=1"]);
  writeFileSync(join(app, "package.json"), '{ "private": true }\n');
  for (const dependency of Object.keys(manifest.dependencies)) link(dependency);
}

/** Every relative link of a page of the package, to a file or folder of the package, or to a heading in it. */
function checkLinks(): void {
  const home = join(app, "node_modules", "replication-simulator");
  const pages = readdirSync(home, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.md$|llms\.txt$/.test(path),
  );
  check(pages.length > 40, `the package has ${pages.length} pages`);
  const links = pages.flatMap((page) => linksOf(home, page));
  check(links.length > 300, `they have ${links.length} relative links`);
  for (const { page, target } of links) {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? join(home, page) : join(home, dirname(page), path);
    if (!existsSync(file)) {
      check(false, `${page} links to ${path}, which is not in the package`);
    } else if (anchor !== undefined && file.endsWith(".md")) {
      const anchors = headingsOf(readFileSync(file, "utf8")).map((heading) => heading.anchor);
      if (!anchors.includes(anchor)) check(false, `${page} links to ${target}, no heading of it`);
    }
  }
}

function linksOf(
  home: string,
  page: string,
): readonly { readonly page: string; readonly target: string }[] {
  const text = readFileSync(join(home, page), "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");
  return [
    ...text.matchAll(
      /\]\(([^)\s]+)[^)]*\)|<(?:img|a|source)\b[^>]*?(?:src|href|srcset)="([^"#]+)/g,
    ),
  ]
    .map(([, inline, attribute]) => inline ?? attribute ?? "")
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target))
    .map((target) => ({ page, target }));
}

function link(name: string): void {
  const [scope, rest] = name.split("/");
  if (rest !== undefined) mkdirSync(join(app, "node_modules", scope ?? ""), { recursive: true });
  symlinkSync(join(root, "node_modules", name), join(app, "node_modules", name), "dir");
}

/** Loads an entry point without any optional peer: it works, or its error names the missing peer. */
async function without(entryPoint: string): Promise<void> {
  const peer = needs[entryPoint];
  if (peer === undefined) return complete(entryPoint);
  for (const [how, code] of Object.entries(ways(entryPoint))) {
    const { ok, err } = runs(code);
    check(!ok && err.includes(peer), `${how} of ${entryPoint} without ${peer} names it`);
  }
}

/** Import and require give what the source exports, print nothing, leave no global behind and keep nothing running. */
async function complete(entryPoint: string): Promise<void> {
  const source = Object.keys((await import(entryPoint)) as object)
    .sort()
    .join(" ");
  for (const [how, code] of Object.entries(ways(entryPoint))) {
    const { ok, out, err } = runs(code);
    check(ok, `${how} of ${entryPoint} works${ok ? "" : `: ${err.slice(0, 300)}`}`);
    const { names, globals } = ok ? (JSON.parse(out) as Loaded) : { names: "", globals: "" };
    check(names === source, `${how} of ${entryPoint} gives what its source exports`);
    check(globals === "" && err === "", `${how} of ${entryPoint} leaves nothing behind`);
  }
}

interface Loaded {
  readonly names: string;
  readonly globals: string;
}

function ways(entryPoint: string): Readonly<Record<"import" | "require", string>> {
  const script = (load: string): string =>
    // BullMQ brings a tslib that puts its helpers there.
    `(async () => { const ofTslib = /^__[a-z]/; const before = new Set(Object.getOwnPropertyNames(globalThis));
      const names = Object.keys(${load}).filter((name) => !["module.exports"].includes(name)).sort().join(" ");
      const globals = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name) && !ofTslib.test(name)).join(" ");
      console.log(JSON.stringify({ names, globals })); })().catch((error) => { console.error(String(error)); process.exitCode = 1; })`;
  return {
    import: script(`await import("${entryPoint}")`),
    require: script(`require("${entryPoint}")`),
  };
}

/** Threads start from the installed package, whichever way it was loaded. */
function runsThreads(): void {
  const module = join(app, "future.mjs");
  writeFileSync(module, "export default (sim) => ({ seed: sim.settings.seed });\n");
  const run = (load: string): string =>
    `(async () => { const { prepareEnsemble, runEnsemble } = ${load}("replication-simulator/whatif");
      const { openScenario, threads } = ${load}("replication-simulator/whatif/threads");
      const plan = { scenario: { module: ${JSON.stringify(pathToFileURL(module).href)} }, futures: 20 };
      const prepared = await prepareEnsemble(plan, openScenario);
      const { results } = await runEnsemble(prepared, { executor: threads({ workers: 2 }) });
      console.log([...results.column("scenario", "seed").values].join()); })()`;
  const expected = Array.from({ length: 20 }, (_, seed) => seed).join();
  for (const load of ["await import", "require"]) {
    const { out, err } = runs(run(load));
    check(
      out.trim() === expected,
      `threads run after ${load}${err === "" ? "" : `: ${err.slice(0, 300)}`}`,
    );
  }
}

/** A server that is to keep its world, on a Node without SQLite and without the package for it. */
function checkStoreHint(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) return;
  const { status, stderr } = bin("serve", "--port", "0", "--state", join(app, "world.db"));
  check(
    status !== 0 && stderr.includes("libsql"),
    `serve without libsql names it: ${stderr.trim()}`,
  );
}

/** A process that requires the package and imports it has two copies of its classes. */
function checkSecondCopy(): void {
  const { ok, err } = runs(`
    const { NotFoundError, ReplicationSimulator } = require("replication-simulator");
    import("replication-simulator").then((imported) => {
      if (imported.NotFoundError === NotFoundError) throw new Error("one copy");
      const { error } = new imported.ReplicationSimulator().try.getInstance("x");
      if (!(error instanceof NotFoundError)) throw new Error("another class");
      const sim = new imported.ReplicationSimulator();
      ReplicationSimulator.restore(sim.snapshot());
    });
  `);
  check(ok, `errors and snapshots of the ESM copy are known to the CommonJS copy ${err.trim()}`);
}

function runCli(): void {
  const help = bin("--help");
  check(help.status === 0 && help.stdout.includes("serve"), "the command prints its usage");
  const version = bin("--version");
  check(version.stdout.trim() === manifest.version, "the command prints its version");
}

function bin(...args: readonly string[]) {
  const path = join("node_modules", "replication-simulator", "bin", "replication-simulator.js");
  return spawnSync(process.execPath, [path, ...args], {
    cwd: app,
    encoding: "utf8",
    timeout: 15_000,
  });
}

function runs(code: string): { readonly ok: boolean; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=commonjs", "-e", code],
    {
      cwd: app,
      encoding: "utf8",
      timeout: 15_000,
    },
  );
  return { ok: status === 0, out: stdout, err: stderr };
}

function check(holds: boolean, what: string): void {
  console.log(` ${holds ? "✓" : "✗"} ${what}`);
  if (!holds) failures.push(what);
}

// npm records an optional platform package only if the registry at hand carries it. Behind a mirror that
// carries few platforms the lockfile gets holes, and `npm ci` refuses it everywhere. This fills the holes
// from what the packages themselves ask for. Run it after `npm install <anything>`: it is idempotent. Takes the
// path of another lockfile, such as that of the recipes.
import { readFileSync, writeFileSync } from "node:fs";

const [given] = process.argv.slice(2);
const file = given ?? new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
const packages = lock.packages;

const systems = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const processors = [
  "arm64",
  "arm",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];

/** What a platform package runs on, as its name has it: `@x/binding-linux-arm64-musl`. */
function platform(name) {
  const words = name.replace("windows", "win32").split(/[/_.-]/);
  const os = systems.filter((each) => words.includes(each));
  const cpu = processors.filter((each) =>
    words.some(
      (word) =>
        word === each || (each === "arm" && /^arm(v\d|eabi|hf)/.test(word)) || word === `${each}le`,
    ),
  );
  const libc = words.some((word) => word === "musl" || word === "musleabihf")
    ? ["musl"]
    : words.some((word) => /^gnu/.test(word))
      ? ["glibc"]
      : [];
  if (name === "fsevents") os.push("darwin");
  if (os.length + cpu.length === 0)
    throw new Error(`No platform can be read from the name ${name}`);
  return Object.fromEntries(
    Object.entries({ libc, cpu, os }).filter(([, list]) => list.length > 0),
  );
}

/** Where Node would find `name` from `path`, nearest first. */
function places(path, name) {
  const found = [];
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    found.push(`${at === "" ? "" : `${at}/`}node_modules/${name}`);
    if (at === "") return found;
    if (!at.includes("/node_modules/")) {
      found.push(`node_modules/${name}`);
      return found;
    }
  }
}

const depth = (path) => path.split("/node_modules/").length;
let added = 0;
for (const path of Object.keys(packages).sort((a, b) => depth(a) - depth(b))) {
  for (const [name, range] of Object.entries(packages[path].optionalDependencies ?? {})) {
    const version = range.replace(/^[~^]/, "");
    const candidates = places(path, name);
    const taken = candidates.find((each) => packages[each] !== undefined);
    if (taken !== undefined && (range !== version || packages[taken].version === version)) continue;
    packages[taken === undefined ? candidates.at(-1) : candidates[0]] = {
      version,
      ...(packages[path].dev ? { dev: true } : {}),
      optional: true,
      ...platform(name),
    };
    added++;
  }
}

lock.packages = Object.fromEntries(
  Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en")),
);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} platform packages added`);

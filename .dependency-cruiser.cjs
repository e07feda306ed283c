/**
 * Layers: imports point down. A layer is a list of folders, of files at the root of src, or of patterns in which `*`
 * stands for a name without a slash. A file belongs to the first layer that matches. Folders of one layer do not import
 * each other.
 */
const { layers } = require("./architecture.json");

/** `src/kernel/journal.ts`, but also `src/kernel.ts`; `service/x/y.model` matches `src/service/x/y.model.ts`. */
const within = (names) =>
  `^src/(${names.map((name) => name.replaceAll(".", "\\.").replaceAll("*", "[^/]+")).join("|")})(/|\\.ts$)`;
/** Files of a layer: those that no lower layer has. */
const filesOf = (at) => ({
  path: within(layers[at]),
  ...(at > 0 && { pathNot: within(layers.slice(0, at).flat()) }),
});

const up = layers.slice(0, -1).map((names, at) => ({
  name: `${names.join("-")}-imports-down`,
  comment: `Layer ${at} (${names.join(", ")}) imports only from itself and from below; pass the rest in as a value.`,
  severity: "error",
  from: filesOf(at),
  to: {
    path: `${within(layers.slice(at + 1).flat())}|^src/index\\.ts$`,
    pathNot: within(layers.slice(0, at + 1).flat()),
  },
}));

/** Layers of several folders, which do not import each other. */
const shared = layers.filter(
  (names) => names.length > 1 && !names.some((name) => name.includes("*")),
);

/** Each library is imported in one place, where it can be measured or replaced. */
const onlyIn = (library, path, packages = library) => ({
  name: `${library}-has-one-importer`,
  severity: "error",
  from: { path: "^src", pathNot: path },
  to: { path: `node_modules/(${packages})/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...up,
    ...shared.map((parts) => ({
      name: "parts-of-a-layer-are-separate",
      comment:
        "An entry point may be left out of a bundle, so no other part of its layer may import it.",
      severity: "error",
      from: { path: `^src/(${parts.join("|")})/` },
      to: { path: within(parts), pathNot: "^src/$1/" },
    })),
    {
      name: "nothing-imports-the-main-entry-point",
      severity: "error",
      from: { path: "^src/.+/|^src/simulator\\.ts$" },
      to: { path: "^src/index\\.ts$" },
    },
    {
      name: "every-file-has-a-layer",
      comment: "A new folder in src gets a place in the list of layers first.",
      severity: "error",
      from: {},
      to: { path: "^src/", pathNot: `${within(layers.flat())}|^src/index\\.ts$` },
    },
    onlyIn("xstate", "^src/lifecycle/", "xstate|@xstate/[^/]+"),
    onlyIn("immer", "^src/kernel/store\\.ts$"),
    onlyIn("fast-check", "^src/(testing/fast-check|exploration)/", "fast-check|@fast-check/[^/]+"),
    {
      name: "testing-without-fast-check",
      comment: "Fixtures and assertions work where fast-check is not installed.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(testing/fast-check|exploration)/" },
      to: { path: "^src/testing/fast-check/" },
    },
    onlyIn("commander", "^src/server/(cli/|commandLine\\.ts$)"),
    onlyIn("hono", "^src/server/listen\\.ts$", "hono|@hono/[^/]+"),
    onlyIn("preact", "^src/page/ui/"),
    onlyIn("fflate", "^src/page/encodeData\\.ts$"),
    onlyIn("yaml", "^src/(server/cli|scenario/file)/"),
    onlyIn("bullmq", "^src/executors/", "bullmq|ioredis"),
    onlyIn("libsql", "^src/server/sqlite/driver\\.ts$", "libsql|@libsql/[^/]+"),
    {
      name: "page-program-without-simulator",
      comment: "The program folds facts; with the simulator it would be three times as large.",
      severity: "error",
      from: { path: "^src/page/ui/", pathNot: "^src/page/ui/playground" },
      to: {
        path: "^src/(simulator|lifecycle|wire|http)(/|\\.ts$)",
        dependencyTypesNot: ["type-only"],
      },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: {
        orphan: true,
        path: "^src/",
        pathNot: ["^src/index\\.ts$", "^src/[^/]+/index\\.ts$"],
      },
      to: {},
    },
    {
      name: "no-node-builtins",
      comment: "The library runs wherever JavaScript runs.",
      severity: "error",
      from: { path: "^src", pathNot: "^src/(server|executors|matchers/reporter)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "not-to-dev-dep",
      comment:
        "The page's program is built into one script, and fflate into the page: users install neither.",
      severity: "error",
      from: { path: "^src", pathNot: "^src/page/(ui/|encodeData\\.ts$)" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm-peer", "npm-optional"] },
    },
    {
      name: "no-unlisted",
      severity: "error",
      from: { path: "^src" },
      to: { dependencyTypes: ["npm-no-pkg", "unknown"], dependencyTypesNot: ["npm-peer"] },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
    },
  },
};

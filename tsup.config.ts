import { defineConfig } from "tsup";
import { pageProgramForEsbuild } from "./scripts/page-program.js";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    lifecycle: "src/lifecycle/index.ts",
    wire: "src/wire/index.ts",
    testing: "src/testing/index.ts",
    "testing-fast-check": "src/testing/fast-check/index.ts",
    scenario: "src/scenario/index.ts",
    "scenario-file": "src/scenario/file/index.ts",
    realtime: "src/realtime/index.ts",
    render: "src/render/index.ts",
    page: "src/page/index.ts",
    http: "src/http/index.ts",
    server: "src/server/index.ts",
    whatif: "src/whatif/index.ts",
    "whatif-threads": "src/executors/threads.ts",
    "whatif-bullmq": "src/executors/bullmq.ts",
    matchers: "src/matchers/index.ts",
    vitest: "src/matchers/reporter/index.ts",
    exploration: "src/exploration/index.ts",
    // The command line, without the server that it can start: `--help` loads no simulator.
    commandLine: "src/server/commandLine.ts",
    // Scripts that threads are started with, not entry points.
    threadWorker: "src/executors/threadWorker.ts",
    bullmqProcessor: "src/executors/bullmqProcessor.ts",
  },
  esbuildPlugins: [pageProgramForEsbuild()],
  format: ["esm", "cjs"],
  target: "es2022",
  platform: "neutral",
  // tsup adds `baseUrl` when it bundles types, which TypeScript 6 reports as deprecated;
  // members marked `@internal` are left out of the types
  dts: { compilerOptions: { ignoreDeprecations: "6.0", stripInternal: true } },
  splitting: true,
  // Deno and workers know built-ins by their whole name alone
  removeNodeProtocol: false,
  external: [/^node:/],
  // CommonJS has `__filename` instead; the code that needs its own place looks for either
  esbuildOptions: (options, { format }) => {
    if (format === "cjs") options.define = { ...options.define, "import.meta.url": "undefined" };
  },
  sourcemap: true,
  treeshake: false,
  clean: true,
  minify: false,
});

import { defineConfig } from "vitest/config";

/**
 * What a mutant is judged by: one flat project, because the mutation runner wants no projects and no
 * type checks. Tests that read the files of the house or the packed tarball cannot judge behaviour.
 */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/architecture.test.ts", "test/docs/**", "test/package/**", "test/bench/**"],
    setupFiles: ["test/setup.fast-check.ts"],
    testTimeout: 60_000,
  },
});

import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  // In a project of your own the package is installed; here its name leads to the source.
  resolve: { tsconfigPaths: true },
  test: { include: ["examples/unit-test/*.test.ts"], reporters: ["verbose"] },
});

import { defineConfig } from "vitest/config";

/** Tests with published clients: `npm run test:clients` installs them first. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: { include: ["test/clients/**/*.test.ts"], testTimeout: 30_000 },
});

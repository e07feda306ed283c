import { defineConfig } from "@playwright/test";

// Without CHROMIUM_BIN the browser of `npx playwright install chromium` is taken.
const executablePath = process.env.CHROMIUM_BIN;

export default defineConfig({
  testDir: ".",
  reporter: "list",
  outputDir: "../node_modules/.cache/playwright",
  use: {
    headless: true,
    launchOptions: executablePath
      ? { executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] }
      : {},
  },
});

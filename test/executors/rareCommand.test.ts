import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { buildExecutors } from "./built.js";

const { folder, remove } = buildExecutors();
const home = mkdtempSync(join(tmpdir(), "rare-command-"));
afterAll(() => {
  remove();
  rmSync(home, { recursive: true, force: true });
});

const file = fileURLToPath(new URL("./scenarios/rarePair.yaml", import.meta.url));
// Roots of the simulator take long enough to be ended in the middle.
const requested = ["--roots", "1500", "--until", "all", "--engine", "simulator"];

function start(...flags: readonly string[]) {
  const argv = [`${folder}/cliProcess.js`, "whatif", "rare", file, ...requested, ...flags];
  const child = spawn(process.execPath, argv, { stdio: "ignore" });
  const ended = once(child, "exit").then(
    ([code, signal]: (number | string | null)[]) => signal ?? code ?? -1,
  );
  return { child, ended };
}

const linesOf = (path: string): number =>
  existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0;

describe("whatif rare goes on by the same command", { timeout: 120_000 }, () => {
  test.each([
    ["SIGINT", "0", 130],
    ["SIGKILL", "0", "SIGKILL"],
    ["SIGKILL", "2", "SIGKILL"],
  ] as const)("after %s, with %s threads", async (signal, workers, code) => {
    const whole = join(home, "whole");
    if (!existsSync(whole)) expect(await start("--workers", "0", "--out", whole).ended).toBe(1);
    const out = join(home, `${signal} ${workers}`);
    const kept = join(out, "roots-1.ndjson");
    const flags = ["--workers", workers, "--out", out] as const;
    const first = start(...flags);
    while (linesOf(kept) < 3) await setTimeout(10);
    first.child.kill(signal);
    expect(await first.ended).toBe(code);
    const before = linesOf(kept);
    expect(before).toBeLessThan(1 + 30);
    expect(existsSync(join(out, "rare.json"))).toBe(false);
    expect(await start(...flags).ended).toBe(1);
    expect(linesOf(kept)).toBe(1 + 30);
    for (const name of ["rare.json", "report.html"]) {
      const isSame =
        readFileSync(join(out, name), "utf8") === readFileSync(join(whole, name), "utf8");
      expect(isSame, name).toBe(true);
    }
  });
});

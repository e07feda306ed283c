import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { openSqliteStore } from "replication-simulator/server";
import { afterAll, describe, expect, test } from "vitest";
import { openWorld } from "../../src/server/restoreWorld.js";
import { builtProgram, run } from "./crash/serverProcess.js";
import { folder } from "./tempDir.js";

/*
 * K4: a server that cannot write any more. A limit on the size of files acts as a full disk does, without rights on the
 * machine; Windows has no such limit.
 */

const program = builtProgram();

afterAll(() => {
  rmSync(program, { force: true });
});

/** A server whose files have at most so many blocks of 512 bytes. */
function limitedServer(file: string, blocks: number) {
  const script = `ulimit -f ${String(blocks)} && exec "$0" "$@"`;
  const args = [program, "serve", "--port", "0", "--speed", "0", "--state", file, "--quiet"];
  const child = spawn("sh", ["-c", script, process.execPath, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let err = "";
  child.stderr.on("data", (text: Buffer) => {
    err += text.toString();
  });
  const url = once(child.stdout, "data").then(([text]: Buffer[]) => String(text).trim());
  const ended = once(child, "close").then(([code]: (number | null)[]) => code);
  return { url, ended, err: () => err, terminate: () => child.kill("SIGTERM") };
}

describe.skipIf(process.platform === "win32")("K4: a server on a full disk", () => {
  test("is terminated with one line and code 3, and nothing that it acknowledged is lost", async () => {
    const file = join(folder(), "world.db");
    const stored = await openSqliteStore(file);
    const { sim } = await openWorld(stored, {});
    const databases = Array.from({ length: 50 }, (_, n) => ({ name: `${"d".repeat(50)}${n}` }));
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1, databases });
    sim.settle();
    for (let n = 0; n < 100; n++) sim.renameInstance(id, `${"x".repeat(200)}${String(n)}`);
    await stored.append({ lines: sim.history.entries(), now: sim.now });
    await stored.close();
    // Less than the file has already: what is new fits into the write-ahead log, and never into the file.
    const limit = 32_768;
    expect(statSync(file).size).toBeGreaterThan(2 * limit);

    const server = limitedServer(file, limit / 512);
    const url = await server.url;
    const answers: number[] = [];
    while (!answers.includes(503)) {
      expect(answers.length).toBeLessThan(100);
      const { status } = await fetch(`${url}/v1.0/1234/instances/${id}`, {
        method: "PATCH",
        headers: { "X-Auth-Token": "any", "Content-Type": "application/json" },
        body: JSON.stringify({ instance: { name: `renamed ${String(answers.length)}` } }),
      });
      answers.push(status);
    }
    const acknowledged = answers.length - 1;
    expect(acknowledged).toBeGreaterThan(0);
    server.terminate();
    expect(await server.ended).toBe(3);
    expect(server.err()).not.toMatch(/\n\s+at /);
    expect(server.err().trimEnd().split("\n").at(-1)).toMatch(
      /could not be closed: .*Nothing is lost: keep .*-wal beside it/,
    );

    const { out } = await run(program, ["journal", file]);
    const lines = out.trimEnd().split("\n");
    expect(lines.slice(-acknowledged).map((line) => nameIn(line))).toEqual(
      Array.from({ length: acknowledged }, (_, n) => `renamed ${String(n)}`),
    );
    const { code } = await run(program, ["replay", file]);
    expect(code).toBe(0);
  });
});

/** The name that a command gives, of a line of the journal. */
function nameIn(line: string): unknown {
  const { trigger } = JSON.parse(line) as { readonly trigger: { readonly command: object } };
  return (trigger.command as { readonly name?: unknown }).name;
}

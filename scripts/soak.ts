/*
 * A server under load for a long time: requests of all kinds, a world that goes on by itself, a state file. Prints its
 * memory each half minute, and fails when it grows.
 *
 *   npm run soak -- 10
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "undici";
import { builtProgram, run, ServerProcess } from "../test/server/crash/serverProcess.js";

const minutes = Number(process.argv[2] ?? 1);
const callers = 8;
const headers = { "X-Auth-Token": "any", "Content-Type": "application/json" };
const path = "/v1.0/1234/instances";

const folder = mkdtempSync(join(tmpdir(), "replication-simulator-soak-"));
const file = join(folder, "world.db");
const program = builtProgram();
const server = new ServerProcess(program, [
  ...["--state", file, "--control", "--quiet", "--speed", "1000"],
]);
const url = await server.url;
const pool = new Pool(url, { connections: callers });

let answers = 0;
let refusals = 0;
const mine: string[] = [];
const until = performance.now() + minutes * 60_000;
const startedAt = performance.now();

const send = async (method: "GET" | "POST" | "DELETE", target: string, body?: object) => {
  const answer = await pool.request({
    ...{ method, path: target, headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  answers++;
  if (answer.statusCode >= 500)
    throw new Error(`${method} ${target}: ${answer.statusCode} ${text}`);
  if (answer.statusCode >= 400) refusals++;
  return { status: answer.statusCode, json: text === "" ? {} : (JSON.parse(text) as object) };
};

/** Makes, looks, restarts, deletes: about as many instances come as go. */
const caller = async (number: number): Promise<void> => {
  for (let turn = number; performance.now() < until; turn++) {
    const some = mine[turn % Math.max(1, mine.length)];
    switch (turn % 8) {
      case 0:
      case 4: {
        const instance = { name: `i${turn}`, flavorRef: "2", volume: { size: 1 } };
        const { json } = await send("POST", path, { instance });
        if ("instance" in json) mine.push((json.instance as { id: string }).id);
        break;
      }
      case 1:
        if (some !== undefined) await send("POST", `${path}/${some}/action`, { restart: {} });
        break;
      case 5: {
        if (mine.length < 10) break;
        const [oldest] = mine.splice(0, 1);
        const { status } = await send("DELETE", `${path}/${oldest}`);
        if (status !== 202 && oldest !== undefined) mine.push(oldest);
        break;
      }
      case 2:
        await send("GET", `${path}?limit=20`);
        break;
      default:
        if (some !== undefined) await send("GET", `${path}/${some}`);
    }
  }
};

/** What a process has in memory, in MB, as the system sees it. */
const memoryMb = (): number => {
  const pages = /^VmRSS:\s+(\d+) kB$/m.exec(
    readFileSync(`/proc/${server.pid}/status`, "utf8"),
  )?.[1];
  return Number(pages) / 1024;
};

const samples: { readonly second: number; readonly mb: number }[] = [];
const watch = setInterval(() => {
  const second = Math.round((performance.now() - startedAt) / 1000);
  samples.push({ second, mb: memoryMb() });
  if (second % 30 !== 0) return;
  const size = (statSync(file).size / 1_048_576).toFixed(0);
  console.log(
    `${String(second).padStart(4)} s  ${memoryMb().toFixed(0)} MB in memory  ${answers} answers  file ${size} MB`,
  );
}, 1000);

await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)));
clearInterval(watch);
await pool.close();
server.signal("SIGTERM");
const ended = await server.ended;
const replayed = await run(program, ["replay", file]);
rmSync(program);
rmSync(folder, { recursive: true });

// Garbage comes and goes; what counts is the least that each part of the time has needed, after a warm-up.
const settled = samples.filter(({ second }) => second > minutes * 12);
const half = settled.length >> 1;
const minimum = (part: typeof samples): number => {
  const sorted = part.map(({ mb }) => mb).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
};
const [before, after] = [minimum(settled.slice(0, half)), minimum(settled.slice(half))];
const aSecond = answers / (minutes * 60);
console.log(
  `${answers} answers in ${minutes} min (${aSecond.toFixed(0)} a second, ${refusals} refusals); memory ` +
    `${before.toFixed(0)} MB in the first half, ${after.toFixed(0)} MB in the second; ended with ${ended}; ` +
    replayed.out.replace(`${file}: `, "").trim(),
);
if (
  after > before * 1.1 + 5 ||
  ended !== 0 ||
  replayed.code !== 0 ||
  server.stderr.includes("    at ")
) {
  console.error("memory grew, or the server failed", server.stderr);
  process.exitCode = 1;
}

/*
 * Kills a server under load, again and again, and compares what was acknowledged with what is there afterwards.
 *
 *   npm run crash -- --rounds 50 --seed 1
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { torment } from "../test/server/crash/rounds.js";
import { builtProgram } from "../test/server/crash/serverProcess.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "50" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    methodose: { type: "boolean", default: false },
  },
});

const folder = mkdtempSync(join(tmpdir(), "replication-simulator-crash-"));
const startedAt = performance.now();
const program = builtProgram();
const { complaints, acknowledged, reported, lines, ends } = await torment({
  ...{ program, file: join(folder, "world.db") },
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  ...(values.methodose ? { onRound: console.log } : {}),
});
rmSync(program);
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
const ways = Object.entries(ends).map(([end, count]) => `${count} ${end}`);
console.log(
  `${values.rounds} rounds in ${seconds} s (${ways.join(", ")}; seed ${values.seed}): ` +
    `${acknowledged} acknowledgements, ${reported} lines reported, ${lines} lines in the file`,
);
if (complaints.length > 0) {
  console.error(`${complaints.join("\n")}\nThe file is left in ${folder}`);
  process.exitCode = 1;
} else {
  rmSync(folder, { recursive: true });
  console.log("nothing lost, nothing invented");
}

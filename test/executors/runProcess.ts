/*
 * A run as a process of its own: runProcess MODULE FILE WORKERS [i/n]. Interrupted, it keeps what is there and ends with
 * 130.
 */
import { runWithFile } from "../../src/executors/resultFile.js";
import { selectShards, shardsOfPart } from "../../src/executors/shardSelection.js";
import { openScenario, threads } from "../../src/executors/threads.js";
import { shardsOf } from "../../src/whatif/ensemble/ensembleSpec.js";
import { inline } from "../../src/whatif/ensemble/executor.js";
import { prepareEnsemble } from "../../src/whatif/ensemble/prepareEnsemble.js";

const [module = "", file = "", workers = "0", flag] = process.argv.slice(2);
const plan = { scenario: { module, export: "slow" }, futures: 100, shardSize: 5 };
const prepared = await prepareEnsemble(plan, openScenario);
const stop = new AbortController();
process.on("SIGINT", () => {
  stop.abort();
});
const part = selectShards(flag, process.env);
const shards = shardsOf(prepared.spec);
const { results, isComplete } = await runWithFile(prepared, file, {
  executor: workers === "0" ? inline() : threads({ workers: Number(workers) }),
  signal: stop.signal,
  shards: part === undefined ? shards : shardsOfPart(shards, part),
  onOpen: ({ results: before, wasTorn }) => {
    console.log(`had ${String(before.done)}${wasTorn ? ", torn" : ""}`);
  },
  onResult: ({ index }) => {
    console.log(String(index));
  },
});
console.log(`done ${String(results.done)}`);
process.exitCode = isComplete ? 0 : 130;

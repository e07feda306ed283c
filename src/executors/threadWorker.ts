/*
 * The script of a worker thread: takes an ensemble as its data, then a shard a message, and answers each.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { EnsembleSpec, Shard } from "../whatif/ensemble/ensembleSpec.js";
import { receiveEnsemble } from "../whatif/ensemble/prepareEnsemble.js";
import { runShard } from "../whatif/ensemble/shardResult.js";
import { openScenario } from "./openModule.js";
import { answerOf, type WorkerAnswer } from "./workerMessages.js";

if (parentPort === null)
  throw new Error("this script runs in a worker thread; call threads() instead");
const port = parentPort;
const prepared = receiveEnsemble(workerData as EnsembleSpec, openScenario);
// An error is reported with the first shard; no caller waits for it before.
prepared.catch(() => undefined);
port.on("message", (shard: Shard) => {
  prepared
    .then((ensemble): WorkerAnswer => ({ result: runShard(ensemble, shard) }))
    .catch(answerOf)
    .then((answer) => {
      port.postMessage(answer);
    })
    .catch((error: unknown) => {
      throw error;
    });
});

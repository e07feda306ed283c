/*
 * Runs shards in a thread of a BullMQ worker, while its main thread renews locks. A shard in the worker's own loop that
 * takes longer than its lock is finished, discarded and started again without end.
 */
import { type Job, UnrecoverableError } from "bullmq";
import { EnsembleError } from "../whatif/ensemble/ensembleError.js";
import { type EnsembleSpec, idOfEnsemble, type Shard } from "../whatif/ensemble/ensembleSpec.js";
import { type PreparedEnsemble, receiveEnsemble } from "../whatif/ensemble/prepareEnsemble.js";
import { runShard, type ShardResult } from "../whatif/ensemble/shardResult.js";
import { openScenario } from "./openModule.js";

/** Data of a job. */
export interface ShardJob {
  readonly spec: EnsembleSpec;
  readonly shard: Shard;
}

/** Ensembles that stay ready at once; a worker that serves many forgets the oldest. */
const readyMax = 8;
const ready = new Map<string, Promise<PreparedEnsemble>>();

export default async function processShard({
  data,
}: Pick<Job<ShardJob>, "data">): Promise<ShardResult> {
  try {
    return runShard(await prepared(data.spec), data.shard);
  } catch (error) {
    // Another try would be refused again; the rule stands first, so that the coordinator can name it.
    if (error instanceof EnsembleError)
      throw new UnrecoverableError(`${error.rule}: ${error.message}`);
    throw error;
  }
}

function prepared(spec: EnsembleSpec): Promise<PreparedEnsemble> {
  const id = idOfEnsemble(spec);
  const known = ready.get(id);
  if (known !== undefined) return known;
  const [oldest] = ready.keys();
  if (ready.size === readyMax && oldest !== undefined) ready.delete(oldest);
  const opened = receiveEnsemble(spec, openScenario);
  ready.set(id, opened);
  return opened;
}

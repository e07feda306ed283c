import { once } from "node:events";
import type { CliIo } from "../terminal.js";
import { exitCodes } from "./exitCodes.js";

/** Flags of `whatif worker`. */
export interface WorkerFlags {
  readonly redis: string;
  readonly lock: number;
}

/** Takes shards from a queue until it is interrupted; then it finishes the one under way. */
export async function runWorker({ redis, lock }: WorkerFlags, terminal: CliIo): Promise<number> {
  const { startShardWorker } = await import("../../../executors/bullmq.js");
  const worker = await startShardWorker({
    connection: { url: redis },
    lockMs: lock,
    onError: (message) => {
      terminal.err(`${message}\n`);
    },
  });
  terminal.err("ready; interrupt to leave after the shard under way\n");
  if (!terminal.interrupted.aborted) await once(terminal.interrupted, "abort");
  await worker.close();
  return exitCodes.met;
}

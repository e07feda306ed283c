/* A worker as a process of its own: queueWorker PORT QUEUE LOCK_MS. Says "ready", then what is out of the ordinary. */
import { startShardWorker } from "../../src/executors/bullmq.js";

const [port, queue = "", lockMs] = process.argv.slice(2);
const worker = await startShardWorker({
  connection: { host: "127.0.0.1", port: Number(port) },
  queue,
  lockMs: Number(lockMs),
  onError: (message) => {
    console.error(message);
  },
});
console.log("ready");
process.on("SIGTERM", () => {
  void worker.close().then(() => process.exit(0));
});

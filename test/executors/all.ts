export { bullmq, startShardWorker } from "../../src/executors/bullmq.js";
export { openScenario, threads } from "../../src/executors/threads.js";
export { EnsembleResults } from "../../src/whatif/ensemble/ensembleResults.js";
export { shardsOf } from "../../src/whatif/ensemble/ensembleSpec.js";
export { summarize, summaryJson } from "../../src/whatif/ensemble/ensembleSummary.js";
export { inline } from "../../src/whatif/ensemble/executor.js";
export { prepareEnsemble, receiveEnsemble } from "../../src/whatif/ensemble/prepareEnsemble.js";
export { runEnsemble, untilHalfWidth } from "../../src/whatif/ensemble/runEnsemble.js";
export { runShard } from "../../src/whatif/ensemble/shardResult.js";

// CPU time of a future once its code is warm, in us: `node futureUs.mjs ENSEMBLE`, as JSON.
import { prepareEnsemble, runEnsemble } from "replication-simulator/whatif";
import { openScenario } from "replication-simulator/whatif/threads";

const ensemble = JSON.parse(process.argv[2]);
const prepared = await prepareEnsemble(ensemble, openScenario);
for (let round = 0; round < 4; round++) await runEnsemble(prepared); // V8 compiles for the first thousands
const before = process.cpuUsage();
await runEnsemble(prepared);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / ensemble.futures);

// Runs futures of a scenario until it is killed: `node busyCore.mjs SCENARIO`, as JSON.
import { prepareEnsemble, runEnsemble } from "replication-simulator/whatif";
import { openScenario } from "replication-simulator/whatif/threads";

const data = JSON.parse(process.argv[2]);
const ensemble = { scenario: { data, engine: "simulator" }, futures: 10_000 };
const prepared = await prepareEnsemble(ensemble, openScenario);
for (;;) await runEnsemble(prepared);

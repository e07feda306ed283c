// Runs roots of a rare event and measures them: `node rareWork.mjs QUESTION`, as JSON. What is done once is measured
// apart and taken off.
import { estimateRare } from "replication-simulator/whatif";

const { scenario, options } = JSON.parse(process.argv[2]);

async function work(roots) {
  const before = process.cpuUsage();
  const { results } = await estimateRare(scenario, { until: null, ...options, roots });
  const { user, system } = process.cpuUsage(before);
  const values = [...(results?.column("as it is", "value").values ?? [])];
  return { values, seconds: (user + system) / 1e6 };
}

const once = await work(1);
const { values, seconds } = await work(options.roots);
const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
const variance = squares / values.length;
console.log(
  JSON.stringify({
    mean,
    variance,
    seconds: Math.max(0, seconds - once.seconds) / values.length,
  }),
);

/*
 * One moment, three futures. A source has one replica, which serves reports. Wanted: the source highly available,
 * and the data of the reports in an instance that stands alone. In which order?
 */
import { ReplicationSimulator } from "replication-simulator";
import { topologyTree } from "replication-simulator/render";
import { futures, type Present } from "./futures.js";
import { measured, type Outcome } from "./measure.js";
import { percent, quantile, seconds, table } from "./table.js";

const worlds = 300;

const origin = new ReplicationSimulator({ seed: "what-if" });
const present = beginning(origin);

console.log("The world before the choice:\n");
console.log(topologyTree(origin.topology));
console.log("\nWanted: orders highly available, and a copy of its data that stands alone.");
console.log("\n\nThe worlds afterwards, with the documented durations and no failures:");
for (const { name, run } of futures) {
  // A fork has the same past and its own future; the origin does not change.
  const sim = origin.fork();
  const { bothMs } = measured(sim, present, () => run(sim, present));
  console.log(`\n${name}: done after ${seconds(bothMs)}\n`);
  console.log(topologyTree(sim.topology));
}

// Now at random: durations spread by half to both sides, and the first build fails in one world of ten. Equal seeds
// draw equal values: the futures differ only in the choice.
const outcomes = futures.map(({ run }) =>
  Array.from({ length: worlds }, (_, seed): Outcome => {
    const sim = origin.fork({ seed, jitter: 0.5 });
    if (seed % 10 === 0) sim.failTask({ task: "build", message: "bad disk" });
    return measured(sim, present, () => run(sim, present));
  }),
);

console.log(
  `\n\nThe same choice in ${worlds} worlds: durations vary, and one first build of ten fails.`,
);
console.log(
  "Times are seconds: the median, and in brackets what nine worlds of ten stay within.\n",
);
const range = (pick: (outcome: Outcome) => number) =>
  outcomes.map((each) => {
    const values = each.map(pick);
    return `${seconds(quantile(values, 0.5))} (${seconds(quantile(values, 0.9))})`;
  });
const share = (holds: (outcome: Outcome) => boolean) =>
  outcomes.map((each) => percent(each.filter(holds).length / each.length));
console.log(
  table([
    ["", ...futures.map(({ name }) => name)],
    ["both goals reached", ...range(({ bothMs }) => bothMs)],
    ["highly available", ...range(({ highlyAvailableMs }) => highlyAvailableMs)],
    ["orders without a replica", ...range(({ unprotectedMs }) => unprotectedMs)],
    ["orders not ACTIVE", ...range(({ unsteadyMs }) => unsteadyMs)],
    ["both within 4 minutes", ...share(({ bothMs }) => bothMs <= 240_000)],
    ["ever without a replica", ...share(({ unprotectedMs }) => unprotectedMs > 0)],
  ]),
);

const [detachFirst = [], addFirst = [], convertFirst = []] = outcomes;
console.log(`
The ranges overlap. World by world, with equal draws on both sides, both goals are reached earlier
  by A than by B in ${wins(detachFirst, addFirst)} worlds,
  by C than by A in ${wins(convertFirst, detachFirst)}, and
  by C than by B in ${wins(convertFirst, addFirst)}.
But only A ever leaves orders without a replica.`);

function wins(left: readonly Outcome[], right: readonly Outcome[]): string {
  const won = left.filter((outcome, at) => outcome.bothMs < (right[at]?.bothMs ?? 0));
  return `${won.length} of ${worlds}`;
}

function beginning(sim: ReplicationSimulator): Present {
  const size = { flavorId: 2, volumeGb: 10 };
  const source = sim.createInstance({ name: "orders", ...size });
  sim.settle();
  const replica = sim.createReplica({ name: "reports", ...size, replicaOf: source.id });
  sim.settle();
  return { sourceId: source.id, replicaId: replica.id };
}

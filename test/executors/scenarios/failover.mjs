/** Two designs of one set for a week: the time without writes, and each interruption. */
const dayMs = 86_400_000;

export default function future(sim, { replicas = 1, days = 7, detectionMs = 0 } = {}) {
  const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10, name: "orders" });
  sim.settle();
  for (let at = 0; at < replicas; at++) {
    sim.createReplica({ flavorId: 2, volumeGb: 10, replicaOf: id });
    sim.settle();
  }
  sim.setWorkload(id, { transactionsPerSecond: 200 });
  sim.injectRandom({
    fault: "crash",
    target: { instanceId: id },
    timeToFailure: { kind: "exponential", meanMs: 2 * dayMs },
    timeToRepair: { kind: "lognormal", medianMs: 1_200_000 + detectionMs, sigma: 1 },
  });
  const interruptions = [];
  let since;
  sim.subscribe(({ at, facts }) => {
    for (const fact of facts) {
      if (fact.type === "WritesInterrupted") since = at;
      if (fact.type !== "WritesResumed") continue;
      interruptions.push(at - since);
      since = undefined;
    }
  });
  const end = sim.now + days * dayMs;
  sim.advanceTo(end);
  if (since !== undefined) interruptions.push(end - since);
  return {
    down: interruptions.reduce((sum, each) => sum + each, 0),
    interruptions,
    crashes: interruptions.length,
  };
}

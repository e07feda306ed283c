import { ReplicationSimulator } from "../../simulator.js";
import { digest } from "./canonicalJson.js";

const dayMs = 86_400_000;

/**
 * Returns what this engine does, as 128 bits: the digest of the journal of one fixed week with failures. Two builds that
 * share a version number and behave differently have different fingerprints. Takes about 10 ms.
 */
export function behaviourFingerprint(): string {
  const sim = new ReplicationSimulator({ seed: "fingerprint", jitter: 0.5 });
  const source = sim.createInstance({ flavorId: 2, volumeGb: 10, name: "orders" });
  const other = sim.createInstance({ flavorId: 2, volumeGb: 10, name: "users" });
  sim.settle();
  for (const { id } of [source, source, other]) {
    sim.createReplica({ flavorId: 2, volumeGb: 10, replicaOf: id });
    sim.settle();
  }
  sim.convertToHa(source.id, { name: "orders-ha" });
  sim.settle();
  sim.setWorkload(source.id, { transactionsPerSecond: 200 });
  sim.injectRandom({
    fault: "crash",
    target: "all",
    timeToFailure: { kind: "exponential", meanMs: dayMs },
    timeToRepair: { kind: "lognormal", medianMs: 1_200_000, sigma: 1 },
  });
  sim.advance(7 * dayMs);
  return digest(JSON.stringify(sim.journal().lines));
}

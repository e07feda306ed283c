import type { ReplicationSimulator } from "replication-simulator";
import type { Databases } from "./reportingPool.js";

/** A simulated world behind the service's own interface. Waiting moves virtual time: fifteen minutes take no time. */
export function simulatedDatabases(sim: ReplicationSimulator): Databases {
  return {
    createReplica: async ({ name, sourceId }) =>
      sim.createReplica({ name, replicaOf: sourceId, flavorId: 2, volumeGb: 10 }).id,
    replicasOf: async (sourceId) => sim.listReplicas(sourceId),
    statusOf: async (id) => {
      const found = sim.try.getInstance(id);
      return found.ok ? found.value.status : undefined;
    },
    remove: async (id) => {
      sim.deleteInstance(id);
    },
    wait: async (ms) => {
      sim.advance(ms);
    },
  };
}

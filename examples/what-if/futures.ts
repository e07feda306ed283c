import type { HaGroup, Instance, ReplicationSimulator } from "replication-simulator";

/** The world before the choice: what there is, by id. */
export interface Present {
  readonly sourceId: string;
  readonly replicaId: string;
}

/** A way to both goals: `orders` highly available, and a copy of its data that stands alone. */
export interface Future {
  readonly name: string;
  readonly run: (sim: ReplicationSimulator, present: Present) => void;
}

const size = { flavorId: 2, volumeGb: 10 };

export const futures: readonly Future[] = [
  {
    name: "A  detach first",
    run: (sim, { sourceId, replicaId }) => {
      sim.detachReplica(replicaId);
      built(sim, () => sim.createReplica({ name: "orders-2", ...size, replicaOf: sourceId }));
      converted(sim, sourceId);
    },
  },
  {
    name: "B  add first",
    run: (sim, { sourceId, replicaId }) => {
      built(sim, () => sim.createReplica({ name: "orders-2", ...size, replicaOf: sourceId }));
      sim.detachReplica(replicaId);
      sim.waitFor(replicaId, "ACTIVE");
      converted(sim, sourceId);
    },
  },
  {
    name: "C  convert first",
    run: (sim, { sourceId }) => {
      const group = converted(sim, sourceId);
      const backup = sim.createBackup({ name: "copy", ownerKind: "ha", ownerId: group.id });
      while (sim.getBackup(backup.id).status !== "COMPLETED") sim.step();
      built(sim, () => sim.createInstance({ name: "reports-2", ...size, restoreFrom: backup.id }));
    },
  },
];

/** Starts an instance and waits until it is up; one that fails is deleted and started again. */
function built(sim: ReplicationSimulator, start: () => Instance): void {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const { id } = start();
    while (sim.getInstance(id).status === "BUILD") sim.step();
    if (sim.getInstance(id).status === "ACTIVE") return;
    sim.deleteInstance(id);
    while (sim.try.getInstance(id).ok) sim.step();
  }
  throw new Error("five builds have failed");
}

function converted(sim: ReplicationSimulator, sourceId: string): HaGroup {
  const { id } = sim.convertToHa(sourceId, { name: "orders-ha" });
  sim.waitFor(id, "ACTIVE");
  return sim.getGroup(id);
}

import type { ReplicationSimulator } from "replication-simulator";

/** A scenario in TypeScript, which Node 20 cannot import by itself. */
export default function future(
  sim: ReplicationSimulator,
  params: { readonly factor: number },
): Readonly<Record<string, number>> {
  const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10, name: "orders" });
  return { length: id.length * params.factor };
}

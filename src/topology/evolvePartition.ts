import type { FactOf } from "../domain/facts.js";
import type { Mutable, Topology } from "./state.js";
import { existing } from "./writeRows.js";

/** Writes which partition an instance is in; for `evolve` alone. */
export function evolvePartition(
  topology: Mutable<Topology>,
  fact: FactOf<"PartitionChanged">,
): void {
  existing(topology.instances, fact.row).partitionId = fact.partitionId;
}

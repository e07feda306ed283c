import { existing } from "../../kernel/writeRows.js";
import type { FactOf } from "../../model/facts.js";
import type { Mutable, Topology } from "../../model/topology.js";

/** Writes which partition an instance is in; for `evolve` alone. */
export function evolvePartition(
  topology: Mutable<Topology>,
  fact: FactOf<"PartitionChanged">,
): void {
  existing(topology.instances, fact.row).partitionId = fact.partitionId;
}

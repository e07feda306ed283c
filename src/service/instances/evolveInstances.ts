import { rowAt } from "../../collections/table.js";
import { isStream } from "../../kernel/derivedIndexes.js";
import { add, enter, existing, remove } from "../../kernel/writeRows.js";
import type { FactOf } from "../../model/facts.js";
import type { Mutable, Topology } from "../../model/topology.js";

/** Facts about instances. */
export type InstanceFact = FactOf<
  "InstanceCreated" | "InstanceStateEntered" | "InstanceChanged" | "InstanceRemoved"
>;

/** Writes a fact of this subject; for `evolve` alone. */
export function evolveInstance(topology: Mutable<Topology>, fact: InstanceFact, at: number): void {
  switch (fact.type) {
    case "InstanceCreated": {
      add(topology, "instances", fact.instance, fact);
      if (isStream(fact.instance)) topology.streams += 1;
      return;
    }
    case "InstanceStateEntered": {
      enter(existing(topology.instances, fact.row), fact, at);
      return;
    }
    case "InstanceChanged": {
      const row = existing(topology.instances, fact.row);
      Object.assign(row, fact.changes);
      row.updatedAt = at;
      return;
    }
    case "InstanceRemoved": {
      if (isStream(rowAt(topology.instances, fact.row))) topology.streams -= 1;
      remove(topology, "instances", fact);
      return;
    }
  }
}

import { add, existing, remove } from "../../kernel/writeRows.js";
import type { FactOf } from "../../model/facts.js";
import type { Mutable, Topology } from "../../model/topology.js";

/** Facts about configurations. */
export type ConfigurationFact = FactOf<
  "ConfigurationCreated" | "ConfigurationChanged" | "ConfigurationRemoved"
>;

/** Writes a fact of this subject; for `evolve` alone. */
export function evolveConfiguration(
  topology: Mutable<Topology>,
  fact: ConfigurationFact,
  at: number,
): void {
  switch (fact.type) {
    case "ConfigurationCreated": {
      add(topology, "configurations", fact.configuration, fact);
      return;
    }
    case "ConfigurationChanged": {
      const row = existing(topology.configurations, fact.row);
      const { removed } = fact;
      const kept = Object.entries(row.values).filter(([name]) => !removed.includes(name));
      Object.assign(row, fact.changes);
      row.values = { ...Object.fromEntries(kept), ...fact.set };
      row.updatedAt = at;
      return;
    }
    case "ConfigurationRemoved": {
      remove(topology, "configurations", fact);
      return;
    }
  }
}

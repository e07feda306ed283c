import type { JournalEntry } from "../kernel/journal.js";
import { type TopologyJson, topologyFromJson } from "../kernel/snapshot.js";
import { emptyTopology, type Topology } from "../model/topology.js";
import { TopologyFold, type TouchedRowsOfFold } from "../service/foldFacts.js";
import type { Journal } from "../simulator/serialization.js";
import { Directory } from "./directory.js";

/** A journal entry, the rows that it has changed, and the topology after it. */
export interface FoldedLine {
  readonly line: JournalEntry;
  readonly touched: TouchedRowsOfFold;
  readonly after: Topology;
}

/**
 * Replays the facts of a journal on its initial topology, entry by entry, with the same code as the simulator. All
 * renderings of a journal use these topologies. Appending costs O(changes). Earlier topologies stay valid.
 */
export class JournalFold {
  /** Virtual time at which the journal begins. */
  readonly startAt: number;
  /** Names and owners as of the last entry. */
  readonly directory: Directory;
  readonly #fold: TopologyFold;

  /** Creates a fold at the beginning of a journal. Append its entries in order. */
  constructor({ origin, settings }: Pick<Journal, "origin" | "settings">) {
    this.startAt = origin?.now ?? settings.startAt;
    this.#fold = new TopologyFold(
      // Validating the rows would bring the whole simulator into the program of a page.
      origin === null
        ? emptyTopology()
        : topologyFromJson(origin.topology as unknown as TopologyJson),
    );
    this.directory = new Directory(this.topology);
  }

  /** Topology after the last entry. */
  get topology(): Topology {
    return this.#fold.topology;
  }

  /** Applies the next entry. */
  append(line: JournalEntry): FoldedLine {
    const touched = this.#fold.apply(line);
    this.directory.update(touched, line.facts);
    return { line, touched, after: this.topology };
  }
}

import type { JournalEntry } from "../engine/journal.js";
import { topologyFromJson } from "../engine/snapshot.js";
import type { Journal } from "../simulator/serialization.js";
import { TopologyFold, type TouchedRowsOfFold } from "../topology/foldFacts.js";
import { frozenTopology } from "../topology/nextVersion.js";
import { emptyTopology, type Topology } from "../topology/state.js";
import { Directory } from "./directory.js";

/** One entry of a journal, the rows that it has touched, and the topology after it. */
export interface FoldedLine {
  readonly line: JournalEntry;
  readonly touched: TouchedRowsOfFold;
  readonly after: Topology;
}

/**
 * Replays the facts of a journal on the topology that it begins with, entry by entry, as the simulator itself applies
 * them. Every picture of a journal is made from these topologies. Append costs O(changes); a topology stays valid.
 */
export class JournalFold {
  /** Virtual time at which the journal begins. */
  readonly startAt: number;
  /** Names and owners as of the last entry. */
  readonly directory: Directory;
  readonly #fold: TopologyFold;

  /** A fold at the beginning of a journal; append its entries in order. */
  constructor({ origin, settings }: Pick<Journal, "origin" | "settings">) {
    this.startAt = origin?.now ?? settings.startAt;
    this.#fold = new TopologyFold(
      frozenTopology(origin === null ? emptyTopology() : topologyFromJson(origin.topology)),
    );
    this.directory = new Directory(this.topology);
  }

  /** The topology after the last entry. */
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

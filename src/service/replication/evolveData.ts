import { isStream, type Stream } from "../../kernel/derivedIndexes.js";
import type { DataFact } from "../../model/facts.js";
import type { Mutable, Topology } from "../../model/topology.js";

/** Applies a fact of the data plane to its row, and counts the rows that have a log or a link. */
export function evolveData(
  topology: Pick<Mutable<Topology>, "streams">,
  row: Stream,
  fact: DataFact,
): void {
  const before = isStream(row);
  switch (fact.type) {
    case "LinkChanged":
      row.link = fact.link;
      break;
    case "LogEnded":
      row.log = null;
      break;
    case "LogStarted":
      row.link = null;
      row.log = fact.log;
      break;
    default:
      row.log = fact.log;
  }
  if (isStream(row) !== before) topology.streams += before ? -1 : 1;
}

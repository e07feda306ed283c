import type { ReplicationLink, ReplicationLog } from "../domain/dataPlane.js";
import type { DataFact } from "../domain/facts.js";
import type { Mutable, Topology } from "./state.js";

/** The part of an instance that contains its positions. Both are values: replaced as a whole, never modified. */
interface Stream {
  log: ReplicationLog | null;
  link: ReplicationLink | null;
}

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

/** Whether an instance has a log or a link. */
export function isStream(row: Readonly<Stream> | undefined): boolean {
  return row !== undefined && (row.log !== null || row.link !== null);
}

import type { DataFact } from "../domain/dataFacts.js";
import type { ReplicationLink, ReplicationLog } from "../domain/dataPlane.js";
import type { Mutable, Topology } from "./state.js";

/** The part of an instance that tells its positions. Both are values: replaced whole, never written into. */
interface Stream {
  log: ReplicationLog | null;
  link: ReplicationLink | null;
}

/** Writes a fact of the data plane into the row that it is about, and counts the rows that have something to tell. */
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

import type { DataFact } from "../model/facts.js";
import { formatDuration } from "../outline/formatTime.js";
import type { ReplicationLink } from "../service/replication/dataPlane.model.js";
import type { Directory } from "./directory.js";

/** Describes a fact of the data plane: writes and links. */
export function describeDataFact(
  fact: DataFact,
  directory: Directory,
): { readonly who: string; readonly words: string } | undefined {
  const words = wordsOf(fact, directory);
  return words === undefined ? undefined : { who: fact.id, words };
}

function wordsOf(fact: DataFact, directory: Directory): string | undefined {
  switch (fact.type) {
    case "WorkloadSet":
      return `users write ${String(fact.log.workload.transactionsPerSecond)} transactions a second`;
    case "WorkloadMoved": {
      const { lostTransactions } = fact;
      const lost = lostTransactions === 0 ? "" : `, ${String(lostTransactions)} transactions lost`;
      return `its users go to ${directory.nameOf(fact.toId)}${lost}`;
    }
    case "WritesInterrupted":
      return "writes are not possible";
    case "WritesResumed": {
      const { unavailableMs, lostTransactions } = fact;
      const lost = lostTransactions === 0 ? "" : `, ${String(lostTransactions)} transactions lost`;
      return `users can write again after ${formatDuration(unavailableMs)}${lost}`;
    }
    case "SemiSynchronousDegraded":
      return "commits wait for no replica";
    case "SemiSynchronousRestored":
      return "commits wait for a replica";
    case "LinkChanged":
      return fact.link === null ? undefined : lineWords(fact.link);
    case "LogStarted": {
      // If clients wait, the fact that their writes resume describes it.
      const { lostTransactions, log: writes } = fact;
      const isTold = lostTransactions === 0 || writes.interruptedAt !== null;
      return isTold ? undefined : `${String(lostTransactions)} transactions lost`;
    }
    case "CommitsStalled":
      return "commits wait: no replica acknowledges";
    case "CommitStallEnded":
      return `commits came back after ${formatDuration(fact.stalledMs)}`;
    case "LogEnded":
    case "AcknowledgementChanged":
      return undefined;
  }
}

function lineWords({ receives, condition: line, failure }: ReplicationLink): string | undefined {
  if (failure !== null) return `replication stopped: ${failure.message}`;
  if (line.condition !== "normal") return `its line is ${line.condition}`;
  return receives ? "receives" : "receives nothing";
}

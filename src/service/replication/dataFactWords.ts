import type { DataFact } from "../../model/facts.js";
import { aboutRow, type FactSubjects, type FactWords } from "../shared/factWords.js";
import type { ReplicationLink } from "./dataPlane.model.js";

/** What these facts are about. */
export const dataFactSubjects: FactSubjects<DataFact["type"]> = {
  WorkloadSet: { about: aboutRow },
  LogStarted: { about: aboutRow },
  LogEnded: { about: aboutRow },
  WorkloadMoved: { about: aboutRow },
  WritesInterrupted: { about: aboutRow },
  WritesResumed: { about: aboutRow },
  AcknowledgementChanged: { about: aboutRow },
  SemiSynchronousDegraded: { about: aboutRow },
  SemiSynchronousRestored: { about: aboutRow },
  CommitsStalled: { about: aboutRow },
  CommitStallEnded: { about: aboutRow },
  LinkChanged: { about: aboutRow },
};

/** How these facts read in words. */
export const dataFactWords: FactWords<DataFact["type"]> = {
  WorkloadSet: ({ id, log }) => ({
    subjectId: id,
    words: `users write ${String(log.workload.transactionsPerSecond)} transactions a second`,
  }),
  WorkloadMoved: ({ id, toId, lostTransactions }, { nameOf }) => {
    const lost = lostTransactions === 0 ? "" : `, ${String(lostTransactions)} transactions lost`;
    return { subjectId: id, words: `its users go to ${nameOf(toId)}${lost}` };
  },
  WritesInterrupted: ({ id }) => ({ subjectId: id, words: "writes are not possible" }),
  WritesResumed: ({ id, unavailableMs, lostTransactions }, { duration }) => {
    const lost = lostTransactions === 0 ? "" : `, ${String(lostTransactions)} transactions lost`;
    return {
      subjectId: id,
      words: `users can write again after ${duration(unavailableMs)}${lost}`,
    };
  },
  SemiSynchronousDegraded: ({ id }) => ({ subjectId: id, words: "commits wait for no replica" }),
  SemiSynchronousRestored: ({ id }) => ({ subjectId: id, words: "commits wait for a replica" }),
  CommitsStalled: ({ id }) => ({ subjectId: id, words: "commits wait: no replica acknowledges" }),
  CommitStallEnded: ({ id, stalledMs, outcome }, { duration }) => ({
    subjectId: id,
    words:
      outcome === "interrupted"
        ? `waiting commits are interrupted after ${duration(stalledMs)}`
        : `commits came back after ${duration(stalledMs)}`,
  }),
  LinkChanged: ({ id, link }) => {
    const words = link === null ? undefined : linkWords(link);
    return words === undefined ? undefined : { subjectId: id, words };
  },
  LogStarted: null,
  LogEnded: null,
  AcknowledgementChanged: null,
};

function linkWords({ receives, condition: line, failure }: ReplicationLink): string | undefined {
  if (failure !== null) return `replication stopped: ${failure.message}`;
  if (line.condition !== "normal") return `its line is ${line.condition}`;
  return receives ? "receives" : "receives nothing";
}

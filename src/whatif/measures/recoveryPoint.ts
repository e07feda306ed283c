import type { Fact } from "../../model/facts.js";
import type { ReplicationLog } from "../../service/replication/dataPlane.model.js";
import { timeOf, writtenAt } from "../../service/replication/logs.js";
import type { MeasureContext, MeasureFactory } from "./measure.js";

/**
 * For each takeover, how far back the data goes that is lost: from the oldest acknowledged transaction that is gone to
 * the interruption. 0 where nothing is lost.
 */
export const recoveryPoint: MeasureFactory = ({ things, begin }) => {
  const ages: number[] = [];
  /** The log of each source as it was when it could last be written. */
  const logs = new Map<string, ReplicationLog>();
  return {
    after: ({ at, facts }) => {
      for (const fact of facts) {
        switch (fact.type) {
          case "WritesInterrupted":
          case "WritesResumed":
          case "WorkloadSet":
            logs.set(fact.id, fact.log);
            break;
          default:
        }
        if (at < begin) continue;
        if (fact.type === "LogStarted") {
          if (!hasClients(things, fact.id)) continue;
          const end = fact.log.interruptedAt ?? at;
          const kept = writtenAt(fact.log, at).transactions;
          ages.push(ageOf(fact.lostTransactions, { former: logs.get(fact.replacedId), kept, end }));
        } else if (fact.type === "WorkloadMoved" && !startsLog(facts, fact.toId)) {
          // A takeover begins a log, which says what is lost; here an operator moves the clients.
          if (!hasClients(things, fact.toId)) continue;
          const former = logs.get(fact.id);
          const end = former?.interruptedAt ?? at;
          const kept = writtenAt(fact.log, at).transactions - fact.lostTransactions;
          ages.push(ageOf(fact.lostTransactions, { former, kept, end }));
        }
      }
    },
    end: () => ages,
  };
};

/** How long before the end of writes the first transaction was written that is not kept, in ms. */
function ageOf(
  lostTransactions: number,
  {
    former,
    kept,
    end,
  }: {
    readonly former: ReplicationLog | undefined;
    readonly kept: number;
    readonly end: number;
  },
): number {
  const from = former === undefined ? undefined : timeOf(former, kept + 1);
  return lostTransactions > 0 && from !== undefined ? Math.max(0, end - from) : 0;
}

function hasClients(things: MeasureContext["things"], id: string): boolean {
  return things.some(({ thing }) => thing.clientsAt === id);
}

function startsLog(facts: readonly Fact[], id: string): boolean {
  return facts.some((fact) => fact.type === "LogStarted" && fact.id === id);
}

import type { Fact } from "../../model/facts.js";
import type { ReplicationLog } from "../../service/replication/dataPlane.model.js";
import { timeOf, writtenAt } from "../../service/replication/logs.js";
import type { MeasureFactory } from "./measure.js";

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
        // A takeover begins a log, which says what is lost; here an operator moves the clients.
        const isMove = fact.type === "WorkloadMoved" && !starts(facts, fact.toId);
        if (isMove && at >= begin && things.some(({ thing }) => thing.clientsAt === fact.toId)) {
          const former = logs.get(fact.id);
          const end = former?.interruptedAt ?? at;
          const first = writtenAt(fact.log, at).transactions - fact.lostTransactions + 1;
          const from = former === undefined ? undefined : timeOf(former, first);
          const isLoss = fact.lostTransactions > 0 && from !== undefined;
          ages.push(isLoss ? Math.max(0, end - from) : 0);
        }
        if (fact.type !== "LogStarted" || at < begin) continue;
        const isTakeover = things.some(({ thing }) => thing.clientsAt === fact.id);
        if (!isTakeover) continue;
        const { interruptedAt } = fact.log;
        const kept = writtenAt(fact.log, at).transactions;
        const former = logs.get(fact.replacedId);
        const end = interruptedAt ?? at;
        const from = former === undefined ? undefined : timeOf(former, kept + 1);
        const isLoss = fact.lostTransactions > 0 && from !== undefined;
        ages.push(isLoss ? Math.max(0, end - from) : 0);
      }
    },
    end: () => ages,
  };
};

function starts(facts: readonly Fact[], id: string): boolean {
  return facts.some((fact) => fact.type === "LogStarted" && fact.id === id);
}

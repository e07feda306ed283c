import type { MeasureFactory } from "./measure.js";

/** Transactions that were acknowledged to clients and are gone, each counted when its clients go to an instance without it. */
export const lostTransactions: MeasureFactory = ({ things, begin }) => {
  let lost = 0;
  return {
    after: ({ at, facts }) => {
      if (at < begin) return;
      for (const fact of facts) {
        if (fact.type !== "LogStarted" && fact.type !== "WorkloadMoved") continue;
        if (fact.lostTransactions === 0) continue;
        if (things.some(({ thing }) => thing.born.includes(fact.id))) lost += fact.lostTransactions;
      }
    },
    end: () => lost,
  };
};

import type { Fact } from "../../model/facts.js";
import type { MeasureFactory } from "./measure.js";

/** Transactions that were acknowledged to clients and are gone, each counted when its clients go to an instance without it. */
export const lostTransactions: MeasureFactory = ({ things, begin }) => {
  let lost = 0;
  return {
    after: ({ at, facts }) => {
      if (at < begin) return;
      const { length } = facts;
      for (let place = 0; place < length; place++) {
        const fact = facts[place] as Fact; // below the length
        if (fact.type !== "LogStarted" && fact.type !== "WorkloadMoved") continue;
        if (fact.lostTransactions === 0) continue;
        if (things.some(({ thing }) => thing.born.includes(fact.id))) lost += fact.lostTransactions;
      }
    },
    end: () => lost,
  };
};

import type { Fact } from "../../model/facts.js";
import { formed, type MeasureContext, type MeasuredThing, type MeasureFactory } from "./measure.js";

/** Automatic failovers. */
export const failovers = factCount(
  (fact, { thing }) =>
    fact.type === "SourcePromoted" && !fact.isForced && fact.id === thing.groupId,
);

/** Failovers that ended without a promotion. */
export const abortedFailovers = factCount(
  (fact, { thing }) => fact.type === "FailoverAborted" && fact.id === thing.groupId,
);

/** Faults that became active on an instance. */
export const faults = factCount((fact, { thing, instanceId }) => {
  if (fact.type !== "FaultInjected") return false;
  const { fault, phase } = fact.injected;
  if (phase === "recurring") return false;
  const id = "instanceId" in fault ? fault.instanceId : "replicaId" in fault ? fault.replicaId : "";
  return instanceId === undefined ? thing.born.includes(id) : id === instanceId;
});

/** Commands of operators. */
export const operatorActions: MeasureFactory = formed(
  { kind: "commands", which: "ofOperators" },
  ({ begin }) => {
    let count = 0;
    return {
      reacted: (commands, at) => {
        if (at >= begin) count += commands;
      },
      end: () => count,
    };
  },
);

/** Commands of steps and operators that a rule refused. */
export const refused: MeasureFactory = formed(
  { kind: "commands", which: "refused" },
  ({ refusals, begin }) => ({
    end: () => refusals.filter(({ at }) => at >= begin).length,
  }),
);

function factCount(
  counts: (fact: Fact, measured: MeasuredThing, context: MeasureContext) => boolean,
): MeasureFactory {
  return formed({ kind: "count" }, (context) => {
    let count = 0;
    return {
      after: ({ at, facts }) => {
        if (at < context.begin) return;
        for (const fact of facts) {
          for (const measured of context.things) if (counts(fact, measured, context)) count += 1;
        }
      },
      end: () => count,
    };
  });
}

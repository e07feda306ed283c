import { rowAt } from "../../collections/table.js";
import type { Fact } from "../../model/facts.js";
import { parseReference } from "../../scenario/format/references.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { targetIdOf } from "../../service/faults/activeFaults.js";
import { infoOf } from "../../service/faults/fault.model.js";
import { isFirst } from "./copies.js";
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

/** Faults that became active on an instance; without a thing, on any instance. */
export const faults = factCount((fact, { thing, instanceId }, { names, spec }) => {
  const id = affectedInstance(fact, names);
  if (id === undefined) return false;
  if (spec.of === undefined) return isFirst(names, thing);
  return instanceId === undefined ? thing.born.includes(id) : id === instanceId;
});

/** The instance that a fault strikes at this moment; undefined for facts of other kinds. */
function affectedInstance(fact: Fact, { topology }: NameTable): string | undefined {
  if (fact.type === "FaultInjected") {
    const { fault, phase } = fact.injected;
    const isActivated = phase === "active" && infoOf(fault).part !== null;
    return isActivated ? (targetIdOf(fault) ?? undefined) : undefined;
  }
  if (fact.type !== "FaultActivated") return undefined;
  const { phase, targetOrdinal } = fact.changes;
  if (phase !== "active" || targetOrdinal === null) return undefined;
  return rowAt(topology.instances, targetOrdinal)?.id;
}

/** Commands of operators; of a thing, those of operators that watch it. */
export const operatorActions: MeasureFactory = formed(
  { kind: "commands", which: "ofOperators" },
  ({ begin, spec: { of } }) => {
    let count = 0;
    return {
      reacted: (commands, at, watched) => {
        if (at < begin) return;
        if (of === undefined || parseReference(of).name === watched) count += commands;
      },
      end: () => count,
    };
  },
);

/** Commands of steps and operators that a rule refused. */
export const refused: MeasureFactory = formed(
  { kind: "commands", which: "refused" },
  ({ refusals, begin }) => ({
    end: (now) => refusals.filter(({ at }) => at >= begin && at <= now).length,
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
        const { length } = facts;
        for (const measured of context.things) {
          for (let place = 0; place < length; place++) {
            if (counts(facts[place] as Fact, measured, context)) count += 1; // below the length
          }
        }
      },
      end: () => count,
    };
  });
}

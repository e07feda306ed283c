import { aboutRow, type FactSubjects, type FactWords } from "../shared/factWords.js";
import { targetIdOf } from "./activeFaults.js";

import type { FaultFactType } from "./faultFacts.js";

/** What these facts are about. */
export const faultFactSubjects: FactSubjects<FaultFactType> = {
  FaultInjected: { about: ({ injected }) => [injected.id, targetIdOf(injected.fault)] },
  FaultActivated: { about: aboutRow },
  FaultClockChanged: { about: aboutRow },
  FaultCounterChanged: { about: aboutRow },
  FaultEnded: { about: aboutRow },
};

/** How these facts read in words. */
export const faultFactWords: FactWords<FaultFactType> = {
  FaultInjected: ({ injected: { fault, phase, dueAt, injectedAt, clockOf } }, names) => {
    // The process names each place.
    if (clockOf !== null && clockOf.instanceOrdinal === null) return undefined;
    const when = phase === "scheduled" ? `in ${names.duration((dueAt ?? 0) - injectedAt)}: ` : "";
    return { subjectId: names.targetOfFault(fault), words: when + names.describeFault(fault) };
  },
  FaultActivated: ({ row, skipped, changes }, names) => {
    const subjectId = names.targetAt(row);
    if (skipped !== null) return { subjectId, words: `${names.faultName(row)} skips: ${skipped}` };
    // The fault that it injects describes a recurring process.
    return changes.phase === "recurring"
      ? undefined
      : { subjectId, words: names.faultAt(row) ?? "" };
  },
  FaultClockChanged: null,
  FaultCounterChanged: null,
  FaultEnded: ({ row, outcome, reason }, names) => {
    if (outcome === "completed" || outcome === "exhausted") return undefined;
    const why = reason === null ? "" : ` (${withNames(reason, names.nameOf)})`;
    return { subjectId: names.targetAt(row), words: `${names.faultName(row)} is ${outcome}${why}` };
  },
};

/** Replaces ids by names. */
function withNames(reason: string, nameOf: (id: string) => string): string {
  return reason.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, nameOf);
}

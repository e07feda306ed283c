import { aboutRow, type FactSubjects, type FactWords } from "../shared/factWords.js";

import type { FailoverFactType } from "./failoverFacts.js";

/** What these facts are about. */
export const failoverFactSubjects: FactSubjects<FailoverFactType> = {
  FailoverStarted: { about: aboutRow },
  SourcePromoted: { about: ({ id, oldSourceId, newSourceId }) => [id, oldSourceId, newSourceId] },
  FailoverAborted: { about: aboutRow },
};

/** How these facts read in words. */
export const failoverFactWords: FactWords<FailoverFactType> = {
  FailoverStarted: ({ id, sourceId, candidateId }, { nameOf }) => {
    const next =
      candidateId === null ? ", and no replica is eligible" : ` for ${nameOf(candidateId)}`;
    return { subjectId: id, words: `gives up ${nameOf(sourceId)}${next}` };
  },
  SourcePromoted: ({ id, oldSourceId, newSourceId }, { nameOf }) => ({
    subjectId: id,
    words: `${nameOf(newSourceId)} is its source after ${nameOf(oldSourceId)}`,
  }),
  FailoverAborted: ({ id, reason }) => ({
    subjectId: id,
    words: `no replica is promoted: ${reason}`,
  }),
};

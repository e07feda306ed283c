import { type FactSubjects, type FactWords } from "../shared/factWords.js";

import type { ReplicationFactType } from "./replicationFacts.js";

/** What these facts are about. */
export const replicationFactSubjects: FactSubjects<ReplicationFactType> = {
  ReplicationStarted: { about: ({ replicaId, sourceId }) => [replicaId, sourceId] },
  ReplicationStopped: { about: ({ replicaId, sourceId }) => [replicaId, sourceId] },
  ReplicaPromoted: { about: ({ id, oldSourceId }) => [id, oldSourceId] },
};

/** How these facts read in words. */
export const replicationFactWords: FactWords<ReplicationFactType> = {
  ReplicationStarted: ({ replicaId, sourceId }, { nameOf }) => ({
    subjectId: replicaId,
    words: `replicates from ${nameOf(sourceId)}`,
  }),
  ReplicationStopped: ({ replicaId, sourceId }, { nameOf }) => ({
    subjectId: replicaId,
    words: `cut from ${nameOf(sourceId)}`,
  }),
  ReplicaPromoted: ({ id, oldSourceId, isEjected }, { nameOf }) => {
    const old = nameOf(oldSourceId);
    const left = isEjected ? `, and ${old} is left behind` : "";
    return { subjectId: id, words: `is the source of its set after ${old}${left}` };
  },
};

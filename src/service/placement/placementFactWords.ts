import { aboutRow, type FactSubjects, type FactWords } from "../shared/factWords.js";

/** What these facts are about. */
export const placementFactSubjects: FactSubjects<"PartitionChanged"> = {
  PartitionChanged: { about: aboutRow },
};

/** How it reads in words. The fault that cuts an instance off describes the beginning. */
export const placementFactWords: FactWords<"PartitionChanged"> = {
  PartitionChanged: ({ id, partitionId }) =>
    partitionId === null ? { subjectId: id, words: "is reached again" } : undefined,
};

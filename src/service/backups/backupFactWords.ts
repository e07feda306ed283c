import {
  aboutRow,
  changeOfStatus,
  type FactSubjects,
  type FactWords,
} from "../shared/factWords.js";

import type { BackupFactType } from "./backupFacts.js";

/** What these facts are about. */
export const backupFactSubjects: FactSubjects<BackupFactType> = {
  BackupCreated: { about: ({ backup }) => [backup.id, backup.ownerId], isLifecycle: true },
  BackupStateEntered: { about: aboutRow, isLifecycle: true },
  BackupEnded: { about: aboutRow },
  BackupRemoved: { about: aboutRow, isLifecycle: true },
};

/** How these facts read in words. */
export const backupFactWords: FactWords<BackupFactType> = {
  BackupCreated: ({ backup }, names) => {
    const { owner, words, isHidden } = names.backup(backup.id);
    return isHidden ? undefined : { subjectId: owner, words };
  },
  BackupStateEntered: (fact, names) => {
    const { owner, words } = names.backup(fact.id);
    const why = fact.lastError === null ? "" : ` (${fact.lastError.message})`;
    return { subjectId: owner, words: `${words} ${changeOfStatus(fact)}${why}` };
  },
  BackupEnded: null,
  BackupRemoved: ({ id }, names) => {
    const { owner, words, isHidden } = names.backup(id);
    return isHidden ? undefined : { subjectId: owner, words: `${words} is gone` };
  },
};

import { changeWords } from "../instances/instanceFactWords.js";
import { aboutRow, errorWords, type FactSubjects, type FactWords } from "../shared/factWords.js";

import type { HaGroupFactType } from "./haGroupFacts.js";

/** What these facts are about. */
export const haGroupFactSubjects: FactSubjects<HaGroupFactType> = {
  GroupCreated: { about: ({ group }) => [group.id], isLifecycle: true },
  GroupStateEntered: { about: aboutRow, isLifecycle: true },
  GroupChanged: { about: aboutRow },
  GroupRemoved: { about: aboutRow, isLifecycle: true },
  MemberJoined: { about: ({ instanceId, groupId }) => [instanceId, groupId] },
  MemberLeft: { about: ({ instanceId, groupId }) => [instanceId, groupId] },
  ReplicationModeChanged: { about: aboutRow },
  AclAdded: { about: aboutRow },
  AclRemoved: { about: aboutRow },
};

/** How these facts read in words. */
export const haGroupFactWords: FactWords<HaGroupFactType> = {
  GroupCreated: null,
  GroupStateEntered: errorWords,
  GroupChanged: ({ id, changes }) => {
    const words = changeWords(changes);
    return words === "" ? undefined : { subjectId: id, words };
  },
  GroupRemoved: null,
  MemberJoined: ({ instanceId, groupId, role }, { nameOf }) => ({
    subjectId: instanceId,
    words: `joins ${nameOf(groupId)} as ${role}`,
  }),
  MemberLeft: ({ instanceId, groupId }, { nameOf }) => ({
    subjectId: instanceId,
    words: `leaves ${nameOf(groupId)}`,
  }),
  ReplicationModeChanged: ({ id, mode }) => ({ subjectId: id, words: `replication is ${mode}` }),
  AclAdded: ({ id, address }) => ({ subjectId: id, words: `open to ${address}` }),
  AclRemoved: ({ id, address }) => ({ subjectId: id, words: `closed to ${address}` }),
};

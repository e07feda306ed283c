import type { Fact } from "../model/facts.js";
import { backupFactWords } from "../service/backups/backupFactWords.js";
import { configurationFactWords } from "../service/configurations/configurationFactWords.js";
import { databaseFactWords } from "../service/databases/databaseFactWords.js";
import { failoverFactWords } from "../service/failover/failoverFactWords.js";
import { faultFactWords } from "../service/faults/faultFactWords.js";
import { haGroupFactWords } from "../service/haGroups/haGroupFactWords.js";
import { instanceFactWords } from "../service/instances/instanceFactWords.js";
import { placementFactWords } from "../service/placement/placementFactWords.js";
import { dataFactWords } from "../service/replication/dataFactWords.js";
import { replicationFactWords } from "../service/replication/replicationFactWords.js";
import { scheduleFactWords } from "../service/schedules/scheduleFactWords.js";
import type { FactType } from "../service/shared/factDescriptor.js";
import {
  changeOfStatus,
  type FactNames,
  type FactText,
  type FactWords,
} from "../service/shared/factWords.js";
import type { Directory } from "./directory.js";

/** Describes the status change that a fact causes, or returns undefined if it causes none. */
export function statusChange(fact: Fact, directory: Directory): FactText | undefined {
  switch (fact.type) {
    case "InstanceCreated":
      return { subjectId: fact.instance.id, words: `→ ${fact.instance.status}` };
    case "GroupCreated":
      return { subjectId: fact.group.id, words: `→ ${fact.group.status}` };
    case "InstanceStateEntered":
    case "GroupStateEntered":
      // Two states can have one status: then there is no visible change.
      if (fact.statusBefore === fact.status) return undefined;
      return { subjectId: fact.id, words: changeOfStatus(fact) };
    case "InstanceRemoved":
    case "GroupRemoved":
      return { subjectId: fact.id, words: `${directory.statusOf(fact.id) ?? ""} → gone` };
    default:
      return undefined;
  }
}

/** Describes everything but the status change of a fact. */
export function describeFact(fact: Fact, { names }: Directory): FactText | undefined {
  // Found by the fact's own type. TypeScript cannot correlate the two unions.
  const words = factWords[fact.type] as unknown as WordsOf | null;
  return words?.(fact, names);
}

type WordsOf = (fact: Fact, names: FactNames) => FactText | undefined;

const factWords: FactWords<FactType> = {
  AccountOpened: null,
  WorkRedrawn: null,
  ...instanceFactWords,
  ...databaseFactWords,
  ...placementFactWords,
  ...replicationFactWords,
  ...haGroupFactWords,
  ...failoverFactWords,
  ...scheduleFactWords,
  ...backupFactWords,
  ...configurationFactWords,
  ...faultFactWords,
  ...dataFactWords,
};

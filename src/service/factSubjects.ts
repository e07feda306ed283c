import type { Fact } from "../model/facts.js";
import { backupFactSubjects } from "./backups/backupFactWords.js";
import { configurationFactSubjects } from "./configurations/configurationFactWords.js";
import { databaseFactSubjects } from "./databases/databaseFactWords.js";
import { failoverFactSubjects } from "./failover/failoverFactWords.js";
import { faultFactSubjects } from "./faults/faultFactWords.js";
import { haGroupFactSubjects } from "./haGroups/haGroupFactWords.js";
import { instanceFactSubjects } from "./instances/instanceFactWords.js";
import { placementFactSubjects } from "./placement/placementFactWords.js";
import { dataFactSubjects } from "./replication/dataFactWords.js";
import { replicationFactSubjects } from "./replication/replicationFactWords.js";
import { scheduleFactSubjects } from "./schedules/scheduleFactWords.js";
import type { FactType } from "./shared/factDescriptor.js";
import { aboutRow, type FactSubject, type FactSubjects } from "./shared/factWords.js";

const factSubjects: FactSubjects<FactType> = {
  AccountOpened: { about: () => [] },
  WorkRedrawn: { about: aboutRow },
  ...backupFactSubjects,
  ...configurationFactSubjects,
  ...databaseFactSubjects,
  ...failoverFactSubjects,
  ...faultFactSubjects,
  ...haGroupFactSubjects,
  ...instanceFactSubjects,
  ...placementFactSubjects,
  ...dataFactSubjects,
  ...replicationFactSubjects,
  ...scheduleFactSubjects,
};

/** Returns whether a fact is about the row with an id. */
export function isAbout(fact: Fact, id: string): boolean {
  return subjectOf(fact)
    .about(fact as never)
    .includes(id);
}

/** Returns whether a row with an id begins, changes its state or ends with a fact. */
export function givesState(fact: Fact, id: string): boolean {
  const { isLifecycle, about } = subjectOf(fact);
  return isLifecycle === true && about(fact as never)[0] === id;
}

function subjectOf(fact: Fact): FactSubject<never> {
  // Found by the fact's own type. TypeScript cannot correlate the two unions.
  return factSubjects[fact.type] as unknown as FactSubject<never>;
}

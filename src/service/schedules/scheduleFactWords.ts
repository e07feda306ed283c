import { aboutRow, type FactSubjects, type FactWords } from "../shared/factWords.js";

import type { ScheduleFactType } from "./scheduleFacts.js";

/** What these facts are about. */
export const scheduleFactSubjects: FactSubjects<ScheduleFactType> = {
  ScheduleCreated: {
    about: ({ schedule, carriedFrom }) => [schedule.id, schedule.ownerId, carriedFrom],
    isLifecycle: true,
  },
  ScheduleChanged: { about: aboutRow },
  ScheduleRemoved: { about: aboutRow, isLifecycle: true },
  ScheduleFired: { about: aboutRow },
};

/** How these facts read in words. */
export const scheduleFactWords: FactWords<ScheduleFactType> = {
  ScheduleCreated: ({ schedule, carriedFrom }, names) => ({
    subjectId: schedule.ownerId,
    words: (carriedFrom === null ? "" : "takes over: ") + names.schedule(schedule),
  }),
  ScheduleChanged: ({ id, changes }, names) => {
    const { dayOfWeek, hour, minute } = changes;
    if (dayOfWeek === undefined || hour === undefined || minute === undefined) return undefined;
    return { subjectId: names.ownerOf(id), words: names.schedule({ dayOfWeek, hour, minute }) };
  },
  ScheduleRemoved: ({ id }, { ownerOf }) => ({
    subjectId: ownerOf(id),
    words: "its backup schedule ends",
  }),
  // The facts of the backup describe a run that took one.
  ScheduleFired: ({ id, reason }, { ownerOf }) =>
    reason === null ? undefined : { subjectId: ownerOf(id), words: `nothing is taken (${reason})` },
};

import type { CommandOf } from "../../domain/commands.js";
import type { Moment } from "../moment.js";

/** Work that is to fail is noted; it strikes when such work ends. */
export function failTask(moment: Moment, command: CommandOf<"failTask">): void {
  const { of, skip = 0, every = 1, times = 1, atPreparation = false, message } = command;
  moment.facts.push({
    type: "FailurePlanned",
    failure: {
      number: moment.context.topology.failuresPlanned,
      task: command.task,
      of: of ?? null,
      skip,
      every,
      times,
      atPreparation,
      message: message ?? null,
      cause: moment.seq,
    },
  });
}

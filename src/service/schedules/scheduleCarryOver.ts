import { membersOf, scheduleOf } from "../../kernel/queries.js";
import type { Topology } from "../../model/topology.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { BackupSchedule } from "./schedule.model.js";

/** What becomes of the members' schedules when their group is formed. */
export interface CarryOver {
  /** The schedule that the group takes over, or undefined when no member has one. */
  readonly carried: BackupSchedule | undefined;
  /** Every schedule of a member; none survives as such. */
  readonly ended: readonly BackupSchedule[];
}

/**
 * The carry-over of schedules on a conversion to HA. The API document says that an enabled schedule of the source
 * or a replica becomes the group's, with the same day, hour and minute. Where several members have one, the
 * source's wins, then the first replica's in the order of membership (C18); the members' own are deleted.
 */
export function scheduleCarryOver(topology: Topology, group: HaGroup): CarryOver {
  const ended = membersOf(topology, group).flatMap(({ accountId, scheduleId }) => {
    const schedule =
      scheduleId === null ? undefined : scheduleOf(topology, { accountId, id: scheduleId });
    return schedule === undefined ? [] : [schedule];
  });
  return { carried: ended[0], ended };
}

import { rowAt, rowsOf } from "../collections/table.js";
import { membersOf, replicasOf, scheduleOf } from "../kernel/queries.js";
import { isOfPlaces } from "../model/randomPlaces.js";
import type { Topology } from "../model/topology.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";

/** Which part of a topology to show; all accounts unless one is named. */
export interface TopologyView {
  readonly accountId?: string;
}

/** Instances that belong together: an HA group, a source with its replicas, or one that stands alone. */
export interface InstanceCluster {
  readonly group: HaGroup | null;
  /** Source first. */
  readonly members: readonly Instance[];
}

/**
 * Resources of an account: HA groups first, then replication sets, then stand-alone instances; each in order of
 * creation.
 */
export interface AccountGroups {
  readonly accountId: string;
  readonly families: readonly InstanceCluster[];
}

/** The part an instance plays. */
export type Role = "source" | "replica" | "stand-alone";

/** Everything there is, as families. O(n). */
export function groupByAccount(
  topology: Topology,
  { accountId }: TopologyView,
): readonly AccountGroups[] {
  const homes = new Map<
    string,
    { groups: InstanceCluster[]; sets: InstanceCluster[]; lone: InstanceCluster[] }
  >();
  const homeOf = (id: string) => {
    const home = homes.get(id) ?? { groups: [], sets: [], lone: [] };
    homes.set(id, home);
    return home;
  };
  for (const { id } of rowsOf(topology.accounts)) if (isShown(id)) homeOf(id);
  for (const group of rowsOf(topology.groups)) {
    if (!isShown(group.accountId)) continue;
    homeOf(group.accountId).groups.push({ group, members: membersOf(topology, group) });
  }
  for (const instance of rowsOf(topology.instances)) {
    // A replica is shown with its source, a member with its group.
    if (!isShown(instance.accountId) || instance.groupId !== null || instance.sourceId !== null)
      continue;
    const { sets, lone } = homeOf(instance.accountId);
    if (instance.replicaIds.length === 0) lone.push({ group: null, members: [instance] });
    else sets.push({ group: null, members: [instance, ...replicasOf(topology, instance)] });
  }
  return [...homes].map(([id, { groups, sets, lone }]) => ({
    accountId: id,
    families: [...groups, ...sets, ...lone],
  }));

  function isShown(id: string): boolean {
    return accountId === undefined || accountId === id;
  }
}

/** The part an instance plays at present. */
export function roleOf({ sourceId, replicaIds }: Instance): Role {
  if (sourceId !== null) return "replica";
  return replicaIds.length > 0 ? "source" : "stand-alone";
}

/** Returns the details of an instance beside its name, role and status. */
export function instanceDetails(topology: Topology, instance: Instance): readonly string[] {
  const {
    datastoreType,
    datastoreVersion,
    flavorId,
    volumeGb,
    partitionId,
    lastError: fault,
  } = instance;
  return [
    `${datastoreType} ${datastoreVersion}`,
    `flavor ${flavorId}`,
    `${String(volumeGb)} GB`,
    ...placeDetails(topology, instance),
    ...(partitionId === null ? [] : ["cut off by a partition"]),
    ...scheduleDetails(topology, instance),
    ...(fault === null ? [] : [fault.message]),
  ];
}

/** Returns the zone and the rack of an instance where they matter: a fault names places. */
export function placeDetails(topology: Topology, { zone, rack }: Instance): readonly string[] {
  const matters = topology.watchedFaults.some((ordinal) => {
    const fault = rowAt(topology.faults, ordinal)?.fault;
    return fault?.kind === "correlated" || (fault?.kind === "random" && isOfPlaces(fault.target));
  });
  return matters ? [`${zone} ${rack}`] : [];
}

/** Returns the details of a group beside its name and status. */
export function groupDetails(topology: Topology, group: HaGroup): readonly string[] {
  return [
    group.replicationMode,
    group.networks.join(" and "),
    ...(group.acls.length === 0 ? [] : [`open to ${group.acls.join(" and ")}`]),
    ...scheduleDetails(topology, group),
    ...(group.lastError === null ? [] : [group.lastError.message]),
  ];
}

/** A schedule in words: it runs every day, and its day of the week says when the backup is full. */
export function describeSchedule({
  dayOfWeek,
  hour,
  minute,
}: Pick<BackupSchedule, "dayOfWeek" | "hour" | "minute">): string {
  const time = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")} UTC`;
  return `backups at ${time} (full ${weekdays[dayOfWeek] ?? "every day"})`;
}

function scheduleDetails(topology: Topology, owner: Instance | HaGroup): readonly string[] {
  const { accountId, scheduleId } = owner;
  const schedule =
    scheduleId === null ? undefined : scheduleOf(topology, { accountId, id: scheduleId });
  return schedule === undefined ? [] : [describeSchedule(schedule)];
}

const weekdays = [
  "on Sunday",
  "on Monday",
  "on Tuesday",
  "on Wednesday",
  "on Thursday",
  "on Friday",
  "on Saturday",
];

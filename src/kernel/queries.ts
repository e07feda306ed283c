import { type IdIndex, ordinalOf, scanIds } from "../collections/idIndex.js";
import { rowAt, rowsAt, type Table } from "../collections/table.js";
import { InvariantViolationError } from "../model/errors.js";
import type { Account, Topology } from "../model/topology.js";
import type { Backup } from "../service/backups/backup.model.js";
import type { Configuration } from "../service/configurations/configuration.model.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";

/** An id as one account sees it: another account's id is as unknown as one that never was. */
export interface OwnId {
  readonly accountId: string;
  readonly id: string;
}

/** The account, or undefined before its first command. O(log n). */
export function accountOf(topology: Topology, accountId: string): Account | undefined {
  if (topology.accounts.size === 1) {
    // Most worlds have one account, which needs no index.
    const only = rowAt(topology.accounts, 0);
    return only?.id === accountId ? only : undefined;
  }
  const ordinal = ordinalOf(topology.accountIndex, accountId);
  return ordinal === undefined ? undefined : rowAt(topology.accounts, ordinal);
}

/** The instance with this id in this account. O(log n). */
export function instanceOf(topology: Topology, own: OwnId): Instance | undefined {
  return owned(topology.instances, accountOf(topology, own.accountId)?.instances, own);
}

/** The HA group with this id in this account. O(log n). */
export function groupOf(topology: Topology, own: OwnId): HaGroup | undefined {
  return owned(topology.groups, accountOf(topology, own.accountId)?.groups, own);
}

/** The schedule with this id in this account. O(log n). */
export function scheduleOf(topology: Topology, own: OwnId): BackupSchedule | undefined {
  return owned(topology.schedules, accountOf(topology, own.accountId)?.schedules, own);
}

/** The backup with this id in this account. O(log n). */
export function backupOf(topology: Topology, own: OwnId): Backup | undefined {
  return owned(topology.backups, accountOf(topology, own.accountId)?.backups, own);
}

/** The configuration with this id in this account. O(log n). */
export function configurationOf(topology: Topology, own: OwnId): Configuration | undefined {
  return owned(topology.configurations, accountOf(topology, own.accountId)?.configurations, own);
}

/** Field names stand above: V8 reads a field whose name is a value several times as slowly. */
function owned<Row extends object>(
  table: Table<Row>,
  index: IdIndex | undefined,
  { id }: OwnId,
): Row | undefined {
  const ordinal = index && ordinalOf(index, id);
  return ordinal === undefined ? undefined : rowAt(table, ordinal);
}

/** An instance that another row points at, so that it must be there. */
export function linkedInstance(topology: Topology, from: Instance | HaGroup, id: string): Instance {
  const found = instanceOf(topology, { accountId: from.accountId, id });
  if (found === undefined)
    throw new InvariantViolationError(`${from.id} refers to ${id}, which does not exist`);
  return found;
}

/** Instances that another row points at, in the order of its ids. */
export function instancesOf(
  topology: Topology,
  from: Instance | HaGroup,
  ids: readonly string[],
): readonly Instance[] {
  // V8 gives an array that is pushed to room for 17, and the rest of these few would be most of what a fact allocates.
  if (ids.length === 0) return noInstances;
  if (ids.length > 2) return ids.map((id) => linkedInstance(topology, from, id));
  const first = linkedInstance(topology, from, ids[0] as string);
  return ids.length === 1 ? [first] : [first, linkedInstance(topology, from, ids[1] as string)];
}

const noInstances: readonly Instance[] = [];

/** The replicas of a source, in order of creation. */
export function replicasOf(topology: Topology, source: Instance): readonly Instance[] {
  return instancesOf(topology, source, source.replicaIds);
}

/** The whole replication set of one of its members, source first; a lone instance is a set of one. */
export function replicationSetOf(topology: Topology, member: Instance): readonly Instance[] {
  const source =
    member.sourceId === null ? member : linkedInstance(topology, member, member.sourceId);
  return [source, ...replicasOf(topology, source)];
}

/** The members of a group, source first. */
export function membersOf(topology: Topology, group: HaGroup): readonly Instance[] {
  const replicas = instancesOf(topology, group, group.replicaIds);
  if (group.sourceId === null) return replicas;
  return [linkedInstance(topology, group, group.sourceId), ...replicas];
}

/** One page of a listing; `marker` is the last id of the previous page. */
export interface PageRequest {
  /** At least 1. */
  readonly limit: number;
  readonly marker?: string | undefined;
}

/** Items in the order of their ids; `nextMarker` is there only when more follow. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextMarker?: string;
}

/** Which instances a listing leaves out (C36: the two filters are independent). */
export interface InstanceFilter {
  readonly includeReplicas: boolean;
  readonly includeHa: boolean;
  /** Only those that have this configuration attached. */
  readonly configurationId?: string | undefined;
}

/** A page of an account's instances by id: filtered first, then paged (§4.5). O(log n + scanned). */
export function pageOfInstances(
  topology: Topology,
  accountId: string,
  { filter, page }: { readonly filter: InstanceFilter; readonly page: PageRequest },
): Page<Instance> {
  const account = accountOf(topology, accountId);
  const { configurationId } = filter;
  if (configurationId === undefined && filter.includeReplicas && filter.includeHa) {
    return pageOf(topology.instances, account?.instances, page);
  }
  return pageOf(topology.instances, account?.instances, page, (instance) => {
    if (configurationId !== undefined && instance.configurationId !== configurationId) return false;
    if (!filter.includeReplicas && instance.sourceId !== null) return false;
    return filter.includeHa || instance.groupId === null;
  });
}

/** A page of an account's HA groups by id. O(log n + page). */
export function pageOfGroups(
  topology: Topology,
  accountId: string,
  page: PageRequest,
): Page<HaGroup> {
  return pageOf(topology.groups, accountOf(topology, accountId)?.groups, page);
}

/** A page of an account's schedules by id. O(log n + page). */
export function pageOfSchedules(
  topology: Topology,
  accountId: string,
  page: PageRequest,
): Page<BackupSchedule> {
  return pageOf(topology.schedules, accountOf(topology, accountId)?.schedules, page);
}

/** Which backups a listing is about; everything that is left out lets all pass. */
export interface BackupFilter {
  readonly ownerId?: string | undefined;
  readonly datastoreType?: string | undefined;
}

/** A page of an account's backups by id, hidden ones left out: filtered first, then paged. O(log n + scanned). */
export function pageOfBackups(
  topology: Topology,
  accountId: string,
  { filter, page }: { readonly filter: BackupFilter; readonly page: PageRequest },
): Page<Backup> {
  const { ownerId, datastoreType } = filter;
  return pageOf(
    topology.backups,
    accountOf(topology, accountId)?.backups,
    page,
    (backup) =>
      backup.hiddenForReplicaId === null &&
      (ownerId === undefined || backup.ownerId === ownerId) &&
      (datastoreType === undefined || backup.datastoreType === datastoreType),
  );
}

/** A page of an account's configurations by id. O(log n + page). */
export function pageOfConfigurations(
  topology: Topology,
  accountId: string,
  page: PageRequest,
): Page<Configuration> {
  return pageOf(topology.configurations, accountOf(topology, accountId)?.configurations, page);
}

/** All backups of one instance or group, oldest first, hidden ones included. O(backups of the account). */
export function backupsOf(topology: Topology, { accountId, id }: OwnId): readonly Backup[] {
  const account = accountOf(topology, accountId);
  if (account === undefined) return [];
  const ordinals: number[] = [];
  scanIds(account.backups, undefined, (ordinal) => ordinals.push(ordinal));
  return rowsAt(topology.backups, ordinals)
    .filter(({ ownerId }) => ownerId === id)
    .sort((a, b) => a.ordinal - b.ordinal);
}

/** A backup, what it adds to, and so on back to the full one. */
export function ancestryOf(topology: Topology, backup: Backup): readonly Backup[] {
  const ancestry: Backup[] = [];
  for (let next: Backup | undefined = backup; next !== undefined; ) {
    ancestry.push(next);
    const { accountId, parentId }: Backup = next;
    next = parentId === null ? undefined : backupOf(topology, { accountId, id: parentId });
  }
  return ancestry;
}

/** All backups that were made from one, directly or not; each after what it adds to. */
export function descendantsOf(topology: Topology, backup: Backup): readonly Backup[] {
  const made = new Set<string | null>([backup.id]);
  // Oldest first: what a backup adds to comes before it.
  return backupsOf(topology, { accountId: backup.accountId, id: backup.ownerId }).filter(
    ({ id, parentId }) => made.has(parentId) && made.add(id),
  );
}

function sumOf(rows: readonly { readonly ordinal: number }[]): number {
  let sum = 0;
  for (const { ordinal } of rows) sum += ordinal;
  return sum;
}

function pageOf<Row extends { readonly id: string; readonly ordinal: number }>(
  table: Parameters<typeof rowAt<Row>>[0],
  index: Account["instances"] | undefined,
  { limit, marker }: PageRequest,
  includes?: (row: Row) => boolean,
): Page<Row> {
  const items: Row[] = [];
  if (index === undefined) return { items };
  // One item more than requested shows whether another page follows.
  let after = marker;
  for (let isMore = true; isMore && items.length <= limit; ) {
    const wanted = limit + 1 - items.length;
    const ordinals: number[] = [];
    isMore = false;
    scanIds(index, after, (ordinal, id) => {
      ordinals.push(ordinal);
      after = id;
      isMore = ordinals.length === wanted;
      return !isMore;
    });
    const rows = rowsAt(table, ordinals);
    // Checked before anything else is done with the rows: in a loop this short the waits for memory overlap.
    if (sumOf(rows) !== ordinals.reduce((sum, ordinal) => sum + ordinal, 0)) {
      throw new InvariantViolationError("an index leads to other rows");
    }
    for (const row of rows) if (includes?.(row) !== false) items.push(row);
  }
  if (items.length <= limit) return { items };
  items.pop();
  return { items, nextMarker: (items.at(-1) as Row).id }; // a page has room for one item at least
}

import { rowsOf, type Table } from "../../collections/table.js";
import type { Place } from "../../model/rows.js";
import { record } from "../../model/schema/compositeFields.js";
import { enumOf, optional, string } from "../../model/schema/fields.js";
import { type Backup } from "../../service/backups/backup.model.js";
import { readValue } from "../../service/commands/parseCommand.js";
import { type HaGroup } from "../../service/haGroups/haGroup.model.js";
import { type Instance } from "../../service/instances/instance.model.js";
import { type BackupSchedule } from "../../service/schedules/schedule.model.js";
import type { ClientKernel, PartOf } from "../clientKernel.js";

/** All rows of an account at once: no paging, no rate limit, no role. None of these is an operation of the API. */
export interface RowMethods {
  /**
   * Returns all instances of the account that match, in order of creation, members of HA groups included. Unlike
   * `listInstances` it is not an operation of the API: nothing is paged or counted. O(instances of the service).
   *
   * @example
   * ```ts
   * console.log(sim.instances({ status: "ACTIVE" }).length, source.name); // 2 orders
   * ```
   * @param filter - status, role and others; all have to match
   * @returns the matching rows
   * @throws InvalidInputError `row-filter`
   */
  instances(filter?: InstanceFilter): readonly Instance[];

  /**
   * Returns all HA groups of the account that match, in order of creation.
   *
   * @example
   * ```ts
   * console.log(sim.groups({ status: "ACTIVE" }).length, group.name); // 1 orders-ha
   * ```
   * @param filter - `status` to match
   * @returns the matching rows
   * @throws InvalidInputError `row-filter`
   */
  groups(filter?: { readonly status?: string }): readonly HaGroup[];

  /**
   * Returns all backups of the account that match, in order of creation, hidden ones of replicas included.
   *
   * @example
   * ```ts
   * console.log(sim.backups({ status: "COMPLETED" }).length >= 1, backup.name); // true nightly
   * ```
   * @param filter - `status` to match
   * @returns the matching rows
   * @throws InvalidInputError `row-filter`
   */
  backups(filter?: { readonly status?: string }): readonly Backup[];

  /**
   * Returns all backup schedules of the account, in order of creation.
   *
   * @example
   * ```ts
   * console.log(sim.schedules().length, schedule.ownerKind); // 1 instance
   * ```
   * @returns the rows
   */
  schedules(): readonly BackupSchedule[];
}

/** The implementation, given the kernel of a client. */
export const rowMethods: PartOf<RowMethods> = {
  instances: (client, filter = {}) => {
    const { role, status, groupId, sourceId } = readValue(instanceFilter, filter, {
      path: "filter",
      limits: client.world.settings.limits,
    });
    return allRows(client, client.world.topology.instances).filter(
      (row) =>
        (role === undefined || role === roleOf(row)) &&
        (status === undefined || status === row.status) &&
        (groupId === undefined || groupId === row.groupId) &&
        (sourceId === undefined || sourceId === row.sourceId),
    );
  },
  groups: (client, filter = {}) =>
    withStatus(client, allRows(client, client.world.topology.groups), filter),
  backups: (client, filter = {}) =>
    withStatus(client, allRows(client, client.world.topology.backups), filter),
  schedules: (client) => allRows(client, client.world.topology.schedules),
};

/** Which instances to return; conditions are combined. */
export interface InstanceFilter {
  /** `source` has replicas, `replica` replicates from a source, `stand-alone` is neither. */
  readonly role?: "source" | "replica" | "stand-alone";
  /** The API's status, such as `ACTIVE`. */
  readonly status?: string;
  /** Id of the HA group that they are members of. */
  readonly groupId?: string;
  /** Id of the source that they replicate from. */
  readonly sourceId?: string;
}

const text = string({ rule: "row-filter", source: "§11" });

const instanceFilter = record<InstanceFilter>({
  rule: "row-filter",
  source: "§11",
  of: {
    role: optional(
      enumOf({ rule: "row-filter", source: "§11", of: ["source", "replica", "stand-alone"] }),
    ),
    status: optional(text),
    groupId: optional(text),
    sourceId: optional(text),
  },
});

const statusFilter = record<{ readonly status?: string }>({
  rule: "row-filter",
  source: "§11",
  of: { status: optional(text) },
});

function allRows<Row extends Place & { readonly accountId: string }>(
  client: ClientKernel,
  table: Table<Row>,
): readonly Row[] {
  return [...rowsOf(table)]
    .filter((row) => row.accountId === client.accountId)
    .map((row) => client.show(row));
}

function withStatus<Row extends { readonly status: string }>(
  client: ClientKernel,
  rows: readonly Row[],
  filter: { readonly status?: string },
): readonly Row[] {
  const { limits } = client.world.settings;
  const { status } = readValue(statusFilter, filter, { path: "filter", limits });
  return status === undefined ? rows : rows.filter((row) => row.status === status);
}

function roleOf({ sourceId, replicaIds }: Instance): "source" | "replica" | "stand-alone" {
  if (sourceId !== null) return "replica";
  return replicaIds.length > 0 ? "source" : "stand-alone";
}

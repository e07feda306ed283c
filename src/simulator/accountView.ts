import { labelledRow, placeOfLabel } from "../kernel/labels.js";
import {
  backupOf,
  configurationOf,
  groupOf,
  instanceOf,
  membersOf,
  type OwnId,
  replicasOf,
  scheduleOf,
} from "../kernel/queries.js";
import type { Catalog } from "../model/catalog.js";
import type { CommandType } from "../model/commandTypes.js";
import type { ReplicationError } from "../model/errors.js";
import type { Limits } from "../model/limits.js";
import type { Place } from "../model/rows.js";
import type { Backup } from "../service/backups/backup.model.js";
import type { Configuration } from "../service/configurations/configuration.model.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";
import type { World } from "./world.js";
import type { WorldRef } from "./worldRef.js";

/** Returns a row as a caller may see it. */
export type Show = <Row extends Place>(row: Row) => Row;

/**
 * The rows and the catalog of one account, for display. Unlike the methods of the API it never throws, and an id that the
 * account does not have gives undefined; rows of other accounts are not found. A view that is kept shows what is true now.
 */
export interface AccountView {
  readonly accountId: string;
  /** The region of the service. */
  readonly region: string;
  /** Flavors and datastores on offer. */
  readonly catalog: Catalog;
  /** The counted limits of the service. */
  readonly limits: Limits;
  /**
   * Returns the error that a request would get before its input is validated: an outage, or a command over the rate limit
   * of its minute. Undefined if the request is admitted. Does not consume quota.
   */
  refusal(command?: CommandType): ReplicationError | undefined;
  /** Returns the instance with this id. */
  instance(id: string): Instance | undefined;
  /** Returns the replicas of a source of this account as it is now, in order of creation. */
  replicasOf(source: Instance): readonly Instance[];
  /** Returns the HA group with this id. */
  group(id: string): HaGroup | undefined;
  /** Returns the members of a group of this account as it is now, source first. */
  membersOf(group: HaGroup): readonly Instance[];
  /** Returns the schedule with this id. */
  schedule(id: string): BackupSchedule | undefined;
  /** Returns the backup with this id; never a hidden one. */
  backup(id: string): Backup | undefined;
  /** Returns the configuration with this id. */
  configuration(id: string): Configuration | undefined;
  /** Returns kind and id of what has a label; undefined before it is created, and after it is removed. */
  labelled(label: string):
    | {
        readonly kind: "instance" | "group" | "schedule" | "backup" | "configuration" | "fault";
        readonly id: string;
      }
    | undefined;
}

/** Creates the view of an account. */
export function accountView(worldRef: WorldRef, accountId: string, show: Show): AccountView {
  return new WorldView(worldRef, accountId, show);
}

const labelledKindWords = {
  instances: "instance",
  groups: "group",
  schedules: "schedule",
  backups: "backup",
  configurations: "configuration",
  faults: "fault",
} as const;

class WorldView implements AccountView {
  readonly accountId: string;
  readonly #worldRef: WorldRef;
  readonly #show: Show;

  constructor(worldRef: WorldRef, accountId: string, show: Show) {
    this.#worldRef = worldRef;
    this.accountId = accountId;
    this.#show = show;
  }

  get #world(): World {
    return this.#worldRef.world;
  }

  get region(): string {
    return this.#world.settings.region;
  }

  get catalog(): Catalog {
    return this.#world.settings.catalog;
  }

  get limits(): Limits {
    return this.#world.settings.limits;
  }

  refusal(command?: CommandType): ReplicationError | undefined {
    return this.#world.against(this, command);
  }

  instance(id: string): Instance | undefined {
    return this.#seen(instanceOf(this.#world.topology, this.#own(id)));
  }

  replicasOf(source: Instance): readonly Instance[] {
    const own = instanceOf(this.#world.topology, this.#own(idOf(source)));
    return own === undefined
      ? []
      : replicasOf(this.#world.topology, own).map((row) => this.#show(row));
  }

  group(id: string): HaGroup | undefined {
    return this.#seen(groupOf(this.#world.topology, this.#own(id)));
  }

  membersOf(group: HaGroup): readonly Instance[] {
    const own = groupOf(this.#world.topology, this.#own(idOf(group)));
    return own === undefined
      ? []
      : membersOf(this.#world.topology, own).map((row) => this.#show(row));
  }

  schedule(id: string): BackupSchedule | undefined {
    return this.#seen(scheduleOf(this.#world.topology, this.#own(id)));
  }

  backup(id: string): Backup | undefined {
    const found = backupOf(this.#world.topology, this.#own(id));
    return found?.hiddenForReplicaId === null ? this.#show(found) : undefined;
  }

  configuration(id: string): Configuration | undefined {
    return this.#seen(configurationOf(this.#world.topology, this.#own(id)));
  }

  labelled(label: string): ReturnType<AccountView["labelled"]> {
    if (typeof label !== "string") return undefined;
    const place = placeOfLabel(this.#world.topology, { accountId: this.accountId, label });
    if (place === undefined || place === null) return undefined;
    const row = labelledRow(this.#world.topology, place);
    return row && { kind: labelledKindWords[place.kind], id: row.id };
  }

  #seen<Row extends Place>(row: Row | undefined): Row | undefined {
    return row && this.#show(row);
  }

  #own(id: unknown): OwnId {
    return { accountId: this.accountId, id: typeof id === "string" ? id : "" };
  }
}

/** The id of a row as a caller gives it: perhaps of another moment, or of another account. */
function idOf(row: unknown): unknown {
  try {
    return (row as { readonly id?: unknown }).id;
  } catch {
    return undefined;
  }
}

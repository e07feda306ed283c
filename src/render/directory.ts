import { rowsOf } from "../collections/table.js";
import type { Fact } from "../model/facts.js";
import type { Topology } from "../model/topology.js";
import { formatDuration } from "../outline/formatTime.js";
import { describeSchedule } from "../outline/groupInstances.js";
import type { Backup } from "../service/backups/backup.model.js";
import type { Fault, InjectedFault } from "../service/faults/fault.model.js";
import type { TouchedRowsOfFold } from "../service/foldFacts.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { FactNames } from "../service/shared/factWords.js";
import { describeFault, faultWords, subjectOfFault } from "./describeFault.js";

/** Owner and name of a backup. */
export interface KnownBackup {
  readonly owner: string;
  readonly words: string;
  readonly isHidden: boolean;
}

/**
 * The last known row of each resource in a journal, by id. Rows of deleted resources are kept, because later entries
 * can refer to them.
 */
export class Directory {
  readonly #named = new Map<string, Instance | HaGroup>();
  readonly #owners = new Map<string, string>();
  readonly #backups = new Map<string, Backup>();
  readonly #faults = new Map<string | number, InjectedFault>();
  /** The names and formats for the words of facts. */
  readonly names: FactNames = {
    nameOf: (id) => this.nameOf(id),
    ownerOf: (scheduleId) => this.ownerOf(scheduleId),
    backup: (id) => this.backup(id),
    targetAt: (row) => this.targetAt(row),
    faultAt: (row) => this.faultAt(row),
    faultName: (row) => `fault ${faultWords(this.faultOf(row)?.kind ?? "")}`,
    describeFault,
    targetOfFault: subjectOfFault,
    duration: formatDuration,
    schedule: describeSchedule,
  };

  /** Adds all rows of the initial topology of a journal. */
  constructor({ instances, groups, schedules, backups, faults }: Topology) {
    for (const row of rowsOf(instances)) this.#named.set(row.id, row);
    for (const row of rowsOf(groups)) this.#named.set(row.id, row);
    for (const { id, ownerId } of rowsOf(schedules)) this.#owners.set(id, ownerId);
    for (const row of rowsOf(backups)) this.#backups.set(row.id, row);
    for (const row of rowsOf(faults)) this.#addFault(row);
  }

  /** Adds the rows that an entry has changed, or created and ended. O(changes). */
  update(touched: TouchedRowsOfFold, facts: readonly Fact[]): void {
    for (const fact of facts) {
      // A resource created and ended by one entry is in no topology before or after it.
      if (fact.type === "FaultInjected") this.#addFault(fact.injected);
      if (fact.type === "BackupCreated") this.#backups.set(fact.backup.id, fact.backup);
      if (fact.type === "InstanceCreated") this.#named.set(fact.instance.id, fact.instance);
    }
    for (const { right } of touched.instances)
      if (right !== undefined) this.#named.set(right.id, right);
    for (const { right } of touched.groups)
      if (right !== undefined) this.#named.set(right.id, right);
    for (const { right } of touched.schedules)
      if (right !== undefined) this.#owners.set(right.id, right.ownerId);
    for (const { right } of touched.backups)
      if (right !== undefined) this.#backups.set(right.id, right);
    for (const { right } of touched.faults) if (right !== undefined) this.#addFault(right);
  }

  /** Returns the name of an instance or a group, or the id itself if it is unknown. */
  nameOf(id: string): string {
    return this.#named.get(id)?.name ?? id;
  }

  /** Returns the account of an instance or a group, or undefined. */
  accountOf(id: string): string | undefined {
    return this.#named.get(id)?.accountId;
  }

  /** Returns the last status of an instance or a group, or undefined. */
  statusOf(id: string): string | undefined {
    return this.#named.get(id)?.status;
  }

  /** Returns the id of the current or former owner of a schedule. */
  ownerOf(scheduleId: string): string {
    return this.#owners.get(scheduleId) ?? scheduleId;
  }

  /**
   * Returns the id of the instance or group that a fault of an account affects; empty if it affects none in
   * particular.
   */
  targetOf({
    accountId,
    faultId,
  }: {
    readonly accountId: string;
    readonly faultId: string;
  }): string {
    return this.#target(`${accountId} ${faultId}`);
  }

  /** Same as above, by the row of the fault. */
  targetAt(row: number): string {
    return this.#target(row);
  }

  /** Returns a fault by its row; undefined for an unknown fault. */
  faultOf(row: number): Fault | undefined {
    return this.#faults.get(row)?.fault;
  }

  /** Describes the effect of a fault by its row; undefined for an unknown fault. */
  faultAt(row: number): string | undefined {
    const injected = this.#faults.get(row);
    return injected === undefined ? undefined : describeFault(injected.fault);
  }

  /** Returns owner and name of a backup. An unknown backup is its own owner. */
  backup(id: string): KnownBackup {
    const backup = this.#backups.get(id);
    if (backup === undefined) return { owner: id, words: "backup", isHidden: false };
    const { ownerId, name, hiddenForReplicaId, parentId } = backup;
    const own = `${parentId === null ? "" : "incremental "}backup "${name}"`;
    const words =
      hiddenForReplicaId === null ? own : `hidden backup for ${this.nameOf(hiddenForReplicaId)}`;
    return { owner: ownerId, words, isHidden: hiddenForReplicaId !== null };
  }

  #target(key: string | number): string {
    const injected = this.#faults.get(key);
    return injected === undefined ? "" : subjectOfFault(injected.fault);
  }

  #addFault(injected: InjectedFault): void {
    this.#faults.set(`${injected.accountId} ${injected.id}`, injected);
    this.#faults.set(injected.ordinal, injected);
  }
}

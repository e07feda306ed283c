import { rowsOf } from "../collections/table.js";
import type { Backup, HaGroup, Instance } from "../domain/entities.js";
import type { Fact } from "../domain/facts.js";
import type { InjectedFault } from "../domain/faults.js";
import type { TouchedRowsOfFold } from "../topology/foldFacts.js";
import type { Topology } from "../topology/state.js";
import { describeFault, subjectOfFault } from "./describeFault.js";

/** What is known of a backup: whose it is, and what to call it. */
export interface KnownBackup {
  readonly owner: string;
  readonly words: string;
  readonly isHidden: boolean;
}

/**
 * The last known row of everything that a journal has shown so far, by id. Rows stay when they are removed, since
 * later entries may speak of them.
 */
export class Directory {
  readonly #named = new Map<string, Instance | HaGroup>();
  readonly #owners = new Map<string, string>();
  readonly #backups = new Map<string, Backup>();
  readonly #faults = new Map<string | number, InjectedFault>();

  /** All rows of the topology that a journal begins with. */
  constructor({ instances, groups, schedules, backups, faults }: Topology) {
    for (const row of rowsOf(instances)) this.#named.set(row.id, row);
    for (const row of rowsOf(groups)) this.#named.set(row.id, row);
    for (const { id, ownerId } of rowsOf(schedules)) this.#owners.set(id, ownerId);
    for (const row of rowsOf(backups)) this.#backups.set(row.id, row);
    for (const row of rowsOf(faults)) this.#addFault(row);
  }

  /** Takes over the rows that an entry has changed, and those that it has made and ended. O(changes). */
  update(touched: TouchedRowsOfFold, facts: readonly Fact[]): void {
    for (const fact of facts) {
      // What is made and ended by one entry is in no row before it or after it.
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

  /** The name of an instance or a group; an unknown id stands for itself. */
  nameOf(id: string): string {
    return this.#named.get(id)?.name ?? id;
  }

  /** The account of an instance or a group, where it is known. */
  accountOf(id: string): string | undefined {
    return this.#named.get(id)?.accountId;
  }

  /** The last status of an instance or a group, where it is known. */
  statusOf(id: string): string | undefined {
    return this.#named.get(id)?.status;
  }

  /** The instance or group that a schedule belongs or belonged to. */
  ownerOf(scheduleId: string): string {
    return this.#owners.get(scheduleId) ?? scheduleId;
  }

  /** The instance or group that a fault of an account acts on; empty where it acts on none in particular. */
  targetOf({
    accountId,
    faultId,
  }: {
    readonly accountId: string;
    readonly faultId: string;
  }): string {
    return this.#target(`${accountId} ${faultId}`);
  }

  /** The same by the row of the fault. */
  targetAt(row: number): string {
    return this.#target(row);
  }

  /** What a fault does, in a few words, by its row; undefined for an unknown one. */
  faultAt(row: number): string | undefined {
    const injected = this.#faults.get(row);
    return injected === undefined ? undefined : describeFault(injected.fault);
  }

  /** A backup, its owner and its name; an unknown one is its own owner. */
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

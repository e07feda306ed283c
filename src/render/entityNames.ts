import type { Backup, HaGroup, Instance } from "../domain/entities.js";
import type { Fact } from "../domain/facts.js";
import type { InjectedFault } from "../domain/faults.js";
import type { Journal } from "../simulator/serialization.js";
import { describeFault, subjectOfFault } from "./describeFault.js";

/** What is known of a backup: whose it is, and what to call it. */
export interface KnownBackup {
  readonly owner: string;
  readonly words: string;
  readonly isHidden: boolean;
}

/** Who plays in a journal: names and owners by id, as they are after the facts heard so far. */
export class EntityNames {
  readonly #names = new Map<string, string>();
  readonly #statuses = new Map<string, string>();
  readonly #owners = new Map<string, string>();
  readonly #targets = new Map<string | number, string>();
  readonly #faults = new Map<number, string>();
  readonly #backups = new Map<string, KnownBackup>();

  /** The cast of the world that a journal begins with. */
  constructor({ origin }: Pick<Journal, "origin">) {
    if (origin === null) return;
    const { instances, groups, schedules, backups, faults } = origin.topology;
    for (const row of [...instances.rows, ...groups.rows]) this.#enter(row);
    for (const { id, ownerId } of schedules.rows) this.#owners.set(id, ownerId);
    for (const backup of backups.rows) this.#keep(backup);
    for (const fault of faults.rows) this.#target(fault);
  }

  /** Takes note of new names. A name outlives its bearer, since later lines may speak of it. */
  follow(facts: readonly Fact[]): void {
    for (const fact of facts) {
      switch (fact.type) {
        case "InstanceCreated":
          this.#enter(fact.instance);
          break;
        case "GroupCreated":
          this.#enter(fact.group);
          break;
        case "InstanceStateEntered":
        case "GroupStateEntered":
          this.#statuses.set(fact.id, fact.status);
          break;
        case "InstanceChanged":
          if (fact.changes.name !== undefined) this.#names.set(fact.id, fact.changes.name);
          break;
        case "ScheduleCreated":
          this.#owners.set(fact.schedule.id, fact.schedule.ownerId);
          break;
        case "FaultInjected":
          this.#target(fact.injected);
          break;
        case "BackupCreated":
          this.#keep(fact.backup);
          break;
        default:
      }
    }
  }

  /** The name of an instance or a group; an id that nobody has heard of stands for itself. */
  nameOf(id: string): string {
    return this.#names.get(id) ?? id;
  }

  /** The last status of an instance or a group, where it is known. */
  statusOf(id: string): string | undefined {
    return this.#statuses.get(id);
  }

  /** The instance or group that a schedule belongs or belonged to. */
  ownerOf(scheduleId: string): string {
    return this.#owners.get(scheduleId) ?? scheduleId;
  }

  /** The instance or group that a fault of an account strikes; empty where it strikes none in particular. */
  targetOf({
    accountId,
    faultId,
  }: {
    readonly accountId: string;
    readonly faultId: string;
  }): string {
    return this.#targets.get(`${accountId} ${faultId}`) ?? "";
  }

  /** The same by the row of the fault. */
  targetAt(row: number): string {
    return this.#targets.get(row) ?? "";
  }

  /** What a fault does, in a few words, by its row; undefined for one that nobody has heard of. */
  faultAt(row: number): string | undefined {
    return this.#faults.get(row);
  }

  /** A backup, its source and its name; one that nobody has heard of is its own. */
  backup(id: string): KnownBackup {
    return this.#backups.get(id) ?? { owner: id, words: "backup", isHidden: false };
  }

  #target({ accountId, id, ordinal, fault }: InjectedFault): void {
    this.#targets.set(`${accountId} ${id}`, subjectOfFault(fault));
    this.#targets.set(ordinal, subjectOfFault(fault));
    this.#faults.set(ordinal, describeFault(fault));
  }

  #keep({ id, ownerId, name, hiddenForReplicaId, parentId }: Backup): void {
    const own = `${parentId === null ? "" : "incremental "}backup "${name}"`;
    const words =
      hiddenForReplicaId === null ? own : `hidden backup for ${this.nameOf(hiddenForReplicaId)}`;
    this.#backups.set(id, { owner: ownerId, words, isHidden: hiddenForReplicaId !== null });
  }

  #enter({ id, name, status }: Instance | HaGroup): void {
    this.#names.set(id, name);
    this.#statuses.set(id, status);
  }
}

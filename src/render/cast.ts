import type { HaGroup, Instance } from "../domain/entities.js";
import type { Fact } from "../domain/facts.js";
import type { Journal } from "../simulator/records.js";

/** Who plays in a journal: names and owners by id, as they are after the facts heard so far. */
export class Cast {
  readonly #names = new Map<string, string>();
  readonly #statuses = new Map<string, string>();
  readonly #owners = new Map<string, string>();

  /** The cast of the world that a journal begins with. */
  constructor({ origin }: Pick<Journal, "origin">) {
    if (origin === null) return;
    const { instances, groups, schedules } = origin.topology;
    for (const row of [...instances.rows, ...groups.rows]) this.#enter(row);
    for (const { id, ownerId } of schedules.rows) this.#owners.set(id, ownerId);
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

  #enter({ id, name, status }: Instance | HaGroup): void {
    this.#names.set(id, name);
    this.#statuses.set(id, status);
  }
}

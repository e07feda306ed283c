import type { Change, Fact, ReplicationSimulator } from "replication-simulator";
import { transitionTables } from "replication-simulator/lifecycle";

interface Known {
  readonly accountId: string;
  state: string;
  source: string | null;
  group: string | null;
  schedule: string | null;
}

interface KnownBackup {
  readonly accountId: string;
  readonly owner: string;
  readonly parent: string | null;
  readonly isHidden: boolean;
  state: string;
}

/**
 * Listens to the facts of a world and keeps books of its own: plain maps, no ordinals, no indexes. It objects to a
 * fact that does not follow from what it knows, and compares its books with what the listings say.
 */
export class Auditor {
  readonly objections: string[] = [];
  readonly #instances = new Map<string, Known>();
  readonly #groups = new Map<string, Known>();
  readonly #schedules = new Map<string, { readonly accountId: string; readonly owner: string }>();
  readonly #backups = new Map<string, KnownBackup>();
  readonly #configurations = new Map<string, { readonly accountId: string }>();
  #now = Number.NEGATIVE_INFINITY;
  #seq = -1;

  /** Receives a world from now on; worlds that continue it replace it. */
  listen(sim: ReplicationSimulator): void {
    sim.subscribe((change) => {
      this.receive(change);
    });
  }

  receive({ at, seq, cause, contributingCauses: also, facts, trigger }: Change): void {
    if (at < this.#now) this.#object(`time went back from ${this.#now} to ${at}`);
    if (this.#seq !== -1 && seq !== this.#seq + 1) this.#object(`line ${seq} after ${this.#seq}`);
    for (const reason of [...(cause === null ? [] : [cause]), ...(also ?? [])]) {
      if (reason >= seq) this.#object(`line ${seq} is caused by ${reason}`);
    }
    if ((trigger.kind === "command") !== (cause === null)) {
      this.#object(`line ${seq} is a ${trigger.kind} with cause ${String(cause)}`);
    }
    this.#now = at;
    this.#seq = seq;
    for (const fact of facts) this.#follow(fact);
  }

  /** Differences between the books and what an account is shown. */
  compare(sim: ReplicationSimulator, accountId: string): readonly string[] {
    const account = sim.account(accountId);
    const all = <T>(
      page: (marker?: string) => { items: readonly T[]; nextMarker?: string },
    ): T[] => {
      const items: T[] = [];
      for (let marker: string | undefined, more = true; more; more = marker !== undefined) {
        const { items: some, nextMarker } = page(marker);
        items.push(...some);
        marker = nextMarker;
      }
      return items;
    };
    const from = (marker?: string) => (marker === undefined ? {} : { marker });
    const shown = {
      instances: all((marker) => account.listInstances(from(marker))).map(
        ({ id, state, sourceId, groupId, scheduleId }) =>
          [id, state, sourceId, groupId, scheduleId].join(" "),
      ),
      groups: all((marker) => account.listGroups(from(marker))).map(({ id, state, scheduleId }) =>
        [id, state, null, null, scheduleId].join(" "),
      ),
      schedules: all((marker) => account.listSchedules(from(marker))).map(({ id, ownerId }) =>
        [id, ownerId].join(" "),
      ),
      backups: all((marker) => account.listBackups(from(marker))).map(
        ({ id, state, ownerId, parentId }) => [id, state, ownerId, parentId].join(" "),
      ),
      configurations: all((marker) => account.listConfigurations(from(marker))).map(({ id }) => id),
    };
    const own = <T extends { readonly accountId: string }>(map: ReadonlyMap<string, T>) =>
      [...map].filter(([, row]) => row.accountId === accountId);
    const lines = (map: ReadonlyMap<string, Known>) =>
      own(map).map(([id, { state, source, group, schedule }]) =>
        [id, state, source, group, schedule].join(" "),
      );
    const books = {
      instances: lines(this.#instances).sort(),
      groups: lines(this.#groups).sort(),
      schedules: own(this.#schedules)
        .map(([id, { owner }]) => [id, owner].join(" "))
        .sort(),
      backups: own(this.#backups)
        .filter(([, { isHidden }]) => !isHidden)
        .map(([id, { state, owner, parent }]) => [id, state, owner, parent].join(" "))
        .sort(),
      configurations: own(this.#configurations)
        .map(([id]) => id)
        .sort(),
    };
    return Object.keys(books).flatMap((kind) => {
      const [left, right] = [books, shown].map((all) => all[kind as keyof typeof books].join("\n"));
      return left === right ? [] : [`${kind}: the books say\n${left}\nbut the listing\n${right}`];
    });
  }

  #follow(fact: Fact): void {
    switch (fact.type) {
      case "InstanceCreated": {
        const { id, accountId, state } = fact.instance;
        this.#add(this.#instances, id, { accountId, state });
        return;
      }
      case "GroupCreated": {
        const { id, accountId, state } = fact.group;
        this.#add(this.#groups, id, { accountId, state });
        return;
      }
      case "InstanceStateEntered":
        this.#enter(this.#instances, fact, transitionTables().instance.statusOf);
        return;
      case "GroupStateEntered":
        this.#enter(this.#groups, fact, transitionTables().group.statusOf);
        return;
      case "InstanceRemoved": {
        const row = this.#row(this.#instances, fact.id);
        if (row?.source !== null || row.group !== null || row.schedule !== null) {
          this.#object(`${fact.id} is removed while something points at it`);
        }
        if (row?.state !== "deleting") this.#object(`${fact.id} is removed in ${row?.state}`);
        for (const [id, { source }] of this.#instances) {
          if (source === fact.id) this.#object(`${fact.id} is removed under its replica ${id}`);
        }
        this.#instances.delete(fact.id);
        return;
      }
      case "ReplicationStarted":
        this.#move(fact.replicaId, "source", { from: null, to: fact.sourceId });
        if (this.#row(this.#instances, fact.sourceId)?.source !== null) {
          this.#object(`${fact.replicaId} follows the replica ${fact.sourceId}`);
        }
        return;
      case "ReplicationStopped":
        this.#move(fact.replicaId, "source", { from: fact.sourceId, to: null });
        return;
      case "MemberJoined":
        this.#move(fact.instanceId, "group", { from: null, to: fact.groupId });
        return;
      case "MemberLeft":
        this.#move(fact.instanceId, "group", { from: fact.groupId, to: null });
        return;
      case "ScheduleCreated": {
        const { id, accountId, ownerId, ownerKind } = fact.schedule;
        this.#schedules.set(id, { accountId, owner: ownerId });
        const owner = this.#row(ownerKind === "ha" ? this.#groups : this.#instances, ownerId);
        if (owner?.schedule !== null) this.#object(`${ownerId} gets a second schedule`);
        else owner.schedule = id;
        return;
      }
      case "ScheduleRemoved": {
        const owner = this.#schedules.get(fact.id)?.owner ?? "no-such-id";
        const row = this.#row(fact.ownerKind === "ha" ? this.#groups : this.#instances, owner);
        if (row?.schedule !== fact.id) this.#object(`schedule ${fact.id} is not that of ${owner}`);
        else row.schedule = null;
        this.#schedules.delete(fact.id);
        return;
      }
      case "GroupRemoved": {
        const row = this.#row(this.#groups, fact.id);
        if (row?.schedule !== null) this.#object(`${fact.id} is removed with its schedule`);
        for (const [id, { group }] of this.#instances) {
          if (group === fact.id) this.#object(`${fact.id} is removed around its member ${id}`);
        }
        this.#groups.delete(fact.id);
        return;
      }
      case "BackupCreated": {
        const {
          id,
          accountId,
          ownerId: owner,
          parentId: parent,
          hiddenForReplicaId,
          state,
        } = fact.backup;
        if (this.#backups.has(id)) this.#object(`${id} is made twice`);
        if (parent !== null && this.#backups.get(parent)?.state !== "completed") {
          this.#object(`${id} adds to ${parent}, which is not completed`);
        }
        const isHidden = hiddenForReplicaId !== null;
        this.#backups.set(id, { accountId, owner, parent, isHidden, state });
        return;
      }
      case "BackupStateEntered": {
        const row = this.#backups.get(fact.id);
        if (row?.state !== fact.from)
          this.#object(`${fact.id} goes from ${fact.from} unexpectedly`);
        else row.state = fact.state;
        return;
      }
      case "BackupRemoved": {
        const row = this.#backups.get(fact.id);
        if (row === undefined) this.#object(`${fact.id} is removed, but was never made`);
        if (row?.isHidden === false && (row.state === "queued" || row.state === "running")) {
          this.#object(`${fact.id} is removed while it is taken`);
        }
        this.#backups.delete(fact.id);
        return;
      }
      case "ConfigurationCreated": {
        const { id, accountId } = fact.configuration;
        this.#configurations.set(id, { accountId });
        return;
      }
      case "ConfigurationChanged":
        if (!this.#configurations.has(fact.id)) this.#object(`${fact.id} was no configuration`);
        return;
      case "ConfigurationRemoved":
        if (!this.#configurations.delete(fact.id)) this.#object(`${fact.id} was no configuration`);
        return;
      default:
    }
  }

  #add(
    map: Map<string, Known>,
    id: string,
    { accountId, state }: { readonly accountId: string; readonly state: string },
  ): void {
    if (map.has(id)) this.#object(`${id} is made twice`);
    map.set(id, { accountId, state, source: null, group: null, schedule: null });
  }

  #enter<State extends string>(
    map: Map<string, Known>,
    fact: {
      readonly id: string;
      readonly from: State;
      readonly state: State;
      readonly statusBefore: string;
      readonly status: string;
    },
    statusOf: Readonly<Record<State, string>>,
  ): void {
    const row = this.#row(map, fact.id);
    if (row === undefined) return;
    if (row.state !== fact.from) {
      this.#object(`${fact.id} goes from ${fact.from}, but it was in ${row.state}`);
    }
    if (statusOf[fact.from] !== fact.statusBefore || statusOf[fact.state] !== fact.status) {
      this.#object(`${fact.id} reads ${fact.statusBefore}, then ${fact.status}`);
    }
    row.state = fact.state;
  }

  #move(
    id: string,
    what: "source" | "group",
    { from, to }: { readonly from: string | null; readonly to: string | null },
  ): void {
    const row = this.#row(this.#instances, id);
    if (row === undefined) return;
    if (row[what] !== from) this.#object(`the ${what} of ${id} is ${row[what]}, not ${from}`);
    row[what] = to;
  }

  #row(map: Map<string, Known>, id: string): Known | undefined {
    const row = map.get(id);
    if (row === undefined) this.#object(`a fact is about ${id}, which does not exist`);
    return row;
  }

  #object(objection: string): void {
    this.objections.push(objection);
  }
}

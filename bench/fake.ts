import { randomUUID } from "node:crypto";

/**
 * The mock that a test author would write by hand instead of using the simulator: one mutable `Map`, the field
 * checks and the rules of the same commands, statuses that change when queued work falls due. It is the baseline
 * that the simulator's cost is measured against, so it is written to be quick: rows are live, a rule is an `if`,
 * ids come from the platform. It has no journal, no snapshots, no accounts, no causes and no draws.
 */
export class FakeDatabases {
  readonly #instances = new Map<string, FakeInstance>();
  readonly #quota: number;
  #queue: Due[] = [];
  #now = 1_767_225_600_000;

  constructor({ quota = 25 }: { readonly quota?: number } = {}) {
    this.#quota = quota;
  }

  get now(): number {
    return this.#now;
  }

  createInstance(input: FakeCreate): FakeInstance {
    const flavorId = checkedCreate(input);
    const { type, version } = checkedDatastore(input, flavorId);
    checkDatabases(input);
    this.#checkQuota();
    const instance = this.#build(input, {
      flavorId,
      datastore: { type, version },
      takesMs: 35_000,
    });
    instance.databases = (input.databases ?? []).map((database) => database.name);
    instance.users = (input.users ?? []).map((user) => user.name);
    return instance;
  }

  createReplica(input: FakeCreate & { readonly replicaOf: string }): FakeInstance {
    const flavorId = checkedCreate(input);
    checkText("replicaOf", input.replicaOf, 1024);
    const source = this.#instances.get(input.replicaOf);
    if (source === undefined) {
      throw new FakeError("itemNotFound", "source-exists", `no source ${input.replicaOf}`);
    }
    if (source.sourceId !== null && !isLeaving(source)) {
      throw new FakeError("forbidden", "single-source", `${source.id} is itself a replica`);
    }
    if ((input.databases?.length ?? 0) + (input.users?.length ?? 0) > 0) {
      throw new FakeError("badRequest", "no-databases-on-replica", "they come from the source");
    }
    const ramMb = flavorRamMb.get(flavorId);
    if (ramMb === undefined) throw unknownFlavor(flavorId);
    if (ramMb < 1024 || (flavorRamMb.get(source.flavorId) ?? 0) < 1024) {
      throw new FakeError("badRequest", "replication-flavor", "replication needs 1 GB of memory");
    }
    const { type = source.datastore.type, version = source.datastore.version } =
      input.datastore ?? {};
    if (type.toLowerCase() !== source.datastore.type || version !== source.datastore.version) {
      throw new FakeError("badRequest", "replica-datastore", `${type} ${version} differs`);
    }
    if (!(source.status === "ACTIVE" || source.status === "RESTART_REQUIRED")) {
      throw new FakeError("unprocessableEntity", "source-status", `source is ${source.status}`);
    }
    if (source.replicaIds.length >= 2) {
      throw new FakeError("overLimit", "replica-limit", `${source.id} has 2 replicas`);
    }
    this.#checkQuota();
    const { datastore } = source;
    const replica = this.#build(input, { flavorId, datastore, takesMs: 55_000 });
    replica.sourceId = source.id;
    source.replicaIds.push(replica.id);
    source.copiedUntil = this.#now + 6_500;
    this.#start(source, "RESTART", 3_000);
    return replica;
  }

  getInstance(instanceId: string): FakeInstance {
    const found = this.#instances.get(instanceId);
    if (found === undefined) {
      throw new FakeError("itemNotFound", "instance-exists", `no instance ${instanceId}`);
    }
    return found;
  }

  renameInstance(instanceId: string, name: string): FakeInstance {
    checkText("name", name, 255);
    const instance = this.#named(instanceId);
    if (instance.status === "DELETION_PENDING") throw wrongStatus("rename-status", instance);
    instance.name = name;
    instance.updatedAt = this.#now;
    return instance;
  }

  restartInstance(instanceId: string): FakeInstance {
    const instance = this.#named(instanceId);
    if (!operable.has(instance.status)) throw wrongStatus("restart-status", instance);
    this.#checkNotCopied(instance);
    this.#start(instance, "REBOOT", 5_000);
    return instance;
  }

  resizeFlavor(instanceId: string, flavor: string | number): FakeInstance {
    const flavorId = checkedFlavor(flavor);
    const instance = this.#named(instanceId);
    const ramMb = flavorRamMb.get(flavorId);
    if (ramMb === undefined) throw unknownFlavor(flavorId);
    if (flavorId === instance.flavorId) {
      throw new FakeError("badRequest", "flavor-differs", `it has flavor ${flavorId} already`);
    }
    if (instance.sourceId !== null || instance.replicaIds.length > 0) {
      if (ramMb < 1024) {
        throw new FakeError("badRequest", "replication-flavor", "replication needs 1 GB of memory");
      }
    }
    if (!resizable.has(instance.status)) throw wrongStatus("resize-flavor-status", instance);
    this.#checkNotCopied(instance);
    this.#start(instance, "RESIZE", 60_000, () => {
      instance.flavorId = flavorId;
    });
    return instance;
  }

  resizeVolume(instanceId: string, volumeGb: number): FakeInstance {
    checkVolume(volumeGb);
    const instance = this.#named(instanceId);
    if (volumeGb <= instance.volumeGb) {
      throw new FakeError("badRequest", "volume-grows", `it has ${instance.volumeGb} GB already`);
    }
    if (!resizable.has(instance.status)) throw wrongStatus("resize-volume-status", instance);
    this.#checkNotCopied(instance);
    this.#start(instance, "RESIZE", 15_000, () => {
      instance.volumeGb = volumeGb;
    });
    return instance;
  }

  #checkNotCopied({ id, copiedUntil }: FakeInstance): void {
    if (this.#now < copiedUntil) {
      throw new FakeError("unprocessableEntity", "hidden-backup-running", `${id} is being copied`);
    }
  }

  detachReplica(
    instanceId: string,
    { replicaOf }: { readonly replicaOf?: string } = {},
  ): FakeInstance {
    if (replicaOf !== undefined) checkText("replicaOf", replicaOf, 1024);
    const instance = this.#named(instanceId);
    if (instance.sourceId === null) {
      throw new FakeError("badRequest", "is-replica", `${instanceId} is not a replica`);
    }
    if (replicaOf !== undefined && replicaOf !== instance.sourceId) {
      throw new FakeError("badRequest", "current-source", "it cannot be pointed elsewhere");
    }
    if (!operable.has(instance.status)) throw wrongStatus("detach-status", instance);
    this.#start(instance, "DETACH_REPLICA", 5_000, () => this.#unlink(instance));
    return instance;
  }

  deleteInstance(instanceId: string): FakeInstance {
    const instance = this.#named(instanceId);
    const replicas = instance.replicaIds.map((id) => this.#named(id));
    if (!replicas.every(isLeaving)) {
      throw new FakeError(
        "forbidden",
        "source-has-replicas",
        "detach or delete its replicas first",
      );
    }
    const [leaving] = replicas;
    if (leaving !== undefined) throw wrongStatus("replicas-leaving", leaving);
    if (instance.status === "BUILD") throw wrongStatus("delete-status", instance);
    if (instance.status === "DELETION_PENDING") return instance;
    this.#start(instance, "DELETION_PENDING", 10_000, () => {
      this.#unlink(instance);
      this.#instances.delete(instance.id);
    });
    return instance;
  }

  /** Ends all queued work, in the order in which it is due. */
  settle(): void {
    for (let due = this.#queue.shift(); due !== undefined; due = this.#queue.shift())
      this.#end(due);
  }

  /** Moves the clock, ending the work that is due until then. */
  advance(ms: number): void {
    const until = this.#now + ms;
    while (this.#queue[0] !== undefined && this.#queue[0].at <= until) {
      this.#end(this.#queue.shift() as Due);
    }
    this.#now = until;
  }

  #build(
    { name, volumeGb, configurationId }: FakeCreate,
    made: {
      readonly flavorId: string;
      readonly datastore: FakeDatastore;
      readonly takesMs: number;
    },
  ): FakeInstance {
    const id = randomUUID();
    const instance: FakeInstance = {
      id,
      name: name ?? id,
      status: "BUILD",
      flavorId: made.flavorId,
      volumeGb,
      usedGb: 0,
      datastore: made.datastore,
      configurationId: configurationId ?? null,
      sourceId: null,
      replicaIds: [],
      databases: [],
      users: [],
      copiedUntil: 0,
      createdAt: this.#now,
      updatedAt: this.#now,
    };
    this.#instances.set(id, instance);
    this.#start(instance, "BUILD", made.takesMs, () => {
      const source =
        instance.sourceId === null ? undefined : this.#instances.get(instance.sourceId);
      instance.usedGb = source?.usedGb ?? 0.16;
    });
    return instance;
  }

  #start(instance: FakeInstance, status: FakeStatus, ms: number, done?: () => void): void {
    instance.status = status;
    instance.updatedAt = this.#now;
    const due: Due = { at: this.#now + ms, instance, status, done };
    // A sorted array: for the few pieces of work of a test nothing is quicker.
    let place = this.#queue.length;
    while (place > 0 && (this.#queue[place - 1] as Due).at > due.at) place -= 1;
    this.#queue.splice(place, 0, due);
  }

  #end({ at, instance, status, done }: Due): void {
    if (instance.status !== status) return; // a deletion overtook it
    this.#now = at;
    instance.status = "ACTIVE";
    instance.updatedAt = at;
    done?.();
  }

  #unlink(replica: FakeInstance): void {
    const source = replica.sourceId === null ? undefined : this.#instances.get(replica.sourceId);
    if (source !== undefined) {
      source.replicaIds = source.replicaIds.filter((id) => id !== replica.id);
    }
    replica.sourceId = null;
  }

  #named(instanceId: string): FakeInstance {
    checkText("instanceId", instanceId, 1024);
    return this.getInstance(instanceId);
  }

  #checkQuota(): void {
    if (this.#instances.size >= this.#quota) {
      throw new FakeError("overLimit", "instance-quota", `the quota is ${this.#quota}`);
    }
  }
}

export type FakeStatus =
  | "BUILD"
  | "ACTIVE"
  | "RESTART"
  | "REBOOT"
  | "RESIZE"
  | "DETACH_REPLICA"
  | "RESTART_REQUIRED"
  | "DELETION_PENDING";

export interface FakeDatastore {
  readonly type: string;
  readonly version: string;
}

export interface FakeInstance {
  readonly id: string;
  name: string;
  status: FakeStatus;
  flavorId: string;
  volumeGb: number;
  usedGb: number;
  readonly datastore: FakeDatastore;
  readonly configurationId: string | null;
  sourceId: string | null;
  replicaIds: string[];
  databases: readonly string[];
  users: readonly string[];
  /** Until when the hidden backup for its youngest replica runs. */
  copiedUntil: number;
  readonly createdAt: number;
  updatedAt: number;
}

export interface FakeCreate {
  readonly name?: string;
  readonly flavorId: string | number;
  readonly volumeGb: number;
  readonly datastore?: { readonly type?: string; readonly version?: string };
  readonly configurationId?: string;
  readonly databases?: readonly { readonly name: string }[];
  readonly users?: readonly { readonly name: string; readonly password: string }[];
}

/** A refusal, with the words that a test asserts on. */
export class FakeError extends Error {
  readonly fault: string;
  readonly rule: string;

  constructor(fault: string, rule: string, message: string) {
    super(message);
    this.fault = fault;
    this.rule = rule;
  }
}

interface Due {
  readonly at: number;
  readonly instance: FakeInstance;
  readonly status: FakeStatus;
  readonly done: (() => void) | undefined;
}

const flavorRamMb = new Map([
  ["1", 512],
  ["2", 1024],
  ["3", 2048],
  ["4", 4096],
  ["5", 8192],
  ["6", 16384],
  ["7", 32768],
  ["8", 65536],
  ["9", 1024],
]);

/** Versions on offer; those marked need a flavor of 1 GB. */
const datastores = new Map([
  ["mysql 5.1", false],
  ["mysql 5.6", false],
  ["mysql 5.7", true],
  ["mysql 8.0", true],
  ["percona 5.6", false],
  ["percona 5.7", false],
  ["mariadb 10", false],
  ["mariadb 10.4", false],
]);

const operable = new Set<FakeStatus>(["ACTIVE", "RESTART_REQUIRED"]);
const resizable = operable;

function checkedCreate(input: FakeCreate): string {
  if (typeof input !== "object" || input === null) throw malformed("input");
  if (input.name !== undefined) checkText("name", input.name, 255);
  const flavorId = checkedFlavor(input.flavorId);
  checkVolume(input.volumeGb);
  if (input.configurationId !== undefined) {
    checkText("configurationId", input.configurationId, 1024);
  }
  for (const key of Object.keys(input)) if (!createKeys.has(key)) throw malformed(key);
  return flavorId;
}

const createKeys = new Set([
  "name",
  "flavorId",
  "volumeGb",
  "datastore",
  "configurationId",
  "databases",
  "users",
  "replicaOf",
]);

function checkedDatastore(input: FakeCreate, flavorId: string): FakeDatastore {
  const { type: requested = "mysql", version = "5.6" } = input.datastore ?? {};
  const type = requested.toLowerCase();
  if (!flavorRamMb.has(flavorId)) throw unknownFlavor(flavorId);
  const needsGb = datastores.get(`${type} ${version}`);
  if (needsGb === undefined) {
    throw new FakeError("badRequest", "datastore-exists", `no datastore ${type} ${version}`);
  }
  if (needsGb && flavorId === "1") {
    throw new FakeError("badRequest", "datastore-flavor", `not offered on flavor ${flavorId}`);
  }
  return { type, version };
}

function checkDatabases({ databases = [], users = [] }: FakeCreate): void {
  const names = new Set<string>();
  for (const { name } of databases) {
    checkText("databases", name, 64);
    if (names.has(name)) {
      throw new FakeError("badRequest", "unique-databases", `${name} is listed twice`);
    }
    names.add(name);
  }
  for (const { name, password } of users) {
    checkText("users", name, 16);
    checkText("password", password, 1024);
  }
}

function checkedFlavor(flavorId: string | number): string {
  if (Number.isSafeInteger(flavorId)) return String(flavorId);
  checkText("flavorId", flavorId, 1024);
  return flavorId as string;
}

function checkVolume(volumeGb: number): void {
  if (!Number.isSafeInteger(volumeGb) || volumeGb < 1 || volumeGb > 300) {
    throw malformed("volumeGb");
  }
}

function checkText(field: string, value: unknown, lengthMax: number): void {
  if (typeof value !== "string" || value === "" || value.length > lengthMax) throw malformed(field);
}

function malformed(field: string): FakeError {
  return new FakeError("badRequest", "malformed", `${field} is malformed`);
}

function unknownFlavor(flavorId: string): FakeError {
  return new FakeError("badRequest", "flavor-exists", `no flavor ${flavorId}`);
}

/** What is on its way out is in the way for the moment only. */
function isLeaving({ status }: FakeInstance): boolean {
  return status === "DETACH_REPLICA" || status === "DELETION_PENDING";
}

function wrongStatus(rule: string, { id, status }: FakeInstance): FakeError {
  return new FakeError("unprocessableEntity", rule, `${id} is ${status}`);
}

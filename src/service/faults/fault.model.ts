import type { InstanceSignal } from "../../lifecycle/signals.js";
import type { TaskKind } from "../../lifecycle/tasks.js";
import type { Distribution } from "../../model/distributions.js";
import type { LabelInput } from "../../model/labels.js";
import type { AccountRow } from "../../model/rows.js";
import type { Instance } from "../instances/instance.model.js";
import type { PlaceInput } from "../placement/placement.model.js";

/**
 * Every kind of fault, with its fields. `FaultOf<"crash">` is one as `inject` takes it. With `durationMs` a fault ends
 * after that time; without, it stays active until it is cleared, or until something else undoes what it did. A duration
 * of 0 is over within the same ms.
 */
export interface Faults {
  /** The service of an instance dies: SHUTDOWN, or ERROR when it dies under a resize or a detach. */
  readonly crash: { readonly instanceId: string; readonly durationMs?: number };
  /** The service of an instance does not answer: BLOCKED. */
  readonly hang: { readonly instanceId: string; readonly durationMs?: number };
  /**
   * The host of an instance is lost, and its data with it: ERROR, permanently. No restart, detach or recovery repairs it;
   * delete it, and restore a backup or promote a replica.
   */
  readonly loseHost: { readonly instanceId: string };
  /** A service that crashed or hangs is back: ACTIVE. */
  readonly recover: { readonly instanceId: string };

  /** One of the two threads of a replica stops with an error: REPLICATION_ERROR. A restart does not repair it. */
  readonly breakReplication: {
    readonly replicaId: string;
    /**
     * Default `applying`: error 1062, the replica still receives and acknowledges. `receiving`: error 1236, it applies
     * what it has, and acknowledges nothing more.
     */
    readonly thread?: "receiving" | "applying";
    readonly durationMs?: number;
  };
  /** Broken replication runs again: ACTIVE. */
  readonly repairReplication: { readonly replicaId: string };
  /**
   * A replica receives nothing from its source. Its status stays ACTIVE while it tries to reconnect; it falls behind
   * (`getReplicationStatus` shows it).
   */
  readonly cutLink: { readonly replicaId: string; readonly durationMs?: number };
  /** The link between a replica and its source is slow: by a lag, by a factor, or by both. */
  readonly slowLink: {
    readonly replicaId: string;
    /** Additional delay of everything received, in ms. */
    readonly lagMs?: number;
    /** Time in ms that the link needs for one ms of writes, so that the lag grows; 1 to 1,000. */
    readonly factor?: number;
    readonly durationMs?: number;
  };
  /** The link between a replica and its source works again. */
  readonly restoreLink: { readonly replicaId: string };

  /**
   * An instance is cut off from its replicas or its source, and from the monitor of its group. Its clients and the API
   * still reach it. Nothing is replicated, and a group fails over from a source that is cut off.
   */
  readonly partition: {
    readonly instanceId: string;
    /** Instances in partitions of one name reach each other. Default: the id of the fault. */
    readonly name?: string;
    readonly durationMs?: number;
  };
  /** An instance that was cut off is reached again. */
  readonly healPartition: { readonly instanceId: string };

  /**
   * All instances of the account in a zone or a rack fail at once, as far as they are in service. Each has a fault of its
   * own that is a part of this one: they end with it, and none is cleared alone. As long as it is active, new instances
   * are placed elsewhere, if there is another place for them.
   */
  readonly correlated: PlaceInput & {
    /** The kind of failure. One of `zone` and `rack` is required; with both, an instance stands in both. */
    readonly effect: "crash" | "hang" | "partition";
    readonly durationMs?: number;
  };

  /** Tasks of a kind fail when they end: those of one instance, group or backup, or any. */
  readonly failTask: {
    /** The kind of task. */
    readonly task: TaskKind;
    /** Only tasks of the instance, group or backup with this id; backups also by the id of their source. */
    readonly of?: string;
    /** Tasks of all accounts, or of the account that injects it, where `of` is absent; default "service". */
    readonly scope?: "service" | "account";
    /** Number of tasks of this kind to let pass first; default 0. */
    readonly skip?: number;
    /** Fails every n-th of them; default 1, which fails them in a row. */
    readonly every?: number;
    /** Number of tasks to fail; default 1. */
    readonly times?: number;
    /** A build fails after the server is up, so that the instance ends FAILED instead of ERROR. */
    readonly atPreparation?: boolean;
    /** The message of `lastError` on the row. */
    readonly message?: string;
    readonly durationMs?: number;
  };
  /** Tasks that start while it is active take `factor` times as long. */
  readonly slowTasks: {
    /** 0 to 1,000; below 1 tasks are faster. Several active ones multiply. */
    readonly factor: number;
    /** The kind of task; all kinds by default. */
    readonly task?: TaskKind;
    /** Tasks of all accounts, or of the account that injects it; default "service". */
    readonly scope?: "service" | "account";
    readonly durationMs?: number;
  };
  /** Every operation of the API is refused, reads too, and nothing is done. */
  readonly outage: {
    /** Default `serviceUnavailable`. */
    readonly respondWith?: "instanceFault" | "serviceUnavailable";
    /** The message of the error. */
    readonly message?: string;
    readonly durationMs?: number;
  };
  /**
   * Requests over HTTP are executed and not answered: the connection is closed, or `fetch` rejects. Only operations of the
   * API, of all accounts; in-process calls are not affected.
   */
  readonly loseAnswers: {
    /** Number of answers to lose; default 1. */
    readonly times?: number;
    readonly durationMs?: number;
  };

  /** Random failures of each instance or place of a target, again and again: `injectRandom` as a fault. */
  readonly random: {
    /** The kind of failure. */
    readonly fault: "crash" | "hang" | "breakReplication" | "cutLink" | "partition";
    /**
     * What can fail: each instance of the account, one, each of a group or a replication set, perhaps in one role; or a
     * zone, a rack, each zone, each rack, whose instances fail at once.
     */
    readonly target: RandomTarget;
    /**
     * Time in service until an instance fails. Each instance of the target has a clock of its own, which runs while it is
     * in service, stops while it is not, and starts anew after a repair. A fleet of n fails n times as often. The clock of
     * a zone or a rack runs whatever stands in it, and stops from its failure to its repair.
     */
    readonly timeToFailure: Distribution;
    /** Time from a failure to its repair. */
    readonly timeToRepair: Distribution;
    readonly durationMs?: number;
  };
  /** Random failures of a population as a whole, again and again: `injectRandomAmong` as a fault. */
  readonly randomAmong: {
    /** The kind of failure. */
    readonly fault: "crash" | "hang" | "breakReplication" | "cutLink" | "partition";
    /** Instances that can fail: all of the account, one, a group or a replication set, perhaps in one role. */
    readonly target: RandomTarget;
    /** Time from one failure of the population to the next, whatever its size and whether the last is repaired. */
    readonly timeBetweenFailures: Distribution;
    /** Time from a failure to its repair. */
    readonly timeToRepair: Distribution;
    readonly durationMs?: number;
  };
}

/** Kinds of failures that random processes inject. */
export const randomFaultKinds: readonly RandomFaultKind[] = [
  "crash",
  "hang",
  "breakReplication",
  "cutLink",
  "partition",
];

/** A kind of failure that random processes inject. */
export type RandomFaultKind = Faults["random"]["fault"];

/** The name of a kind of fault. */
export type FaultKind = keyof Faults;

/** One kind of fault, or several: `FaultOf<"crash">`. */
export type FaultOf<K extends keyof Faults> = {
  readonly [T in K]: { readonly kind: T } & Faults[T];
}[K];

/** A fault as `inject` takes it: plain data, closed by `kind`. */
export type Fault = FaultOf<keyof Faults>;

/** A thread of a replica: the one that receives the log of its source, or the one that applies it. */
export type ReplicationThread = NonNullable<Faults["breakReplication"]["thread"]>;

/** Tasks of all accounts, or of the account that injects the fault. */
export type FaultScope = NonNullable<Faults["slowTasks"]["scope"]>;

/** Instances that random failures can strike: those that match when the failure comes. A role is that of replication. */
export type RandomTarget =
  | "all"
  | { readonly role: "source" | "replica" | "standalone" }
  | { readonly instanceId: string }
  /** The members of a group, or those in a role. */
  | { readonly groupId: string; readonly role?: "source" | "replica" | "standalone" }
  /** The replication set of this source, or its instances in a role. */
  | { readonly sourceId: string; readonly role?: "source" | "replica" | "standalone" }
  /** What stands in a zone or a rack, all at once. */
  | { readonly zone: Instance["zone"] }
  | { readonly rack: Instance["rack"] }
  /** Each zone or each rack of the region, with a clock of its own. */
  | { readonly each: "zone" | "rack" };

/** The role of an instance in replication. */
export type RandomRole = Extract<RandomTarget, { readonly role: string }>["role"];

/** What of an instance a fault can stand on: its service, its replication, its link. One fault at a time on each. */
export type FaultablePart = "service" | "replication" | "link" | "network";

/** All that is the same for every fault of a kind. */
export interface FaultKindInfo<K extends FaultKind> {
  /** The field that names the instance, group or backup that it is about; null where there is none. */
  readonly target: "instanceId" | "replicaId" | "of" | "target" | null;
  /** What of an instance it stands on; null for what stands on none. */
  readonly part: FaultablePart | null;
  /** The part of an instance that it repairs; null for what repairs nothing. */
  readonly repairs: FaultablePart | null;
  /** What its target's lifecycle receives, and what messages call it; null where the lifecycle receives nothing. */
  readonly sends: { readonly signal: InstanceSignal; readonly doing: string } | null;
  /** True for what is looked up at every task or request while it is active. */
  readonly isWatched: boolean;
  /** Its effect in a few words, without its duration. */
  readonly words: (fault: FaultOf<K>, wording: FaultWording) => string;
}

/** How the parts of a fault are worded that are no plain values. */
export interface FaultWording {
  readonly duration: (drawn: Distribution) => string;
  readonly target: (target: RandomTarget, one: "each" | "one of") => string;
}

function kind<K extends FaultKind>(
  given: Pick<FaultKindInfo<K>, "words"> & Partial<FaultKindInfo<K>>,
): FaultKindInfo<K> {
  return { target: null, part: null, repairs: null, sends: null, isWatched: false, ...given };
}

/** What is the same for every fault of a kind, by kind. */
export const faultKinds: { readonly [K in FaultKind]: FaultKindInfo<K> } = {
  crash: kind<"crash">({
    target: "instanceId",
    part: "service",
    sends: { signal: "service.crashed", doing: "crash" },
    words: () => "its service crashes",
  }),
  hang: kind<"hang">({
    target: "instanceId",
    part: "service",
    sends: { signal: "service.hung", doing: "hang" },
    words: () => "its service hangs",
  }),
  loseHost: kind<"loseHost">({
    target: "instanceId",
    part: "service",
    sends: { signal: "host.lost", doing: "lose the host of" },
    words: () => "its host is lost, with its data",
  }),
  recover: kind<"recover">({
    target: "instanceId",
    repairs: "service",
    sends: { signal: "service.recovered", doing: "recover" },
    words: () => "its service is back",
  }),
  breakReplication: kind<"breakReplication">({
    target: "replicaId",
    part: "replication",
    sends: { signal: "replication.broken", doing: "break the replication of" },
    words: ({ thread = "applying" }) => `its replication stops ${thread}`,
  }),
  repairReplication: kind<"repairReplication">({
    target: "replicaId",
    repairs: "replication",
    sends: { signal: "replication.repaired", doing: "repair the replication of" },
    words: () => "its replication is repaired",
  }),
  cutLink: kind<"cutLink">({
    target: "replicaId",
    part: "link",
    words: () => "the link from its source is cut",
  }),
  slowLink: kind<"slowLink">({
    target: "replicaId",
    part: "link",
    words: () => "the link from its source is slow",
  }),
  restoreLink: kind<"restoreLink">({
    target: "replicaId",
    repairs: "link",
    words: () => "the link from its source is whole again",
  }),
  partition: kind<"partition">({
    target: "instanceId",
    part: "network",
    words: () => "it is cut off from replicas and monitor, and its clients reach it",
  }),
  healPartition: kind<"healPartition">({
    target: "instanceId",
    repairs: "network",
    words: () => "it is reached again",
  }),
  correlated: kind<"correlated">({
    isWatched: true,
    words: ({ effect, zone, rack }) =>
      `${effect} of all instances in ${[zone, rack].filter((one) => one !== undefined).join(", ")}`,
  }),
  failTask: kind<"failTask">({
    target: "of",
    isWatched: true,
    words: ({ task, skip = 0, times = 1 }) => {
      const which = skip === 0 ? "the next" : `after ${String(skip)} more, the next`;
      return `${which} ${times === 1 ? "" : `${String(times)} `}${task} will fail`;
    },
  }),
  slowTasks: kind<"slowTasks">({
    isWatched: true,
    words: ({ task, factor }) => `${task ?? "all work"} takes ${String(factor)} times as long`,
  }),
  loseAnswers: kind<"loseAnswers">({
    isWatched: true,
    words: ({ times = 1 }) =>
      times === 1
        ? "the next request is carried out and not answered"
        : `the next ${String(times)} requests are carried out and not answered`,
  }),
  outage: kind<"outage">({
    isWatched: true,
    words: ({ respondWith = "serviceUnavailable" }) => `the service answers ${respondWith}`,
  }),
  random: kind<"random">({
    target: "target",
    words: ({ fault, target, timeToFailure }, { duration, target: targetWords }) =>
      `${fault} of ${targetWords(target, "each")} at random, every ${duration(timeToFailure)}`,
  }),
  randomAmong: kind<"randomAmong">({
    target: "target",
    words: ({ fault, target, timeBetweenFailures }, { duration, target: targetWords }) =>
      `${fault} of ${targetWords(target, "one of")} at random, every ${duration(timeBetweenFailures)}`,
  }),
};

/** All that is the same for the faults of this one's kind. */
export function infoOf({ kind }: Fault): FaultKindInfo<FaultKind> {
  // A description of one kind is used for its own faults only; TypeScript cannot join them.
  return faultKinds[kind] as unknown as FaultKindInfo<FaultKind>;
}

/** A fault of a kind that random processes inject, on one instance. */
export function randomFaultOn(
  kind: RandomFaultKind,
  { id, durationMs }: { readonly id: string; readonly durationMs: number },
): Fault {
  // Whether a kind is of an instance or of a replica stands in the table; TypeScript cannot follow.
  return (
    faultKinds[kind].target === "replicaId"
      ? { kind, replicaId: id, durationMs }
      : { kind, instanceId: id, durationMs }
  ) as Fault;
}

/** A fault of a kind that strikes places at random, on one place. A rule refuses the other kinds of failure. */
export function correlatedFaultOn(
  kind: RandomFaultKind,
  place: PlaceInput & { readonly durationMs: number },
): Fault {
  return { kind: "correlated", effect: kind as Faults["correlated"]["effect"], ...place };
}

/** The kinds of failures that strike all instances of a place at once. */
export const correlatedKinds = [
  "crash",
  "hang",
  "partition",
] as const satisfies readonly Faults["correlated"]["effect"][];

/** When a fault strikes, and its label; it strikes now unless `at` or `afterMs` is given. */
export interface InjectOptions extends LabelInput {
  /** Virtual time, in ms since the epoch. */
  readonly at?: number;
  /** Time from now, in ms. */
  readonly afterMs?: number;
}

/** A fault that is scheduled, active or recurring. */
export interface InjectedFault
  extends Pick<AccountRow, "ordinal" | "accountOrdinal" | "id" | "accountId" | "key" | "label"> {
  /** As it was injected. */
  readonly fault: Fault;
  /** `scheduled` until it strikes; `active` until it ends; `recurring` for random faults. */
  readonly phase: "scheduled" | "active" | "recurring";
  /** Virtual time, ms since the epoch. */
  readonly injectedAt: number;
  /** Virtual time at which it strikes, ends or strikes again; null when nothing is due. */
  readonly dueAt: number | null;
  /** Order among things due at the same time. */
  readonly seq: number | null;
  /** Virtual time at which it ends by itself, or null. */
  readonly endsAt: number | null;
  /** Number of the journal entry that injected it. */
  readonly cause: number;
  /** Ordinal of the instance that it acts on, or null; null for account clients. */
  readonly targetOrdinal: number | null;
  /** How often it has struck, or had no target. */
  readonly activations: number;
  /** The random duration under way until it strikes or is repaired; null for times that were given. */
  readonly clock: {
    /** What it was drawn from. */
    readonly distribution: Distribution;
    /** Virtual time since which it runs; null while it is stopped. */
    readonly since: number | null;
    /** How long it had run before, in ms. */
    readonly ranMs: number;
    /** How long it runs in all until it strikes, in ms. */
    readonly totalMs: number;
  } | null;
  /**
   * Ordinals of the random process and the instance that this clock is for, the latter null for the clock of a place; null
   * for other faults and account clients.
   */
  readonly clockOf: {
    readonly processOrdinal: number;
    readonly instanceOrdinal: number | null;
  } | null;
  /** Id of the fault that it is a part of: a correlated one, or the random process of a zone or a rack; otherwise null. */
  readonly partOf: string | null;
  /** Tasks still to let pass, and tasks still to fail; null unless it is a `failTask`. */
  readonly remaining: { readonly skip: number; readonly times: number } | null;
}

/** Whether a fault is a part of a correlated one, which ends with the whole. */
export function isPart(row: InjectedFault): row is InjectedFault & { readonly partOf: string } {
  return row.partOf !== null && row.fault.kind !== "correlated";
}

/** A random duration under way. */
export type FaultClock = NonNullable<InjectedFault["clock"]>;

/** Ordinals of a random process and of the instance that one of its clocks is for. */
export type ClockPlace = NonNullable<InjectedFault["clockOf"]>;

/** The tasks that a `failTask` still concerns. */
export type RemainingTasks = NonNullable<InjectedFault["remaining"]>;

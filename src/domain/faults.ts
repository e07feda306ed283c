import type { Distribution } from "./distributions.js";
import type { Counted, Place } from "./entities.js";
import type { LabelInput } from "./labels.js";
import type { TaskKind } from "./statuses.js";

/**
 * A fault: plain data, closed by `kind`. With `durationMs` it lifts itself after so long; without, it stands until it is
 * lifted, or until what it did is undone in another way.
 */
export type Fault =
  | CrashFault
  | HangFault
  | LoseHostFault
  | RecoverFault
  | BreakReplicationFault
  | RepairReplicationFault
  | CutLinkFault
  | SlowLinkFault
  | RestoreLinkFault
  | FailTaskFault
  | SlowTasksFault
  | OutageFault
  | LoseAnswersFault
  | RandomFault
  | RandomAmongFault;

/** How long a fault stands, in ms; 0 is over within the same ms. */
interface Lasting {
  /** It lifts itself after so many ms; without, it stands until it is lifted. */
  readonly durationMs?: number;
}

/** The service of an instance dies: SHUTDOWN, or ERROR when it dies under a resize or a detach (T21, C35). */
export interface CrashFault extends Lasting {
  readonly kind: "crash";
  readonly instanceId: string;
}

/** The service of an instance answers no more: BLOCKED (T21). */
export interface HangFault extends Lasting {
  readonly kind: "hang";
  readonly instanceId: string;
}

/**
 * The host of an instance is lost, and its data with it: ERROR, for good. No restart, no detach and no recovery brings it
 * back; deleting it, and restoring a backup or promoting a replica, are what is left.
 */
export interface LoseHostFault {
  readonly kind: "loseHost";
  readonly instanceId: string;
}

/** A service that crashed or hangs is back: ACTIVE (T21). */
export interface RecoverFault {
  readonly kind: "recover";
  readonly instanceId: string;
}

/** Which of the two threads of a replica: the one that receives its source's log, or the one that applies it. */
export type ReplicationThread = "receiving" | "applying";

/**
 * One of the two threads of a replica stops with an error: REPLICATION_ERROR. The other one goes on. A restart does not
 * mend it (T19).
 */
export interface BreakReplicationFault extends Lasting {
  readonly kind: "breakReplication";
  readonly replicaId: string;
  /**
   * Default `applying`: error 1062, the replica goes on receiving and acknowledging. `receiving`: error 1236, it applies
   * what it has, and acknowledges nothing more.
   */
  readonly thread?: ReplicationThread;
}

/** Replication that was broken runs again: ACTIVE (T20). */
export interface RepairReplicationFault {
  readonly kind: "repairReplication";
  readonly replicaId: string;
}

/**
 * Nothing comes through from its source to a replica. No status tells: the replica stays ACTIVE and tries to connect,
 * while it falls behind (`replication` shows it).
 */
export interface CutLinkFault extends Lasting {
  readonly kind: "cutLink";
  readonly replicaId: string;
}

/** The link between a replica and its source is slow: in one way, or in both. */
export interface SlowLinkFault extends Lasting {
  readonly kind: "slowLink";
  readonly replicaId: string;
  /** Everything arrives so many ms later. */
  readonly lagMs?: number;
  /** It carries in `factor` ms what was written in one, so that the lag grows; 1 to 1,000. */
  readonly factor?: number;
}

/** The link between a replica and its source is whole again. */
export interface RestoreLinkFault {
  readonly kind: "restoreLink";
  readonly replicaId: string;
}

/** Whose work a fault is about: that of all accounts, or of the account that injects it. */
export type FaultScope = "service" | "account";

/** Makes coming work fail: the next task of a kind, of one instance, group or backup, or of any. */
export interface FailTaskInput {
  /** The kind of work. */
  readonly task: TaskKind;
  /** Only work of the instance, the group or the backup with this id; backups also by what they are taken of. */
  readonly of?: string;
  /** Whose work it is about where `of` names nothing; default "service". */
  readonly scope?: FaultScope;
  /** Tasks of this kind to let pass first; default 0. */
  readonly skip?: number;
  /** Every how many of them fail; default 1, which fails them in a row. */
  readonly every?: number;
  /** How many to fail; default 1. */
  readonly times?: number;
  /** A build fails after the server is up, so that the instance ends FAILED instead of ERROR. */
  readonly atPreparation?: boolean;
  /** What the row's `fault` says then. */
  readonly message?: string;
}

/** Work of a kind fails when it ends: `failTask` as a fault. */
export interface FailTaskFault extends FailTaskInput, Lasting {
  readonly kind: "failTask";
}

/** Work that starts now takes `factor` times as long: of one kind, or of all. */
export interface SlowTasksFault extends Lasting {
  readonly kind: "slowTasks";
  /** 0 to 1,000; below 1 it is faster. Several that stand multiply. */
  readonly factor: number;
  /** The kind of work; all kinds where it is left out. */
  readonly task?: TaskKind;
  /** Whose work it is; default "service". */
  readonly scope?: FaultScope;
}

/**
 * Requests over HTTP are carried out and not answered: the connection is closed, or `fetch` rejects. Operations of the API
 * alone, of all accounts; in process nothing is lost.
 */
export interface LoseAnswersFault extends Lasting {
  readonly kind: "loseAnswers";
  /** Answers to lose; default 1. */
  readonly times?: number;
}

/** Every operation of the API is refused, reads too, with this fault and nothing done. */
export interface OutageFault extends Lasting {
  readonly kind: "outage";
  /** Default `serviceUnavailable`. */
  readonly respondWith?: "instanceFault" | "serviceUnavailable";
  /** What the refusal says. */
  readonly message?: string;
}

/** What an instance is in replication: a stand-alone one is neither a source nor a replica. */
export type RandomRole = "source" | "replica" | "standalone";

/** Whom random faults strike: those who are it now, whenever they came. */
export type RandomTarget =
  | "all"
  /** All instances of the account in a role. */
  | { readonly role: RandomRole }
  | { readonly instanceId: string }
  /** The members of a group, or those in a role. */
  | { readonly groupId: string; readonly role?: RandomRole }
  /** The replication set of this source, or those in a role. */
  | { readonly sourceId: string; readonly role?: RandomRole };

/** What strikes at random, whom, and for how long. */
interface Random extends Lasting {
  /** What strikes. */
  readonly fault: "crash" | "hang" | "breakReplication" | "cutLink";
  /** Whom it strikes: all instances of the account, one of them, a group or a replication set, perhaps in one role. */
  readonly target: RandomTarget;
  /** Time from a failure to its repair. */
  readonly timeToRepair: Distribution;
}

/** Faults that come to each instance by itself, again and again. */
export interface RandomFaultInput extends Random {
  /**
   * Time that an instance is in service until it fails: each instance of the target has a clock of its own, which runs
   * while it is in service, stands while it is not, and begins anew after a repair. A fleet of n fails n times as often.
   */
  readonly timeToFailure: Distribution;
}

/** A process of random faults: `injectRandom` as a fault. */
export interface RandomFault extends RandomFaultInput {
  readonly kind: "random";
}

/** Faults that come to a population as a whole, again and again. */
export interface RandomAmongFaultInput extends Random {
  /** Time from one failure of the population to the next, however many there are and whether the last is repaired. */
  readonly timeBetweenFailures: Distribution;
}

/** A process that strikes one of a population: `injectRandomAmong` as a fault. */
export interface RandomAmongFault extends RandomAmongFaultInput {
  readonly kind: "randomAmong";
}

/** Ordinals of a random process and of the instance that one of its clocks is for. */
export interface ClockPlace {
  readonly processOrdinal: number;
  readonly instanceOrdinal: number;
}

/** A random duration under way. */
export interface FaultClock {
  /** What it was drawn from. */
  readonly distribution: Distribution;
  /** Virtual time since which it runs; null while it stands. */
  readonly since: number | null;
  /** How long it had run before, in ms. */
  readonly ranMs: number;
  /** How long it runs in all until it strikes, in ms. */
  readonly totalMs: number;
}

/** The name of a fault. */
export type FaultKind = Fault["kind"];

/** One kind of fault. */
export type FaultOf<K extends FaultKind> = Extract<Fault, { readonly kind: K }>;

/** When a fault strikes; now, unless one of them is given. */
export interface FaultTiming {
  /** Virtual time, ms since the epoch. */
  readonly at?: number;
  /** So many ms from now. */
  readonly afterMs?: number;
}

/** When a fault strikes, and what it is called in the simulation. */
export interface InjectOptions extends FaultTiming, LabelInput {}

/** A fault, as `inject` takes it. */
export interface InjectFaultInput extends InjectOptions {
  readonly fault: Fault;
}

/** Names one fault. */
export interface FaultIdInput {
  readonly faultId: string;
}

/** A fault that is to come, stands, or comes again and again. */
export interface InjectedFault extends Place {
  /** `fault-` and the first 16 digits of its key. */
  readonly id: string;
  readonly accountId: string;
  /** What it is, whatever else there is: fixed at its birth by where it comes from. */
  readonly key: string;
  /** The name that its creator gave it inside the simulation, or null. */
  readonly label: string | null;
  /** As it was injected. */
  readonly fault: Fault;
  /** `coming` until it strikes; `standing` until it lifts; `recurring` for random faults. */
  readonly phase: "scheduled" | "active" | "recurring";
  /** Virtual time, ms since the epoch. */
  readonly injectedAt: number;
  /** Virtual time at which it strikes, lifts itself, or strikes again; null when it waits for nothing. */
  readonly dueAt: number | null;
  /** Order among things due at the same moment. */
  readonly seq: number | null;
  /** Virtual time at which it lifts itself, or null. */
  readonly endsAt: number | null;
  /** Journal line that injected it. */
  readonly cause: number;
  /** Ordinal of the instance that it stands on, or null; tenants see null. */
  readonly targetOrdinal: number | null;
  /** Times that it has struck, or could not. */
  readonly activations: number;
  /** When it strikes or is repaired, where that is drawn: null for what comes and ends at times that were given. */
  readonly clock: FaultClock | null;
  /** Whose clock this is, of a random process and on an instance; null for what is none. Tenants see null. */
  readonly clockOf: ClockPlace | null;
  /** Tasks to let pass, then tasks to fail; null for what fails no task. */
  readonly remaining: RemainingTasks | null;
}

/** What is left of work that is to fail. */
export interface RemainingTasks {
  /** Tasks still to let pass. */
  readonly skip: number;
  /** Tasks still to fail. */
  readonly times: number;
}

/** A fault was injected: it strikes in the same moment unless it is to come. */
export interface FaultInjected extends Counted {
  readonly type: "FaultInjected";
  readonly injected: InjectedFault;
}

/** Which fault a fact is about: `id` for readers, `row` (its ordinal) for speed. */
interface AboutFault {
  readonly id: string;
  readonly row: number;
}

/** A fault that was to come, or that comes again and again, has struck, or could not. */
export interface FaultActivated extends AboutFault {
  readonly type: "FaultActivated";
  readonly changes: Pick<
    InjectedFault,
    "phase" | "dueAt" | "seq" | "endsAt" | "targetOrdinal" | "activations" | "clock" | "remaining"
  >;
  /** Why nothing was struck this time, or null. */
  readonly skipped: string | null;
}

/** A clock runs from now on, or stands, or was drawn anew. */
export interface FaultClockChanged extends AboutFault {
  readonly type: "FaultClockChanged";
  readonly change: "started" | "stopped" | "redrawn";
  readonly changes: Pick<InjectedFault, "dueAt" | "seq" | "endsAt" | "clock">;
}

/** Work that is to fail was let pass, or failed. */
export interface FaultCounterChanged extends AboutFault {
  readonly type: "FaultCounterChanged";
  readonly left: RemainingTasks;
}

/**
 * A fault is no more: its time is over, it was lifted, it was overtaken by what happened, all its failures have struck,
 * it is done at once by its nature, or it could not strike.
 */
export interface FaultEnded extends AboutFault {
  readonly type: "FaultEnded";
  readonly outcome: "expired" | "cleared" | "superseded" | "exhausted" | "completed" | "rejected";
  /** What overtook or refused it, or null. */
  readonly reason: string | null;
}

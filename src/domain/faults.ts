/**
 * A fault that strikes: plain data, closed by `kind`. Each can be refused, as what it names may not exist or may be in a
 * state that it cannot strike.
 */
export type Fault = CrashFault | HangFault | RecoverFault | BreakReplicationFault | RepairFault;

/** The service of an instance dies: SHUTDOWN, or ERROR when it dies under a resize or a detach (T21, C35). */
export interface CrashFault {
  readonly kind: "crash";
  readonly instanceId: string;
}

/** The service of an instance answers no more: BLOCKED (T21). */
export interface HangFault {
  readonly kind: "hang";
  readonly instanceId: string;
}

/** A service that crashed or hangs is back: ACTIVE (T21). */
export interface RecoverFault {
  readonly kind: "recover";
  readonly instanceId: string;
}

/** Replication stops with an error on a replica: REPLICATION_ERROR (T19). */
export interface BreakReplicationFault {
  readonly kind: "breakReplication";
  readonly replicaId: string;
}

/** Replication that was broken runs again: ACTIVE (T20). */
export interface RepairFault {
  readonly kind: "repairReplication";
  readonly replicaId: string;
}

/** The name of a fault. */
export type FaultKind = Fault["kind"];

/** One kind of fault. */
export type FaultOf<K extends FaultKind> = Extract<Fault, { readonly kind: K }>;

/** A fault, as `inject` takes it. */
export interface InjectFaultInput {
  readonly fault: Fault;
}

/** A fault struck. */
export interface FaultInjected {
  readonly type: "FaultInjected";
  /** `fault-0`, `fault-1`, … in the order of injection. */
  readonly id: string;
  readonly fault: Fault;
}

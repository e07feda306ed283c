import type { ReplicationLink, ReplicationLog } from "./dataPlane.js";

/** The log of an instance goes on otherwise. */
interface AboutLog {
  readonly id: string;
  readonly row: number;
  readonly log: ReplicationLog;
}

/** Users write at another rate. */
export interface WorkloadSet extends AboutLog {
  readonly type: "WorkloadSet";
}

/** A replica that was cut or promoted has a log of its own, which begins with what it had received. */
export interface LogStarted extends AboutLog {
  readonly type: "LogStarted";
  /** The source that it followed. */
  readonly replacedId: string;
  /** Transactions that were acknowledged there and are not here, when it takes over; else 0, as nothing is lost then. */
  readonly lostTransactions: number;
}

/** A source follows another one now, and writes no log. */
export interface LogEnded {
  readonly type: "LogEnded";
  readonly id: string;
  readonly row: number;
}

/** The users of an instance went to another one. */
export interface WorkloadMoved extends AboutLog {
  readonly type: "WorkloadMoved";
  readonly toId: string;
}

/** Users can write no more. */
export interface WritesInterrupted extends AboutLog {
  readonly type: "WritesInterrupted";
}

/** Users can write again: where they could before, or on the instance that took over. */
export interface WritesResumed extends AboutLog {
  readonly type: "WritesResumed";
  /** How long they could not. */
  readonly unavailableMs: number;
  /** Transactions that were acknowledged to users and are gone. */
  readonly lostTransactions: number;
  /** The source that was replaced; null when it came back itself. */
  readonly replacedId: string | null;
}

/**
 * Commits come back no more: the source answers and takes writes, and none of its replicas receives them (semi-synchronous
 * replication). To its users it is as if it stood still.
 */
export interface CommitsStalled extends AboutLog {
  readonly type: "CommitsStalled";
}

/** Commits wait for nobody any more, or for somebody who receives again. */
export interface CommitStallEnded extends AboutLog {
  readonly type: "CommitStallEnded";
  /** How long none came back. */
  readonly stalledMs: number;
  /**
   * A replica receives again; the timeout has made replication asynchronous; or users can write no more at all, or want to
   * no more.
   */
  readonly outcome: "acknowledged" | "degraded" | "interrupted";
}

/** Other replicas acknowledge, or the mode of replication changed. */
export interface AcknowledgementChanged extends AboutLog {
  readonly type: "AcknowledgementChanged";
}

/** No replica acknowledged in time: commits wait for none. */
export interface SemiSynchronousDegraded extends AboutLog {
  readonly type: "SemiSynchronousDegraded";
}

/** A replica has caught up: commits wait for it again. */
export interface SemiSynchronousRestored extends AboutLog {
  readonly type: "SemiSynchronousRestored";
}

/** A replica receives or applies otherwise, or not at all; null when it is none any more. */
export interface LinkChanged {
  readonly type: "LinkChanged";
  readonly id: string;
  readonly row: number;
  readonly link: ReplicationLink | null;
}

/** What becomes true of logs and links. */
export type DataFact =
  | WorkloadSet
  | LogStarted
  | LogEnded
  | WorkloadMoved
  | WritesInterrupted
  | WritesResumed
  | AcknowledgementChanged
  | SemiSynchronousDegraded
  | SemiSynchronousRestored
  | CommitsStalled
  | CommitStallEnded
  | LinkChanged;

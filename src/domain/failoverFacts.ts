import type { LogPosition } from "./dataPlane.js";

interface AboutGroup {
  readonly id: string;
  readonly row: number;
}

/** A group's monitor has given up its source and promotes a replica (§3.8). */
export interface FailoverStarted extends AboutGroup {
  readonly type: "FailoverStarted";
  /** The source that is lost. */
  readonly sourceId: string;
  /** The replica that is to be promoted; null while there is none. */
  readonly candidateId: string | null;
}

/** A replica is the source of its group now. The old source has left, or follows it where an operator forced this. */
export interface SourcePromoted extends AboutGroup {
  readonly type: "SourcePromoted";
  /** Id of the line in the group's failover log. */
  readonly failoverId: string;
  readonly oldSourceId: string;
  readonly newSourceId: string;
  /** What the old source had written. */
  readonly writtenPosition: LogPosition;
  /** What the new source had received of it itself; survivors share what they have. */
  readonly receivedPosition: LogPosition;
  /** Whether an operator asked for it. */
  readonly isForced: boolean;
}

/** A failover has ended without a promotion (§3.8 step e). */
export interface FailoverAborted extends AboutGroup {
  readonly type: "FailoverAborted";
  readonly sourceId: string;
  /** Why nobody was promoted. */
  readonly reason: string;
}

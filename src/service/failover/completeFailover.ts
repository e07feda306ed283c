import { birthOfNext } from "../../kernel/lineage.js";
import { instancesOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { faultOf, type TaskOutcome } from "../faults/injectedFailure.js";
import { leave, startMemberBuild } from "../haGroups/groupMembers.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import { follow, unfollow } from "../instances/newInstance.js";
import { isLostToMonitor } from "../placement/partitions.js";
import { receivedPosition } from "../replication/positions.js";
import { newIdOf } from "../shared/lookups.js";
import { catchUpMs, tooFarBehind } from "./catchUp.js";
import { electCandidate, hasLivingReplica } from "./electCandidate.js";
import { sourceOf } from "./roleMembers.js";

/** Attempts of a monitor when no replica is promoted although one is running. */
const attemptsMax = 3;

/** Ends failure detection: the monitor has missed enough pings, and the failover starts (§3.8 step 1). */
export function completeDetection(moment: Transaction, group: HaGroup, ending: TaskOutcome): void {
  if (ending.failure !== undefined) {
    tryAgain(moment, group, { ending, reason: ending.failure.message ?? null });
    return;
  }
  const { id, ordinal: row } = group;
  const candidate = electCandidate(moment, group);
  moment.emit({
    type: "FailoverStarted",
    id,
    row,
    sourceId: sourceOf(moment, group).id,
    candidateId: candidate?.id ?? null,
  });
  // Writes are allowed when everything received is applied.
  const extraMs = candidate === undefined ? 0 : catchUpMs(moment, candidate);
  moment.stepGroup(group, "task.done", { target: attemptOf(ending), extraMs });
}

/**
 * Promotes the most current replica; the others follow it. The lost source is deleted, even if its service has
 * recovered meanwhile (C34), and a new replica replaces it (§3.8 steps 2 to 5).
 */
export function completeFailover(moment: Transaction, group: HaGroup, ending: TaskOutcome): void {
  const lost = sourceOf(moment, group);
  const winner = ending.failure === undefined ? electCandidate(moment, group) : undefined;
  if (winner === undefined) {
    abort(moment, group, ending);
    return;
  }
  promote(moment, group, { winner, old: lost, isForced: false });
  moment.stepInstance(lost, "group.deleted");
  moment.stepGroup(group, "task.done");
  const name = nameAfter(lost.name, moment.context.limits.maxNameLength);
  startMemberBuild(moment, group, {
    name,
    birth: birthOfNext(moment, group.key, "replacement"),
    source: winner,
    latency: "startMemberBuild",
  });
}

/**
 * Ends a failover without a promotion (§3.8 step e). A running replica that was not eligible may become eligible later.
 */
function abort(moment: Transaction, group: HaGroup, ending: TaskOutcome): void {
  const { work, failure } = ending;
  const { id, ordinal: row } = group;
  const isPassedOver = hasLivingReplica(moment, group);
  const emptyReason = isPassedOver
    ? "every replica that lives has too much to apply"
    : noCandidateLeft;
  const reason =
    failure === undefined ? emptyReason : (failure.message ?? `the ${failure.task} task failed`);
  const sourceId = sourceOf(moment, group).id;
  moment.emit({ type: "FailoverAborted", id, row, sourceId, reason });
  if (failure !== undefined || isPassedOver) tryAgain(moment, group, { ending, reason });
  else moment.stepGroup(group, "task.failed", { lastError: faultOf(moment, work, reason) });
}

const noCandidateLeft = "no replica is left that can be promoted";

/** `orders` is replaced by `orders (2)`, that one by `orders (3)` ([inferred]). */
function nameAfter(name: string, lengthMax: number): string {
  const [, stem = name, number = "1"] = /^(.*) \((\d{1,6})\)$/s.exec(name) ?? [];
  const suffix = ` (${String(Number(number) + 1)})`;
  if (stem.length + suffix.length <= lengthMax) return stem + suffix;
  // Cut between characters, not inside one.
  const kept = Array.from(stem).slice(0, Math.max(0, lengthMax - suffix.length));
  return Array.from(kept.join("") + suffix)
    .slice(0, lengthMax)
    .join("");
}

/** Completes a forced failover: a replica is promoted, and the old source follows it (H14). */
export function completeForcedFailover(
  moment: Transaction,
  group: HaGroup,
  ending: TaskOutcome,
): void {
  const old = sourceOf(moment, group);
  const winner = ending.failure === undefined ? electCandidate(moment, group) : undefined;
  if (winner === undefined) {
    const reason = ending.failure === undefined ? noCandidateLeft : ending.failure.message;
    moment.stepGroup(group, "task.failed", { lastError: faultOf(moment, ending.work, reason) });
    return;
  }
  const reason = tooFarBehind(moment, winner);
  if (reason !== undefined) {
    moment.stepGroup(group, "task.failed", { lastError: faultOf(moment, ending.work, reason) });
    return;
  }
  promote(moment, group, { winner, old, isForced: true });
  moment.stepGroup(group, "task.done");
}

/** Starts a new attempt, up to a maximum. After that the group waits for another event. */
function tryAgain(
  moment: Transaction,
  group: HaGroup,
  { ending, reason }: { readonly ending: TaskOutcome; readonly reason: string | null },
): void {
  moment.stepGroup(group, "task.failed", { lastError: faultOf(moment, ending.work, reason) });
  const attempt = attemptOf(ending);
  if (attempt < attemptsMax && isLostToMonitor(sourceOf(moment, group))) {
    moment.stepGroup(group, "source.lost", { target: attempt + 1 });
  }
}

/** Returns the number of the attempt, from 1. The task carries it. */
function attemptOf({ work }: TaskOutcome): number {
  return typeof work.target === "number" ? work.target : 1;
}

function promote(
  moment: Transaction,
  group: HaGroup,
  roles: { readonly winner: Instance; readonly old: Instance; readonly isForced: boolean },
): void {
  const { winner, old, isForced } = roles;
  const { topology } = moment.context;
  const replicas = instancesOf(topology, group, group.replicaIds);
  const others = replicas.filter(({ id }) => id !== winner.id);
  // Read while the promoted instance is still a replica; afterwards it has its own log.
  const writtenPosition = receivedPosition(topology, old, moment.now);
  const winnerPosition = receivedPosition(topology, winner, moment.now);
  for (const replica of replicas) unfollow(moment, replica, old);
  if (!isForced) leave(moment, group, old);
  moment.emit({
    type: "SourcePromoted",
    id: group.id,
    row: group.ordinal,
    failoverId: newIdOf(moment, "failover", {
      ordinal: moment.seq,
      key: group.key,
      sequence: group.tasksStarted,
    }),
    oldSourceId: old.id,
    newSourceId: winner.id,
    writtenPosition,
    receivedPosition: winnerPosition,
    isForced,
  });
  for (const replica of isForced ? [...others, old] : others) follow(moment, replica, winner);
  for (const replica of replicas) moment.tryInstance(replica, "replication.repaired");
}

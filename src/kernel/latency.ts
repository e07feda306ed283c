import { deepFreeze } from "../collections/deepFreeze.js";
import {
  backupTasks,
  type DurationSource,
  haGroupTasks,
  instanceTasks,
  type TaskKind,
} from "../lifecycle/tasks.js";
import { type Distribution, durationMsMax } from "../model/distributions.js";
import type { LatencyKey } from "../model/rows.js";
import { durationBeyond } from "./distribution.js";
import type { DrawKey, KeyedRandom } from "./keyedRandom.js";
import { quickDurationOf } from "./quickDuration.js";

/** A duration: integer ms of virtual time, fixed or drawn. */
export type LatencyDistribution = Distribution;

export type { LatencyKey };

/** Duration of each kind of task. */
export type LatencyProfile = Readonly<Record<LatencyKey, Distribution>>;

/** Default durations (§6.2). */
export const latencySources: Readonly<Record<LatencyKey, DurationSource>> = {
  ...instanceTasks,
  ...haGroupTasks,
  ...backupTasks,
  buildReplica: {
    ms: 55_000,
    source: "§6.2 [api]",
    description: "a replica is built, its hidden backup included (BUILD)",
  },
  startMemberBuild: {
    ms: 74_000,
    source: "§6.2 [docs]",
    description: "a group's replica is built (ADDING_REPLICA, or the group's BUILD)",
  },
  leaveGroup: {
    ms: 8_000,
    source: "§6.2 [inferred]",
    description: "a replica leaves its group (REMOVING_REPLICA, and DETACH_REPLICA of the replica)",
  },
  backupPerGb: {
    ms: 10_000,
    source: "S15 [inferred]",
    description:
      "a backup copies a GB above the first one (BUILDING); an incremental one copies a tenth",
  },
  restorePerGb: {
    ms: 10_000,
    source: "S15 [inferred]",
    description: "a build copies a GB of its backup above the first one (BUILD)",
  },
  buildReplicaPerGb: {
    ms: 20_000,
    source: "S15 [inferred]",
    description:
      "a replica's build backs up and restores a GB of its source above the first one (BUILD)",
  },
  receiveLag: {
    ms: 1_000,
    source: "§6.1 [trove] [inferred]",
    description: "a replica receives what its source wrote; drawn once for each replica",
  },
  applyLag: {
    ms: 1_000,
    source: "§6.1 [trove] [inferred]",
    description: "a replica applies what it received; drawn once for each replica",
  },
  acknowledgementTimeout: {
    ms: 10_000,
    source: "R71 [inferred]",
    description:
      "a semi-synchronous commit waits for a replica; then replication degrades to asynchronous",
  },
};

/** The documented durations. */
export const documentedLatency: LatencyProfile = /* @__PURE__ */ deepFreeze(scaled((ms) => ms));

/** A thousandth of the documented durations: the same proportions, in milliseconds. */
export const fastLatency: LatencyProfile = /* @__PURE__ */ deepFreeze(
  scaled((ms) => Math.ceil(ms / 1000)),
);

/** No durations: a task is due when it starts, and ends at the next `settle`, `step` or `advance`. */
export const instantLatency: LatencyProfile = /* @__PURE__ */ deepFreeze(scaled(() => 0));

/**
 * Returns the duration of one task in ms: fixed, or drawn by key. The jitter (0 to 1) spreads a fixed duration and
 * widens a uniform one; other distributions have their own spread.
 */
export function drawDuration(
  duration: LatencyDistribution,
  {
    chance,
    key,
    jitter,
  }: { readonly chance: KeyedRandom; readonly key: DrawKey; readonly jitter: number },
): number {
  if (typeof duration === "number") {
    if (jitter === 0) return duration;
    const spread = Math.floor(duration * jitter);
    return atMost(chance.between(key, { from: duration - spread, to: duration + spread }));
  }
  if ("kind" in duration) return quickDurationOf(duration, chance.draw(key));
  const spread = Math.floor(((duration.to - duration.from) / 2) * jitter);
  return atMost(
    chance.between(key, {
      from: Math.max(0, duration.from - spread),
      to: duration.to + spread,
    }),
  );
}

/** Cuts a duration that jitter has made longer than any other can be. */
function atMost(ms: number): number {
  return Math.min(durationMsMax, ms);
}

/**
 * Returns the duration of a task that has run for `ageMs`, by the conditional law: as `drawDuration`, given that it is
 * longer than that. A fixed duration stays as it is.
 */
export function redrawDuration(
  duration: LatencyDistribution,
  {
    ageMs,
    draw,
    jitter,
  }: { readonly ageMs: number; readonly draw: number; readonly jitter: number },
): number {
  if (typeof duration === "number") {
    const spread = Math.floor(duration * jitter);
    const around = { from: duration - spread, to: duration + spread };
    return spread === 0 ? duration : atMost(durationBeyond(around, { ageMs, draw }));
  }
  if ("kind" in duration) return durationBeyond(duration, { ageMs, draw });
  const spread = Math.floor(((duration.to - duration.from) / 2) * jitter);
  const wider = { from: Math.max(0, duration.from - spread), to: duration.to + spread };
  return atMost(durationBeyond(wider, { ageMs, draw }));
}

/**
 * Returns the jitter of a task. Detection and promotion together take 10 to 30 s wherever there is jitter: half of
 * their 20 s to both sides, however large the jitter is (§6.2).
 */
export function jitterOf(task: TaskKind, jitter: number): number {
  return jitter > 0 && (task === "detectFailure" || task === "failover") ? 0.5 : jitter;
}

function scaled(change: (ms: number) => number): LatencyProfile {
  const profile = {} as Record<LatencyKey, number>;
  for (const key of Object.keys(latencySources) as LatencyKey[])
    profile[key] = change(latencySources[key].ms);
  return profile;
}

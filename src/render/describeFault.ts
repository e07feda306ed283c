import type { Distribution } from "../model/distributions.js";
import { formatDuration } from "../outline/formatTime.js";
import { targetIdOf } from "../service/faults/activeFaults.js";
import {
  type Fault,
  type FaultWording,
  infoOf,
  type RandomTarget,
} from "../service/faults/fault.model.js";

/** Returns the id of the instance or group that a fault affects; empty if it affects none in particular. */
export function subjectOfFault(fault: Fault): string {
  return targetIdOf(fault) ?? "";
}

/** Describes the effect of a fault in a few words. */
export function describeFault(fault: Fault): string {
  const durationMs = "durationMs" in fault ? fault.durationMs : undefined;
  const words = infoOf(fault).words(fault, wording);
  return words + (durationMs === undefined ? "" : ` for ${formatDuration(durationMs)}`);
}

const wording: FaultWording = { duration: distributionWords, target: targetWords };

function targetWords(target: RandomTarget, many: "each" | "one of"): string {
  const one = many === "each" ? "each" : "one of the";
  const plural = many === "each" ? "" : "s";
  if (target === "all") return `${one} instance${plural}`;
  if ("zone" in target) return `all instances in ${target.zone}`;
  if ("rack" in target) return `all instances in ${target.rack}`;
  if ("each" in target) return `all instances in each ${target.each}`;
  if ("instanceId" in target) return "it";
  const role = target.role === undefined ? "" : `${target.role} `;
  if ("groupId" in target) return `${one} ${role}member${plural}`;
  if ("sourceId" in target) return `${one} ${role}instance${plural} of the set`;
  return `${one} ${role}instance${plural}`;
}

function distributionWords(distribution: Distribution): string {
  if (typeof distribution === "number") return formatDuration(distribution);
  if (!("kind" in distribution)) {
    return `${formatDuration(distribution.from)} to ${formatDuration(distribution.to)}`;
  }
  switch (distribution.kind) {
    case "exponential":
      return `${formatDuration(distribution.meanMs)} on average`;
    case "weibull":
      return `${formatDuration(distribution.scaleMs)} or so (weibull)`;
    case "lognormal":
      return `${formatDuration(distribution.medianMs)} in the middle (lognormal)`;
    case "empirical":
      return `one of ${String(distribution.ms.length)} durations`;
  }
}

/** Returns the kind of a fault in words: `break replication`. */
export function faultWords(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

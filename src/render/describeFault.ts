import type { InputOf } from "../domain/commandTypes.js";
import type { Distribution } from "../domain/distributions.js";
import type { Fault, RandomTarget } from "../domain/faults.js";
import { formatDuration } from "../outline/formatTime.js";
import { targetIdOf } from "../topology/faults.js";

/** Returns the id of the instance or group that a fault affects; empty if it affects none in particular. */
export function subjectOfFault(fault: Fault): string {
  return targetIdOf(fault) ?? "";
}

/** Describes the effect of a fault in a few words. */
export function describeFault(fault: Fault): string {
  const durationMs = "durationMs" in fault ? fault.durationMs : undefined;
  return wordsOf(fault) + (durationMs === undefined ? "" : ` for ${formatDuration(durationMs)}`);
}

function wordsOf(fault: Fault): string {
  switch (fault.kind) {
    case "crash":
      return "its service crashes";
    case "hang":
      return "its service hangs";
    case "loseHost":
      return "its host is lost, with its data";
    case "loseAnswers":
      return `the next ${String(fault.times ?? 1)} requests are carried out and not answered`;
    case "recover":
      return "its service is back";
    case "breakReplication":
      return fault.thread === "receiving"
        ? "its replication stops receiving"
        : "its replication stops applying";
    case "repairReplication":
      return "its replication is repaired";
    case "cutLink":
      return "the link from its source is cut";
    case "slowLink":
      return "the link from its source is slow";
    case "restoreLink":
      return "the link from its source is whole again";
    case "failTask":
      return failTaskWords(fault);
    case "slowTasks":
      return `${fault.task ?? "all work"} takes ${String(fault.factor)} times as long`;
    case "outage":
      return `the service answers ${fault.respondWith ?? "serviceUnavailable"}`;
    case "random":
      return `${fault.fault} of ${targetWords(fault.target, "each")} at random, every ${distributionWords(fault.timeToFailure)}`;
    case "randomAmong":
      return `${fault.fault} of ${targetWords(fault.target, "one")} at random, every ${distributionWords(fault.timeBetweenFailures)}`;
  }
}

function failTaskWords({ task, skip = 0, times = 1 }: InputOf<"failTask">): string {
  const which = skip === 0 ? "the next" : `after ${String(skip)} more, the next`;
  const many = times === 1 ? "" : `${String(times)} `;
  return `${which} ${many}${task} will fail`;
}

function targetWords(target: RandomTarget, many: "each" | "one"): string {
  const one = many === "each" ? "each" : "one of the";
  const plural = many === "each" ? "" : "s";
  if (target === "all") return `${one} instance${plural}`;
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

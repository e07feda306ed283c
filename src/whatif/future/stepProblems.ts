import { formatDuration } from "../../scenario/format/quantities.js";
import type { Scenario } from "../../scenario/format/scenario.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { prepareScenario } from "../../scenario/run/prepare.js";
import { type Refusal, runPrepared, type ScenarioRun } from "../../scenario/run/runScenario.js";

/** A step or an operator that does not do what it says. */
export interface StepProblem {
  /** `step 2 (detachReplica)`, or `operator on call (detachReplica)`. */
  readonly by: string;
  /** Virtual time since time 0, in ms. */
  readonly at: number;
  /** Why, with names instead of ids. */
  readonly message: string;
}

/**
 * Returns the steps that do nothing, or not what they should, though no fault comes at random: the first time of each.
 * A future in which nothing fails shows a mistake in the steps, not the effect of a fault.
 */
export function stepProblems(scenario: Scenario, seed: number): readonly StepProblem[] {
  if (scenario.steps === undefined) return [];
  const { random: _random, ...quiet } = scenario;
  try {
    return problemsOf(quiet, seed);
  } catch (error) {
    // A future that throws is no reason to print no figures: they say which futures threw.
    const message = error instanceof Error ? error.message : String(error);
    return [{ by: "a future without random faults", at: 0, message }];
  }
}

function problemsOf(quiet: Scenario, seed: number): readonly StepProblem[] {
  const idle: StepProblem[] = [];
  const run = runPrepared(prepareScenario(quiet, { journal: false }), {
    seed,
    afterStep: ({ step: { do: action }, index, sim, commands }) => {
      const isCommand = typeof action === "object" && ("command" in action || "fault" in action);
      if (!isCommand || commands.length > 0) return;
      const what = "command" in action ? action.command : action.fault;
      const message = "its reference stands for nothing at that time, so nothing is done";
      idle.push({ by: stepName(index, what), at: sim.now, message });
    },
  });
  const sinceStart = idle.map((problem) => ({ ...problem, at: problem.at - run.start }));
  const checks = run.failedChecks.map(({ index, at, message }) => ({
    by: stepName(index, "expect"),
    at: at - run.start,
    message: withNames(message, run.names),
  }));
  const found = [...sinceStart, ...refusalsOf(run), ...checks].sort((a, b) => a.at - b.at);
  return found.filter(({ by }, index) => found.findIndex((other) => other.by === by) === index);
}

/** Returns the commands of a run that rules refused. */
export function refusalsOf({ refusals, names, start }: ScenarioRun): readonly StepProblem[] {
  return refusals.map(({ by, at, command, error }) => ({
    by: actorName(by, command),
    at: at - start,
    message: withNames(error.message, names),
  }));
}

/** Returns a problem as text: `step 2 (detachReplica), 1h after time 0: ...`. */
export function problemText({ by, at, message }: StepProblem): string {
  return `${by}, ${formatDuration(at)} after time 0: ${message}`;
}

function actorName(by: Refusal["by"], command: Refusal["command"]): string {
  const what = command.type === "injectFault" ? command.fault.kind : command.type;
  return typeof by === "number" ? stepName(by, what) : `operator ${by} (${what})`;
}

function stepName(index: number, what: string): string {
  return `step ${String(index + 1)} (${what})`;
}

/** Returns a message with the names of a scenario in place of ids. */
function withNames(message: string, { things }: NameTable): string {
  let text = message;
  for (const { name, id, born } of things) {
    for (const [index, instance] of born.entries()) {
      text = text.replaceAll(instance, born.length === 1 ? name : `${name}.${String(index + 1)}`);
    }
    text = text.replaceAll(id, name);
  }
  return text;
}

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidInputError } from "../../../model/errors.js";
import { formatScenario } from "../../../scenario/file/formatScenario.js";
import { baseDesign, designsOf } from "../../../scenario/format/designs.js";
import { measureUnit } from "../../../scenario/format/measureSets.js";
import type { Scenario } from "../../../scenario/format/scenario.js";
import { expectationText } from "../../../whatif/answerText.js";
import {
  assertSolvable,
  type ExactAnswer,
  maxSolvedStates,
  solvedMegabytes,
  solveScenario,
} from "../../../whatif/exact/exactAnswer.js";
import type { ExactVerdict } from "../../../whatif/exact/exactVerdicts.js";
import { type ShortestFailure, shortestFailure } from "../../../whatif/exact/shortestFailure.js";
import {
  assertMaxStates,
  defaultMaxCommands,
  defaultMaxStates,
  exploreScenario,
  largestMaxStates,
  unansweredExpectations,
} from "../../../whatif/exact/stateSpace.js";
import { probabilityText } from "../../../whatif/rare/rareText.js";
import { formatCount, formatValue } from "../../../whatif/report/valueFormat.js";
import type { Shrunk } from "../../../whatif/shrink/shrink.js";
import { shrunkTest } from "../../../whatif/shrink/shrunkTest.js";
import type { CliIo } from "../terminal.js";
import { exitCodeOf, exitCodes, undecidedLines, verdictLine } from "./exitCodes.js";
import { readScenarioFile } from "./files.js";
import { folded } from "./folded.js";

/** Flags of `whatif exact`. */
export interface ExactFlags {
  readonly design?: string;
  readonly states?: number;
  readonly json: boolean;
}

/** Flags of `whatif reachable`. */
export interface ReachableFlags extends ExactFlags {
  readonly out?: string;
  readonly faults?: number;
  readonly commands?: number;
}

/** Prints the reachable states of a scenario, and the shortest path to each condition that must never hold. */
export async function printReachable(
  file: string,
  flags: ReachableFlags,
  terminal: CliIo,
): Promise<number> {
  terminal.endOnInterrupt?.();
  const scenario = await readDesign(file, flags.design, terminal);
  if (scenario === undefined) return exitCodes.badFile;
  const { states: maxStates = defaultMaxStates, faults: maxFaults, json } = flags;
  const { commands: maxCommands = defaultMaxCommands } = flags;
  const faults = maxFaults === undefined ? "any number of" : `at most ${String(maxFaults)}`;
  const commands =
    scenario.steps === undefined ? "" : `, at most ${String(maxCommands)} commands of its steps`;
  const bounds = `at most ${formatCount(maxStates)} states, some 10 kB each; ${faults} faults${commands}\n`;
  return refusing(terminal, async () => {
    assertMaxStates(maxStates, largestMaxStates, "a state takes some 10 kB");
    await announce(bounds, json, terminal);
    const space = exploreScenario(scenario, {
      maxStates,
      maxCommands,
      ...(maxFaults === undefined ? {} : { maxFaults }),
    });
    const failures = space.watched.map((name) => ({
      name,
      failure: shortestFailure(space, name),
    }));
    const transitions = space.states.reduce((sum, state) => sum + state.transitions.length, 0);
    const undecided = unansweredExpectations(scenario).map(({ name, reason }) => ({
      name,
      reason: `${reason}; whatif run checks it`,
    }));
    if (json) {
      const expectations = failures.map(({ name, failure }) => ({
        name,
        isBroken: failure !== undefined,
        way: failure?.way ?? [],
        scenario: failure?.shortest?.scenario ?? null,
      }));
      const found = { states: space.states.length, transitions, expectations, undecided };
      await terminal.out(`${JSON.stringify(found, undefined, 2)}\n`);
    } else {
      await terminal.out(
        `${String(space.states.length)} states, ${String(transitions)} transitions\n`,
      );
      for (const { name, failure } of failures) {
        await terminal.out(
          failure === undefined ? `${name}: HOLDS in every state\n` : failureText(failure),
        );
      }
      await terminal.out(undecidedLines(undecided));
    }
    const broken = failures.flatMap(({ failure }) => failure?.shortest ?? []);
    if (flags.out !== undefined) await writeFailures(flags.out, broken, terminal);
    return exitCodeOf([
      ...failures.map(({ failure }) => (failure === undefined ? "met" : "not met")),
      ...undecided.map(() => "undecided" as const),
    ]);
  });
}

/** The events of a shortest way, and the scenario that they are. */
function failureText({ expectation, way, shortest }: ShortestFailure): string {
  const events = way.map((event) => `  ${event}\n`).join("");
  const text =
    shortest === undefined
      ? "  no fixed durations give this order of events, so that no scenario file runs it\n"
      : `\n${formatScenario(shortest.scenario)}\n`;
  return `${folded(`${expectation}: BROKEN after ${String(way.length)} events\n${events}`)}${text}`;
}

/** Writes a scenario and a unit test for each broken expectation. */
async function writeFailures(
  folder: string,
  failures: readonly Shrunk[],
  terminal: CliIo,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const taken = new Set<string>();
  for (const shortest of failures) {
    const stem = shortest.failure.expectation.replaceAll(/[^A-Za-z0-9]+/g, "-");
    const name = freeName(stem, taken);
    const file = `${name}.yaml`;
    await writeFile(join(folder, file), formatScenario(shortest.scenario));
    await writeFile(join(folder, `${name}.test.ts`), shrunkTest(shortest, file));
    terminal.err(`wrote ${join(folder, file)} and ${name}.test.ts\n`);
  }
}

/** Two names of expectations may differ only in what a file name cannot have, or in the case of letters. */
function freeName(stem: string, taken: Set<string>): string {
  let name = stem;
  for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${stem}-${String(number)}`;
  taken.add(name.toLowerCase());
  return name;
}

/** Prints exact probabilities of conditions that must never hold, and expected values of measures. */
export async function printExact(
  file: string,
  flags: ExactFlags,
  terminal: CliIo,
): Promise<number> {
  terminal.endOnInterrupt?.();
  const scenario = await readDesign(file, flags.design, terminal);
  if (scenario === undefined) return exitCodes.badFile;
  const { states: maxStates = maxSolvedStates, json } = flags;
  const memory = `${String(solvedMegabytes(maxStates))} MB`;
  return refusing(terminal, async () => {
    assertSolvable(maxStates);
    await announce(
      `at most ${formatCount(maxStates)} states, ${memory}; exponential durations\n`,
      json,
      terminal,
    );
    const answer = solveScenario(scenario, { maxStates });
    if (json) await terminal.out(`${JSON.stringify(answer, undefined, 2)}\n`);
    else await terminal.out(exactText(answer, scenario));
    return exitCodeOf(answer.expectations.map(({ verdict }) => verdict));
  });
}

function exactText(answer: ExactAnswer, scenario: Scenario): string {
  const { states, transitions, figures, measures, leftOut, expectations } = answer;
  const lines = [
    `${String(states)} states, ${String(transitions)} transitions\n`,
    ...figures.map(({ name, probability, longRunShare }) => {
      const share = longRunShare === null ? "none" : longRunShare.toExponential(6);
      const within = `within the horizon ${probability.toExponential(6)}`;
      return folded(`${name}: ${within}; share of time in the long run ${share}\n`);
    }),
    ...measures.map(({ name, expected, longRun }) => {
      const kind = scenario.measures?.[name]?.measure;
      const unit = kind === "interruptions" ? "number" : measureUnit(kind);
      const later = longRun === null ? "none" : formatValue(longRun, unit);
      const mean = formatValue(expected, unit);
      return folded(`${name}: ${mean} expected; in the long run ${later} in as much time\n`);
    }),
    ...leftOut.map(({ name, reason }) => folded(`${name}: left out: ${reason}\n`)),
    ...expectations.map((one) =>
      verdictLine({ ...one, reason: one.reason ?? figureText(one, scenario) }),
    ),
  ];
  return lines.join("");
}

/** The figure of an expectation, and what is expected of it. */
function figureText({ name, value }: ExactVerdict, scenario: Scenario): string {
  const expectation = scenario.expect?.[name];
  if (expectation === undefined || "never" in expectation || "holds" in expectation) {
    return value === 0 ? "holds in no state" : `probability ${probabilityText(value ?? 0)}`;
  }
  const { show, bound } = expectationText(expectation, scenario);
  return `${value === null ? "more" : show(value)}${bound}`;
}

/** The scenario of a file, or one of its designs; undefined after what is wrong was printed. */
async function readDesign(
  file: string,
  name: string | undefined,
  terminal: CliIo,
): Promise<Scenario | undefined> {
  const scenario = await readScenarioFile(file, terminal);
  if (scenario === undefined) return undefined;
  const designs = designsOf(scenario);
  const found = designs.find((design) => design.name === (name ?? baseDesign)) ?? designs[0];
  if (found !== undefined && (name === undefined || found.name === name)) return found.scenario;
  const allowed = designs.map((design) => design.name).join(", ");
  terminal.err(`design ${name ?? baseDesign} not found; allowed: ${allowed}\n`);
  return undefined;
}

/** Says what may be needed before it starts; beside JSON it goes to where errors go. */
async function announce(bounds: string, json: boolean, terminal: CliIo): Promise<void> {
  if (json) terminal.err(folded(bounds));
  else await terminal.out(folded(bounds));
}

async function refusing(terminal: CliIo, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    terminal.err(folded(`${error.message}\n`));
    return exitCodes.badFile;
  }
}

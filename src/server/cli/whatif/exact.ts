import { InvalidInputError } from "../../../model/errors.js";
import { baseDesign, designsOf } from "../../../scenario/format/designs.js";
import { measureDurations } from "../../../scenario/format/measureUnits.js";
import type { Scenario } from "../../../scenario/format/scenario.js";
import { formatFigure } from "../../../whatif/answerText.js";
import { maxSolvedStates, solveScenario } from "../../../whatif/exact/exactAnswer.js";
import {
  defaultMaxCommands,
  defaultMaxStates,
  exploreScenario,
  wayTo,
} from "../../../whatif/exact/stateSpace.js";
import type { CliIo } from "../terminal.js";
import { exitCodes, readScenarioFile } from "./files.js";

/** Flags of `whatif exact`. */
export interface ExactFlags {
  readonly design?: string;
  readonly states?: number;
  readonly json: boolean;
}

/** Flags of `whatif reachable`. */
export interface ReachableFlags extends ExactFlags {
  readonly faults?: number;
  readonly commands?: number;
}

/** Prints the reachable states of a scenario, and the shortest path to each condition that must never hold. */
export async function printReachable(
  file: string,
  flags: ReachableFlags,
  terminal: CliIo,
): Promise<number> {
  const scenario = await readDesign(file, flags.design, terminal);
  if (scenario === undefined) return exitCodes.badFile;
  const { states: maxStates = defaultMaxStates, faults: maxFaults, json } = flags;
  const { commands: maxCommands = defaultMaxCommands } = flags;
  const faults = maxFaults === undefined ? "any number of" : `at most ${String(maxFaults)}`;
  const commands =
    scenario.steps === undefined ? "" : `, at most ${String(maxCommands)} commands of its steps`;
  const bounds = `at most ${String(maxStates)} states, some 10 kB each; ${faults} faults${commands}\n`;
  await announce(bounds, json, terminal);
  return refusing(terminal, async () => {
    const space = exploreScenario(scenario, {
      maxStates,
      maxCommands,
      ...(maxFaults === undefined ? {} : { maxFaults }),
    });
    const expectations = space.watched.map((name) => {
      const at = space.states.findIndex(({ holds }) => holds.has(name));
      return { name, isBroken: at >= 0, way: at < 0 ? [] : wayTo(space, at) };
    });
    const transitions = space.states.reduce((sum, state) => sum + state.transitions.length, 0);
    if (json) {
      const found = { states: space.states.length, transitions, expectations };
      await terminal.out(`${JSON.stringify(found, undefined, 2)}\n`);
    } else {
      await terminal.out(
        `${String(space.states.length)} states, ${String(transitions)} transitions\n`,
      );
      for (const { name, isBroken, way } of expectations) {
        const events = way.map((event) => `  ${event}\n`).join("");
        await terminal.out(
          isBroken
            ? `${name}: BROKEN after ${String(way.length)} events\n${events}`
            : `${name}: HOLDS in every state\n`,
        );
      }
    }
    return expectations.some(({ isBroken }) => isBroken) ? exitCodes.notMet : exitCodes.met;
  });
}

/** Prints exact probabilities of conditions that must never hold, and expected values of measures. */
export async function printExact(
  file: string,
  flags: ExactFlags,
  terminal: CliIo,
): Promise<number> {
  const scenario = await readDesign(file, flags.design, terminal);
  if (scenario === undefined) return exitCodes.badFile;
  const { states: maxStates = maxSolvedStates, json } = flags;
  // Six matrices of numbers while they are multiplied.
  const megabytes = Math.ceil((6 * 8 * maxStates ** 2) / 1e6);
  const bounds = `at most ${String(maxStates)} states, ${String(megabytes)} MB; exponential durations\n`;
  await announce(bounds, json, terminal);
  return refusing(terminal, async () => {
    const answer = solveScenario(scenario, { maxStates });
    if (json) {
      await terminal.out(`${JSON.stringify(answer, undefined, 2)}\n`);
      return exitCodes.met;
    }
    const { states, transitions, figures, measures } = answer;
    await terminal.out(`${String(states)} states, ${String(transitions)} transitions\n`);
    for (const { name, probability, longRunShare } of figures) {
      const share = longRunShare === null ? "none" : longRunShare.toExponential(6);
      await terminal.out(
        `${name}: within the horizon ${probability.toExponential(6)}; share of time in the long run ${share}\n`,
      );
    }
    for (const { name, expected, longRun } of measures) {
      const kind = scenario.measures?.[name]?.measure;
      const isDuration =
        kind !== undefined && kind !== "interruptions" && measureDurations.has(kind);
      const later = longRun === null ? "none" : formatFigure(longRun, isDuration);
      await terminal.out(
        `${name}: ${formatFigure(expected, isDuration)} expected; in the long run ${later} in as much time\n`,
      );
    }
    return exitCodes.met;
  });
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
  if (json) terminal.err(bounds);
  else await terminal.out(bounds);
}

async function refusing(terminal: CliIo, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    terminal.err(`${error.message}\n`);
    return exitCodes.badFile;
  }
}

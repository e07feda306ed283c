import { InvalidInputError } from "../../../model/errors.js";
import { checkDesigns } from "../../../scenario/format/designs.js";
import { checkScenario } from "../../../scenario/format/parseScenario.js";
import type { Scenario } from "../../../scenario/format/scenario.js";
import type { CliIo } from "../terminal.js";

/** Flags that let parameters vary. */
export interface VaryFlags {
  /** `PATH=FROM..TO` or `PATH=VALUE,VALUE`. */
  readonly vary?: readonly string[];
  /** Values of each range. */
  readonly grid?: number;
  /** Points of a Latin hypercube. */
  readonly samples?: number;
}

/**
 * Returns the scenario with the parameters that the command line varies, beside those of the file.
 * @throws InvalidInputError with every problem
 */
export function withVary(scenario: Scenario, { vary = [], grid, samples }: VaryFlags): Scenario {
  const given = givenParameters(vary, grid);
  const own = Object.entries(scenario.vary ?? {}).map(
    ([path, values]) =>
      [
        path,
        "from" in values && grid !== undefined ? { ...values, points: grid } : values,
      ] as const,
  );
  const all = { ...Object.fromEntries(own), ...given };
  if (Object.keys(all).length === 0) {
    if (samples === undefined && grid === undefined) return scenario;
    const [field, purpose] =
      samples === undefined ? ["--grid", "divide"] : ["--samples", "draw from"];
    const expected = `ranges to ${purpose}: add --vary PATH=FROM..TO, or vary to the file`;
    throw new InvalidInputError([
      { field, value: samples ?? grid, expected, rule: "scenario-vary" },
    ]);
  }
  const hasRange = Object.values(all).some(isRange);
  if (grid !== undefined && (!hasRange || samples !== undefined)) {
    const expected = hasRange
      ? "left out beside --samples, which draws its points"
      : "left out, as no range varies: add --vary PATH=FROM..TO";
    throw new InvalidInputError([
      { field: "--grid", value: grid, expected, rule: "scenario-vary" },
    ]);
  }
  const checked = checkScenario({
    ...scenario,
    vary: all,
    ...(samples === undefined ? {} : { samples }),
  });
  if (checked.scenario === undefined) throw new InvalidInputError(checked.issues);
  const { issues } = checkDesigns(checked.scenario);
  if (issues.length > 0) throw new InvalidInputError(issues);
  return checked.scenario;
}

/** The parameters of the flags by their paths; each may stand once. */
function givenParameters(
  vary: readonly string[],
  grid: number | undefined,
): Readonly<Record<string, unknown>> {
  const given = new Map<string, unknown>();
  for (const text of vary) {
    const [path, values] = parsedVary(text, grid);
    if (given.has(path)) {
      const expected = `one flag for ${path}; join its values: PATH=VALUE,VALUE`;
      throw new InvalidInputError([
        { field: "--vary", value: text, expected, rule: "scenario-vary" },
      ]);
    }
    given.set(path, values);
  }
  return Object.fromEntries(given);
}

function isRange(values: unknown): boolean {
  return typeof values === "object" && values !== null && "from" in values;
}

function parsedVary(text: string, points: number | undefined): readonly [string, unknown] {
  const [, path = "", values = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const [from, to, ...more] = values.split("..");
  if (path === "" || more.length > 0) {
    const expected =
      "PATH=FROM..TO or PATH=VALUE,VALUE, such as world.latency.detectFailure=5s..60s";
    throw new InvalidInputError([
      { field: "--vary", value: text, expected, rule: "scenario-vary" },
    ]);
  }
  if (from !== undefined && to !== undefined) {
    const range = { from: valueOf(from), to: valueOf(to) };
    return [path, points === undefined ? range : { ...range, points }];
  }
  return [path, values.split(",").map(valueOf)];
}

/** The same; undefined after what is wrong with the flags was printed. */
export function variedScenario(
  scenario: Scenario,
  flags: VaryFlags,
  terminal: CliIo,
): Scenario | undefined {
  try {
    return withVary(scenario, flags);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    terminal.err(`${error.message}\n`);
    return undefined;
  }
}

/** Returns the flags again, each after a space, as the commands that are printed give them. */
export function varyWords({ vary = [], grid, samples }: VaryFlags): string {
  const words = [
    ...vary.map((text) => `--vary ${quotedWord(text)}`),
    ...(grid === undefined ? [] : [`--grid ${String(grid)}`]),
    ...(samples === undefined ? [] : [`--samples ${String(samples)}`]),
  ];
  return words.map((word) => ` ${word}`).join("");
}

/** A word of a command line, in quotes where a shell would take it apart. */
export function quotedWord(text: string): string {
  return /^[\w./:=,@%+-]+$/.test(text) ? text : JSON.stringify(text);
}

/** A number where it is one; else text, as a file would hold it. */
function valueOf(text: string): unknown {
  const trimmed = text.trim();
  return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}

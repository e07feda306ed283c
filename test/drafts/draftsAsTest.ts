import type { Command } from "../../src/model/commandTypes.js";
import type { ReplicationError } from "../../src/model/errors.js";
import type { SimulatorOptions } from "../../src/simulator/options.js";
import { ReplicationSimulator } from "../../src/simulator.js";
import type { StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { literal } from "../../src/testing/printLiteral.js";
import { type DraftOutcome, runDrafts } from "./runDrafts.js";

/** The options of a simulator that can be printed. */
export type SerializableOptions = Omit<SimulatorOptions, "createId" | "interpreter">;

/** What was there before a draft began: to be run, and to be printed. */
export interface DraftSetup {
  /** Gives the world what the draft begins on. */
  readonly run: (sim: ReplicationSimulator) => unknown;
  /** The same as a statement about `sim`: `createReplicationSet(sim, { replicas: 2 });`. */
  readonly source: string;
}

/** How a test is written down. */
export interface PrintOptions {
  /** What the draft was run on; default the empty world. Its references would mean something else there. */
  readonly setup?: DraftSetup;
  /** Name of the test; default "a draft of N acts". */
  readonly name?: string;
  /** The last statement, about `sim`; default `expectNoBrokenInvariants(sim);`. */
  readonly check?: string;
}

/**
 * A draft as the source text of a test, to be pasted into a file: it imports the public API only, makes a simulator
 * with the options, and does what the draft does, step by step, with a name for everything that is made.
 * @param draft - a list of steps, say the one that a property was shrunk to
 * @param options - the options of the simulator that the draft was run in, its seed above all
 */
export function draftsAsTest(
  draft: StepDrafts,
  options: SerializableOptions = {},
  { name, setup, check = "expectNoBrokenInvariants(sim);" }: PrintOptions = {},
): string {
  const lines = new Lines();
  const failure = report(draft, options, { lines, setup });
  const written = `${setup?.source ?? ""} ${check}`;
  const helpers = testHelpers.filter((helper) => written.includes(`${helper}(`));
  const moves = draft.some(
    (step) => step === "restore" || (typeof step === "object" && "fork" in step),
  );
  const title = name ?? `a draft of ${String(draft.length)} steps`;
  return `${[
    'import { ReplicationSimulator } from "replication-simulator";',
    ...(helpers.length > 0
      ? [`import { ${helpers.join(", ")} } from "replication-simulator/testing";`]
      : []),
    'import { test } from "vitest";',
    "",
    `test(${literal(title)}, () => {`,
    `  ${moves ? "let" : "const"} sim = new ReplicationSimulator(${literal(options)});`,
    ...(setup?.source.split("\n") ?? []).map((line) => `  ${line}`),
    ...lines.used().map((line) => `  ${line}`),
    ...(failure === undefined ? [`  ${check}`] : []),
    "});",
  ].join("\n")}\n`;
}

/** What a printed test may need to import, where it is used. */
const testHelpers = [
  "expectNoBrokenInvariants",
  "expectRefused",
  "expectSettled",
  "createActiveHaGroup",
  "createReplicationSet",
];

/** Runs the draft to learn what its references meant; what ends it ends the test as well. */
function report(
  draft: StepDrafts,
  options: SerializableOptions,
  { lines, setup }: { readonly lines: Lines; readonly setup: DraftSetup | undefined },
): unknown {
  const sim = new ReplicationSimulator(options);
  setup?.run(sim);
  try {
    runDrafts(sim, draft, {
      beforeStep: (context) => {
        lines.begin(statement({ ...context, names: lines.names }));
      },
      onStep: (context) => {
        lines.end(context);
      },
    });
    return undefined;
  } catch (failure) {
    lines.fail(failure);
    return failure;
  }
}

/** The statements so far, and the names of what they made. */
class Lines {
  readonly all: string[] = [];
  readonly names = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  #statement = "";

  begin(text: string): void {
    this.#statement = text;
  }

  end({ command, result }: DraftOutcome): void {
    const statement = this.#statement;
    this.#statement = "";
    if (!result.ok) {
      this.all.push(...refused(statement, result.error, this.names));
      return;
    }
    const id = command === undefined ? undefined : createdId(command, result.value);
    this.all.push(id === undefined ? statement : `const ${this.#name(command, id)} = ${statement}`);
  }

  fail(failure: unknown): void {
    const what = failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
    this.all.push(
      `// throws ${oneLine(what)}`,
      ...(this.#statement === "" ? [] : [this.#statement]),
    );
  }

  /** All statements; a name that nothing uses again is left out. */
  used(): readonly string[] {
    return this.all.map((line) => {
      const [, name, call] = /^const (\w+) = (.*)$/.exec(line) ?? [];
      if (name === undefined || call === undefined) return line;
      return this.all.some((other) => other.includes(`: ${name}.id`)) ? line : call;
    });
  }

  #name(command: Command | undefined, id: string): string {
    const kind = kinds[command?.type ?? ""] ?? "it";
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const name = `${kind}${String(count)}`;
    this.names.set(id, `${name}.id`);
    return name;
  }
}

/** What the commands that make something make. */
const kinds: Readonly<Record<string, string>> = {
  createInstance: "instance",
  createReplica: "replica",
  convertToHa: "group",
  createHaGroup: "group",
  addReplica: "replica",
  createSchedule: "schedule",
  createBackup: "backup",
  createConfiguration: "configuration",
};

function createdId({ type }: Command, value: unknown): string | undefined {
  return Object.hasOwn(kinds, type) ? (value as { readonly id: string }).id : undefined;
}

function statement({
  step,
  sim,
  accountId,
  command,
  names,
}: Omit<DraftOutcome, "result" | "next" | "index"> & {
  readonly names: ReadonlyMap<string, string>;
}): string {
  if (command !== undefined) {
    const caller = accountId === sim.accountId ? "sim" : `sim.account(${literal(accountId)})`;
    return `${caller}.execute(${literal(command, names)});`;
  }
  if (step === "restore") {
    return "sim = ReplicationSimulator.restore(JSON.parse(JSON.stringify(sim.snapshot())));";
  }
  if (typeof step === "string") return `sim.${step}();`;
  if ("advance" in step) return `sim.advance(${literal(step.advance)});`;
  return `sim = sim.fork(${"fork" in step ? literal(step.fork) : ""});`;
}

/** A refusal is no failure: the test goes on, as the draft did. */
function refused(
  text: string,
  { name, rule, message }: ReplicationError,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  let quoted = message;
  for (const [id, variable] of names) quoted = quoted.replaceAll(id, variable.replace(/\.id$/, ""));
  const note = `// refused by ${rule}: ${oneLine(quoted)}`;
  if (!text.includes(".execute(")) return [note, `try { ${text} } catch {}`];
  const tried = text.replace(".execute(", ".try.execute(");
  return [note, name === "InvalidInputError" ? tried.replace(/\);$/, " as never);") : tried];
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 90 ? `${line.slice(0, 87)}...` : line;
}

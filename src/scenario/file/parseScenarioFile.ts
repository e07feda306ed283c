import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { type InputIssue, InvalidInputError } from "../../model/errors.js";
import { assertThat } from "../../model/schema/argument.js";
import { assertKnownOptions } from "../../model/schema/entryPointOptions.js";
import { checkDesigns } from "../format/designs.js";
import { checkScenario } from "../format/parseScenario.js";
import type { Scenario } from "../format/scenario.js";

/** Something wrong in a scenario file, and where. */
export interface FileProblem {
  /** From 1 on. */
  readonly line: number;
  /** From 1 on. */
  readonly column: number;
  /** Path of the part at fault: `random.crashes.every`; empty for the whole file. */
  readonly field: string;
  readonly rule: string;
  /** `FILE:LINE:COLUMN FIELD: VALUE is not accepted; expected EXPECTED`. */
  readonly message: string;
  /** The line of the file, with a mark below the column. */
  readonly frame: string;
}

/** A scenario file that cannot be used: `problems` says where and why. */
export class ScenarioFileError extends InvalidInputError {
  override readonly name = "ScenarioFileError";
  readonly problems: readonly FileProblem[];

  /** An error with every problem of a file. */
  constructor(issues: readonly InputIssue[], problems: readonly FileProblem[]) {
    super(issues);
    this.problems = problems;
    this.message = problems.map(({ message, frame }) => `${message}\n${frame}`).join("\n");
  }
}

/** Options of a parsed file. */
export interface FileOptions {
  /** Default `scenario.yaml`. */
  readonly file?: string;
}

/**
 * Returns the scenario of a file in YAML 1.2 or JSON, its designs and parameters checked as well.
 *
 * @example
 * ```ts
 * import { parseScenarioFile } from "replication-simulator/scenario-file";
 *
 * const { horizon } = parseScenarioFile("scenario: 1\ntopology: { orders: { kind: instance } }\nhorizon: 1h\n");
 * console.log(horizon); // 3600000
 * ```
 * @param options - `file`: name of the file in messages
 * @param text - the content of the file
 * @returns the scenario with numbers only
 * @throws ScenarioFileError with file, line, column, path, what was expected and the nearest known word
 */
export function parseScenarioFile(text: string, options: FileOptions = {}): Scenario {
  assertKnownOptions(options, ["file"]);
  const demand = { field: "text", expected: "the text of a file", rule: "scenario-yaml" };
  assertThat(typeof text === "string", text, demand);
  const { file = "scenario.yaml" } = options;
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true });
  const locate = (
    offset: number,
    about: Omit<FileProblem, "line" | "column" | "frame">,
  ): FileProblem => {
    const { line, col: column } = lineCounter.linePos(offset);
    const message = `${file}:${String(line)}:${String(column)} ${about.message}`;
    return { ...about, line, column, message, frame: frameOf(text, { line, column }) };
  };
  if (document.errors.length > 0) {
    const errors = document.errors.map(({ code, message, pos }) => {
      const help = yamlHelp[code];
      return { at: pos[0], text: help === undefined ? message : `${message}; ${help}` };
    });
    const issues = errors.map(({ text: expected }) => ({
      field: "",
      value: undefined,
      expected,
      rule: "scenario-yaml",
    }));
    const problems = errors.map(({ at, text: message }) =>
      locate(at, { field: "", rule: "scenario-yaml", message }),
    );
    throw new ScenarioFileError(issues, problems);
  }
  const { scenario, issues } = checkScenario(toPlain(document));
  const found = scenario === undefined ? issues : checkDesigns(scenario).issues;
  if (scenario !== undefined && found.length === 0) return scenario;
  const problems = found.map((issue) =>
    locate(offsetOf(document.contents, issue), {
      field: issue.field,
      rule: issue.rule,
      message: describe(issue),
    }),
  );
  // Someone who mends a file goes through it from its beginning.
  const inOrder = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  throw new ScenarioFileError(found, inOrder);
}

const quotes = "put quotes around a text with a colon and a blank in it";

/** What to do about an error of the syntax, where its message does not say it. */
const yamlHelp: Readonly<Partial<Record<string, string>>> = {
  BLOCK_AS_IMPLICIT_KEY: quotes,
  BLOCK_IN_FLOW: quotes,
  BAD_SCALAR_START: "put quotes around the text",
  TAB_AS_INDENT: "use blanks",
};

/** Aliases are bounded, so that a small file cannot become a large one. */
function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function describe({ field, value, expected }: InputIssue): string {
  const where = field === "" ? "the file" : field;
  if (value === undefined) return `${where} is missing; expected ${expected}`;
  const text = JSON.stringify(value);
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return `${where}: ${short} is not accepted; expected ${expected}`;
}

/** Returns the offset of a part of the file: its key if the name is wrong or the part is missing, else its value. */
function offsetOf(contents: unknown, { field, rule }: InputIssue): number {
  let node = contents;
  let offset = startOf(node) ?? 0;
  for (const key of pathOf(field)) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && String(isScalar(item.key) ? item.key.value : item.key) === key,
      );
      if (pair === undefined) return offset;
      const keyOffset = startOf(pair.key) ?? offset;
      const isName = rule === "known-field" || rule === "scenario-names";
      node = pair.value;
      offset = isName ? keyOffset : (startOf(node) ?? keyOffset);
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

/** The keys of a path: `a.b[0]["on call"]`. */
function pathOf(field: string): readonly string[] {
  return [...field.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted ?? index ?? name ?? "",
  );
}

function startOf(node: unknown): number | undefined {
  const range = (node as { readonly range?: readonly number[] | null } | null | undefined)?.range;
  return range?.[0];
}

function frameOf(
  text: string,
  { line, column }: { readonly line: number; readonly column: number },
): string {
  const lines = text.split("\n");
  const shown: string[] = [];
  for (const number of [line - 1, line]) {
    const content = lines[number - 1];
    if (number > 0 && content !== undefined) {
      shown.push(`${String(number).padStart(4)} | ${content}`.trimEnd());
    }
  }
  return [...shown, `     | ${" ".repeat(column - 1)}^`].join("\n");
}

import { assertAccepted } from "../assertInput.js";
import { EnsembleError } from "./ensembleError.js";
import type { EnsembleSpec } from "./ensembleSpec.js";
import type { ShardResult } from "./shardResult.js";

/** The first line of a file of results: which ensemble it belongs to. */
export interface EnsembleHeader {
  readonly spec: EnsembleSpec;
}

/** Returns the first line of a file of results, without the end of the line. */
export function headerLine(spec: EnsembleSpec): string {
  return JSON.stringify({ spec } satisfies EnsembleHeader);
}

/** Returns the line of one result, without the end of the line. */
export function resultLine(result: ShardResult): string {
  return JSON.stringify(result);
}

/** Content of a file of results. */
export interface ParsedResults {
  readonly spec: EnsembleSpec;
  readonly results: readonly ShardResult[];
  /** Length of the part that consists of whole lines, in UTF-16 units; shorter than the text where the last was torn. */
  readonly wholeLength: number;
}

/**
 * Reads a file of results. A last line without an end was torn off by a crash and is left out.
 *
 * @param name - how messages call the file
 * @returns undefined where there is no whole line
 * @throws EnsembleError `unreadable-line`
 */
export function parseResultLines(text: string, name: string): ParsedResults | undefined {
  assertAccepted(typeof text === "string", text, { field: "text", expected: "the text of a file" });
  const wholeLength = text.lastIndexOf("\n") + 1;
  const lines = text.slice(0, wholeLength).split("\n").slice(0, -1);
  const parsed = lines.map((line, at) => parsedLine(line, `${name}:${String(at + 1)}`));
  const [header, ...results] = parsed;
  if (header === undefined) return undefined;
  if (!isHeader(header))
    throw new EnsembleError(
      "unreadable-line",
      `${name}:1 is not the header of a file of results; expected an object with spec`,
    );
  const bad = results.findIndex((each) => !isShardResult(each));
  if (bad !== -1)
    throw new EnsembleError(
      "unreadable-line",
      `${name}:${String(bad + 2)} is not the result of a shard`,
    );
  return { spec: header.spec, results: results as readonly ShardResult[], wholeLength };
}

function parsedLine(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new EnsembleError(
      "unreadable-line",
      `${place} is not JSON; remove the line and run its shard again`,
      {},
      { cause },
    );
  }
}

function isHeader(value: unknown): value is EnsembleHeader {
  if (!isObject(value) || !isObject(value["spec"])) return false;
  return isObject(value["spec"]["seeds"]) && isObject(value["spec"]["scenario"]);
}

function isShardResult(value: unknown): value is ShardResult {
  return (
    isObject(value) &&
    typeof value["ensemble"] === "string" &&
    typeof value["id"] === "string" &&
    typeof value["index"] === "number" &&
    isObject(value["designs"])
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

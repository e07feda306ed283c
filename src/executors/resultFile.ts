import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { EnsembleError } from "../whatif/ensemble/ensembleError.js";
import { EnsembleResults } from "../whatif/ensemble/ensembleResults.js";
import { type EnsembleSpec, idOfEnsemble } from "../whatif/ensemble/ensembleSpec.js";
import type { PreparedEnsemble } from "../whatif/ensemble/prepareEnsemble.js";
import {
  headerLine,
  type ParsedResults,
  parseResultLines,
  resultLine,
} from "../whatif/ensemble/resultLines.js";
import { type EnsembleRun, type RunOptions, runEnsemble } from "../whatif/ensemble/runEnsemble.js";
import type { ShardResult } from "../whatif/ensemble/shardResult.js";

/**
 * A file of results that a run appends to: a header, then one line a shard. Each line is on the disk before the next
 * shard is counted, so whatever ends the process, the same command goes on from the whole lines.
 */
export class ResultFile {
  /** Results in the file when it was opened. */
  readonly results: EnsembleResults;
  /** Whether the last line was torn off and has been cut away. */
  readonly wasTorn: boolean;
  readonly #descriptor: number;

  private constructor(results: EnsembleResults, descriptor: number, wasTorn: boolean) {
    this.results = results;
    this.#descriptor = descriptor;
    this.wasTorn = wasTorn;
  }

  /**
   * Opens a file, or makes it.
   *
   * @throws EnsembleError `other-ensemble`, `unreadable-line`, and what `EnsembleResults.add` throws
   */
  static open(path: string, spec: EnsembleSpec): ResultFile {
    const text = contentsOf(path);
    const parsed = parseResultLines(text, path);
    const results = new EnsembleResults(spec);
    if (parsed !== undefined) {
      if (idOfEnsemble(parsed.spec) !== results.id)
        throw new EnsembleError(
          "other-ensemble",
          `${path} holds results of another scenario, seed range or version; name another folder, or remove the file to begin anew`,
        );
      for (const result of parsed.results) results.add(result);
    }
    const wholeLength = parsed?.wholeLength ?? 0;
    const wasTorn = wholeLength < text.length;
    if (wasTorn) truncateSync(path, Buffer.byteLength(text.slice(0, wholeLength)));
    const file = new ResultFile(results, openSync(path, "a"), wasTorn);
    if (parsed === undefined) file.#write(headerLine(spec));
    return file;
  }

  /** Appends the result of a shard. */
  append(result: ShardResult): void {
    this.#write(resultLine(result));
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(line: string): void {
    writeSync(this.#descriptor, `${line}\n`);
    fsyncSync(this.#descriptor);
  }
}

/** Runs an ensemble and keeps every result in a file; shards that the file has are not run again. */
export async function runWithFile(
  prepared: PreparedEnsemble,
  path: string,
  options: Omit<RunOptions, "results"> & { readonly onOpen?: (file: ResultFile) => void } = {},
): Promise<EnsembleRun> {
  const { onOpen, onResult, ...rest } = options;
  const file = ResultFile.open(path, prepared.spec);
  try {
    onOpen?.(file);
    return await runEnsemble(prepared, {
      ...rest,
      results: file.results,
      onResult: (result) => {
        file.append(result);
        onResult?.(result);
      },
    });
  } finally {
    file.close();
  }
}

/**
 * Returns the ensemble that a file of results is about.
 *
 * @throws EnsembleError `unreadable-line`
 */
export function specOfFile(path: string): EnsembleSpec {
  const text = contentsOf(path, true);
  const parsed = parseResultLines(text.slice(0, text.indexOf("\n") + 1), path);
  if (parsed === undefined)
    throw new EnsembleError("unreadable-line", `${path} has no whole line; run its part again`);
  return parsed.spec;
}

/**
 * Merges files of results, in any order, whatever each holds.
 *
 * @throws EnsembleError `unreadable-line`, `other-ensemble`, `not-deterministic`
 */
export function mergeFiles(paths: readonly string[]): EnsembleResults {
  let merged: EnsembleResults | undefined;
  for (const path of paths) {
    const parsed: ParsedResults | undefined = parseResultLines(contentsOf(path, true), path);
    if (parsed === undefined)
      throw new EnsembleError("unreadable-line", `${path} has no whole line; run its part again`);
    merged ??= new EnsembleResults(parsed.spec);
    if (idOfEnsemble(parsed.spec) !== merged.id)
      throw new EnsembleError(
        "other-ensemble",
        `${path} holds results of another scenario, seed range or version than ${String(paths[0])}`,
      );
    for (const result of parsed.results) merged.add(result);
  }
  if (merged === undefined)
    throw new EnsembleError("spec-input", "no file to merge; name at least one");
  return merged;
}

/** Writes what some files hold into one, each shard once, in the order of the seeds. */
export function writeMerged(paths: readonly string[], to: string): void {
  const parsed = paths.map((path) => parseResultLines(contentsOf(path, true), path));
  const shards = new Map(
    parsed.flatMap((part) => part?.results ?? []).map((result) => [result.index, result]),
  );
  const spec = parsed[0]?.spec;
  if (spec === undefined)
    throw new EnsembleError("spec-input", "no file to merge; name at least one");
  const lines = [...shards].sort(([a], [b]) => a - b).map(([, result]) => resultLine(result));
  writeFileSync(to, `${[headerLine(spec), ...lines].join("\n")}\n`);
}

/** Returns the seed ranges that are missing, as a message can say them; undefined where nothing is. */
export function missingShards(results: EnsembleResults): string | undefined {
  const { spec, shards, done } = results;
  if (done === shards) return undefined;
  const missing = Array.from({ length: shards }, (_, index) => index).filter(
    (index) => !results.has(index),
  );
  const ranges = missing.slice(0, 5).map((index) => {
    const first = spec.seeds.first + index * spec.shardSize;
    const last = Math.min(first + spec.shardSize, spec.seeds.first + spec.seeds.count) - 1;
    return `${String(first)} to ${String(last)}`;
  });
  const more = missing.length > 5 ? ", ..." : "";
  return `${String(missing.length)} of ${String(shards)} shards are missing: seeds ${ranges.join(", ")}${more}`;
}

function contentsOf(path: string, mustExist = false): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (!mustExist && (error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

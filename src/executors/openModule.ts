import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isRecord } from "../model/schema/plainData.js";
import type { ScenarioInput } from "../scenario/format/scenario.js";
import type { SimulatorOptions } from "../simulator/options.js";
import { dataScenario } from "../whatif/dataScenario.js";
import { EnsembleError } from "../whatif/ensemble/ensembleError.js";
import type { ScenarioReference } from "../whatif/ensemble/ensembleSpec.js";
import { type FutureFunction, functionScenario } from "../whatif/ensemble/functionScenario.js";
import type { RunnableScenario } from "../whatif/ensemble/runnableScenario.js";
import type { OwnParts } from "../whatif/future/design.js";
import { type RareSetup, rareScenario } from "../whatif/rare/rareScenario.js";
import type { Json } from "../wire/json.js";

/**
 * Makes the scenario of an ensemble ready on Node: data, or what a module exports.
 *
 * @throws EnsembleError `scenario-module`
 */
export async function openScenario(reference: ScenarioReference): Promise<RunnableScenario> {
  const given: unknown = reference; // of a caller of plain JavaScript
  const isReference =
    isRecord(given) && ["data", "rare", "module"].some((name) => given[name] !== undefined);
  if (!isReference) {
    const message = "the scenario of a plan must be an object with data, module or rare";
    throw new EnsembleError("scenario-source", message, { field: "scenario", value: reference });
  }
  if ("data" in reference) {
    // Parsed and checked there: types are a promise of the planner's here.
    const { data, engine = "auto" } = reference;
    return dataScenario(data as unknown as ScenarioInput, {}, { engine });
  }
  if ("rare" in reference) return rareScenario(reference.rare as unknown as RareSetup);
  const { module, export: name = "default", world, designs } = reference;
  const url = urlOf(module);
  const source = await sourceOf(url);
  const exports = await importModule(url);
  const exported = exports[name];
  if (isRecord(exported)) {
    const runnable = dataScenario(exported as unknown as ScenarioInput, ownPartsOf(exports));
    return { ...runnable, source: runnable.source + source };
  }
  if (typeof exported === "function")
    return functionScenario({
      future: exported as FutureFunction,
      source,
      ...(world === undefined ? {} : { world: world as SimulatorOptions }),
      ...(designs === undefined ? {} : { designs: designs as Readonly<Record<string, Json>> }),
    });
  throw new EnsembleError(
    "scenario-module",
    `${module} exports no scenario ${name}; export a scenario, or a function (sim, params) => outcome`,
    { field: "export", value: name },
  );
}

/** Measures and properties that a module exports beside its scenario. */
export function ownPartsOf({ measures, properties, workload }: Exports): OwnParts {
  return {
    ...(isRecord(measures) ? { measures: measures as OwnParts["measures"] & object } : {}),
    ...(isRecord(properties) ? { properties: properties as OwnParts["properties"] & object } : {}),
    ...(typeof workload === "boolean" ? { workload } : {}),
  };
}

/** A URL stays; the name of a package is resolved from the folder of the process. */
function urlOf(module: string): string {
  if (/^[a-z]+:/i.test(module)) return module;
  try {
    return pathToFileURL(createRequire(`${process.cwd()}/`).resolve(module)).href;
  } catch (cause) {
    throw new EnsembleError(
      "scenario-module",
      `module ${module} not found; name a package that is installed here, or a file: URL`,
      { field: "module", value: module },
      { cause },
    );
  }
}

async function sourceOf(url: string): Promise<string> {
  if (!url.startsWith("file:")) return url;
  try {
    return await readFile(fileURLToPath(url), "utf8");
  } catch (cause) {
    throw new EnsembleError(
      "scenario-module",
      `cannot read ${url}; every worker needs the file at this place`,
      {},
      { cause },
    );
  }
}

/** Exports of a module. */
export type Exports = Readonly<Record<string, unknown>>;

/**
 * Imports a module; TypeScript where Node knows it, or with tsx.
 *
 * @throws EnsembleError `scenario-module` where it is TypeScript and neither does
 */
export async function importModule(url: string): Promise<Exports> {
  try {
    return (await import(specifierOf(url))) as Exports;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_UNKNOWN_FILE_EXTENSION") {
      return importedByTsx(url, error);
    }
    throw notLoaded(url, error);
  }
}

/** What a module throws while it is loaded is not an error of this library. */
function notLoaded(url: string, cause: unknown): EnsembleError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new EnsembleError(
    "scenario-module",
    `module ${url} cannot be loaded: ${message}`,
    { field: "module", value: url },
    { cause },
  );
}

/** Built as CommonJS, `import` becomes `require`, which takes ES modules since Node 20.19 and takes paths only. */
function specifierOf(url: string): string {
  const isCommonJs = (import.meta.url as string | undefined) === undefined;
  return isCommonJs && url.startsWith("file:") ? fileURLToPath(url) : url;
}

/** A Node that knows no TypeScript borrows tsx where it is installed, in worker threads as well. */
async function importedByTsx(url: string, cause: unknown): Promise<Exports> {
  for (const from of [url, `${process.cwd()}/`]) {
    const manifest = resolvedFrom(from, "tsx/package.json");
    if (manifest === undefined) continue;
    // The entry for import, which `createRequire` does not resolve to.
    const api = new URL(
      entryForImport(createRequire(from)(manifest), "./esm/api"),
      pathToFileURL(manifest),
    );
    const { tsImport } = (await import(api.href)) as {
      readonly tsImport: (specifier: string, parent: string) => Promise<Exports>;
    };
    try {
      return await tsImport(url, url);
    } catch (error) {
      throw notLoaded(url, error);
    }
  }
  throw new EnsembleError(
    "scenario-module",
    `Node ${process.versions.node} cannot import ${url}; install tsx beside it, use Node 22.18 or later, or compile it to JavaScript`,
    { field: "module", value: url },
    { cause },
  );
}

function resolvedFrom(from: string, specifier: string): string | undefined {
  try {
    return createRequire(from).resolve(specifier);
  } catch {
    return undefined;
  }
}

/** The file that a package exports to `import` under a path. */
function entryForImport(manifest: unknown, path: string): string {
  const { exports } = manifest as {
    readonly exports: Readonly<Record<string, { readonly import: { readonly default: string } }>>;
  };
  const entry = exports[path];
  if (entry === undefined) throw new Error(`tsx exports no ${path}`);
  return entry.import.default;
}

import { isList } from "../model/schema/plainData.js";
import { pageHtml } from "../page/index.js";
import { timelineSvg } from "../render/index.js";
import type { Journal } from "../simulator/serialization.js";

/** The member of a Vitest task's `meta` that carries the journals of a failed test to the reporter. */
const metaKey = "replicationSimulator";

/** Adds a journal to what Vitest sends to its reporters about the running test. Other runners pass no task. */
export function attachJournal(context: unknown, journal: Journal): void {
  // Vitest's context is a function with members, and its task an object of a class.
  const { task } = (context ?? {}) as { readonly task?: { readonly meta?: unknown } };
  const meta = task?.meta;
  if (typeof meta !== "object" || meta === null) return;
  Object.assign(meta, { [metaKey]: [...journalsIn(meta), journal] });
}

/** The journals that `attachJournal` has added to the `meta` of a task. */
export function journalsIn(meta: object): readonly Journal[] {
  const journals = (meta as Readonly<Record<string, unknown>>)[metaKey];
  return isList(journals) ? (journals as readonly Journal[]) : [];
}

/**
 * Writes the timeline of a journal as SVG, and the whole of it as a page.
 * @param path - path of the files without `.svg` and `.html`
 * @returns the paths of the files
 */
export function writeFailedWorld(
  journal: Journal,
  path: string,
  writeFile: (path: string, content: string) => void,
): readonly string[] {
  writeFile(`${path}.svg`, timelineSvg(journal));
  writeFile(`${path}.html`, pageHtml({ world: journal, title: path }));
  return [`${path}.svg`, `${path}.html`];
}

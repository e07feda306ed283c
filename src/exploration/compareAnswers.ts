import { isList, isRecord } from "../model/schema/plainData.js";
import type { ApiModel } from "./apiModel.js";
import type { ApiAnswer } from "./apiRequest.js";
import { apiKinds } from "./apiRequests.js";

/**
 * Holds the answer of the service to that of the model.
 * @throws Error with the request and the first difference
 */
export function compareAnswers(
  answers: { readonly request: string; readonly expected: ApiAnswer; readonly actual: ApiAnswer },
  model: ApiModel,
): void {
  const { request, expected, actual } = answers;
  const difference =
    expected.status === actual.status
      ? new Comparison(model).difference(expected.body, actual.body, "body")
      : `status: expected ${String(expected.status)}, got ${String(actual.status)}`;
  if (difference === undefined) return;
  throw new Error(
    [
      `${request} differs from the simulator in ${difference}`,
      `expected: ${String(expected.status)} ${text(expected.body)}`,
      `got:      ${String(actual.status)} ${text(actual.body)}`,
    ].join("\n"),
  );
}

/** Compares bodies, member by member, with ids mapped. */
class Comparison {
  readonly #model: ApiModel;
  readonly #modelIds: ReadonlySet<string>;

  constructor(model: ApiModel) {
    this.#model = model;
    this.#modelIds = new Set(apiKinds.flatMap((kind) => model.idsOf(kind)));
  }

  /** The first difference in words. */
  difference(expected: unknown, actual: unknown, path: string): string | undefined {
    if (isList(expected) && isList(actual)) return this.#inLists(expected, actual, path);
    if (isRecord(expected) && isRecord(actual)) return this.#inRecords(expected, actual, path);
    const isSame =
      typeof expected === "string" && typeof actual === "string" && this.#modelIds.has(expected)
        ? this.#model.ids.matches(expected, actual)
        : expected === actual || this.#translated(expected) === actual;
    return isSame ? undefined : `${path}: expected ${this.#shown(expected)}, got ${text(actual)}`;
  }

  #inRecords(
    expected: Readonly<Record<string, unknown>>,
    actual: Readonly<Record<string, unknown>>,
    path: string,
  ): string | undefined {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    for (const name of names) {
      if (this.#model.ignored.has(name)) continue;
      const found = this.difference(expected[name], actual[name], `${path}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Lists are ordered by id, and the ids differ: items with an id are paired by it, new ones by their name. */
  #inLists(
    expected: readonly unknown[],
    actual: readonly unknown[],
    path: string,
  ): string | undefined {
    if (expected.length !== actual.length) {
      return `${path}: expected ${String(expected.length)} items, got ${String(actual.length)}`;
    }
    const left = [...actual];
    for (const [index, item] of expected.entries()) {
      const [counterpart] = left.splice(this.#placeOf(item, left), 1);
      const found = this.difference(item, counterpart, `${path}[${String(index)}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #placeOf(item: unknown, among: readonly unknown[]): number {
    const id = isRecord(item) ? item["id"] : undefined;
    if (!isRecord(item) || typeof id !== "string") return 0;
    const known = this.#model.ids.get(id);
    const place = among.findIndex(
      (other) =>
        isRecord(other) &&
        (known === undefined ? other["name"] === item["name"] : other["id"] === known),
    );
    return Math.max(0, place);
  }

  /** A string of the model, such as a URL, with the ids in it as the service has them. */
  #translated(value: unknown): unknown {
    if (typeof value !== "string") return value;
    return value.replaceAll(idPattern, (id) => this.#model.ids.get(id) ?? id);
  }

  /** An id of the model as the service has it, where that is known. */
  #shown(value: unknown): string {
    return text(typeof value === "string" ? (this.#model.ids.get(value) ?? value) : value);
  }
}

const idPattern = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function text(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

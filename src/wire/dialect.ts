import { assertOption, type OptionRule } from "../model/schema/entryPointOptions.js";
import { isRecord } from "../model/schema/plainData.js";
import type { DialectWords } from "./dialectWords.js";
import type { IdentityDialect } from "./identityDialect.js";
import type { Operation, UnsupportedOperation } from "./operation.js";

/**
 * The wire format of one API: routes and codecs (its operations), error bodies, status words, identity. A second API is
 * a second value; nothing outside it changes.
 */
export interface Dialect extends DialectWords {
  readonly operations: readonly Operation[];
  /** Operations of the API that the simulator does not have: they are answered with `notImplemented`. */
  readonly unsupported: readonly UnsupportedOperation[];
  /** Log-in of clients. Default: Keystone, version 2. */
  readonly identity?: IdentityDialect;
  /** The paths of the operations, taken apart. @internal */
  readonly places: readonly Place[];
}

/** A path of an API, and everything that can be asked there. */
export interface Place {
  readonly parts: readonly string[];
  readonly operations: readonly Operation[];
  readonly unsupported: readonly UnsupportedOperation[];
}

/**
 * A dialect from its parts: takes the paths apart once, so that every request is matched quickly.
 * @throws InvalidInputError `wire-dialect` for parts without lists of operations
 */
export function defineDialect(parts: Omit<Dialect, "places">): Dialect {
  assertOption(parts, partsRule, { field: "parts", rule: "wire-dialect" });
  const { operations, unsupported } = parts;
  const paths = [...new Set([...operations, ...unsupported].map(({ path }) => path))];
  return {
    ...parts,
    places: paths.map((path) => ({
      parts: path.split("/"),
      operations: operations.filter((operation) => operation.path === path),
      unsupported: unsupported.filter((operation) => operation.path === path),
    })),
  };
}

const partsRule: OptionRule = {
  expected: "the parts of a dialect, with lists of operations and of unsupported ones",
  accepts: (value) => {
    const { operations, unsupported } = (isRecord(value) ? value : {}) as Partial<Dialect>;
    return [operations, unsupported].every(
      (list) =>
        Array.isArray(list) &&
        list.every((one) => isRecord(one) && typeof one["path"] === "string"),
    );
  },
};

/** Whether a value is a dialect, as `defineDialect` makes them. */
export const dialectRule: OptionRule = {
  expected: "a dialect, as defineDialect() returns one",
  accepts: (value) => isRecord(value) && Array.isArray((value as Partial<Dialect>).places),
};

import { documentedLimits } from "../../src/model/limits.js";
import type { Field, Shape } from "../../src/model/schema/fields.js";

/** The version that snapshots and journals name. */
export const formatVersion = 2;

/** A schema as lines: a path, what may stand there, and what else is to be known of it. */
export class FormatListing {
  /** Rows and values that other ones contain; their fields are listed once. */
  readonly #names: ReadonlyMap<Shape, string>;

  constructor(named: Readonly<Record<string, Field<unknown>>>) {
    this.#names = new Map(Object.entries(named).map(([name, { shape }]) => [shape, name]));
  }

  /** The fields of an object, with what `notes` has under the same names. */
  section(title: string, field: Field<unknown>, notes?: unknown): readonly string[] {
    return ["", title + ruleOf(field), ...this.#partsOf(field, "", notes)];
  }

  #linesOf(field: Field<unknown>, path: string, notes: unknown): readonly string[] {
    const name = this.#names.get(field.shape);
    const values = name === undefined ? valuesOf(field) : name + orNull(field);
    const line = `${path} | ${values}${ruleOf(field)}${typeof notes === "string" ? ` | ${notes}` : ""}`;
    return [line, ...(name === undefined ? this.#partsOf(field, path, notes) : [])];
  }

  #partsOf({ shape }: Field<unknown>, path: string, notes: unknown): readonly string[] {
    switch (shape.kind) {
      case "record":
        return Object.entries(shape.of).flatMap(([key, { field, required }]) => {
          const place = `${path === "" ? "" : `${path}.`}${key}${required ? "" : "?"}`;
          return this.#linesOf(field, place, (notes as Record<string, unknown> | undefined)?.[key]);
        });
      case "list":
        return this.#linesOf(shape.of, `${path}[]`, undefined);
      case "union":
        return Object.entries(shape.of).flatMap(([kind, field]) =>
          this.#linesOf(field, `${path}(${kind})`, undefined),
        );
      case "oneOf":
        return shape.of.flatMap((field, at) =>
          this.#linesOf(field, `${path}(${String(at + 1)})`, undefined),
        );
      default:
        return [];
    }
  }
}

/** What a field accepts; a composite one has its parts in lines of their own. */
function valuesOf(field: Field<unknown>): string {
  const { shape } = field;
  switch (shape.kind) {
    case "record":
      return `object${orNull(field)}`;
    case "union":
      return `object by ${shape.key}${orNull(field)}`;
    case "list": {
      const { countMin, countMax } = shape;
      const most = countMax === Number.MAX_SAFE_INTEGER ? "" : ` to ${String(countMax)}`;
      return `array of ${String(countMin)}${most || " or more"}${orNull(field)}`;
    }
    default:
      return field.expected(documentedLimits) + patternOf(shape);
  }
}

/** The rule that an error names, if it is not the common one of rows. */
function ruleOf({ rule }: Field<unknown>): string {
  return rule === "snapshot-rows" ? "" : ` | ${rule}`;
}

function patternOf(shape: Shape): string {
  const pattern = shape.kind === "text" ? shape.pattern : undefined;
  return pattern === undefined ? "" : ` (${String(pattern)})`;
}

function orNull(field: Field<unknown>): string {
  const parsed = field.read(null, "", { limits: documentedLimits, issues: [] });
  return parsed === null ? ", or null" : "";
}

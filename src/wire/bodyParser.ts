import type { Catalog } from "../model/catalog.js";
import type { InputIssue } from "../model/errors.js";
import type { Limits } from "../model/limits.js";
import type { Field, RecordFields } from "../model/schema/fields.js";
import { nearestHint } from "../model/schema/nearest.js";
import { isRecord } from "../model/schema/plainData.js";
import { fieldSchema } from "./fieldSchema.js";
import type { JsonSchema } from "./json.js";

/*
 * A form says where in a body the parts of a command's input stand. It is written once and read three ways: to turn
 * JSON into the input, to name the place in the JSON that a refusal is about, and to make the JSON Schema of the
 * body from the fields of the command. What a value may be is said nowhere here: that is the field's business.
 */

/** Path of a value in a command's input: `["databases", 0, "characterSet"]`. */
export type DomainPath = readonly (string | number)[];

/** State of the parser of one body. */
export interface FormReading {
  readonly catalog: Catalog;
  readonly issues: InputIssue[];
}

/** A part of a body. */
export interface Form {
  /** The input's value for what the body says at `at`; undefined after noting what is wrong. */
  readonly read: (value: unknown, at: string, reading: FormReading) => unknown;
  /**
   * The place of a part of the input in the body, below `at`; undefined when it is not here. Where several places
   * fill the same field, it is the one that the body uses.
   */
  readonly locate: (path: DomainPath, at: string, body: unknown) => string | undefined;
  /** The schema of this part, from the field that it fills. */
  readonly schema: (field: Field<unknown> | undefined, limits: Limits) => JsonSchema;
}

/** A member of an object in a body. */
export interface Member {
  /** The input's field that it fills; without one its own members fill fields of the same input. */
  readonly to?: string;
  readonly form: Form;
  /** Whether the schema calls for it, where the field does not decide that. */
  readonly required?: boolean;
  /** Whether null says something here; elsewhere null is as good as absent. */
  readonly takesNull?: boolean;
  /** Further input fields that the value implies. */
  readonly also?: Readonly<Record<string, unknown>>;
  /** A member that is accepted but fills nothing. */
  readonly isIdle?: boolean;
}

/** A value that goes into the input as it is, after another reading of it where one is given. */
export function value(
  from: (value: unknown) => unknown = (same) => same,
  schema?: JsonSchema,
): Form {
  return {
    read: (found) => from(found),
    // Values that go into the input unchanged have the same parts there.
    locate: (path, at) => path.reduce<string>(placeBelow, at),
    schema: (field, limits) => {
      const own = field === undefined ? {} : fieldSchema(field, limits);
      return schema === undefined ? own : { ...own, ...schema };
    },
  };
}

/** Fills one field of the input. */
export function as(to: string, form: Form = value(), more: Partial<Member> = {}): Member {
  return { to, form, ...more };
}

/** Groups members whose fields belong to the same input: `volume: { size }`. */
export function nested(members: Members, options?: ObjectOptions): Member {
  return { form: object(members, options) };
}

/** Is accepted with some values, since clients send them, and says nothing. */
export function ignored(accepts: (value: unknown) => boolean, expected: string): Member {
  return {
    isIdle: true,
    form: {
      read: (found, at, { issues }) => {
        if (!accepts(found)) issues.push({ field: at, value: found, expected, rule: "body-shape" });
        return undefined;
      },
      locate: () => undefined,
      schema: () => ({ description: `Says nothing: ${expected}.` }),
    },
  };
}

/** Members of an object by their names in the body. */
export type Members = Readonly<Record<string, Member>>;

/** Further checks of an object. */
export interface ObjectOptions {
  /** Members that must be there whatever the input's fields say. */
  readonly needs?: readonly string[];
}

/** Parses an object. Unknown names are rejected, since most are misspellings, unless their value is empty. */
export function object(members: Members, { needs = [] }: ObjectOptions = {}): Form {
  const names = Object.keys(members);
  const expected = names.length === 0 ? "an empty object" : `an object with ${names.join(", ")}`;
  return {
    read: (found, at, reading) => {
      if (!isRecord(found)) {
        const field = at === "" ? "body" : at;
        reading.issues.push({ field, value: found, expected, rule: "body-shape" });
        return {};
      }
      const filled = new Filling(reading);
      for (const name of needs) {
        if (!Object.hasOwn(found, name) || found[name] === undefined) {
          reading.issues.push(missing(mergeUntrusted(at, name)));
        }
      }
      for (const [name, part] of Object.entries(found)) {
        const member = Object.hasOwn(members, name) ? members[name] : undefined;
        const place = mergeUntrusted(at, name);
        if (member === undefined) {
          if (!isBlank(part)) reading.issues.push(unknownMember(place, name, names));
          continue;
        }
        if (part === null && member.takesNull !== true) continue;
        const input = member.form.read(part, place, reading);
        if (member.isIdle === true) continue;
        const pair = member.to === undefined ? (input as object) : { [member.to]: input };
        filled.with({ ...pair, ...member.also }, place, part);
      }
      return filled.input;
    },
    locate: (path, at, body) => {
      const [head, ...rest] = path;
      if (head === undefined) return at;
      const used = isRecord(body) ? body : {};
      const isUsed = (name: string): boolean => Object.hasOwn(used, name) && !isBlank(used[name]);
      for (const name of [...names.filter(isUsed), ...names]) {
        const { to, form } = members[name] as Member;
        const below = to === undefined ? path : to === head ? rest : undefined;
        const place = below && form.locate(below, mergeUntrusted(at, name), used[name]);
        if (place !== undefined) return place;
      }
      return undefined;
    },
    schema: (field, limits) => {
      const fields = recordFields(field);
      const properties: Record<string, JsonSchema> = {};
      const required = new Set(needs);
      for (const [name, member] of Object.entries(members)) {
        const own = member.to === undefined ? field : fields[member.to]?.field;
        const schema = member.form.schema(own, limits);
        properties[name] = schema;
        const isRequired =
          member.to === undefined
            ? Array.isArray(schema["required"])
            : fields[member.to]?.required === true;
        if (member.required ?? isRequired) required.add(name);
      }
      return {
        type: "object",
        properties,
        ...(required.size > 0 ? { required: [...required] } : {}),
      };
    },
  };
}

/** A list of parts. */
export function list(of: Form): Form {
  return {
    read: (found, at, reading) => {
      if (Array.isArray(found)) {
        return found.map((item, i) => of.read(item, `${at}[${i}]`, reading));
      }
      reading.issues.push({ field: at, value: found, expected: "an array", rule: "body-shape" });
      return undefined;
    },
    locate: ([index, ...rest], at, body) => {
      if (index === undefined) return at;
      if (typeof index !== "number") return undefined;
      return of.locate(rest, `${at}[${index}]`, Array.isArray(body) ? body[index] : undefined);
    },
    schema: (field, limits) => {
      const shape = field?.shape;
      const own = field === undefined ? { type: "array" } : fieldSchema(field, limits);
      return { ...own, items: of.schema(shape?.kind === "list" ? shape.of : undefined, limits) };
    },
  };
}

/** A list that always has one item, which is the input's value (Q9). */
export function singleItem(of: Form): Form {
  return {
    read: (found, at, reading) => {
      if (Array.isArray(found) && found.length === 1) return of.read(found[0], `${at}[0]`, reading);
      reading.issues.push({
        field: at,
        value: found,
        expected: "an array of one",
        rule: "body-shape",
      });
      return undefined;
    },
    locate: (path, at, body) =>
      path.length === 0
        ? at
        : of.locate(path, `${at}[0]`, Array.isArray(body) ? body[0] : undefined),
    schema: (field, limits) => ({
      type: "array",
      items: of.schema(field, limits),
      minItems: 1,
      maxItems: 1,
    }),
  };
}

/** An object with one member, which is the input's value: `{ "address": "10.0.0.0/8" }`. */
export function unwrap(name: string): Form {
  const shell = object({ [name]: as("it") }, { needs: [name] });
  return {
    read: (found, at, reading) => (shell.read(found, at, reading) as { readonly it?: unknown }).it,
    locate: (path, at) => (path.length === 0 ? mergeUntrusted(at, name) : undefined),
    schema: (field, limits) => ({
      type: "object",
      properties: { [name]: field === undefined ? {} : fieldSchema(field, limits) },
      required: [name],
    }),
  };
}

function placeBelow(at: string, part: string | number): string {
  return typeof part === "number" ? `${at}[${String(part)}]` : mergeUntrusted(at, part);
}

function mergeUntrusted(at: string, name: string): string {
  return at === "" ? name : `${at}.${name}`;
}

/** A member without a value is a member that was left out. */
function isBlank(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** An input that grows; a field that two members fill must get the same from both. */
class Filling {
  readonly input: Record<string, unknown> = {};
  readonly #places: Record<string, string> = {};
  readonly #reading: FormReading;

  constructor(reading: FormReading) {
    this.#reading = reading;
  }

  with(members: object, place: string, part: unknown): void {
    for (const [field, value] of Object.entries(members)) {
      if (value === undefined) continue;
      const before = this.#places[field];
      if (before !== undefined && this.input[field] !== value) {
        const expected = `left out, or say the same as ${before}`;
        this.#reading.issues.push({ field: place, value: part, expected, rule: "body-shape" });
      }
      this.input[field] = value;
      this.#places[field] = place;
    }
  }
}

function unknownMember(field: string, name: string, names: readonly string[]): InputIssue {
  const expected =
    names.length === 0 ? "left out" : `one of ${names.join(", ")}${nearestHint(name, names)}`;
  return { field, value: name, expected, rule: "known-field" };
}

function missing(field: string): InputIssue {
  return {
    field,
    value: undefined,
    expected: "the request body is empty without it",
    rule: "body-shape",
  };
}

function recordFields(
  field: Field<unknown> | undefined,
): Readonly<Record<string, { readonly field: Field<unknown>; readonly required: boolean }>> {
  return field?.shape.kind === "record"
    ? (field.shape.of as RecordFields<Record<string, unknown>>)
    : {};
}

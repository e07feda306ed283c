import fc from "fast-check";
import { openApi } from "replication-simulator/http";
import { operations } from "replication-simulator/wire";

/*
 * Requests of all kinds: nearly right, from the document's own schemas, and wrong in every way that bytes can be.
 */

/** A request as plain data, so that a failing one can be read and shrunk. */
export interface AnyRequest {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly type: string | undefined;
  /** Text, or bytes where it is no text. */
  readonly body: string | readonly number[] | undefined;
}

type Schema = Readonly<Record<string, unknown>>;

/** What may stand where an id stands: of the caller's own account by kind, and of another. */
export interface Pools {
  readonly own: Readonly<Record<Kind, readonly string[]>>;
  readonly foreign: readonly string[];
}

type Kind = "instanceId" | "haId" | "scheduleId" | "backupId" | "configurationId";

const document = openApi() as { readonly paths: Readonly<Record<string, Schema>> } & Schema;

/** Requests to a service whose things have these ids. */
export function requests(pools: Pools, tokens: readonly string[]): fc.Arbitrary<AnyRequest> {
  const own = Object.values(pools.own).flat();
  const idOf = (name: string): fc.Arbitrary<string> =>
    fc.oneof(
      {
        weight: 12,
        arbitrary: fc.constantFrom(
          ...(Object.hasOwn(pools.own, name) ? pools.own[name as Kind] : own),
        ),
      },
      { weight: 1, arbitrary: fc.constantFrom(...own) },
      { weight: 2, arbitrary: fc.constantFrom(...pools.foreign) },
      {
        weight: 1,
        arbitrary: fc.constantFrom("0", "null", "%ff", "..", "%2F", "__proto__", "a b"),
      },
      { weight: 1, arbitrary: fc.uuid() },
    );
  const id = idOf("");
  const account = fc.oneof(
    { weight: 24, arbitrary: fc.constant("1234") },
    { weight: 1, arbitrary: fc.constantFrom("4321", "9999", "%ff", "__proto__", "") },
  );
  const token = fc.oneof(
    { weight: 24, arbitrary: weighted(tokens) },
    { weight: 1, arbitrary: fc.constantFrom(undefined, "", "wrong", "constructor") },
  );
  const query = fc.oneof(
    { weight: 6, arbitrary: fc.constant("") },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom("limit", "marker", "include_replicas", "include_ha", "datastore", "x"),
          fc.oneof(
            fc.constantFrom("1", "0", "-1", "1.5", "1e9", "false", "FALSE", ""),
            id,
            fc.string(),
          ),
        )
        .map(([name, value]) => `?${name}=${encodeURIComponent(wellFormed(value))}`),
    },
    { weight: 1, arbitrary: fc.webQueryParameters().map((text) => `?${text}`) },
  );
  const known = fc.constantFrom(...operations).chain(({ path, method }) =>
    fc.record({
      method: mostly(fc.constant<string>(method), methods),
      path: fc
        .tuple(
          account,
          query,
          ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => idOf(name)),
        )
        .map(([of, requested, ...ids]) => {
          const parts = path.split(/\{\w+\}/);
          return `/v1.0/${of}${parts.map((part, n) => `${part}${ids[n] ?? ""}`).join("")}${requested}`;
        }),
      token,
      type: mostly(fc.constant<string | undefined>("application/json"), types),
      body: mostly(bodyOf(path, method, idOf("instanceId")), junk(id)),
    }),
  );
  const unknown = fc.record({
    method: methods,
    path: fc.oneof(
      fc.webPath().map((path) => path || "/"),
      fc.constantFrom(
        "/",
        "/v1.0",
        "/v2.0",
        "/v2.0/tokens",
        "/v2.0/tenants",
        "/_simulator/clock",
        "/v1.0/1234",
        "/v1.0/1234/instances/",
        "/v1.0/1234/instances/x/root",
      ),
    ),
    token,
    type: types,
    body: junk(id),
  });
  return fc.oneof({ weight: 9, arbitrary: known }, { weight: 1, arbitrary: unknown });
}

const methods = fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW");
const types = fc.constantFrom<(string | undefined)[]>(
  "application/json",
  "application/json; charset=utf-8",
  "application/json; charset=utf-16",
  "text/plain",
  "application/xml",
  "",
  undefined,
);

function mostly<T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 7, arbitrary: usual }, { weight: 1, arbitrary: other });
}

/** A body of the document's own schema, as text; now and then with one part replaced. */
function bodyOf(
  path: string,
  method: string,
  id: fc.Arbitrary<string>,
): fc.Arbitrary<AnyRequest["body"]> {
  const operation = document.paths[`/v1.0/{accountId}${path}`]?.[method.toLowerCase()] as
    | { readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Schema }>> } }
    | undefined;
  const schema = operation?.requestBody?.content["application/json"]?.schema;
  if (schema === undefined) return fc.constant(undefined);
  return valueOf(schema, id).map((value) => JSON.stringify(value));
}

function junk(id: fc.Arbitrary<string>): fc.Arbitrary<AnyRequest["body"]> {
  return fc.oneof<fc.Arbitrary<AnyRequest["body"]>[]>(
    fc.constant(undefined),
    fc.json(),
    fc.string(),
    fc.array(fc.nat(255), { maxLength: 40 }),
    fc.constantFrom(
      "[".repeat(33) + "]".repeat(33),
      `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`,
      '{"__proto__":{"name":"x"},"instance":{"__proto__":{"flavorRef":"2"}}}',
      '{"instance":{"name":"a","name":"b","flavorRef":"2","volume":{"size":1,"size":2}}}',
      '{"constructor":{"prototype":{"x":1}}}',
      "x".repeat(1_048_577),
      '{"instance":{"volume":{"size":1e400},"flavorRef":-0}}',
      '"\\ud800"',
    ),
    id.map((each) => JSON.stringify({ instance: { replica_of: each } })),
  );
}

/** Members whose text is an id. */
const idMembers = new Set([
  "replica_of",
  "slave_of",
  "configuration",
  "backupRef",
  "instance_id",
  "source_id",
  "instance",
  "id",
  "parent_id",
  "remove_replica",
]);

/** Values of a JSON Schema, with ids where ids stand. */
function valueOf(schema: Schema, id: fc.Arbitrary<string>, name = ""): fc.Arbitrary<unknown> {
  const { oneOf, anyOf, const: constant, enum: words, type } = schema;
  const choices = (oneOf ?? anyOf) as readonly Schema[] | undefined;
  if (choices !== undefined) {
    return fc.oneof(
      ...choices.map((choice) =>
        valueOf({ ...schema, oneOf: undefined, anyOf: undefined, ...choice }, id, name),
      ),
    );
  }
  if (constant !== undefined) return fc.constant(constant);
  if (words !== undefined) return fc.constantFrom(...(words as readonly unknown[]));
  if (Array.isArray(type)) {
    return fc.oneof(...type.map((one: unknown) => valueOf({ ...schema, type: one }, id, name)));
  }
  switch (type) {
    case "object":
      return objectOf(schema, id);
    case "array": {
      const {
        items = {},
        minItems = 0,
        maxItems = 3,
      } = schema as {
        readonly items?: Schema;
        readonly minItems?: number;
        readonly maxItems?: number;
      };
      return fc.array(valueOf(items, id, name), {
        minLength: minItems,
        maxLength: Math.min(maxItems, 3),
      });
    }
    case "integer":
      return numberOf(schema, name);
    case "number":
      return fc.double({ noNaN: true, min: 0, max: 100 });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return textOf(schema, idMembers.has(name) ? id : undefined, name);
  }
}

function objectOf(schema: Schema, id: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const { properties = {}, required = [] } = schema as {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: readonly string[];
  };
  const parts = Object.entries(properties).map(([name, part]) => {
    const value = valueOf(part, id, name);
    // What may be left out mostly is, since two optional members often contradict each other.
    return required.includes(name) ? value : fc.option(value, { nil: absent, freq: 2 });
  });
  return fc.tuple(...parts).map((values) =>
    Object.fromEntries(
      Object.keys(properties)
        .map((name, n) => [name, values[n]] as const)
        .filter(([, value]) => value !== absent),
    ),
  );
}

const absent = Symbol("absent");

/** Mostly sizes that fit each other, so that groups can be made of them. */
function numberOf({ minimum, maximum }: Schema, name: string): fc.Arbitrary<number> {
  const min = (minimum as number | undefined) ?? 0;
  const max = (maximum as number | undefined) ?? 1000;
  const any = fc.integer({ min, max });
  return name === "size" ? mostly(fc.constantFrom(10, 20), any) : any;
}

function textOf(
  { pattern }: Schema,
  id: fc.Arbitrary<string> | undefined,
  name: string,
): fc.Arbitrary<string | null> {
  if (name === "flavorRef" || name === "resize_flavor") return fc.constantFrom("2", "3", "1", "99");
  if (name === "type") return fc.constantFrom(null, "", "mysql", "ha");
  if (id !== undefined) return mostly<string>(id, fc.string());
  if (typeof pattern === "string") {
    const fitting = texts.filter((each) => new RegExp(pattern, "u").test(each));
    return fc.constantFrom(...(fitting.length > 0 ? fitting : texts));
  }
  return mostly<string>(fc.constantFrom(...texts), fc.string({ maxLength: 300 }));
}

const texts = ["orders", "ada_1", "10.0.0.0/8", "10.1.2.3", "%", "false", "5.6", "utf8"];

/** The first of the tokens is the one that may do everything, so that most of what is asked can happen. */
function weighted(tokens: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    ...tokens.map((token, n) => ({ weight: n === 0 ? 8 : 1, arbitrary: fc.constant(token) })),
  );
}

/** Without lone surrogates, which no URL can carry. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, "?");
}

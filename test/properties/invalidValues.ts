import fc from "fast-check";

/*
 * What an untyped caller can hand in where something else is expected. Each word names one value, made anew for every
 * use; a failing property prints words, so that its case can be written down.
 */

class Dto {
  readonly name = "orders";
  readonly flavorId = 2;
}

const thrown = (): never => {
  throw new RangeError("hostile");
};

/** A proxy that throws on every access. */
const hostile = (): object =>
  new Proxy(
    {},
    {
      get: thrown,
      set: thrown,
      has: thrown,
      ownKeys: thrown,
      getOwnPropertyDescriptor: thrown,
      getPrototypeOf: thrown,
      defineProperty: thrown,
    },
  );

/** A stand-in that has been taken back. */
function revoked(of: object): object {
  const { proxy, revoke } = Proxy.revocable(of, {});
  revoke();
  return proxy;
}

/** Reports something else each time: first a valid value, then one that would be refused. */
function fickle(...answers: readonly unknown[]): object {
  let requested = 0;
  const next = (): unknown => answers[Math.min(requested++, answers.length - 1)];
  return new Proxy(bare({ name: "a", id: "b", kind: "crash", from: 0, to: 1 }), {
    get: (target, key) => (Object.hasOwn(target, key) ? next() : Reflect.get(target, key)),
  });
}

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = "core";
  for (let i = 0; i < depth; i++) value = wrap(value);
  return value;
}

function cycle(): object {
  const value: Record<string, unknown> = { name: "orders" };
  value["self"] = value;
  return value;
}

function cyclicList(): unknown[] {
  const list: unknown[] = [1];
  list.push(list);
  return list;
}

/** By the word that names it. */
export const nonsense: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  zero: () => 0,
  one: () => 1,
  "negative zero": () => -0,
  "negative one": () => -1,
  NaN: () => Number.NaN,
  infinity: () => Infinity,
  "negative infinity": () => -Infinity,
  fraction: () => 1.5,
  unsafe: () => 2 ** 53,
  enormous: () => 1e300,
  tiny: () => 5e-324,
  bigint: () => 10n,
  symbol: () => Symbol("orders"),
  iterator: () => Symbol.iterator,
  "empty text": () => "",
  text: () => "x",
  digits: () => "2",
  blank: () => " ",
  "huge text": () => "x".repeat(200_000),
  "huge pairs": () => "😀".repeat(50_000),
  __proto__word: () => "__proto__",
  constructorWord: () => "constructor",
  toStringWord: () => "toString",
  then: () => "then",
  ownWord: () => "hasOwnProperty",
  "lone surrogate": () => "a\ud800b",
  "low surrogate": () => "\udc00",
  nul: () => "a\u0000b",
  "line break": () => "a\nb",
  "right to left": () => "\u202ea",
  separator: () => "\u2028",
  function: () => () => undefined,
  generator: () => function* () {},
  class: () => Dto,
  Date: () => new Date(0),
  "no Date": () => new Date(Number.NaN),
  RegExp: () => /x/g,
  Map: () => new Map([["name", 1]]),
  Set: () => new Set([1]),
  WeakMap: () => new WeakMap(),
  Error: () => new RangeError("hostile"),
  Promise: () => Promise.resolve(1),
  bytes: () => new Uint8Array(8),
  buffer: () => new ArrayBuffer(8),
  "boxed text": () => Object("x"),
  "boxed number": () => Object(2),
  dto: () => new Dto(),
  "empty object": () => ({}),
  "empty list": () => [],
  list: () => [1, "a", null],
  "object as list": () => ({ 0: "a", length: 1 }),
  "null prototype": () => bare({ name: 1 }),
  "bare nothing": () => bare({}),
  "sparse list": () => Object.assign([], { 3: "x" }),
  "long list": () => new Array(100_000).fill("x"),
  holes: () => new Array(4_000_000_000),
  "many keys": () => manyKeys(5_000),
  "huge key": () => ({ ["k".repeat(100_000)]: 1 }),
  "symbol key": () => ({ [Symbol("s")]: 1 }),
  "hidden key": () => hiddenKey(),
  cycle,
  "cyclic list": cyclicList,
  deep: () => nested(5_000, (inner) => ({ inner })),
  "deep list": () => nested(5_000, (inner) => [inner]),
  getter: () => Object.defineProperty({}, "name", { get: thrown, enumerable: true }),
  "no text": () => ({ toString: thrown, valueOf: thrown, toJSON: thrown }),
  primitive: () => ({ [Symbol.toPrimitive]: thrown }),
  "own toJSON": () => ({ toJSON: 1 }),
  "throws at iteration": () => ({ [Symbol.iterator]: thrown }),
  "throws on the way": () => ({
    *[Symbol.iterator]() {
      yield thrown();
    },
  }),
  hostile,
  "hostile part": () => ({ name: hostile(), kind: "crash", latency: hostile() }),
  "revoked object": () => revoked({}),
  "revoked list": () => revoked([]),
  "revoked function": () => revoked(() => undefined),
  fickle: () => fickle("a", 5, null, Symbol("s")),
  "fickle number": () => fickle(0, -1, "x"),
  "own __proto__": () => JSON.parse('{"__proto__":{"polluted":true},"name":"a"}') as unknown,
  "__proto__ alone": () => JSON.parse('{"__proto__":1}') as unknown,
  "constructor key": () => ({ constructor: { prototype: { polluted: true } } }),
  "prototype key": () => ({ prototype: { polluted: true }, hasOwnProperty: 1 }),
};

export const words = Object.keys(nonsense);

/** What is or holds functions: where a method takes one, it is the caller's, and so is what it throws. */
export const callable: ReadonlySet<string> = new Set([
  "function",
  "generator",
  "class",
  "revoked function",
  "no text",
]);

export function nonsenseOf(word: string): unknown {
  return nonsense[word]?.();
}

/** How the arguments of a call are spoilt: what is put where into those that would be accepted, or instead of all. */
export interface Spoiling {
  /** Which node is replaced, counted over the arguments; `key` puts a new member there instead. */
  readonly at: number;
  readonly how: "replaced" | "added" | "all";
  readonly word: string;
  readonly key: string;
  /** Whether the arguments are frozen, so that writing into them fails; otherwise they are scrambled afterwards. */
  readonly isFrozen: boolean;
}

export const spoiling: fc.Arbitrary<Spoiling> = fc.record(
  {
    at: fc.nat(4000),
    how: fc.constantFrom("replaced", "replaced", "replaced", "added", "all"),
    word: fc.constantFrom(...words),
    key: fc.constantFrom("__proto__", "constructor", "toString", "unknown", "type", "kind"),
    isFrozen: fc.boolean(),
  },
  { noNullPrototype: true },
);

/** The arguments, spoilt at a place: any node of theirs, unless another way of choosing one is given. */
export function spoilt(
  args: readonly unknown[],
  { at, how, word, key, isFrozen }: Spoiling,
  placeOf: (args: readonly unknown[], at: number) => Place = anyPlace,
): unknown[] {
  const made = nonsenseOf(word);
  if (how === "all") return args.length === 0 ? [made] : args.map(() => made);
  const place = placeOf(args, at);
  const isThere = place[0] !== String(args.length);
  const changed = withAt(
    args,
    how === "added" && isThere ? [...place, key] : place,
    made,
  ) as unknown[];
  return isFrozen ? frozen(changed) : changed;
}

/** No argument may be left out of the game: one more than there are. */
function anyPlace(args: readonly unknown[], at: number): Place {
  const places: readonly Place[] = [
    ...args.flatMap((arg, i) => placesIn(arg).map((place) => [String(i), ...place])),
    [String(args.length)],
  ];
  return places[at % places.length] ?? [];
}

/** A place in an argument that is chosen first, so that a large one does not hide those beside it. */
export function placeInOne(args: readonly unknown[], at: number): Place {
  const argument = at % (args.length + 1);
  const places = placesIn(args[argument]);
  return [String(argument), ...(places[Math.floor(at / (args.length + 1)) % places.length] ?? [])];
}

/** Where one can put something else: every node of plain data, the whole included. */
export function placesIn(value: unknown): readonly Place[] {
  const places: Place[] = [[]];
  const walk = (node: unknown, path: Place): void => {
    if (!isPlain(node)) return;
    for (const key of Object.keys(node)) {
      places.push([...path, key]);
      walk((node as Record<string, unknown>)[key], [...path, key]);
    }
  };
  walk(value, []);
  return places;
}

export type Place = readonly string[];

/** The same with something else at one place; the rest stays the very same objects. */
export function withAt(value: unknown, [key, ...rest]: Place, put: unknown): unknown {
  if (key === undefined) return put;
  // There is nothing inside of what is no object: it is replaced itself.
  if (typeof value !== "object" || value === null) return put;
  const copy: object = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const part = withAt((value as Record<string, unknown>)[key], rest, put);
  // Not by assignment, which would change the prototype where the key is `__proto__`.
  return Object.defineProperty(copy, key, {
    value: part,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

/** Overwrites everything in plain data, as a caller may who goes on with his own objects. */
export function scramble(value: unknown, depth = 0): void {
  if (!isPlain(value) || depth > 20) return;
  for (const key of Object.keys(value).slice(0, 50)) {
    scramble((value as Record<string, unknown>)[key], depth + 1);
    Reflect.set(value, key, "scrambled");
  }
}

/** Freezes plain data, so that a write to it throws. */
export function frozen<T>(value: T, depth = 0): T {
  if (!isPlain(value) || depth > 20) return value;
  for (const key of Object.keys(value).slice(0, 50)) {
    frozen((value as Record<string, unknown>)[key], depth + 1);
  }
  return Object.freeze(value);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    // A further walk would call getters.
    const isData = Object.values(Object.getOwnPropertyDescriptors(value)).every(
      (one) => "value" in one,
    );
    return isData && (prototype === Object.prototype || prototype === Array.prototype);
  } catch {
    return false;
  }
}

function bare(parts: object): object {
  return Object.assign(Object.create(null) as object, parts);
}

function manyKeys(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${String(i)}`, i]));
}

function hiddenKey(): object {
  return Object.defineProperty({}, "name", { value: "orders", enumerable: false });
}

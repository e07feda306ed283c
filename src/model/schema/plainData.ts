/** Maximum nesting; the data of this library is far less deep. Deeper data is invalid or cyclic. */
const depthMax = 64;

/**
 * Returns a deep copy of JSON data, reading each part once, so that the copy shares nothing with the caller's object
 * and no later read differs. Undefined members are omitted. Returns undefined for anything else: functions, symbols,
 * `NaN`, cycles, holes in arrays, getters and proxies that throw.
 */
export function plainCopy(value: unknown): unknown {
  try {
    return copyAt(value, 0);
  } catch {
    return undefined;
  }
}

/** Returns whether a value is an object and not an array. Never throws. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !isList(value);
}

/** Returns whether a value is an array; a revoked proxy is not. Never throws. */
export function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

function copyAt(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      break;
    case "object":
      if (value === null) return null;
      if (depth < depthMax)
        return Array.isArray(value) ? copyOfList(value, depth) : copyOfRecord(value, depth);
      break;
    default:
  }
  throw new RangeError("no plain data");
}

function copyOfList(list: readonly unknown[], depth: number): unknown[] {
  const { length } = list;
  // An array of holes can be too long to iterate.
  if (Object.keys(list).length !== length) throw new RangeError("no plain data");
  return Array.from({ length }, (_, i) => copyAt(list[i], depth + 1));
}

function copyOfRecord(record: object, depth: number): object {
  const parts: [string, unknown][] = [];
  for (const key of Object.keys(record)) {
    const part = (record as Readonly<Record<string, unknown>>)[key];
    if (part !== undefined) parts.push([key, copyAt(part, depth + 1)]);
  }
  // Assignment would change the prototype for the key `__proto__`.
  return Object.fromEntries(parts);
}

/** Deepest nesting that anything of this library has, with room; what is deeper is nonsense or a cycle. */
const depthMax = 64;

/**
 * A deep copy of what JSON can carry, each part of it looked at once: nothing of a caller's is kept, and nothing that
 * answers otherwise when it is asked again gets through. Members that are undefined are left out.
 * Undefined for anything else: functions, symbols, `NaN`, cycles, holes in lists, getters and proxies that throw.
 */
export function plainCopy(value: unknown): unknown {
  try {
    return copyAt(value, 0);
  } catch {
    return undefined;
  }
}

/** An object that is no list, whatever else it is. Asking never throws. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !isList(value);
}

/** A list; a proxy that has been revoked is none. Asking never throws. */
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
  // A list of holes can be longer than anybody could walk.
  if (Object.keys(list).length !== length) throw new RangeError("no plain data");
  return Array.from({ length }, (_, i) => copyAt(list[i], depth + 1));
}

function copyOfRecord(record: object, depth: number): object {
  const parts: [string, unknown][] = [];
  for (const key of Object.keys(record)) {
    const part = (record as Readonly<Record<string, unknown>>)[key];
    if (part !== undefined) parts.push([key, copyAt(part, depth + 1)]);
  }
  // Never by assignment, which would change a prototype where a key is `__proto__`.
  return Object.fromEntries(parts);
}

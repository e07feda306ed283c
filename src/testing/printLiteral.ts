/**
 * Formats plain data as TypeScript: keys without quotes where possible, numbers in groups of three, and names in place
 * of the strings that they stand for.
 */
export function literal(value: unknown, names: ReadonlyMap<string, string> = new Map()): string {
  if (typeof value === "string") return names.get(value) ?? JSON.stringify(value);
  if (typeof value === "number") return grouped(value);
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, names)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const parts = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([key, part]) => `${keyOf(key)}: ${literal(part, names)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

function keyOf(key: string): string {
  if (key === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

function grouped(value: number): string {
  const digits = Object.is(value, -0) ? "-0" : String(value);
  return /^-?\d{5,}$/.test(digits) ? digits.replaceAll(/\B(?=(?:\d{3})+$)/g, "_") : digits;
}

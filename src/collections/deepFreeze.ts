/**
 * Freezes plain data through and through, and gives it back. What is frozen already is taken to be frozen below, too:
 * freezing something twice costs one look.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) freezeParts(value);
  return value;
}

/** In the order that V8 does quickest: it asks for the fields of what is not frozen yet. */
function freezeParts(whole: object): void {
  if (Object.isFrozen(whole)) return;
  if (Array.isArray(whole)) {
    for (let at = 0; at < whole.length; at++) {
      const item: unknown = whole[at];
      if (typeof item === "object" && item !== null) freezeParts(item);
    }
  } else {
    for (const key in whole) {
      const part: unknown = whole[key as keyof typeof whole];
      if (typeof part === "object" && part !== null) freezeParts(part);
    }
  }
  Object.freeze(whole);
}

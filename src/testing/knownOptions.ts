import { InvalidInputError } from "../model/errors.js";

/** Refuses a value that is not a simulator, before reading from it. */
export function assertSimulator(sim: unknown): void {
  // A journal and a snapshot have settings, and a client of an account has methods, but neither has both.
  const { settings, advance } = (sim ?? {}) as {
    readonly settings?: unknown;
    readonly advance?: unknown;
  };
  if (typeof settings === "object" && settings !== null && typeof advance === "function") return;
  refuse("sim", sim, "a ReplicationSimulator");
}

/** Refuses a value that is not a function. */
export function assertFunction(field: string, value: unknown): void {
  if (typeof value !== "function") refuse(field, value, "a function");
}

function refuse(field: string, value: unknown, expected: string): never {
  throw new InvalidInputError([
    { field, value: value ?? String(value), expected, rule: "helper-input" },
  ]);
}

/** A scenario, or a state of it, that depends on more than states and clocks. */
export class NotCompilableError extends Error {
  override readonly name = "NotCompilableError";
}

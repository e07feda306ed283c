import { expect } from "vitest";

expect.extend({
  /** Whether something was refused by the rule: for calls and for rejections. */
  toThrowRule(received: unknown, rule: string) {
    const { isNot, promise } = this;
    let error: unknown = received;
    if (promise === "" && typeof received === "function") {
      try {
        (received as () => unknown)();
        error = undefined;
      } catch (thrown) {
        error = thrown;
      }
    }
    const found = (error as { readonly rule?: unknown } | undefined)?.rule;
    return {
      pass: found === rule,
      message: () =>
        `expected ${isNot ? "another rule than" : "the rule"} ${rule}, got ${String(found)} (${String(error)})`,
    };
  },
});

declare module "vitest" {
  interface Assertion<T> {
    toThrowRule(rule: string): T;
  }
}

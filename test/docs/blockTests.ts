/*
 * What a block of a page gets for `import { test } from "vitest"`: tests that run as they are declared. The test of the
 * page waits for them, and a failure is its failure.
 */
// Blocks import these by name.
export { describe, expect, onTestFailed, vi } from "vitest";

type Body = () => unknown;

let pending: Promise<unknown> = Promise.resolve();

/** Runs the body after those that were declared before it. */
export function test(_name: string, body: Body): void {
  pending = pending.then(body);
}

/** Resolves when all tests of the blocks that were imported have passed; rejects with the first failure. */
export async function blockTestsDone(): Promise<void> {
  const all = pending;
  pending = Promise.resolve();
  await all;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const folders: string[] = [];

/** A folder of its own, gone when the tests of the file are done. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "replication-simulator-"));
  folders.push(made);
  return made;
}

afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});

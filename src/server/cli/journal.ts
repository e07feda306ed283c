import { openSqliteStore } from "../sqlite/store.js";
import type { CliIo } from "./terminal.js";

/** Prints every entry of the journal in a state file. */
export async function printJournal(file: string, terminal: CliIo): Promise<number> {
  const store = await openSqliteStore(file, { readOnly: true });
  try {
    const stored = await store.read("start");
    for (const line of stored?.lines ?? []) {
      if (terminal.interrupted.aborted) return 130;
      await terminal.out(`${JSON.stringify(line)}\n`);
    }
    return 0;
  } finally {
    await store.close();
  }
}

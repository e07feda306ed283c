import { InvalidWorldDataError } from "../../model/errors.js";
import type { SnapshotJson } from "../../simulator/serialization.js";
import { ReplicationSimulator } from "../../simulator.js";
import { moment } from "../requestLog.js";
import { openSqliteStore } from "../sqlite/store.js";
import type { StoredWorld, WorldStore } from "../store.js";
import type { CliIo } from "./terminal.js";

/**
 * Rebuilds the world of a state file from the start of its journal, and compares it with the entries and the snapshot.
 */
export async function replayFile(file: string, terminal: CliIo): Promise<number> {
  const store = await openSqliteStore(file, { readOnly: true });
  try {
    await terminal.out(`${file}: ${await replayed(store)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof InvalidWorldDataError)) throw error;
    await terminal.out(`${file} differs: ${error.message}\n`);
    return 1;
  } finally {
    await store.close();
  }
}

async function replayed(store: WorldStore): Promise<string> {
  const stored = await store.read("start");
  const latest = await store.read("latest");
  if (stored === undefined || latest === undefined) return "the file has no saved world yet";
  const { sim, count } = rebuildWorld(stored, latest.snapshot);
  const entries = count === 1 ? "1 entry" : `${count} entries`;
  return `${entries} replayed without a difference; virtual time ${moment(sim.now)}, fingerprint ${sim.fingerprint()}`;
}

/** One entry at a time: the journal may be larger than memory, so compared entries are dropped. */
function rebuildWorld({ snapshot, lines, now }: StoredWorld, latest: SnapshotJson) {
  const sim = ReplicationSimulator.restore(snapshot);
  let count = 0;
  const compare = (): void => {
    if (snapshot.seq + count === latest.seq) assertSame(sim, latest);
  };
  compare();
  for (const line of lines) {
    sim.history.replayEntries([line]);
    count++;
    compare();
    if (count % linesInMemory === 0) sim.history.truncate(sim.history.savepoint());
  }
  sim.history.replayEntries([], { until: now });
  return { sim, count };
}

const linesInMemory = 10_000;

function assertSame(sim: ReplicationSimulator, snapshot: SnapshotJson): void {
  sim.history.replayEntries([], { until: snapshot.now });
  if (JSON.stringify(sim.snapshot()) === JSON.stringify(snapshot)) return;
  throw new InvalidWorldDataError({
    code: "badRequest",
    rule: "journal-differs",
    message: `replay mismatch: the snapshot at entry ${snapshot.seq} differs from what the entries before it give`,
  });
}

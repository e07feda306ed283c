import type { JournalEntry } from "replication-simulator";
import { Ledger } from "./expectedState.js";
import { caller, clockOf, listed, listener } from "./load.js";
import { run, ServerProcess } from "./serverProcess.js";

/** How to torment a server. */
export interface Torment {
  readonly program: string;
  readonly file: string;
  readonly rounds: number;
  readonly seed: number;
  readonly callers?: number;
  /** Longest time under load before the end of a round, in ms. */
  readonly loadMsMax?: number;
  /** Called after each round. */
  readonly onRound?: (line: string) => void;
}

/** What came of it. */
export interface Outcome {
  /** Everything that was lost, invented or changed; empty when the server holds what it promises. */
  readonly complaints: readonly string[];
  readonly acknowledged: number;
  readonly reported: number;
  readonly lines: number;
  /** Rounds by how they ended. */
  readonly ends: Readonly<Record<string, number>>;
}

/**
 * Starts a server on one state file again and again, loads it with requests that come together, and kills it at random
 * moments: under load, while it starts, while it stops. After each restart its state is compared with everything that it reported before.
 */
export async function torment(options: Torment): Promise<Outcome> {
  const { program, file, rounds, seed, callers = 6, loadMsMax = 500 } = options;
  const draw = createRandom(seed);
  const ledger = new Ledger();
  const complaints: string[] = [];
  const ends: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    const speed = round % 2 === 0 ? "0" : "2000";
    const server = new ServerProcess(program, [
      ...["--state", file, "--control", "--quiet", "--speed", speed, "--snapshot-every", "40"],
    ]);
    const end = endOf(round, draw);
    if (end === "while starting") {
      await pause(draw() * 400);
    } else {
      const url = await server.url;
      const now = await clockOf(url);
      const there = await listed(url);
      complaints.push(...ledger.complaints(there, now).map((each) => `round ${round}: ${each}`));
      if (complaints.length > 0) {
        server.signal("SIGKILL");
        break;
      }
      ledger.settle(there);
      const work = [
        listener(url, ledger, ledger.reported),
        ...Array.from({ length: callers }, () => caller(url, ledger, draw)),
      ];
      await pause(draw() * loadMsMax);
      if (end !== "under load") {
        server.signal("SIGTERM");
        if (end === "while stopping") await pause(draw() * 40);
        else await server.ended;
      }
      server.signal("SIGKILL");
      await Promise.all(work);
    }
    server.signal("SIGKILL");
    const how = await server.ended;
    if (server.stderr.includes("    at ")) complaints.push(`round ${round}: ${server.stderr}`);
    ends[end] = (ends[end] ?? 0) + 1;
    options.onRound?.(`round ${round}: ${end}, ${how}; ${ledger.acknowledged} acknowledged so far`);
  }
  const { out } = await run(program, ["journal", file]);
  const lines = out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JournalEntry);
  complaints.push(...ledger.journalComplaints(lines));
  const replayed = await run(program, ["replay", file]);
  if (replayed.code !== 0) complaints.push(`replay: ${replayed.out}${replayed.err}`);
  const { acknowledged, reported } = ledger;
  return { complaints, acknowledged, reported, lines: lines.length, ends };
}

const allEnds = ["while starting", "under load", "while stopping", "stopped"] as const;

function endOf(round: number, draw: () => number): (typeof allEnds)[number] {
  // The first rounds see each end once, also where there are but a few.
  if (round < allEnds.length) return allEnds[round] ?? "under load";
  const random = draw();
  if (random < 0.2) return "while starting";
  return random < 0.85 ? "under load" : random < 0.95 ? "while stopping" : "stopped";
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Numbers from 0 to below 1, the same for the same seed: a round can be run again, as far as moments can. */
function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

import { moment } from "../requestLog.js";
import { startServer } from "../server.js";
import { openSqliteStore } from "../sqlite/store.js";
import { flagOf, type ServeFlags, serverOptions } from "./options.js";
import type { CliIo } from "./terminal.js";

/** Serves until interrupted. */
export async function serve(flags: ServeFlags, terminal: CliIo): Promise<number> {
  const { state, quiet, speed } = flags;
  const print = (line: string): void => {
    terminal.err(`${line}\n`);
  };
  const store =
    state === undefined ? undefined : await openSqliteStore(state, { onCorruption: print });
  const server = await startServer({
    ...serverOptions(flags),
    ...(store === undefined ? {} : { store }),
    ...(quiet ? {} : { onRequest: print }),
    onError: print,
  });
  await terminal.out(`${server.url}\n`);
  const { sim } = server.driver;
  const { accountId, region } = sim.settings;
  print(`account ${accountId}, region ${region}, ${pace(speed)}, virtual time ${moment(sim.now)}`);
  for (const option of server.ignoredOptions) {
    print(
      `${flagOf[option] ?? option} is ignored: the state file already has a world, which keeps its own`,
    );
  }
  await interruption(terminal.interrupted);
  await server.stop();
  return 0;
}

function pace(speed: number): string {
  if (speed === 0) return "time paused";
  return `speed ${speed}x`;
}

async function interruption(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => {
      resolve();
    });
  });
}

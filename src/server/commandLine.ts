import { ReplicationError } from "../model/errors.js";
import { type CliIo, processTerminal } from "./cli/terminal.js";
import { ServerConfigError } from "./serverConfigError.js";
import { StoreError } from "./store.js";

/**
 * Runs a command line: `replication-simulator serve`, `journal`, `replay`, `view`, `init` or `whatif`.
 * @param argv - the arguments, without program and script
 * @returns the exit code; 70 after an internal error, which is a defect of this library
 */
export async function runCli(
  argv: readonly string[],
  terminal: CliIo = processTerminal(),
): Promise<number> {
  // Programs that embed a server need no command-line parser.
  const [{ program }, { CommanderError }] = await Promise.all([
    import("./cli/program.js"),
    import("commander"),
  ]);
  let code = 0;
  try {
    const parsed = program(terminal, (given) => {
      code = given;
    });
    await parsed.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    // 1 is reserved for an expectation that is not met.
    const isQuestion = argv[0] === "whatif";
    if (error instanceof CommanderError) {
      return isQuestion && error.exitCode !== 0 ? 2 : error.exitCode;
    }
    const line = inOneLine(error);
    if (line === undefined) {
      terminal.err(crashText(error, argv));
      return crashCode;
    }
    terminal.err(`${line}\n`);
    if (error instanceof StoreError && error.code === "unfinished") return 3;
    return isQuestion ? 2 : 1;
  }
}

/** Exit code of an internal error, as `EX_SOFTWARE` of Unix: Node's 1 means that an expectation is not met. */
const crashCode = 70;

/** Ends the process with 70 after an error that nothing awaits, and says that it is a defect. */
export function exitOnCrash(argv: readonly string[]): void {
  process.on("uncaughtException", (error) => {
    process.stderr.write(crashText(error, argv));
    process.exit(crashCode);
  });
}

/** Returns what is printed about an internal error: whose defect it is, and where it came from. */
function crashText(error: unknown, argv: readonly string[]): string {
  const isModule = argv.some((word) => /\.[cm]?[jt]s$/.test(word));
  const but = isModule ? ", unless code of the module threw it" : "";
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  const where = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const problem = `internal error: ${message.split("\n")[0] ?? ""}`;
  const report = `this is a defect of replication-simulator${but}; report it with the command and its files`;
  return `${[`${problem}; ${report}`, ...where].join("\n")}\n`;
}

/** Returns one line for an error that the user can fix; undefined for internal errors, which need a stack. */
function inOneLine(error: unknown): string | undefined {
  if (error instanceof StoreError || error instanceof ServerConfigError) return error.message;
  if (error instanceof ReplicationError) return error.message;
  const { code, syscall, address, port, path } = error as NodeJS.ErrnoException & {
    readonly address?: string;
    readonly port?: number;
  };
  if (code === undefined || syscall === undefined) return undefined;
  if (code === "EADDRINUSE")
    return `port ${String(port)} of ${String(address)} is in use; choose another with --port`;
  return `${syscall} ${path ?? address ?? ""}: ${code}`;
}

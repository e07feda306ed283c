/** Where a command line is typed. */
export interface CliIo {
  /** Prints what was asked for; resolves when there is room for more. */
  out(text: string): void | Promise<void>;
  /** Prints what else is to be said. */
  err(text: string): void;
  /** Aborted when whoever started the command wants it to end. */
  readonly interrupted: AbortSignal;
  /** Whether what is said beside can be written over: a terminal, not a pipe. Default false. */
  readonly isInteractive?: boolean;
}

/** The terminal of this process. A second interrupt ends it at once. */
export function processTerminal(): CliIo {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(130);
      interruption.abort();
    });
  }
  // Whoever read the output (`head`, say) has seen enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return {
    out: (text) => {
      if (process.stdout.write(text)) return undefined;
      return new Promise((resolve) => process.stdout.once("drain", resolve));
    },
    err: (text) => {
      process.stderr.write(text);
    },
    interrupted: interruption.signal,
    isInteractive: process.stderr.isTTY,
  };
}

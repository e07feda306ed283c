/** Terminal of a command. */
export interface CliIo {
  /** Prints output; resolves when there is room for more. */
  out(text: string): void | Promise<void>;
  /** Prints messages to standard error. */
  err(text: string): void;
  /** Aborted when the caller wants the command to end. */
  readonly interrupted: AbortSignal;
  /** Lets an interrupt end the process at once, before work that holds the thread and cannot see it. */
  endOnInterrupt?(): void;
  /** Whether messages can be overwritten: on a terminal, not in a pipe. Default false. */
  readonly isInteractive?: boolean;
  /** Width of the terminal that messages go to, if it is known. */
  readonly columns?: number | undefined;
}

/** Returns the terminal of this process. A second interrupt ends it at once. */
export function processTerminal(): CliIo {
  const interruption = new AbortController();
  const signals = ["SIGINT", "SIGTERM"] as const;
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  };
  for (const signal of signals) process.on(signal, interrupt);
  // The reader of the output (such as `head`) has closed it.
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
    endOnInterrupt: () => {
      if (interruption.signal.aborted) process.exit(130);
      for (const signal of signals) process.off(signal, interrupt);
    },
    isInteractive: process.stderr.isTTY,
    // A terminal can be resized.
    get columns() {
      return process.stderr.columns as number | undefined; // undefined in a pipe
    },
  };
}

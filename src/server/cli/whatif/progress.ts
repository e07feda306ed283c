import type { EnsembleProgress } from "../../../whatif/ensemble/runEnsemble.js";
import { formatCount } from "../../../whatif/report/valueFormat.js";
import type { CliIo } from "../terminal.js";

/** Progress of a run: one line that is overwritten on a terminal, one line per tenth elsewhere. */
export class Progress {
  readonly #terminal: CliIo;
  readonly #futures: number;
  readonly #what: string;
  #tenths = 0;
  #isOpen = false;
  #wait = "";

  constructor(terminal: CliIo, futures: number, what = "futures") {
    this.#terminal = terminal;
    this.#futures = futures;
    this.#what = what;
  }

  /** Names what the run waits for at its last checkpoint, which the lines after it say. */
  waitFor(what: string | undefined): void {
    this.#wait = what === undefined ? "" : `, ${what}`;
  }

  show({ futures, futuresPerSecond, leftMs, shards, of }: EnsembleProgress): void {
    const left = leftMs < 1000 ? "" : `, ${String(Math.round(leftMs / 1000))} s left`;
    const done = `${formatCount(futures)} of ${formatCount(this.#futures)} ${this.#what}`;
    const line = `${done}, ${formatCount(Math.round(futuresPerSecond))}/s${left}${this.#wait}`;
    if (this.#terminal.isInteractive === true) {
      const width = this.#width;
      this.#isOpen = true;
      this.#terminal.err(`\r${line.slice(0, width).padEnd(width)}`);
      return;
    }
    const tenths = Math.floor((10 * shards) / of);
    if (tenths === this.#tenths || shards === of) return;
    this.#tenths = tenths;
    this.#terminal.err(`${line}\n`);
  }

  /** Clears the line. */
  end(): void {
    if (this.#isOpen) this.#terminal.err(`\r${" ".repeat(this.#width)}\r`);
    this.#isOpen = false;
  }

  /** A line that reaches the last column would begin a new one. */
  get #width(): number {
    return Math.max(1, Math.min(80, this.#terminal.columns ?? 80) - 1);
  }
}

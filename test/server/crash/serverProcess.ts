import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** The command line as one file, made from source, so that a test needs no build and a process starts quickly. */
export function builtProgram(): string {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const folder = `${root}node_modules/.cache/replication-simulator`;
  mkdirSync(folder, { recursive: true });
  const program = `${folder}/program-${process.pid}.mjs`;
  const { outputFiles } = buildSync({
    stdin: {
      contents: `
        import { runCli } from "./src/server/index.ts";
        process.exitCode = await runCli(process.argv.slice(2));`,
      resolveDir: root,
    },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    write: false,
    logLevel: "error",
  });
  writeFileSync(program, outputFiles[0]?.contents ?? "");
  return program;
}

/** A server that runs as a process of its own. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly ended: Promise<number | string>;
  readonly #url: Promise<string>;
  stderr = "";

  constructor(program: string, flags: readonly string[]) {
    this.#child = spawn(process.execPath, [program, "serve", "--port", "0", ...flags], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stderr?.on("data", (text: Buffer) => {
      this.stderr += text.toString();
    });
    this.ended = once(this.#child, "exit").then(
      ([code, signal]: (number | string | null)[]) => signal ?? code ?? -1,
    );
    this.#url = new Promise((resolve, reject) => {
      let out = "";
      this.#child.stdout?.on("data", (text: Buffer) => {
        out += text.toString();
        const end = out.indexOf("\n");
        if (end !== -1) resolve(out.slice(0, end));
      });
      void this.ended.then((how) => reject(new Error(`ended with ${how}: ${this.stderr}`)));
    });
    this.#url.catch(() => undefined);
  }

  /** Where it answers, as soon as it says so. */
  get url(): Promise<string> {
    return this.#url;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  signal(signal: "SIGKILL" | "SIGTERM" | "SIGINT"): void {
    this.#child.kill(signal);
  }
}

/** What a command prints, and how it ends. */
export async function run(
  program: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text: Buffer) => {
    out += text.toString();
  });
  child.stderr.on("data", (text: Buffer) => {
    err += text.toString();
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? -1, out, err };
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Redis of the test's own, on a free port. Fails where there is no redis-server: CI installs it. */
export class TestRedis {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "replication-simulator-redis-"));
  readonly #persists: boolean;
  #child: ChildProcess | undefined;

  private constructor(port: number, persists: boolean) {
    this.port = port;
    this.#persists = persists;
  }

  static async start({ persists = false } = {}): Promise<TestRedis> {
    const redis = new TestRedis(await freePort(), persists);
    await redis.start();
    return redis;
  }

  async start(): Promise<void> {
    const appends = this.#persists
      ? ["--appendonly", "yes", "--appendfsync", "always"]
      : ["--appendonly", "no"];
    const child = spawn(
      "redis-server",
      [
        "--port",
        String(this.port),
        "--bind",
        "127.0.0.1",
        "--dir",
        this.#folder,
        "--save",
        "",
        ...appends,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.stdout.on("data", (text: Buffer) => {
        if (text.toString().includes("Ready to accept")) resolve();
      });
      child.once("exit", () => {
        reject(new Error("redis-server ended"));
      });
    });
  }

  /** As a crash does: nothing is written any more. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

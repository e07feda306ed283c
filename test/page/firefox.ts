import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "undici";

/** Firefox, driven by WebDriver BiDi: what a test of a page needs, and no more. */
export class Firefox implements AsyncDisposable {
  /** Messages of the console and requests, in order. */
  readonly events: { readonly method: string; readonly text: string }[] = [];
  readonly #process: ChildProcess;
  readonly #socket: WebSocket;
  readonly #profile: string;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #context = "";
  #sent = 0;

  private constructor(process: ChildProcess, socket: WebSocket, profile: string) {
    this.#process = process;
    this.#socket = socket;
    this.#profile = profile;
    socket.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
      else if (answer.method !== undefined)
        this.events.push({
          method: answer.method,
          text: answer.params?.text ?? answer.params?.request?.url ?? "",
        });
    });
  }

  /** Starts Firefox as Debian installs it, with a proxy that is not there. `FIREFOX` names another one. */
  static async start(): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), "firefox-"));
    const offline = ["http", "ssl"].flatMap((kind) => [
      `user_pref("network.proxy.${kind}", "127.0.0.1");`,
      `user_pref("network.proxy.${kind}_port", 9);`,
    ]);
    writeFileSync(
      join(profile, "user.js"),
      ['user_pref("network.proxy.type", 1);', ...offline].join("\n"),
    );
    const program = process.env["FIREFOX"] ?? "/usr/bin/firefox-esr";
    const started = spawn(
      program,
      ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    const url = await new Promise<string>((resolve, reject) => {
      let output = "";
      started.on("error", reject);
      started.on("exit", () => {
        reject(new Error(`${program} ended: ${output}`));
      });
      started.stderr.on("data", (data) => {
        output += String(data);
        const found = /BiDi listening on (ws:\S+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    const socket = new WebSocket(`${url}/session`);
    await new Promise((resolve) => {
      socket.addEventListener("open", resolve);
    });
    const firefox = new Firefox(started, socket, profile);
    await firefox.#send("session.new", { capabilities: {} });
    await firefox.#send("session.subscribe", {
      events: ["log.entryAdded", "network.beforeRequestSent"],
    });
    const { contexts } = await firefox.#send("browsingContext.getTree", {});
    firefox.#context = contexts?.[0]?.context ?? "";
    return firefox;
  }

  /** Opens an address in a window of a size. */
  async open(url: string, viewport: { readonly width: number; readonly height: number }) {
    const context = this.#context;
    await this.#send("browsingContext.setViewport", { context, viewport });
    await this.#send("browsingContext.navigate", { context, url, wait: "complete" });
  }

  /** Returns what an expression gives, as text. */
  async text(expression: string): Promise<string> {
    const target = { context: this.#context };
    const { result } = await this.#send("script.evaluate", {
      expression: `String(${expression})`,
      target,
      awaitPromise: true,
    });
    return result?.value ?? "";
  }

  /** Presses and releases keys. */
  async press(...keys: readonly string[]): Promise<void> {
    const actions = keys.flatMap((value) => [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ]);
    await this.#send("input.performActions", {
      context: this.#context,
      actions: [{ type: "key", id: "keyboard", actions }],
    });
  }

  /** Drags with the pressed left button through points. */
  async drag(points: readonly { readonly x: number; readonly y: number }[]): Promise<void> {
    const moves = points.map(({ x, y }) => ({
      type: "pointerMove",
      x: Math.round(x),
      y: Math.round(y),
    }));
    const [first, ...rest] = moves;
    await this.#send("input.performActions", {
      context: this.#context,
      actions: [
        {
          type: "pointer",
          id: "mouse",
          actions: [
            first,
            { type: "pointerDown", button: 0 },
            ...rest,
            { type: "pointerUp", button: 0 },
          ],
        },
      ],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#socket.close();
    this.#process.kill();
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async #send(method: string, params: object): Promise<NonNullable<Answer["result"]>> {
    this.#sent += 1;
    const id = this.#sent;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
    this.#waiting.delete(id);
    if (answer.result === undefined) throw new Error(`${method}: ${String(answer.message)}`);
    return answer.result;
  }
}

interface Answer {
  readonly id?: number;
  readonly message?: string;
  readonly result?: {
    readonly contexts?: readonly { readonly context: string }[];
    readonly result?: { readonly value?: string };
  };
  readonly method?: string;
  readonly params?: { readonly text?: string; readonly request?: { readonly url: string } };
}

import type { JournalEntry } from "../../kernel/journal.js";

/** Answers a request: `fetch`, or a handler in the same page. */
export type Transport = (request: Request) => Promise<Response>;

/** A request that was refused: its status, and what the service says. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The way to a simulator behind its HTTP API. */
export class Connection {
  readonly #transport: Transport;
  readonly #origin: string;
  readonly #token: string;

  constructor({
    transport,
    origin,
    token,
  }: {
    readonly transport: Transport;
    readonly origin: string;
    readonly token: string;
  }) {
    this.#transport = transport;
    this.#origin = origin;
    this.#token = token;
  }

  /** Sends a request, and gives what came back as text. */
  async send(method: string, path: string, body?: unknown): Promise<string> {
    const response = await this.#transport(
      new Request(this.#origin + path, {
        method,
        headers: { "X-Auth-Token": this.#token, "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    if (!response.ok)
      throw new RefusedError(
        response.status,
        messageOf(text) ?? `status ${String(response.status)}`,
      );
    return text;
  }

  /** The same, read as JSON. */
  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = await this.send(method, path, body);
    return (text === "" ? null : JSON.parse(text)) as T;
  }

  /** Follows a stream of server-sent events; read with `fetch`, since an `EventSource` can send no token. */
  async *events<T>(path: string, signal: AbortSignal): AsyncGenerator<T> {
    const response = await this.#transport(
      new Request(this.#origin + path, {
        headers: { "X-Auth-Token": this.#token, accept: "text/event-stream" },
        signal,
      }),
    );
    if (!response.ok || response.body === null)
      throw new RefusedError(response.status, "no stream");
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    signal.addEventListener("abort", () => void reader.cancel().catch(() => undefined));
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += value;
      const parts = rest.split("\n\n");
      rest = parts.pop() ?? "";
      for (const part of parts) {
        const lines = part.split("\n");
        const data = lines.find((line) => line.startsWith("data: "));
        // An event with a name ends the stream: it fell behind, and begins again where it was.
        const isNamed = lines.some((line) => line.startsWith("event: "));
        if (data !== undefined && !isNamed) yield JSON.parse(data.slice(6)) as T;
      }
    }
  }

  /** Entries of the journal from a number on, as they are written. Goes on after a stream that broke. */
  async *entries(
    from: number,
    signal: AbortSignal,
    onLink: (isOpen: boolean) => void,
  ): AsyncGenerator<JournalEntry> {
    let next = from;
    while (!signal.aborted) {
      try {
        onLink(true);
        for await (const entry of this.events<JournalEntry>(
          `/_simulator/journal?from=${String(next)}`,
          signal,
        )) {
          next = entry.seq + 1;
          yield entry;
        }
      } catch (error) {
        if (error instanceof RefusedError && error.status < 500) throw error;
      }
      onLink(false);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}

const retryMs = 1000;

/** What an error of the API says. */
function messageOf(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const [first] = Object.values(body as Record<string, unknown>);
    return typeof first === "object" && first !== null && "message" in first
      ? String(first.message)
      : undefined;
  } catch {
    return undefined;
  }
}

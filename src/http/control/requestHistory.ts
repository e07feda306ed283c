import type { ReplicationSimulator } from "../../simulator.js";
import type { Reply } from "../reply.js";

/** An answered request, as the inspector shows it. Headers, and so tokens, are not stored. */
export interface AnsweredRequest {
  /** Counts from 0. */
  readonly number: number;
  /** Virtual time, ms since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly status: number;
  readonly durationMs: number;
  /** The JSON response, truncated; null if there is none, or if it could contain a token. */
  readonly answer: string | null;
  /** Numbers of the journal entries that it wrote; empty if it changed nothing. */
  readonly entries: readonly number[];
}

/** Report of a handler about an answered request. */
export interface RequestReport {
  readonly method: string;
  readonly target: string;
  readonly durationMs: number;
  readonly reply: Reply;
}

/** The last requests, with their responses and the changes that they made. */
export class RequestHistory {
  readonly #sim: ReplicationSimulator;
  readonly #requests: AnsweredRequest[] = [];
  readonly #listeners = new Set<(request: AnsweredRequest) => void>();
  #written: number[] = [];
  #count = 0;

  /** Creates a history that follows the journal of a simulator from now on. */
  constructor(sim: ReplicationSimulator) {
    this.#sim = sim;
    sim.subscribe(({ seq }) => {
      if (this.#written.length < maxEntries) this.#written.push(seq);
    });
  }

  /** The stored requests, oldest first. */
  get requests(): readonly AnsweredRequest[] {
    return this.#requests;
  }

  /** Skips the entries that time alone has written, before a request is processed. */
  begin(): void {
    this.#written = [];
  }

  /** Stores a request. Requests that only read the control endpoint are omitted. */
  add({ method, target, durationMs, reply }: RequestReport): void {
    const entries = this.#written;
    this.#written = [];
    if (isControl(target) && (method === "GET" || method === "HEAD")) return;
    const request: AnsweredRequest = {
      number: this.#count,
      at: this.#sim.now,
      method,
      target,
      status: reply.status,
      durationMs,
      answer: answerOf(target, reply),
      entries,
    };
    this.#count += 1;
    this.#requests.push(request);
    if (this.#requests.length > maxRequests) this.#requests.shift();
    for (const listener of [...this.#listeners]) listener(request);
  }

  /** Calls a listener with each request from now on, until the function that it returns is called. */
  subscribe(listener: (request: AnsweredRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

const maxRequests = 200;
const maxEntries = 200;
const maxAnswerLength = 2000;

/** The service may be mounted under a path. */
function isControl(target: string): boolean {
  return target.includes("/_simulator/");
}

/** The response to a log-in contains a token, and a snapshot is as large as the world. */
function answerOf(target: string, { json }: Reply): string | null {
  if (json === undefined || isControl(target) || target.includes("/v2.0/")) return null;
  const text = JSON.stringify(json, (key, value: unknown) =>
    /password|token|secret/i.test(key) ? "(left out)" : value,
  );
  return text.length > maxAnswerLength ? `${text.slice(0, maxAnswerLength)}…` : text;
}

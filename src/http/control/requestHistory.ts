import type { ReplicationSimulator } from "../../simulator.js";
import type { Reply } from "../reply.js";

/** A request that was answered, as the inspector shows it. Headers are not kept, and so no token is. */
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
  /** The JSON of the answer, cut; null where there is none, or where it would hold a token. */
  readonly answer: string | null;
  /** Numbers of the journal entries that it has written; empty where it changed nothing. */
  readonly entries: readonly number[];
}

/** What a handler says of a request that it has answered. */
export interface RequestReport {
  readonly method: string;
  readonly target: string;
  readonly durationMs: number;
  readonly reply: Reply;
}

/** The last requests, with their answers and what they have changed. */
export class RequestHistory {
  readonly #sim: ReplicationSimulator;
  readonly #requests: AnsweredRequest[] = [];
  readonly #listeners = new Set<(request: AnsweredRequest) => void>();
  #written: number[] = [];
  #count = 0;

  /** A history that follows the journal of a simulator from now on. */
  constructor(sim: ReplicationSimulator) {
    this.#sim = sim;
    sim.subscribe(({ seq }) => {
      if (this.#written.length < maxEntries) this.#written.push(seq);
    });
  }

  /** The requests that are kept, oldest first. */
  get requests(): readonly AnsweredRequest[] {
    return this.#requests;
  }

  /** Forgets what time alone has written, before a request is worked on. */
  begin(): void {
    this.#written = [];
  }

  /** Keeps a request. Those that only look at the simulator's control endpoint are left out. */
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

/** The service may be mounted below a path. */
function isControl(target: string): boolean {
  return target.includes("/_simulator/");
}

/** A log-in answers with a token, and a snapshot is as large as the world. */
function answerOf(target: string, { json }: Reply): string | null {
  if (json === undefined || isControl(target) || target.includes("/v2.0/")) return null;
  const text = JSON.stringify(json, (key, value: unknown) =>
    /password|token|secret/i.test(key) ? "(left out)" : value,
  );
  return text.length > maxAnswerLength ? `${text.slice(0, maxAnswerLength)}…` : text;
}

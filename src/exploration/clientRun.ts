import { rowsOf } from "../collections/table.js";
import { createHandler, type Handler } from "../http/index.js";
import { randomFaultOn } from "../service/faults/fault.model.js";
import { topologyOf } from "../simulator/clientKernel.js";
import type { SimulatorOptions } from "../simulator/options.js";
import { ReplicationSimulator } from "../simulator.js";
import type { ServiceChoice, ServiceChoiceKind } from "./serviceChoice.js";

/** Context of the client under test. All of it is simulated: no socket, no waiting. */
export interface ClientContext<Setup> {
  /** Asks the simulated service. */
  readonly fetch: typeof fetch;
  /** `https://db.test/v1.0/{accountId}`, without a slash at the end. */
  readonly baseUrl: string;
  /** Waits in virtual time. Use it for every wait: real timers do not move the service. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Virtual time in ms since the epoch, in place of `Date.now`. */
  readonly now: () => number;
  /** The result of the setup, such as ids. */
  readonly setup: Setup;
}

/** One request of the client and what became of it. */
export interface ClientRequest {
  readonly number: number;
  /** Virtual time in ms since the start of the client. */
  readonly atMs: number;
  readonly method: string;
  /** Path and query below `baseUrl`. */
  readonly path: string;
  readonly body: unknown;
  /** Null where the client saw a network error. */
  readonly status: number | null;
  /** True when the service carried it out, whatever the client saw. */
  readonly isExecuted: boolean;
  /** Delay in `Retry-After`, in ms; null without the header. */
  readonly retryAfterMs: number | null;
  /** Deviations of the service from its plain behaviour. */
  readonly choices: readonly ServiceChoiceKind[];
}

/** Outcome of one run of the client; promises are checked against it. */
export interface ClientRun<Setup, Result> {
  readonly sim: ReplicationSimulator;
  readonly setup: Setup;
  readonly requests: readonly ClientRequest[];
  readonly sleeps: number;
  /** Return value of the client; undefined if it threw. */
  readonly result: Result | undefined;
  /** Error thrown by the client; undefined if it returned. */
  readonly error: unknown;
  /** True when the budget of steps ended before the client did. */
  readonly isOverBudget: boolean;
  /** The choices that made a difference. */
  readonly effective: readonly ServiceChoice[];
}

/** The client under test, and the world that it meets. */
export interface ClientUnderTest<Setup, Result> {
  readonly client: (context: ClientContext<Setup>) => Promise<Result>;
  readonly setup: (sim: ReplicationSimulator) => Setup;
  readonly options: SimulatorOptions;
  /** Requests and sleeps together. */
  readonly maxSteps: number;
}

const origin = "https://db.test";
const unknownStatus = "UPGRADING";
/** Turns of the event loop in which a client may do something else than ask or sleep. */
const maxIdleTurns = 50;

/**
 * Runs a client once against a service that makes these choices. Deterministic: the same client and choices give the
 * same run.
 */
export async function runClient<Setup, Result>(
  under: ClientUnderTest<Setup, Result>,
  choices: readonly ServiceChoice[],
): Promise<ClientRun<Setup, Result>> {
  const pageSize = choices.find((choice) => choice.kind === "pageSize");
  const otherIds = choices.find((choice) => choice.kind === "otherIds");
  const sim = new ReplicationSimulator({
    ...under.options,
    // Promises and the printed scenario read it.
    journal: true,
    ...(otherIds === undefined ? {} : { seed: otherIds.seed }),
    ...(pageSize === undefined
      ? {}
      : { limits: { ...under.options.limits, maxPageSize: pageSize.size } }),
  });
  const setup = under.setup(sim);
  const service = new ChoosingService(sim, choices, under.maxSteps);
  let outcome: { readonly result?: Result; readonly error?: unknown } | undefined;
  const context: ClientContext<Setup> = {
    fetch: (input, init) => service.fetch(new Request(input, init)),
    baseUrl: `${origin}/v1.0/${sim.accountId}`,
    sleep: (ms) => service.sleep(ms),
    now: () => sim.now,
    setup,
  };
  void Promise.resolve()
    .then(() => under.client(context))
    .then(
      (result) => {
        outcome = { result };
      },
      (error: unknown) => {
        outcome = { error };
      },
    );
  let idle = 0;
  while (outcome === undefined && !service.isOverBudget && idle < maxIdleTurns) {
    await nextTurn();
    idle = service.takeStep() ? 0 : idle + 1;
  }
  // Read through a function: the compiler does not see that callbacks assign it.
  const ended = (() => outcome)();
  const { result, error } = ended ?? {};
  return {
    sim,
    setup,
    requests: service.requests,
    sleeps: service.sleeps,
    result,
    error,
    isOverBudget: ended === undefined,
    effective: service.effective([pageSize, otherIds]),
  };
}

interface Timer {
  readonly at: number;
  readonly resolve: () => void;
}

/** The simulated service, which departs from the plain case where choices say so. */
class ChoosingService {
  readonly requests: ClientRequest[] = [];
  sleeps = 0;
  isOverBudget = false;
  readonly #sim: ReplicationSimulator;
  readonly #handler: Handler;
  readonly #choices: readonly ServiceChoice[];
  readonly #maxSteps: number;
  readonly #startedAt: number;
  readonly #timers: Timer[] = [];
  readonly #effective = new Set<ServiceChoice>();
  /** The world after each change that a request saw, for stale reads. */
  readonly #past: { readonly at: number; readonly sim: ReplicationSimulator }[] = [];
  readonly #keepsPast: boolean;
  /** Until when requests of a method are over their limit, and by which choice. */
  readonly #limits = new Map<string, { readonly until: number; readonly choice: ServiceChoice }>();
  #reads = 0;
  #hasActed = false;

  constructor(sim: ReplicationSimulator, choices: readonly ServiceChoice[], maxSteps: number) {
    this.#sim = sim;
    this.#handler = createHandler(sim);
    this.#choices = choices;
    this.#maxSteps = maxSteps;
    this.#startedAt = sim.now;
    this.#keepsPast = choices.some(({ kind }) => kind === "staleRead");
  }

  /** The choices that made a difference; those of the whole run always do. */
  effective(ofRun: readonly (ServiceChoice | undefined)[]): readonly ServiceChoice[] {
    for (const choice of ofRun) if (choice !== undefined) this.#effective.add(choice);
    return this.#choices.filter((choice) => this.#effective.has(choice));
  }

  /** Ends the next sleep when the client does nothing else. @returns whether anything went on */
  takeStep(): boolean {
    const hadActed = this.#hasActed;
    this.#hasActed = false;
    if (hadActed) return true;
    const next = this.#timers.reduce<Timer | undefined>(
      (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
      undefined,
    );
    if (next === undefined) return false;
    this.#timers.splice(this.#timers.indexOf(next), 1);
    this.#moveTo(next.at);
    next.resolve();
    return true;
  }

  sleep(ms: number): Promise<void> {
    const number = this.sleeps++;
    this.#hasActed = true;
    if (this.#isSpent()) return new Promise(() => undefined);
    let at = this.#sim.now + Math.max(0, Math.round(ms));
    for (const choice of this.#choices) {
      if (choice.kind !== "oversleep" || choice.sleep !== number) continue;
      at += choice.extraMs;
      this.#effective.add(choice);
    }
    return new Promise((resolve) => {
      this.#timers.push({ at, resolve });
    });
  }

  async fetch(request: Request): Promise<Response> {
    const text = request.body === null ? null : await request.text();
    this.#hasActed = true;
    if (this.#isSpent()) return new Promise(() => undefined);
    const number = this.requests.length;
    const isRead = request.method === "GET";
    const read = isRead ? this.#reads++ : -1;
    const met = this.#choices.filter((choice) =>
      "request" in choice ? choice.request === number : "read" in choice && choice.read === read,
    );
    for (const choice of met) this.#disturb(choice);
    const { status, headers, body, isExecuted, done } = this.#answer(request, text, met);
    if (this.#keepsPast) this.#past.push({ at: this.#sim.now, sim: this.#sim.fork() });
    this.requests.push({
      number,
      atMs: this.#sim.now - this.#startedAt,
      method: request.method,
      path: pathOf(request.url, this.#sim.accountId),
      body: parsed(text),
      status,
      isExecuted,
      retryAfterMs: retryAfterOf(headers),
      choices: done.map(({ kind }) => kind),
    });
    for (const choice of done) this.#effective.add(choice);
    if (status === null) throw new TypeError("fetch failed");
    return new Response(body === "" ? null : body, { status, headers });
  }

  /** Applies the effect of a choice to the world before the request is answered. */
  #disturb(choice: ServiceChoice): void {
    const sim = this.#sim;
    if (choice.kind === "slowTasks") {
      const { factor, durationMs = 3_600_000 } = choice;
      sim.inject({ kind: "slowTasks", factor, durationMs });
    } else if (choice.kind === "stuckTask") {
      sim.inject({ kind: "slowTasks", factor: 1000, durationMs: 1 });
    } else if (choice.kind === "taskFails") {
      sim.failTask({ task: choice.task });
    } else if (choice.kind === "fault") {
      const instances = [...rowsOf(topologyOf(sim).instances)];
      const victim = instances[choice.instance % Math.max(1, instances.length)];
      if (victim === undefined) return;
      const { durationMs } = choice;
      // A fault that cannot strike is refused, and is then no choice that was made.
      const fault = randomFaultOn(choice.fault, { id: victim.id, durationMs });
      const result = sim.try.inject(fault);
      if (!result.ok) return;
    } else {
      return;
    }
    this.#effective.add(choice);
  }

  #answer(
    request: Request,
    body: string | null,
    met: readonly ServiceChoice[],
  ): {
    readonly status: number | null;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly isExecuted: boolean;
    readonly done: readonly ServiceChoice[];
  } {
    const refusal = met.find(({ kind }) => refusing.has(kind)) ?? this.#limitOf(request.method);
    const disturbing = met.filter(({ kind }) => disturbances.has(kind));
    if (refusal !== undefined) {
      const done = [...disturbing, refusal];
      const refused = { body: "", headers: json, isExecuted: false, done };
      if (refusal.kind === "lostRequest") return { ...refused, status: null };
      if (refusal.kind === "unavailable") {
        return { ...refused, status: 503, body: errorBody("serviceUnavailable", 503) };
      }
      const headers = { ...json, "retry-after": String(this.#limit(request.method, refusal)) };
      return { ...refused, status: 413, headers, body: errorBody("overLimit", 413) };
    }
    const stale = met.find((choice) => choice.kind === "staleRead");
    const past = stale?.kind === "staleRead" ? this.#worldBefore(stale.ageMs) : undefined;
    const handler = past === undefined ? this.#handler : createHandler(past);
    const plain = handler.handleSync({
      method: request.method,
      url: request.url,
      headers: request.headers,
      body,
    });
    const done = [...disturbing];
    if (stale !== undefined && past !== undefined) {
      const now = this.#handler.handleSync({
        method: request.method,
        url: request.url,
        headers: request.headers,
      });
      if (now.body !== plain.body) done.push(stale);
    }
    let text = plain.body;
    const unknown = met.find(({ kind }) => kind === "unknownStatus");
    if (unknown !== undefined && plain.status === 200 && /"status":\s*"/.test(text)) {
      text = text.replaceAll(/("status":\s*")[^"]*"/g, `$1${unknownStatus}"`);
      done.push(unknown);
    }
    const isExecuted = past === undefined;
    const lost = met.find(({ kind }) => kind === "lostResponse" || kind === "unavailableAfter");
    if (lost?.kind === "unavailableAfter") {
      const unavailable = errorBody("serviceUnavailable", 503);
      return { headers: json, body: unavailable, isExecuted, status: 503, done: [...done, lost] };
    }
    const answered = { headers: plain.headers, body: text, isExecuted };
    return lost === undefined
      ? { ...answered, status: plain.status, done }
      : { ...answered, status: null, done: [...done, lost] };
  }

  /** The choice by which requests of this method are over their limit now. */
  #limitOf(method: string): ServiceChoice | undefined {
    const limit = this.#limits.get(method);
    return limit !== undefined && this.#sim.now < limit.until ? limit.choice : undefined;
  }

  /** Begins a limit, or goes on with it. @returns the seconds until it ends */
  #limit(method: string, choice: ServiceChoice): number {
    const { now } = this.#sim;
    const present = this.#limits.get(method);
    if (present?.choice === choice) return Math.ceil((present.until - now) / 1000);
    const seconds = choice.kind === "rateLimited" ? choice.retryAfterS : 1;
    this.#limits.set(method, { until: now + seconds * 1000, choice });
    return seconds;
  }

  /** The last world that is at least so old. */
  #worldBefore(ageMs: number): ReplicationSimulator | undefined {
    const at = this.#sim.now - ageMs;
    const old = this.#past.findLast((world) => world.at <= at) ?? this.#past[0];
    return old?.sim;
  }

  #moveTo(time: number): void {
    if (time > this.#sim.now) this.#sim.advanceTo(time);
  }

  #isSpent(): boolean {
    this.isOverBudget ||= this.requests.length + this.sleeps > this.#maxSteps;
    return this.isOverBudget;
  }
}

const refusing: ReadonlySet<string> = new Set(["unavailable", "lostRequest", "rateLimited"]);
const disturbances: ReadonlySet<string> = new Set(["slowTasks", "stuckTask", "taskFails", "fault"]);
const json = { "content-type": "application/json" } as const;

function retryAfterOf(headers: Readonly<Record<string, string>>): number | null {
  const seconds = headers["retry-after"];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

function errorBody(code: string, status: number): string {
  return JSON.stringify({ [code]: { code: status, message: "a choice of the exploration" } });
}

function pathOf(url: string, accountId: string): string {
  const { pathname, search } = new URL(url);
  const base = `/v1.0/${accountId}`;
  return `${pathname.startsWith(base) ? pathname.slice(base.length) : pathname}${search}`;
}

function parsed(text: string | null): unknown {
  if (text === null || text === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Lets everything that can go on go on: promises, streams and their callbacks. */
function nextTurn(): Promise<void> {
  const { setImmediate } = globalThis as { readonly setImmediate?: (then: () => void) => unknown };
  if (setImmediate !== undefined) return new Promise((resolve) => void setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const done = (): void => {
      port1.close();
      resolve();
    };
    // Assigned, not listened to: an assigned handler starts the port on every runtime.
    Object.assign(port1, { onmessage: done });
    port2.postMessage(null);
  });
}

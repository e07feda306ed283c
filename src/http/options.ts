import { hex } from "../collections/murmur3.js";
import {
  anyFunction,
  assertOption,
  booleanRule,
  hasMethods,
  type OptionRule,
  type OptionRules,
  parseOptions,
  wholeFrom,
} from "../model/schema/entryPointOptions.js";
import { isList, isRecord, plainCopy } from "../model/schema/plainData.js";
import type { ReplicationSimulator } from "../simulator.js";
import { type Dialect, rackspace, type WireOptions } from "../wire/index.js";
import { wireDemands } from "../wire/wireOptions.js";
import { RequestHistory } from "./control/requestHistory.js";
import type { SpeedControl } from "./control/speedControl.js";
import { type HttpToken, type HttpUser, tokenRule, userRule } from "./identity/tokenRegistry.js";
import { openApi } from "./openApi.js";

/** Report of a handler about each answered request. */
export interface RequestLogEntry {
  readonly requestId: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly status: number;
  /** Duration in real ms. */
  readonly durationMs: number;
  /** The internal error behind a 500; never part of a response. */
  readonly error?: unknown;
}

/** Options of a handler. */
export interface HandlerOptions extends WireOptions {
  /**
   * Users who can log in. Without users and tokens every caller is accepted, with any credentials, as admin of the
   * simulator's account.
   */
  readonly users?: readonly HttpUser[];
  /** Tokens that are valid permanently. */
  readonly tokens?: readonly HttpToken[];
  /** Lifetime of a token issued by a log-in, in real time. Default a day. */
  readonly tokenLifetimeMs?: number;
  /** Base URLs of other regions. They follow this region in the service catalog. */
  readonly otherRegions?: Readonly<Record<string, string>>;
  /** Enables `/_simulator`: clock, faults, snapshots, journal. Default false. */
  readonly control?: boolean;
  /** Makes `/_simulator` read-only: requests that would change the world are refused. Default false. */
  readonly controlReadOnly?: boolean;
  /** Lets `/_simulator` change the speed of time: a `RealtimeDriver`. Default null. */
  readonly speedControl?: SpeedControl | null;
  /** Maximum body of a request in bytes. Default 1 MiB; an uploaded snapshot may have 256 times as much. */
  readonly maxBodyBytes?: number;
  /** Maximum nesting of a body. Default 32. */
  readonly maxBodyDepth?: number;
  /** Maximum length of a path with its query, in characters. Default 8,192. */
  readonly maxUrlLength?: number;
  /** Maximum total size of the headers in bytes. Default 32 KiB. */
  readonly maxHeaderBytes?: number;
  /** Real time in ms since the epoch, for the expiry of tokens. Default `Date.now`. */
  readonly now?: () => number;
  /** Creates tokens. Default: 32 random hexadecimal digits from the host's secure source. */
  readonly createToken?: () => string;
  /**
   * Runs the effect of a request, for a server that persists the world: when it resolves, the effect is stored, and the
   * response is sent; when it rejects, nothing has happened. A `ReplicationError` becomes the response,
   * `serviceUnavailable` for a store that cannot write. Default: runs it directly.
   */
  readonly transact?: <T>(work: () => T) => T | Promise<T>;
  /**
   * Origins of web pages that may call the API and `/_simulator` (CORS), such as `http://localhost:5173`. `"*"` allows
   * every origin to call the API, and none to call `/_simulator`. Default: none.
   */
  readonly corsOrigins?: readonly string[];
  /**
   * Host names accepted by `/_simulator` without users and tokens. IP addresses and `localhost` are always accepted.
   * Default: every name. A server sets its own list, so that a web page cannot reach it under another name (DNS
   * rebinding).
   */
  readonly allowedHosts?: readonly string[];
  /** Path where a framework mounts the handler, such as `/db`: removed for routing, and part of links. */
  readonly pathPrefix?: string;
  /** Largest number of steps of virtual time for one request. Default 100,000. */
  readonly maxStepsPerRequest?: number;
  /** Called with each answered request. */
  readonly onRequest?: (report: RequestLogEntry) => void;
  /** Called with each internal error. Default: `console.error`. */
  readonly onError?: (error: unknown) => void;
}

/** Shared parts of a handler. */
export interface Service {
  readonly sim: ReplicationSimulator;
  readonly options: Required<Omit<HandlerOptions, keyof WireOptions | "allowedHosts">> &
    WireOptions & { readonly allowedHosts: readonly string[] | undefined };
  /** Dialect of the API. */
  readonly dialect: Dialect;
  /** The last requests, if `/_simulator` is enabled. */
  readonly requests: RequestHistory | undefined;
  /** The options of `handleRequest`. */
  readonly wire: WireOptions;
  /** The OpenAPI description as JSON with `addressMark` in place of the address; created once. */
  readonly description: () => string;
  /** Number of responses that each fault has lost, by account and id. */
  readonly lostAnswers: Map<string, number>;
  readonly requestIds: RequestIds;
}

/** The default of `onRequest`: no report is made for it. */
export const ignoreReport = (): void => undefined;

/** Placeholder for the address of the service in the description, quotes included. */
export const addressMark = JSON.stringify("urn:replication-simulator:address");

/**
 * Returns the options with defaults applied.
 * @throws InvalidInputError `http-options`
 */
export function serviceOf(sim: ReplicationSimulator, given: HandlerOptions): Service {
  assertOption(sim, hasMethods("a simulator", "account", "snapshot"), { field: "sim", rule });
  const read = readHandlerOptions(given);
  let text: string | undefined;
  return {
    lostAnswers: new Map(),
    requestIds: new RequestIds(),
    sim,
    dialect: read.dialect ?? rackspace,
    description: () =>
      (text ??= JSON.stringify(
        openApi({ baseUrl: JSON.parse(addressMark) as string, limits: sim.settings.limits }),
      )),
    requests: read.control === true ? new RequestHistory(sim) : undefined,
    options: {
      users: [],
      tokens: [],
      tokenLifetimeMs: 86_400_000,
      otherRegions: {},
      control: false,
      controlReadOnly: false,
      speedControl: null,
      maxBodyBytes: 1_048_576,
      maxBodyDepth: 32,
      maxUrlLength: 8192,
      maxHeaderBytes: 32_768,
      now: () => Date.now(),
      createToken: randomHex,
      transact: (work) => work(),
      corsOrigins: [],
      allowedHosts: undefined,
      pathPrefix: "",
      maxStepsPerRequest: 100_000,
      onRequest: ignoreReport,
      onError: (error) => {
        console.error(error);
      },
      ...read,
    },
    wire: Object.fromEntries(
      Object.entries(read).filter(([name]) => Object.hasOwn(wireDemands, name)),
    ),
  };
}

/**
 * Returns the validated options. Users, tokens and regions are copied, so that later changes to the caller's objects
 * have no effect.
 * @throws InvalidInputError `http-options`
 */
export function readHandlerOptions(given: HandlerOptions): HandlerOptions {
  const read = parseOptions(given, demands, { field: "options", rule });
  return { ...read, ...copiesOf(read) };
}

function copiesOf({ users, tokens, otherRegions, ...lists }: HandlerOptions) {
  const { corsOrigins, allowedHosts } = lists;
  return {
    ...(corsOrigins === undefined ? {} : { corsOrigins: [...corsOrigins] }),
    ...(allowedHosts === undefined ? {} : { allowedHosts: [...allowedHosts] }),
    ...(users === undefined ? {} : { users: readList(users, userRule, "users") }),
    ...(tokens === undefined ? {} : { tokens: readList(tokens, tokenRule, "tokens") }),
    ...(otherRegions === undefined ? {} : { otherRegions: readRegions(otherRegions) }),
  };
}

function readList<T>(given: readonly T[], each: OptionRule, field: string): readonly T[] {
  const list = assertOption(plainCopy(given) as readonly T[], aList, { field, rule });
  for (const [at, one] of list.entries()) {
    assertOption(one, each, { field: `${field}[${String(at)}]`, rule });
  }
  return list;
}

function readRegions(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const regions = plainCopy(given) as Readonly<Record<string, string>>;
  return assertOption(regions, someRegions, { field: "otherRegions", rule });
}

const rule = "http-options";

const aList: OptionRule = { expected: "an array of plain data", accepts: isList };

const someRegions: OptionRule = {
  expected: "base URLs by region, all of them strings",
  accepts: (value) =>
    isRecord(value) && Object.values(value).every((url) => typeof url === "string"),
};

const someOrigins: OptionRule = {
  expected: 'an array of origins such as "http://localhost:5173", or ["*"]',
  accepts: (value) =>
    isList(value) &&
    value.every((each) => each === "*" || (typeof each === "string" && originOf(each) === each)),
};

const someNames: OptionRule = {
  expected: 'an array of host names without a port, such as "simulator"',
  accepts: (value) =>
    isList(value) && value.every((each) => typeof each === "string" && /^[^\s/:?#]+$/.test(each)),
};

const aPrefix: OptionRule = {
  expected: 'a path such as "/db": a slash first, none last',
  accepts: (value) => typeof value === "string" && /^(\/[^\s/?#]+)*$/.test(value),
};

function originOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}

const aBound: OptionRule = {
  expected: "a number of at least 0",
  accepts: (value) => typeof value === "number" && value >= 0,
};

function isDriver(value: unknown): boolean {
  return typeof value === "object" && value !== null && "speed" in value && "setSpeed" in value;
}

const demands: OptionRules<HandlerOptions> = {
  ...wireDemands,
  // Their items are validated on a copy.
  users: aList,
  tokens: aList,
  otherRegions: someRegions,
  tokenLifetimeMs: aBound,
  control: booleanRule,
  controlReadOnly: booleanRule,
  speedControl: {
    expected: "a driver, or null",
    accepts: (value) => value === null || isDriver(value),
  },
  maxBodyBytes: aBound,
  maxBodyDepth: aBound,
  maxUrlLength: aBound,
  maxHeaderBytes: aBound,
  now: anyFunction,
  createToken: anyFunction,
  transact: anyFunction,
  corsOrigins: someOrigins,
  allowedHosts: someNames,
  pathPrefix: aPrefix,
  maxStepsPerRequest: wholeFrom(1),
  onRequest: anyFunction,
  onError: anyFunction,
};

/** Returns 128 bits from the host's secure source, as 32 hexadecimal digits. */
export function randomHex(): string {
  return hexOf(crypto.getRandomValues(new Uint32Array(4)), 0);
}

/** Ids of requests: the secure source is asked for many at once, since asking costs more than an id. */
export class RequestIds {
  readonly #words = new Uint32Array(1024);
  #next = this.#words.length;

  next(): string {
    if (this.#next === this.#words.length) {
      crypto.getRandomValues(this.#words);
      this.#next = 0;
    }
    const id = hexOf(this.#words, this.#next);
    this.#next += 4;
    return `req-${id}`;
  }
}

function hexOf(words: Uint32Array, at: number): string {
  return [0, 1, 2, 3].map((nth) => hex(words[at + nth] as number)).join("");
}

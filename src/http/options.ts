import {
  anyFunction,
  assertOption,
  booleanRule,
  hasMethods,
  type OptionRule,
  type OptionRules,
  parseOptions,
  wholeFrom,
} from "../domain/entryPointOptions.js";
import { isList, isRecord, plainCopy } from "../domain/plainData.js";
import type { ReplicationSimulator } from "../simulator.js";
import { type Dialect, rackspace, type WireOptions } from "../wire/index.js";
import { wireDemands } from "../wire/wireOptions.js";
import { RequestHistory } from "./control/requestHistory.js";
import type { SpeedControl } from "./control/speedControl.js";
import { type HttpToken, type HttpUser, tokenRule, userRule } from "./identity/tokenRegistry.js";
import { openApi } from "./openApi.js";

/** What a handler tells of each request, when it is answered. */
export interface RequestLogEntry {
  readonly requestId: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly status: number;
  /** Real time that it took, in ms. */
  readonly durationMs: number;
  /** What went wrong inside, for a 500; never in an answer. */
  readonly error?: unknown;
}

/** How a handler speaks for a simulator. */
export interface HandlerOptions extends WireOptions {
  /** Who can log in. Without users and tokens anybody can, with any credentials, as admin of the simulator's account. */
  readonly users?: readonly HttpUser[];
  /** Tokens that are valid from the start and for ever. */
  readonly tokens?: readonly HttpToken[];
  /** How long a token is valid that a log-in gave, in real time. Default a day. */
  readonly tokenLifetimeMs?: number;
  /** Where other regions are served: region to base URL. They follow this one in the catalog of a log-in. */
  readonly otherRegions?: Readonly<Record<string, string>>;
  /** Whether `/_simulator` answers: clock, faults, snapshots, journal. Default false. */
  readonly control?: boolean;
  /** Whether `/_simulator` only shows the world: every request there that would change it is refused. Default false. */
  readonly controlReadOnly?: boolean;
  /** Lets `/_simulator` change the speed of time: a `RealtimeDriver`. Default null. */
  readonly speedControl?: SpeedControl | null;
  /** Largest body of a request, in bytes. Default 1 MiB; a snapshot that is put may have 256 times as much. */
  readonly maxBodyBytes?: number;
  /** Deepest nesting of a body. Default 32. */
  readonly maxBodyDepth?: number;
  /** Most characters of a path with its query. Default 8,192. */
  readonly maxUrlLength?: number;
  /** Most bytes of all headers together. Default 32 KiB. */
  readonly maxHeaderBytes?: number;
  /** Real time in ms since the epoch, for the expiry of tokens. Default `Date.now`. */
  readonly now?: () => number;
  /** Makes tokens. Default: 32 random hexadecimal digits from the host's secure source. */
  readonly createToken?: () => string;
  /**
   * Runs what a request does to the world, for a server that keeps it: when it resolves, what was done is kept, and the
   * answer goes out; when it rejects, nothing was done. A `ReplicationError` is the answer then, `serviceUnavailable`
   * for a store that cannot write. Default: runs it.
   */
  readonly transact?: <T>(work: () => T) => T | Promise<T>;
  /**
   * Origins of web pages that may call the API and `/_simulator` (CORS), such as `http://localhost:5173`; `"*"` allows
   * every origin to call the API, and none to call `/_simulator`. Default: none.
   */
  readonly corsOrigins?: readonly string[];
  /**
   * Names by which `/_simulator` may be reached while there are neither users nor tokens. IP addresses and the names of
   * this machine (`localhost`) are always allowed. Default: every name. A server sets its own list, so that a web
   * page cannot reach it under a name of its own (DNS rebinding).
   */
  readonly allowedHosts?: readonly string[];
  /** Path under which a framework mounts the handler, such as `/db`: left out of routes, and part of links. */
  readonly pathPrefix?: string;
  /** Largest number of steps of virtual time for one request. Default 100,000. */
  readonly maxStepsPerRequest?: number;
  /** Called with each request when it is answered. */
  readonly onRequest?: (report: RequestLogEntry) => void;
  /** Called with each error of the simulator or of the program around it. Default: `console.error`. */
  readonly onError?: (error: unknown) => void;
}

/** Everything that the parts of a handler need. */
export interface Service {
  readonly sim: ReplicationSimulator;
  readonly options: Required<Omit<HandlerOptions, keyof WireOptions | "allowedHosts">> &
    WireOptions & { readonly allowedHosts: readonly string[] | undefined };
  /** The API that is spoken. */
  readonly dialect: Dialect;
  /** The last requests, where `/_simulator` answers. */
  readonly requests: RequestHistory | undefined;
  /** Those of the options that `handleRequest` takes. */
  readonly wire: WireOptions;
  /** The OpenAPI description as JSON, with `addressMark` in the place of the address; made once. */
  readonly description: () => string;
  /** Answers that a fault has lost so far, by its account and id. */
  readonly lostAnswers: Map<string, number>;
}

/** Stands in the description where the address of the service belongs, quotes included. */
export const addressMark = JSON.stringify("urn:replication-simulator:address");

/**
 * The options with their defaults.
 * @throws InvalidInputError `http-options`
 */
export function serviceOf(sim: ReplicationSimulator, given: HandlerOptions): Service {
  assertOption(sim, hasMethods("a simulator", "account", "snapshot"), { field: "sim", rule });
  const read = readHandlerOptions(given);
  let text: string | undefined;
  return {
    lostAnswers: new Map(),
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
      onRequest: () => undefined,
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
 * The options that were given, if they hold what they must. Of users, tokens and regions it is a copy: whoever goes on
 * writing into them lets nobody in.
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
  // What they hold is read from a copy.
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

/** 128 bits from the host's secure source, as 32 hexadecimal digits. */
export function randomHex(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

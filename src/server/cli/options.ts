import { readFileSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import type { HttpUser } from "../../http/index.js";
import { type Role, roles } from "../../model/operationPolicy.js";
import { isList, isRecord } from "../../model/schema/plainData.js";
import type { SimulatorOptions } from "../../simulator/options.js";
import type { ServerOptions } from "../server.js";

/** Flags of `serve`. */
export interface ServeFlags {
  readonly port: number;
  readonly host: string;
  readonly account?: string;
  readonly token?: readonly string[];
  readonly user?: readonly HttpUser[];
  readonly limits?: object;
  readonly rates?: "off" | "documented" | object;
  readonly timestampStyle?: "documented" | "zulu";
  readonly addressStyle?: "documented" | "ip" | "hostname" | "both";
  readonly jitter?: number;
  readonly faults?: readonly unknown[];
  readonly world?: object;
  readonly corsOrigin?: readonly string[];
  readonly allowedHost?: readonly string[];
  readonly region?: string;
  readonly speed: number;
  readonly seed?: number | string;
  readonly profile?: "documented" | "fast" | "instant";
  readonly control: boolean;
  readonly controlReadOnly: boolean;
  readonly state?: string;
  readonly snapshotEvery: number;
  readonly allowUnauthenticated: boolean;
  readonly quiet: boolean;
}

/** Returns the options of a server; the caller opens the store. */
export function serverOptions(flags: ServeFlags): ServerOptions {
  const { port, host, speed, control, allowUnauthenticated, token = [] } = flags;
  const { snapshotEvery, controlReadOnly } = flags;
  const { account: accountId, region, seed, profile: latency } = flags;
  const { jitter, limits, rates: rateLimits, faults } = flags;
  const requested = { accountId, region, seed, latency, jitter, limits, rateLimits, faults };
  // A flag takes precedence over the same option in the file of the world.
  const world = { ...flags.world, ...present(requested) } as SimulatorOptions;
  const { timestampStyle, addressStyle, user, corsOrigin, allowedHost } = flags;
  const styles = present({ timestampStyle, addressStyle, users: user, corsOrigins: corsOrigin });
  const allowedHosts = allowedHost === undefined ? {} : { allowedHosts: [host, ...allowedHost] };
  const tokens = token.map((each) => ({ token: each }));
  return {
    port,
    host,
    speed,
    snapshotEvery,
    allowUnauthenticated,
    world,
    http: { control, controlReadOnly, tokens, ...styles, ...allowedHosts },
  };
}

function present(flags: object): object {
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}

/** The flag of each option of a world. */
export const flagOf: Readonly<Record<string, string>> = {
  accountId: "--account",
  region: "--region",
  seed: "--seed",
  latency: "--profile",
  jitter: "--jitter",
  limits: "--limits",
  rateLimits: "--rates",
  faults: "--faults",
};

/** Parses NAME:SECRET or NAME:SECRET:ROLE; repeatable. The secret is both password and API key. */
export function collectUser(text: string, before: readonly HttpUser[] = []): readonly HttpUser[] {
  const [, name, secret, role = "admin"] =
    /^([^:]+):(.+?)(?::(admin|creator|observer))?$/.exec(text) ?? [];
  if (name === undefined || secret === undefined) {
    const forms = `NAME:SECRET or NAME:SECRET:ROLE, where ROLE is one of ${roles.join(", ")}`;
    throw new InvalidArgumentError(`It must be ${forms}.`);
  }
  return [...before, { name, password: secret, apiKey: secret, role: role as Role }];
}

/** Parses an object as JSON, or @FILE with one. */
export function readObject(text: string): object {
  const value = readJson(text);
  if (isRecord(value)) return value;
  throw new InvalidArgumentError("It must be a JSON object, or @FILE with one.");
}

/** Parses rates by name, or as JSON. */
export function readRates(text: string): "off" | "documented" | object {
  return text === "off" || text === "documented" ? text : readObject(text);
}

/** Reads a file with a JSON object. */
export function readObjectFile(file: string): object {
  return readObject(`@${file}`);
}

/** Reads a file with a JSON array of faults: in the form of `POST /_simulator/faults`, or of the option `faults`. */
export function readFaultsFile(file: string): readonly unknown[] {
  const value = readJson(`@${file}`);
  if (isList(value)) return value.map(asCommand);
  throw new InvalidArgumentError("The file must hold a JSON array of faults.");
}

/** Separates a fault from its time and its label, which stand beside its kind. */
function asCommand(given: unknown): unknown {
  if (typeof given !== "object" || given === null || !("kind" in given)) return given;
  const { at, afterMs, label, ...fault } = given as Readonly<Record<string, unknown>>;
  return { fault, ...present({ at, afterMs, label }) };
}

/** Parses a number from 0 to 1. */
export function readJitter(text: string): number {
  const jitter = Number(text);
  if (text.trim() !== "" && jitter >= 0 && jitter <= 1) return jitter;
  throw new InvalidArgumentError("It must be a number from 0 to 1.");
}

function readJson(text: string): unknown {
  let json = text;
  if (text.startsWith("@")) {
    try {
      json = readFileSync(text.slice(1), "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new InvalidArgumentError(`${text.slice(1)} cannot be read: ${code ?? "unreadable"}.`);
    }
  }
  try {
    return JSON.parse(json);
  } catch {
    throw new InvalidArgumentError("It is not JSON.");
  }
}

/** Parses a port. */
export function readPort(text: string): number {
  const port = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("It must be an integer from 0 to 65535.");
}

/** Parses a number of journal entries. */
export function readLines(text: string): number {
  const lines = Number(text);
  if (Number.isSafeInteger(lines) && lines >= 1) return lines;
  throw new InvalidArgumentError("It must be an integer of at least 1.");
}

/** Parses a speed. */
export function readSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() !== "" && speed >= 0 && speed < Infinity) return speed;
  throw new InvalidArgumentError("It must be a number of at least 0.");
}

/** Parses a seed: digits are a number, anything else is a string. */
export function readSeed(text: string): number | string {
  const seed = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(seed) ? seed : text;
}

/** Parses a non-empty string; repeatable. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseNonEmpty(text)];
}

/** Parses a non-empty string. */
export function parseNonEmpty(text: string): string {
  if (text === "") throw new InvalidArgumentError("It must not be empty.");
  return text;
}

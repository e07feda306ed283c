import { InvalidArgumentError } from "commander";
import type { SimulatorOptions } from "../../simulator/options.js";
import type { ServerOptions } from "../server.js";

/** What `serve` is told on the command line. */
export interface ServeFlags {
  readonly port: number;
  readonly host: string;
  readonly account?: string;
  readonly token?: readonly string[];
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

/** The same as a server takes it; the store is opened by whoever asks. */
export function serverOptions(flags: ServeFlags): ServerOptions {
  const { port, host, speed, control, allowUnauthenticated, token = [] } = flags;
  const { snapshotEvery, controlReadOnly } = flags;
  const { account: accountId, region, seed, profile: latency } = flags;
  const asked = { accountId, region, seed, latency };
  const world = Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== undefined),
  ) as SimulatorOptions;
  const tokens = token.map((each) => ({ token: each }));
  return {
    port,
    host,
    speed,
    snapshotEvery,
    allowUnauthenticated,
    world,
    http: { control, controlReadOnly, tokens },
  };
}

/** Each option of a world by the flag that sets it. */
export const flagOf: Readonly<Record<string, string>> = {
  accountId: "--account",
  region: "--region",
  seed: "--seed",
  latency: "--profile",
};

/** A port, as text. */
export function readPort(text: string): number {
  const port = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}

/** A number of lines, as text. */
export function readLines(text: string): number {
  const lines = Number(text);
  if (Number.isSafeInteger(lines) && lines >= 1) return lines;
  throw new InvalidArgumentError("It must be a whole number of at least 1.");
}

/** A speed, as text. */
export function readSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() !== "" && speed >= 0 && speed < Infinity) return speed;
  throw new InvalidArgumentError("It must be a number of at least 0.");
}

/** A seed: digits are a number, anything else is a text. */
export function readSeed(text: string): number | string {
  const seed = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(seed) ? seed : text;
}

/** Something that must not be empty, once more. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseNonEmpty(text)];
}

/** Something that must not be empty. */
export function parseNonEmpty(text: string): string {
  if (text === "") throw new InvalidArgumentError("It must not be empty.");
  return text;
}

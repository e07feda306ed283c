import { rowsOf } from "../collections/table.js";
import { InvalidInputError } from "../domain/errors.js";
import { createHandler } from "../http/index.js";
import type { SimulatorOptions } from "../simulator/options.js";
import { ReplicationSimulator } from "../simulator.js";
import type { ApiModel, ApiService } from "./apiModel.js";
import { IdMap } from "./idMap.js";

/** The service to hold to the simulator: your own fake, or a real one. */
export interface ApiSetupOptions {
  /** Asks the service. Default: the global `fetch`. */
  readonly fetch?: (input: string, init: RequestInit) => Promise<Response>;
  /** URL of the account, such as `https://db.test/v1.0/1234`. The service is empty at the start of each run. */
  readonly baseUrl: string;
  /** Headers of each request, such as `x-auth-token`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Moves the time of the service. Without it no command waits. */
  readonly advance?: (ms: number) => unknown;
  /** Waits until every operation in progress has ended; called after each change. For services in real time. */
  readonly settle?: () => unknown;
  /** Members of bodies that are not compared, at any depth. Default `defaultIgnored`. */
  readonly ignore?: readonly string[];
  /** Options of the simulator that is the model, such as `limits`, `catalog` and `latency`. */
  readonly options?: SimulatorOptions;
}

/** Members that differ from service to service: texts, addresses, moments, links, the use of volumes. */
export const defaultIgnored: readonly string[] = [
  "links",
  "created",
  "updated",
  "ip",
  "networks",
  "hostname",
  "message",
  "details",
  "used",
];

/**
 * Makes what `fc.asyncModelRun` needs: an empty simulator as the model, and your service. Make it anew for each run.
 *
 * @throws InvalidInputError `api-setup` where the base URL is no URL
 */
export function apiSetup(options: ApiSetupOptions): {
  readonly model: ApiModel;
  readonly real: ApiService;
} {
  const { fetch = globalThis.fetch, baseUrl, headers = {}, advance, settle } = options;
  if (typeof baseUrl !== "string" || !URL.canParse(baseUrl)) {
    const expected = "the URL of the account, such as https://db.test/v1.0/1234";
    throw new InvalidInputError([
      { field: "baseUrl", value: baseUrl, expected, rule: "api-setup" },
    ]);
  }
  const sim = new ReplicationSimulator(options.options);
  const handler = createHandler(sim);
  const seen = { instances: new Set<string>(), groups: new Set<string>() };
  const idsOf = (kind: "instances" | "groups"): readonly string[] => {
    for (const { id } of rowsOf<{ readonly id: string; readonly ordinal: number }>(
      sim.topology[kind],
    ))
      seen[kind].add(id);
    return [...seen[kind]];
  };
  const model: ApiModel = {
    sim,
    ids: new IdMap(),
    ignored: new Set(options.ignore ?? defaultIgnored),
    canAdvance: advance !== undefined,
    pageSize: sim.settings.limits.maxPageSize,
    instances: () => idsOf("instances"),
    groups: () => idsOf("groups"),
    answer: ({ method, path, body }) => {
      const { status, body: text } = handler.handleSync({
        method,
        url: `https://model.test/v1.0/${sim.accountId}${path}`,
        headers: { ...json, "x-auth-token": "any" },
        body: body === undefined ? null : JSON.stringify(body),
      });
      return { status, body: parsed(text) };
    },
  };
  const real: ApiService = {
    answer: async ({ method, path, body }) => {
      const response = await fetch(`${baseUrl.replace(/\/$/, "")}${path}`, {
        method,
        headers: { ...json, "x-auth-token": "any", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: parsed(await response.text()) };
    },
    advance,
    settle,
  };
  return { model, real };
}

const json = { "content-type": "application/json", accept: "application/json" } as const;

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

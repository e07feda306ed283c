import { rowsOf } from "../collections/table.js";
import { createHandler } from "../http/index.js";
import {
  anyFunction,
  assertOption,
  type OptionRules,
  parseOptions,
} from "../model/schema/entryPointOptions.js";
import { isList, isRecord } from "../model/schema/plainData.js";
import type { Instance } from "../service/instances/instance.model.js";
import { topologyOf } from "../simulator/clientKernel.js";
import type { SimulatorOptions } from "../simulator/options.js";
import { ReplicationSimulator } from "../simulator.js";
import type { ApiModel, ApiService } from "./apiModel.js";
import type { ApiKind, ApiRole } from "./apiRequests.js";
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
 * @throws InvalidInputError `api-setup` where the base URL is no URL, or for another option that does not fit
 */
export function apiSetup(options: ApiSetupOptions): {
  readonly model: ApiModel;
  readonly real: ApiService;
} {
  const read = parseOptions(options, rules, { field: "options", rule: "api-setup" });
  const { fetch = globalThis.fetch, baseUrl, headers = {}, advance, settle } = read;
  assertOption(baseUrl, rules.baseUrl, { field: "baseUrl", rule: "api-setup" });
  const sim = new ReplicationSimulator(read.options);
  const handler = createHandler(sim);
  const seen = new Map<ApiKind, Set<string>>();
  const idsOf = (kind: ApiKind | ApiRole): readonly string[] => {
    if (kind === "sources" || kind === "replicas" || kind === "members") {
      const instances = [...rowsOf<Instance>(topologyOf(sim).instances)];
      return instances.filter((instance) => hasRole(instance, kind)).map(({ id }) => id);
    }
    const ids = seen.get(kind) ?? new Set();
    seen.set(kind, ids);
    for (const row of rowsOf<Row>(topologyOf(sim)[kind])) {
      if (row.hiddenForReplicaId === undefined || row.hiddenForReplicaId === null) ids.add(row.id);
    }
    return [...ids];
  };
  const model: ApiModel = {
    sim,
    ids: new IdMap(),
    ignored: new Set(read.ignore ?? defaultIgnored),
    canAdvance: advance !== undefined,
    pageSize: sim.settings.limits.maxPageSize,
    idsOf,
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

interface Row {
  readonly id: string;
  readonly ordinal: number;
  /** Of backups alone. */
  readonly hiddenForReplicaId?: string | null;
}

const json = { "content-type": "application/json", accept: "application/json" } as const;

const rules: OptionRules<ApiSetupOptions> = {
  fetch: anyFunction,
  baseUrl: {
    expected: "the URL of the account, such as https://db.test/v1.0/1234",
    accepts: (value) => typeof value === "string" && URL.canParse(value),
  },
  headers: { expected: "an object of strings", accepts: isRecord },
  advance: anyFunction,
  settle: anyFunction,
  ignore: { expected: "a list of names", accepts: isList },
  options: { expected: "options of the simulator", accepts: isRecord },
};

function hasRole({ sourceId, replicaIds, groupId }: Instance, role: ApiRole): boolean {
  switch (role) {
    case "sources":
      return replicaIds.length > 0;
    case "replicas":
      return sourceId !== null;
    case "members":
      return sourceId !== null && groupId !== null;
  }
}

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

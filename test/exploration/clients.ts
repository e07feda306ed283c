import type { ReplicationSimulator } from "replication-simulator";
import {
  type ClientContext,
  type ClientPromise,
  completes,
  createsNothingTwice,
  detachesNoHealthyReplica,
  endsWith,
  losesNothing,
} from "replication-simulator/exploration";
import { createReplicationSet } from "replication-simulator/testing";
import { rowsOf } from "../../src/collections/table.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";

/*
 * Small clients with kinds of mistakes that are known from public reports, each beside a version without it.
 */

export interface Ids {
  readonly source: string;
  readonly replicas: readonly string[];
  readonly group?: string;
}

export interface Subject {
  readonly mistaken: (context: ClientContext<Ids>) => Promise<unknown>;
  readonly mended: (context: ClientContext<Ids>) => Promise<unknown>;
  readonly setup: (sim: ReplicationSimulator) => Ids;
  readonly promises: readonly ClientPromise<Ids, unknown>[];
  /** Requests and sleeps in which the mistake is looked for; default 400. */
  readonly maxSteps?: number;
}

export interface Row {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly replicas?: readonly { readonly id: string }[];
  readonly replica_of?: { readonly id: string };
}

export class GaveUp extends Error {}

export const instancesOf = (sim: ReplicationSimulator) => [...rowsOf(topologyOf(sim).instances)];

/** What the mended clients stand on: patience with everything that passes by itself. */
export class Api {
  constructor(readonly context: ClientContext<Ids>) {}

  async call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
    const response = await this.context.fetch(`${this.context.baseUrl}${path}`, {
      method,
      headers: { "x-auth-token": "t", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const retryAfter = response.headers.get("retry-after");
    if (response.status === 413 && retryAfter !== null) {
      await this.context.sleep(Number(retryAfter) * 1000);
      return this.call(method, path, body);
    }
    return {
      status: response.status,
      body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  }

  /** Repeats what may be repeated until it is answered. */
  async persistently(method: string, path: string, body?: unknown) {
    for (let tries = 0; tries < 60; tries++) {
      const answer = await this.call(method, path, body).catch(() => undefined);
      if (answer !== undefined && answer.status < 500 && answer.status !== 422) return answer;
      await this.context.sleep(10_000);
    }
    throw new GaveUp(`${method} ${path}`);
  }

  async get(id: string): Promise<Row | undefined> {
    const { status, body } = await this.persistently("GET", `/instances/${id}`);
    return status === 200 ? (body["instance"] as Row) : undefined;
  }

  /** All pages. */
  async list(): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (let marker = ""; ; ) {
      const query = marker === "" ? "" : `?marker=${marker}`;
      const { body } = await this.persistently("GET", `/instances${query}`);
      const page = body["instances"] as readonly Row[];
      const last = page.at(-1);
      if (last === undefined) return rows;
      rows.push(...page);
      marker = last.id;
    }
  }

  /** Until a status that is not on its way somewhere else. */
  async settled(id: string): Promise<Row | undefined> {
    for (let tries = 0; tries < 100; tries++) {
      const row = await this.get(id);
      if (row === undefined || ["ACTIVE", "ERROR", "FAILED"].includes(row.status)) return row;
      await this.context.sleep(10_000);
    }
    throw new GaveUp(`settled ${id}`);
  }

  /** Finds by name before it creates again, so that a lost response does not create twice. */
  async ensureReplica(name: string, source: string): Promise<Row> {
    for (let tries = 0; tries < 20; tries++) {
      const found = await this.find(name);
      if (found !== undefined) {
        const row = await this.settled(found.id);
        if (row?.status === "ACTIVE") return row;
        if (row !== undefined) await this.persistently("DELETE", `/instances/${row.id}`);
        await this.gone(found.id);
        continue;
      }
      const instance = { name, flavorRef: "2", volume: { size: 10 }, replica_of: source };
      await this.call("POST", "/instances", { instance }).catch(() => undefined);
      await this.context.sleep(10_000);
    }
    throw new GaveUp(`replica ${name}`);
  }

  /** A single listing can be older than the last request: absent is what several say. */
  async find(name: string): Promise<Row | undefined> {
    for (let reads = 0; reads < 8; reads++) {
      const found = (await this.list()).find((row) => row.name === name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async gone(id: string): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if ((await this.get(id)) === undefined) return;
      await this.context.sleep(10_000);
    }
    throw new GaveUp(`gone ${id}`);
  }
}

export const noSet = (sim: ReplicationSimulator): Ids => {
  const source = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
  sim.settle();
  return { source: source.id, replicas: [] };
};

export const aSet = (sim: ReplicationSimulator): Ids => {
  const { source, replicas } = createReplicationSet(sim, { replicas: 2 });
  return { source: source.id, replicas: replicas.map(({ id }) => id) };
};

export const newReplica = { name: "eu", flavorRef: "2", volume: { size: 10 } } as const;
const named = (sim: ReplicationSimulator, name: string) =>
  instancesOf(sim).filter((row) => row.name === name && row.status !== "DELETION_PENDING");
const hasReplica = endsWith<Ids, unknown>("one active replica eu", (sim) => {
  const found = named(sim, "eu");
  return found.length === 1 ? undefined : `${String(found.length)} instances are called eu`;
});
/** Gives up loudly instead of ending wrongly. */
export const endsOrGivesUp: ClientPromise<Ids, unknown> = {
  name: "throws nothing but GaveUp",
  check: ({ error }) =>
    error === undefined || error instanceof GaveUp ? undefined : `threw ${String(error)}`,
};

export const subjects: Readonly<Record<string, Subject>> = {
  "waits for ACTIVE only and hangs on ERROR": {
    setup: noSet,
    promises: [],
    mistaken: async (context) => {
      const api = new Api(context);
      const { id } = await create(api, context.setup.source);
      while ((await api.get(id))?.status !== "ACTIVE") await context.sleep(10_000);
    },
    mended: async (context) => {
      const api = new Api(context);
      const { id } = await create(api, context.setup.source);
      await api.settled(id);
    },
  },
  "creates again after a timeout": {
    setup: noSet,
    promises: [createsNothingTwice(), endsOrGivesUp],
    mistaken: async (context) => {
      const api = new Api(context);
      const { id } = await create(api, context.setup.source);
      await api.settled(id);
    },
    mended: async (context) => {
      await new Api(context).ensureReplica("eu", context.setup.source);
    },
  },
  "asks for the second replica while the source restarts": {
    setup: noSet,
    promises: [completes()],
    mistaken: async (context) => {
      const api = new Api(context);
      for (const name of ["eu", "us"]) {
        const instance = { ...newReplica, name, replica_of: context.setup.source };
        const { status } = await quietly(api, "POST", "/instances", { instance });
        if (status !== 200) throw new Error(`create ${name}: ${String(status)}`);
        // Long enough when all goes well: a restart takes 3 s.
        await context.sleep(5_000);
      }
    },
    mended: async (context) => {
      const api = new Api(context);
      for (const name of ["eu", "us"]) {
        try {
          await api.settled(context.setup.source);
          await api.ensureReplica(name, context.setup.source);
        } catch (error) {
          if (!(error instanceof GaveUp)) throw error;
        }
      }
    },
  },
  "treats 413 as fatal": {
    setup: noSet,
    promises: [hasReplicaUnless(GaveUp), endsOrGivesUp],
    mistaken: async (context) => {
      const headers = { "x-auth-token": "t", "content-type": "application/json" };
      const instance = { ...newReplica, replica_of: context.setup.source };
      const response = await quietFetch(context, `${context.baseUrl}/instances`, {
        method: "POST",
        headers,
        body: JSON.stringify({ instance }),
      });
      if (response.status === 413) throw new TypeError("over limit");
    },
    mended: async (context) => {
      await new Api(context).ensureReplica("eu", context.setup.source);
    },
  },
  "reads only the first page": {
    setup: aSet,
    promises: [
      endsWith<Ids, unknown>("all of the account seen", (sim, { result }) => {
        const all = instancesOf(sim).length;
        return result === all ? undefined : `saw ${String(result)} of ${String(all)} instances`;
      }),
    ],
    mistaken: async (context) => {
      const { body } = await new Api(context).persistently("GET", "/instances");
      return (body["instances"] as readonly Row[]).length;
    },
    mended: async (context) => (await new Api(context).list()).length,
  },
  "deletes the source before its replicas are gone": {
    setup: aSet,
    promises: [
      endsWith<Ids, unknown>("nothing left", (sim, { setup }) => {
        const left = instancesOf(sim).find(({ id }) => id === setup.source);
        return left === undefined ? undefined : `the source is ${left.status}`;
      }),
      endsOrGivesUp,
    ],
    mistaken: async (context) => {
      const api = new Api(context);
      const { source, replicas } = context.setup;
      for (const id of replicas) await api.persistently("DELETE", `/instances/${id}`);
      // Long enough when all goes well: a deletion takes 10 s.
      await context.sleep(15_000);
      await quietly(api, "DELETE", `/instances/${source}`);
    },
    mended: async (context) => {
      const api = new Api(context);
      const { source, replicas } = context.setup;
      for (const id of replicas) {
        for (let tries = 0; (await api.get(id)) !== undefined; tries++) {
          if (tries === 30) throw new GaveUp(`delete ${id}`);
          await api.persistently("DELETE", `/instances/${id}`);
          await context.sleep(10_000);
        }
      }
      for (let tries = 0; (await api.get(source)) !== undefined; tries++) {
        if (tries === 30) throw new GaveUp(`delete ${source}`);
        await api.persistently("DELETE", `/instances/${source}`);
        await context.sleep(10_000);
      }
    },
  },
  "promotes a replica that is behind": {
    setup: (sim) => {
      const ids = aSet(sim);
      sim.setWorkload(ids.source, { transactionsPerSecond: 100 });
      sim.advance(60_000);
      return ids;
    },
    promises: [losesNothing()],
    mistaken: (context) => failOver(context, false),
    mended: (context) => failOver(context, true),
  },
  "detaches on the first sign of trouble": {
    setup: aSet,
    promises: [detachesNoHealthyReplica()],
    mistaken: async (context) => {
      const api = new Api(context);
      for (let round = 0; round < 5; round++) {
        const source = await api.get(context.setup.source);
        const [replica = ""] = context.setup.replicas;
        if (source?.status !== "ACTIVE") {
          await quietly(api, "PATCH", `/instances/${replica}`, { instance: { replica_of: "" } });
          return;
        }
        await context.sleep(30_000);
      }
    },
    mended: async (context) => {
      const api = new Api(context);
      for (let round = 0; round < 5; round++) {
        await api.get(context.setup.source);
        await context.sleep(30_000);
      }
    },
  },
  "believes a stale list of replicas": {
    setup: noSet,
    maxSteps: 1_500, // patience is none of its mistakes
    promises: [createsNothingTwice()],
    mistaken: async (context) => {
      const api = new Api(context);
      await api.ensureReplica("eu", context.setup.source).catch(() => undefined);
      // A second pass of the same reconciliation, which looks at the list once.
      const source = await api.get(context.setup.source);
      if ((source?.replicas ?? []).length === 0) {
        const instance = { ...newReplica, replica_of: context.setup.source };
        await quietly(api, "POST", "/instances", { instance });
      }
    },
    mended: async (context) => {
      await new Api(context).ensureReplica("eu", context.setup.source).catch(() => undefined);
    },
  },
};

function hasReplicaUnless(GaveUpClass: typeof GaveUp): ClientPromise<Ids, unknown> {
  return {
    name: hasReplica.name,
    check: (run) => (run.error instanceof GaveUpClass ? undefined : hasReplica.check(run)),
  };
}

/** Asks again until there is an answer: what is wrong with it is that the first request may have been done. */
export async function create(api: Api, source: string): Promise<Row> {
  const instance = { ...newReplica, replica_of: source };
  const { status, body } = await api.persistently("POST", "/instances", { instance });
  if (status !== 200) throw new GaveUp(`create: ${String(status)}`);
  return body["instance"] as Row;
}

/** Repeats until there is an answer of any status, for clients whose mistake is another one. */
export async function quietly(api: Api, method: string, path: string, body?: unknown) {
  for (;;) {
    const answer = await api.call(method, path, body).catch(() => undefined);
    if (answer !== undefined && answer.status !== 503) return answer;
    await api.context.sleep(5_000);
  }
}

async function quietFetch(
  { fetch, sleep }: ClientContext<Ids>,
  url: string,
  init: RequestInit,
): Promise<Response> {
  for (;;) {
    const response = await fetch(url, init).catch(() => undefined);
    if (response !== undefined && response.status !== 503) return response;
    await sleep(5_000);
  }
}

/** A monitor that fails over to the first replica; the careful one never lets the set lose what it has. */
async function failOver(context: ClientContext<Ids>, isCareful: boolean): Promise<void> {
  const api = new Api(context);
  const { source, replicas } = context.setup;
  for (let round = 0; round < 10; round++) {
    const row = await api.get(source);
    if (row !== undefined && ["SHUTDOWN", "BLOCKED"].includes(row.status)) {
      if (isCareful) {
        await context.sleep(60_000);
        continue;
      }
      const [first = ""] = replicas;
      await quietly(api, "PATCH", `/instances/${first}`, { instance: { replica_of: "" } });
      return;
    }
    await context.sleep(30_000);
  }
}

import type { ReplicationSimulator } from "replication-simulator";
import {
  type ClientContext,
  completes,
  createsNothingTwice,
  endsWith,
  honoursRetryAfter,
} from "replication-simulator/exploration";
import { createActiveHaGroup } from "replication-simulator/testing";
import {
  Api,
  aSet,
  create,
  endsOrGivesUp,
  GaveUp,
  type Ids,
  instancesOf,
  newReplica,
  noSet,
  quietly,
  type Row,
  type Subject,
} from "./clients.js";

/*
 * Kinds of mistakes beside those of `clients.ts`, from public reports about clients of other services.
 */

const body = { instance: { name: "orders", flavorRef: "2", volume: { size: 10 } } };

const aGroup = (sim: ReplicationSimulator): Ids => {
  const { group, source, replicas } = createActiveHaGroup(sim, { replicas: 2 });
  return { group: group.id, source: source.id, replicas: replicas.map(({ id }) => id) };
};

/** Instances that have nothing to do with each other; the first one is to stay. */
const alone = (sim: ReplicationSimulator): Ids => {
  const ids = ["keep", "old-1", "old-2"].map(
    (name) => sim.createInstance({ name, flavorId: 2, volumeGb: 10 }).id,
  );
  sim.settle();
  const [source = "", ...replicas] = ids;
  return { source, replicas };
};

const isKept = endsWith<Ids, unknown>("the instance to keep", (sim, { setup }) =>
  instancesOf(sim).some(({ id }) => id === setup.source) ? undefined : "it is deleted",
);

const isGone = endsWith<Ids, unknown>("the source gone", (sim, { setup }) => {
  const left = instancesOf(sim).find(({ id }) => id === setup.source);
  return left === undefined ? undefined : `the source is ${left.status}`;
});

/** A failover after the client has returned the source that it checked is not its mistake. */
const sourceIsMain = endsWith<Ids, unknown>("a source called main", (sim, { setup, result }) => {
  const sourceId = typeof result === "string" ? result : sim.getGroup(setup.group ?? "").sourceId;
  const source = instancesOf(sim).find(({ id }) => id === sourceId);
  return source === undefined || source.name === "main"
    ? undefined
    : `the source is called ${source.name}`;
});

/** Deletes and looks again, until the instance is gone. */
async function remove(api: Api, id: string): Promise<void> {
  for (let tries = 0; (await api.get(id)) !== undefined; tries++) {
    if (tries === 30) throw new GaveUp(`delete ${id}`);
    await api.persistently("DELETE", `/instances/${id}`);
    await api.context.sleep(10_000);
  }
}

/** Creates an instance and returns it; what is in the way of that is none of the mistakes here. */
async function createAlone(api: Api, name: string): Promise<Row> {
  const instance = { ...body.instance, name };
  const answer = await api.persistently("POST", "/instances", { instance });
  if (answer.status !== 200) throw new GaveUp(`create: ${String(answer.status)}`);
  return answer.body["instance"] as Row;
}

async function memberIds(api: Api): Promise<string> {
  const { body: found } = await api.persistently("GET", `/ha/${api.context.setup.group ?? ""}`);
  const { replica_source: sources } = found["ha_instance"] as {
    readonly replica_source: readonly { readonly id: string }[];
  };
  return sources[0]?.id ?? "";
}

/** A request that is sent again as long as there is no answer, and never heeds one that says when. */
async function hastily(
  { fetch, sleep, baseUrl }: ClientContext<Ids>,
  path: string,
): Promise<Response> {
  for (;;) {
    const request = { headers: { "x-auth-token": "t" } };
    const answer = await fetch(`${baseUrl}${path}`, request).catch(() => undefined);
    if (answer?.ok === true) return answer;
    await sleep(500);
  }
}

export const moreSubjects: Readonly<Record<string, Subject>> = {
  "polls without an upper bound": {
    setup: noSet,
    promises: [],
    mistaken: async (context) => {
      const api = new Api(context);
      const { id } = await create(api, context.setup.source);
      for (;;) {
        const row = await api.get(id);
        if (row === undefined || ["ACTIVE", "ERROR", "FAILED"].includes(row.status)) return;
        await context.sleep(10_000);
      }
    },
    mended: async (context) => {
      const api = new Api(context);
      const { id } = await create(api, context.setup.source);
      await api.settled(id);
    },
  },
  "ignores Retry-After": {
    setup: aSet,
    promises: [honoursRetryAfter()],
    mistaken: async (context) => {
      await hastily(context, "/instances");
    },
    mended: async (context) => {
      await new Api(context).list();
    },
  },
  "takes 202 for done": {
    setup: noSet,
    promises: [isGone, endsOrGivesUp],
    mistaken: async (context) => {
      const api = new Api(context);
      const { status } = await quietly(api, "DELETE", `/instances/${context.setup.source}`);
      if (status !== 202) throw new GaveUp(`delete: ${String(status)}`);
    },
    mended: async (context) => {
      await remove(new Api(context), context.setup.source);
    },
  },
  "takes the 404 after a deletion for an error": {
    setup: noSet,
    promises: [isGone, endsOrGivesUp],
    mistaken: async (context) => {
      const api = new Api(context);
      const path = `/instances/${context.setup.source}`;
      await api.persistently("DELETE", path);
      for (let tries = 0; tries < 100; tries++) {
        const { status } = await api.persistently("GET", path);
        if (status !== 200) throw new TypeError(`unexpected status ${String(status)}`);
        await context.sleep(10_000);
      }
      throw new GaveUp("delete");
    },
    mended: async (context) => {
      await remove(new Api(context), context.setup.source);
    },
  },
  "races a detach against a deletion": {
    setup: aSet,
    promises: [isGone, endsOrGivesUp],
    mistaken: async (context) => {
      const api = new Api(context);
      const { source, replicas } = context.setup;
      const detached = replicas.map((id) =>
        quietly(api, "PATCH", `/instances/${id}`, { instance: { replica_of: "" } }),
      );
      // Long enough when all goes well: a detach takes 5 s.
      const deleted = context
        .sleep(8_000)
        .then(() => quietly(api, "DELETE", `/instances/${source}`));
      await Promise.all([...detached, deleted]);
    },
    mended: async (context) => {
      const api = new Api(context);
      const { source, replicas } = context.setup;
      for (const id of replicas) {
        for (let tries = 0; (await api.get(id))?.replica_of !== undefined; tries++) {
          if (tries === 30) throw new GaveUp(`detach ${id}`);
          await api.persistently("PATCH", `/instances/${id}`, { instance: { replica_of: "" } });
          await context.sleep(10_000);
        }
      }
      await remove(api, source);
    },
  },
  "takes a 503 for nothing done": {
    setup: noSet,
    promises: [createsNothingTwice(), endsOrGivesUp],
    mistaken: async (context) => {
      const api = new Api(context);
      const instance = { ...newReplica, replica_of: context.setup.source };
      for (let tries = 0; tries < 20; tries++) {
        try {
          const { status } = await api.call("POST", "/instances", { instance });
          if (status !== 503 && status !== 422) return;
        } catch {
          // It knows that a lost connection says nothing.
          if ((await api.find("eu")) !== undefined) return;
        }
        await context.sleep(10_000);
      }
    },
    mended: async (context) => {
      await new Api(context).ensureReplica("eu", context.setup.source);
    },
  },
  "takes a short page for the last one": {
    setup: aSet,
    promises: [
      endsWith<Ids, unknown>("all of the account seen", (sim, { result }) => {
        const all = instancesOf(sim).length;
        return result === all ? undefined : `saw ${String(result)} of ${String(all)} instances`;
      }),
    ],
    mistaken: async (context) => {
      const rows: Row[] = [];
      for (;;) {
        const query = `?limit=20${rows.length === 0 ? "" : `&marker=${rows.at(-1)?.id ?? ""}`}`;
        const page = await new Api(context).persistently("GET", `/instances${query}`);
        const items = page.body["instances"] as readonly Row[];
        rows.push(...items);
        if (items.length < 20) return rows.length;
      }
    },
    mended: async (context) => (await new Api(context).list()).length,
  },
  "follows the next link of the first page permanently": {
    setup: aSet,
    promises: [],
    mistaken: async (context) => {
      let { body: page } = await new Api(context).persistently("GET", "/instances");
      const [next] = (page["links"] ?? []) as readonly { readonly href: string }[];
      while (next !== undefined && (page["instances"] as readonly Row[]).length > 0) {
        const path = `/instances${new URL(next.href, context.baseUrl).search}`;
        ({ body: page } = await new Api(context).persistently("GET", path));
      }
    },
    mended: async (context) => {
      await new Api(context).list();
    },
  },
  "remembers the source of a group across a failover": {
    setup: aGroup,
    promises: [sourceIsMain, endsOrGivesUp],
    mistaken: async (context) => {
      const api = new Api(context);
      const source = await memberIds(api);
      await context.sleep(60_000);
      await api.persistently("PATCH", `/instances/${source}`, { instance: { name: "main" } });
    },
    mended: async (context) => {
      const api = new Api(context);
      await context.sleep(60_000);
      for (let tries = 0; tries < 30; tries++) {
        const source = await memberIds(api);
        await api.persistently("PATCH", `/instances/${source}`, { instance: { name: "main" } });
        // It has stayed the source long enough for a failover that was under way to end.
        await context.sleep(600_000);
        const [row, now] = [await api.get(source), await memberIds(api)];
        if (now === source && row?.name === "main" && row.status === "ACTIVE") return source;
      }
      throw new GaveUp("rename");
    },
  },
  "assumes the order of a list": {
    setup: alone,
    promises: [isKept, endsOrGivesUp],
    mistaken: async (context) => {
      const api = new Api(context);
      // The one to keep came last when it was written.
      for (const { id } of (await api.list()).slice(0, -1)) {
        await quietly(api, "DELETE", `/instances/${id}`);
      }
    },
    mended: async (context) => {
      const api = new Api(context);
      for (const { id, name } of await api.list()) {
        if (name !== "keep") await quietly(api, "DELETE", `/instances/${id}`);
      }
    },
  },
  "takes a status that it does not know for a failure": {
    setup: noSet,
    promises: [
      endsWith<Ids, unknown>("no working replica thrown away", (sim, { result }) =>
        result === "deleted" && !sim.history.entries().some(({ facts }) => facts.some(isFailure))
          ? "a replica was deleted that had not failed"
          : undefined,
      ),
    ],
    mistaken: async (context) => {
      const api = new Api(context);
      const { id } = await create(api, context.setup.source);
      for (let tries = 0; tries < 100; tries++) {
        const status = (await api.get(id))?.status;
        if (status === undefined || status === "ACTIVE") return "there";
        if (!knownStatuses.includes(status)) {
          await quietly(api, "DELETE", `/instances/${id}`);
          return "deleted";
        }
        await context.sleep(10_000);
      }
      throw new GaveUp("replica");
    },
    mended: async (context) => {
      const api = new Api(context);
      const row = await api.settled((await create(api, context.setup.source)).id);
      if (row === undefined || row.status === "ACTIVE") return "there";
      await quietly(api, "DELETE", `/instances/${row.id}`);
      return "deleted";
    },
  },
  "takes the end of a later operation for that of an earlier one": {
    setup: () => ({ source: "", replicas: [] }),
    promises: [completes()],
    mistaken: async (context) => {
      const api = new Api(context);
      const first = await createAlone(api, "first").catch(() => undefined);
      const second = await createAlone(api, "second").catch(() => undefined);
      if (first === undefined || second === undefined) return;
      const row = await api.settled(second.id).catch(() => undefined);
      if (row?.status !== "ACTIVE") return;
      const instance = { ...newReplica, replica_of: first.id };
      const { status } = await quietly(api, "POST", "/instances", { instance });
      if (status === 422) throw new TypeError("the first one is not there yet");
    },
    mended: async (context) => {
      const api = new Api(context);
      const first = await createAlone(api, "first").catch(() => undefined);
      const second = await createAlone(api, "second").catch(() => undefined);
      if (first === undefined || second === undefined) return;
      for (const { id } of [first, second]) {
        const row = await api.settled(id).catch(() => undefined);
        if (row?.status !== "ACTIVE") return;
      }
      await api.ensureReplica("eu", first.id).catch(() => undefined);
    },
  },
};

const knownStatuses: readonly string[] = ["BUILD", "ACTIVE", "RESTART", "BACKUP"];

function isFailure(fact: { readonly type: string }): boolean {
  return (
    fact.type === "InstanceStateEntered" &&
    ["ERROR", "FAILED", "SHUTDOWN", "BLOCKED", "REPLICATION_ERROR"].includes(
      (fact as unknown as { readonly status: string }).status,
    )
  );
}

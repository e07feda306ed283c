import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import pkgcloud, { type DatabaseClient, type Failure, type Flavor } from "pkgcloud";
import { ReplicationSimulator } from "replication-simulator";
import { createHandler } from "replication-simulator/http";
import { RealtimeDriver } from "replication-simulator/realtime";
import { runCli } from "replication-simulator/server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

/*
 * A published third-party client against the handler behind a real port. It has words of its
 * own for statuses: PROVISIONING for BUILD and REBOOT, RUNNING for ACTIVE.
 */

/** Where the client logs in, until it is stopped. */
interface Service {
  readonly origin: string;
  stop(): Promise<unknown>;
}

/** Credentials that a service lets in. */
interface Credentials {
  readonly secret: string;
  readonly account: string;
}

// A minute of the service in 20 ms: the client waits for real.
const speed = 3000;

/** A handler behind a port of its own, with users by option. */
async function handler(): Promise<Service> {
  const driver = new RealtimeDriver(new ReplicationSimulator(), { speed });
  driver.start();
  const users = [
    { name: "ada", apiKey: "key", password: "key", accountId: "1234", accountName: "lab" },
  ];
  const listener = getRequestListener(createHandler(driver.sim, { users }));
  const server = createServer((request, response) => {
    void listener(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      driver.stop();
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}

/** `serve` with these flags, as it is typed. */
async function served(...flags: readonly string[]): Promise<Service> {
  const interruption = new AbortController();
  let done: Promise<number> | undefined;
  const origin = await new Promise<string>((resolve, reject) => {
    const all = ["serve", "--port", "0", "--speed", String(speed), "--quiet", ...flags];
    const terminal = {
      out: (text: string) => {
        resolve(text.trim());
      },
      err: () => undefined,
      interrupted: interruption.signal,
    };
    done = runCli(all, terminal);
    void done.then((code) => {
      reject(new Error(`serve ended with ${code}`));
    });
  });
  return {
    origin,
    stop: async () => {
      interruption.abort();
      expect(await done).toBe(0);
    },
  };
}

const services: Readonly<Record<string, Credentials & { readonly start: () => Promise<Service> }>> =
  {
    "a handler with users": { secret: "key", account: "lab", start: handler },
    "serve --user": {
      ...{ secret: "her:key", account: "1234" },
      start: () => served("--user", "ada:her:key", "--user", "bob:his:observer"),
    },
    "serve --token": {
      ...{ secret: "fixed", account: "1234" },
      start: () => served("--token", "fixed"),
    },
  };

let service: Service;
let origin: string;

const providers = {
  rackspace: ({ secret }: Credentials) => ({
    ...{ provider: "rackspace", username: "ada", apiKey: secret, region: "ORD" },
  }),
  openstack: ({ secret, account }: Credentials) => ({
    ...{ provider: "openstack", username: "ada", password: secret, tenantName: account },
    region: "ORD",
  }),
} as const;

const ways = Object.entries(services).flatMap(([name, credentials]) =>
  (["rackspace", "openstack"] as const).map((provider) => ({ name, provider, credentials })),
);

describe.each(ways)("pkgcloud as $provider, against $name", ({ provider, credentials }) => {
  beforeEach(async () => {
    service = await credentials.start();
    origin = service.origin;
  });

  afterEach(async () => {
    await service.stop();
  });

  const client = (more: object = {}): DatabaseClient =>
    pkgcloud.database.createClient({
      ...providers[provider](credentials),
      authUrl: origin,
      ...more,
    });

  test("logs in, creates, waits, lists, pages, restarts and destroys", async () => {
    const db = client();
    const flavors = await called<readonly Flavor[]>((done) => db.getFlavors(done));
    const flavor = flavors.find(({ ram }) => ram === 1024);
    expect(flavor).toBeDefined();
    for (const name of ["orders", "users", "reports"]) {
      const made = await called<pkgcloud.Instance>((done) =>
        db.createInstance({ name, flavor, size: 2, databases: ["shop"] }, done),
      );
      expect([made.name, made.status]).toEqual([name, "PROVISIONING"]);
    }
    const seen: string[] = [];
    let offset: string | null | undefined;
    do {
      const [page, next] = await pageOf<readonly pkgcloud.Instance[]>((done) =>
        db.getInstances({ limit: 2, ...(offset == null ? {} : { offset }) }, done),
      );
      seen.push(...page.map(({ name }) => name));
      offset = next;
    } while (offset != null);
    expect([...seen].sort()).toEqual(["orders", "reports", "users"]);

    const [first] = await called<readonly pkgcloud.Instance[]>((done) => db.getInstances({}, done));
    const active = await called<pkgcloud.Instance>((done) =>
      first?.setWait({ status: "RUNNING" }, 10, done),
    );
    expect(active.status).toBe("RUNNING");
    await called((done) => db.restartInstance(active, done));
    const again = await called<pkgcloud.Instance>((done) =>
      active.setWait({ status: "RUNNING" }, 10, done),
    );
    expect(again.status).toBe("RUNNING");
    await called((done) => db.destroyInstance(again, done));
    const gone = await refused((done) => db.getInstance(again, done), 404);
    expect(gone.statusCode).toBe(404);
  });

  test("handles databases and users", async () => {
    const db = client();
    const instance = await called<pkgcloud.Instance>((done) =>
      db.createInstance({ name: "orders", flavor: `${origin}/v1.0/1234/flavors/2`, size: 1 }, done),
    );
    await called((done) => instance.setWait({ status: "RUNNING" }, 10, done));
    await called((done) => db.createDatabase({ name: "shop", instance }, done));
    const databases = await called<readonly { name: string }[]>((done) =>
      db.getDatabases({ instance }, done),
    );
    expect(databases.map(({ name }) => name)).toEqual(["shop"]);
    await called((done) =>
      db.createUser(
        {
          username: "clerk",
          password: "secret",
          database: "shop",
          databases: ["shop"],
          instance,
        },
        done,
      ),
    );
    const users = await called<readonly { name: string }[]>((done) =>
      db.getUsers({ instance }, done),
    );
    expect(users.map(({ name }) => name)).toEqual(["clerk"]);
  });

  test("makes a replica, filters, detaches and converts to HA by its own request function", async () => {
    const db = client();
    const send = <T>(method: string, path: string, more: object = {}): Promise<T> =>
      called<T>((done) => db._request({ method, path, ...more }, done as never));
    const size = { flavorRef: "2", volume: { size: 1 } };
    interface One {
      readonly instance: { readonly id: string };
    }
    interface Many {
      readonly instances: readonly { readonly id: string; readonly name: string }[];
    }
    const { instance: source } = await send<One>("POST", "instances", {
      body: { instance: { name: "orders", ...size } },
    });
    await until(db, source.id, "ACTIVE");
    const replicas: string[] = [];
    for (const name of ["eu", "us"]) {
      const body = { instance: { name, ...size, replica_of: source.id } };
      replicas.push((await send<One>("POST", "instances", { body })).instance.id);
      await until(db, source.id, "ACTIVE");
    }
    for (const id of replicas) await until(db, id, "ACTIVE");

    const sources = await send<Many>("GET", "instances", { qs: { include_replicas: false } });
    expect(sources.instances.map(({ id }) => id)).toEqual([source.id]);
    const followers = await send<Many>("GET", `instances/${source.id}/replicas`);
    expect(followers.instances.map(({ name }) => name)).toEqual(["eu", "us"]);

    const [eu = "", us = ""] = replicas;
    await send("PATCH", `instances/${us}`, { body: { instance: { replica_of: "" } } });
    await until(db, us, "ACTIVE");
    const converted = await send<{ ha_instance: { id: string; state: string } }>(
      "POST",
      `instances/${eu}/action`,
      {
        body: { convert_to_ha: { name: "orders-ha", acls: [{ address: "10.0.0.0/8" }] } },
      },
    );
    expect(converted.ha_instance.state).toBe("BUILD");
    await until(db, source.id, "ACTIVE");
    const group = await send<{ ha_instance: { state: string } }>(
      "GET",
      `ha/${converted.ha_instance.id}`,
    );
    expect(group.ha_instance.state).toBe("ACTIVE");
  });

  test("receives the reason of the refusal", async () => {
    const db = client();
    const wrong = client({ apiKey: "no", password: "no" });
    expect((await refused((done) => wrong.getInstances({}, done))).statusCode).toBe(401);
    const size = { flavorRef: "2", volume: { size: 301 } };
    const failure = await refused((done) =>
      db._request({ method: "POST", path: "instances", body: { instance: size } }, done as never),
    );
    expect(failure.statusCode).toBe(400);
    expect(failure.result?.["badRequest"]?.message).toContain("instance.volume.size");
  });
});

test("a user of serve has the role that --user gives", async () => {
  const one = await served("--user", "bob:his:observer");
  try {
    const credentials = { provider: "rackspace", username: "bob", apiKey: "his", region: "ORD" };
    const db = pkgcloud.database.createClient({ ...credentials, authUrl: one.origin });
    expect(await called((done) => db.getInstances({}, done))).toEqual([]);
    const flavor = `${one.origin}/v1.0/1234/flavors/2`;
    const failure = await refused((done) =>
      db.createInstance({ name: "a", flavor, size: 1 }, done),
    );
    expect(failure.statusCode).toBe(403);
  } finally {
    await one.stop();
  }
});

type Callback<T> = (error: Failure | null, result: T, more?: string | null) => void;

/** What the client calls back with. */
function called<T>(send: (done: Callback<T>) => void): Promise<T> {
  return pageOf(send).then(([result]) => result);
}

function pageOf<T>(send: (done: Callback<T>) => void): Promise<[T, string | null | undefined]> {
  return new Promise((resolve, reject) => {
    send((error, result, more) =>
      error === null || error === undefined ? resolve([result, more]) : reject(error),
    );
  });
}

/** The failure that the client calls back with; asks again until there is one of this status. */
async function refused<T>(send: (done: Callback<T>) => void, status?: number): Promise<Failure> {
  for (let tries = 0; tries < 200; tries++) {
    const failure = await called(send).then(
      () => undefined,
      (error: Failure) => error,
    );
    if (failure !== undefined && (status === undefined || failure.statusCode === status))
      return failure;
    await new Promise((later) => setTimeout(later, 10));
  }
  throw new Error("nothing was refused");
}

async function until(db: DatabaseClient, id: string, status: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const found = await called<{ instance: { status: string } }>((done) =>
      db._request({ path: `instances/${id}` }, done as never),
    );
    if (found.instance.status === status) return;
    await new Promise((later) => setTimeout(later, 10));
  }
  throw new Error(`${id} does not become ${status}`);
}

import { ReplicationSimulator } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { client, part, type Send, small, world } from "./client.js";

/** Every page of a listing, by following its links as a client would. */
function pages(send: Send, path: string, query: Record<string, string>): readonly unknown[][] {
  const found: unknown[][] = [];
  let next: Record<string, string> | undefined = query;
  while (next !== undefined && found.length < 100) {
    const body: Record<string, unknown> = send("GET", path, undefined, next).body ?? {};
    const [name = ""] = Object.keys(body);
    found.push(body[name] as unknown[]);
    const [link] = (body["links"] ?? []) as { href: string; rel: string }[];
    if (link === undefined) return found;
    expect(link.rel).toBe("next");
    const url = new URL(link.href);
    expect(url.pathname).toBe(`/v1.0/1234${path}`);
    next = Object.fromEntries(url.searchParams);
  }
  return found;
}

function instances(count: number, limits = {}) {
  const sim = new ReplicationSimulator({
    seed: 5,
    limits: { maxInstancesPerAccount: 100, ...limits },
  });
  for (let n = 0; n < count; n++) sim.createInstance({ flavorId: 2, volumeGb: 1 });
  return { sim, send: client(sim) };
}

describe("a listing of instances", () => {
  test.each([
    [7, 3, [3, 3, 1]],
    [6, 3, [3, 3]],
    [3, 3, [3]],
    [0, 3, [0]],
    [25, 100, [20, 5]],
    [20, 20, [20]],
  ])("of %i by %i has pages of %j, and a full last page has no link", (count, limit, sizes) => {
    const { send } = instances(count);
    const found = pages(send, "/instances", { limit: String(limit) });
    expect(found.map((page) => page.length)).toEqual(sizes);
    const ids = (found.flat() as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toHaveLength(count);
  });

  test("says in its link what was asked, filters too, and the size that it really has", () => {
    const { send } = instances(25);
    const query = { limit: "9999", include_replicas: "false", "odd one": "a&b" };
    const { links } = part(send("GET", "/instances", undefined, query)) as {
      links: { href: string }[];
    };
    const url = new URL(links[0]?.href ?? "");
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ ...query, limit: "20" });
    expect(url.search).toMatch(/^\?marker=[0-9a-f-]{36}&limit=20&/);
  });

  test("follows the page size of the simulator", () => {
    const { send } = instances(5, { maxPageSize: 2 });
    expect(pages(send, "/instances", {}).map((page) => page.length)).toEqual([2, 2, 1]);
  });

  test("filters first, then pages: only the literal false filters", () => {
    const { sim, send } = world();
    for (const name of ["a", "b", "c"])
      send("POST", "/instances", { instance: { ...small, name } });
    sim.settle();
    const link = { ...small, replica_of: "instance-0" };
    send("POST", "/instances", { instance: link });
    sim.settle();
    const count = (query: Record<string, string>) => pages(send, "/instances", query).flat().length;
    expect(count({ include_replicas: "false" })).toBe(3);
    expect(count({ include_replicas: "False", limit: "2" })).toBe(3);
    for (const value of ["0", "no", "true", ""]) expect(count({ include_replicas: value })).toBe(4);
    send("POST", "/instances/instance-0/action", { convert_to_ha: { name: "ha" } });
    sim.settle();
    expect(count({ include_ha: "false" })).toBe(2);
    expect(count({ include_ha: "false", include_replicas: "false" })).toBe(2);
    expect(count({ include_replicas: "false" })).toBe(3);
  });

  test.each([
    ["0", "limit must be an integer from 1 on; got 0"],
    ["-1", "got -1"],
    ["2.5", "got 2.5"],
    ["many", 'got "many"'],
  ])("refuses the limit %s", (limit, words) => {
    const { send } = instances(1);
    for (const path of ["/instances", "/ha", "/schedules", "/backups", "/configurations"]) {
      const answer = send("GET", path, undefined, { limit });
      expect(answer.status).toBe(400);
      expect(part(answer, "badRequest")["message"]).toContain(words);
    }
  });

  test("takes an empty limit or marker as none, a limit beyond all numbers, and unknown words", () => {
    const { send } = instances(3);
    for (const query of [{ limit: "", marker: "" }, { limit: "9".repeat(30) }, { deleted: "1" }]) {
      expect(send("GET", "/instances", undefined, query).body?.["instances"]).toHaveLength(3);
    }
  });

  test("begins after a marker that is no longer there, or never was", () => {
    const { send } = instances(4);
    const all = pages(send, "/instances", {}).flat() as { id: string }[];
    const marker = `${all[1]?.id ?? ""}0`;
    expect(pages(send, "/instances", { marker }).flat()).toEqual(all.slice(2));
    expect(pages(send, "/instances", { marker: "~" }).flat()).toEqual([]);
  });
});

test("databases come a hundred to a page, users twenty, in the order of their markers", () => {
  const { sim, send } = world();
  send("POST", "/instances", { instance: small });
  sim.settle();
  const databases = Array.from({ length: 101 }, (_, n) => ({ name: `db${n}` }));
  send("POST", "/instances/instance-0/databases", { databases });
  const users = Array.from({ length: 21 }, (_, n) => ({ name: `u${n}`, password: "x" }));
  send("POST", "/instances/instance-0/users", { users });
  const named = (path: string, query = {}) =>
    pages(send, `/instances/instance-0/${path}`, query) as { name: string }[][];
  const sizes = (found: readonly unknown[][]) => found.map((page) => page.length);
  expect(sizes(named("databases"))).toEqual([100, 1]);
  expect(sizes(named("databases", { limit: "40" }))).toEqual([40, 40, 21]);
  expect(sizes(named("users"))).toEqual([20, 1]);
  const names = (path: string) =>
    named(path)
      .flat()
      .map(({ name }) => name);
  expect(names("databases")).toEqual(databases.map(({ name }) => name).sort());
  // A user is marked by name and host, and so they are ordered by both.
  const keys = users.map(({ name }) => `${name}@%`).sort();
  expect(names("users").map((name) => `${name}@%`)).toEqual(keys);
  for (const path of ["databases", "users"]) {
    expect(send("GET", `/instances/instance-0/${path}`, undefined, { limit: "0" }).status).toBe(
      400,
    );
    expect(send("GET", `/instances/none/${path}`).status).toBe(404);
  }
  expect(named("users").flat()).toContainEqual({ name: "u0", host: "%", databases: [] });
});

test("backups are listed of the account, of an instance, of a group and of a type of datastore", () => {
  const { sim, send } = world();
  send("POST", "/instances", { instance: small });
  send("POST", "/instances", { instance: { ...small, datastore: { type: "percona" } } });
  sim.settle();
  for (const instance of ["instance-0", "instance-1", "instance-0"]) {
    send("POST", "/backups", { backup: { name: "b", instance } });
    sim.settle();
  }
  const count = (path: string, query = {}) => pages(send, path, query).flat().length;
  expect(count("/backups")).toBe(3);
  expect(count("/backups", { limit: "1" })).toBe(3);
  expect(count("/backups", { datastore: "mysql" })).toBe(2);
  expect(count("/backups", { datastore: "Percona", limit: "1" })).toBe(1);
  expect(count("/backups", { datastore: "" })).toBe(3);
  expect(count("/instances/instance-0/backups", { limit: "1" })).toBe(2);
  send("DELETE", "/instances/instance-0");
  sim.settle();
  // They outlive it, but are found among all of them only.
  expect(send("GET", "/instances/instance-0/backups").status).toBe(404);
  expect(count("/backups")).toBe(3);
  expect(send("GET", "/ha/group-0/backups").status).toBe(404);
});

test("replicas are never paged", () => {
  const { sim, send } = world();
  send("POST", "/instances", { instance: small });
  sim.settle();
  expect(send("GET", "/instances/instance-0/replicas").body).toEqual({ instances: [] });
  expect(send("GET", "/instances/none/replicas").status).toBe(404);
});

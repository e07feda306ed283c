import { type InstanceStatus, type ReplicationSimulator } from "replication-simulator";
import { type InstanceState, transitionTables } from "replication-simulator/lifecycle";
import type { WireOptions } from "replication-simulator/wire";
import { ipOf } from "replication-simulator/wire";
import { describe, expect, test } from "vitest";
import { group, pair, withState } from "../rules/fixtures.js";
import { client, part } from "./client.js";

/*
 * Which members an instance has where and when (§1.2, Q5), written down once more by status: `+` is there, `-` is not.
 */

const tables = transitionTables().instance;
const states = tables.states.filter((state) => tables.statusOf[state] !== undefined);

/** Whether volume.used is there, in details only (invariant 9). */
const used: Readonly<Record<InstanceStatus, "+" | "-">> = {
  BUILD: "-",
  ACTIVE: "+",
  RESTART: "+",
  DETACH_REPLICA: "+",
  CONVERT_TO_HA: "+",
  BACKUP: "+",
  REBOOT: "-",
  RESIZE: "-",
  RESTART_REQUIRED: "+",
  REPLICATION_ERROR: "+",
  BLOCKED: "+",
  SHUTDOWN: "+",
  ERROR: "-",
  FAILED: "-",
  DELETION_PENDING: "-",
};

function shown(sim: ReplicationSimulator, id: string, options: WireOptions = {}) {
  const send = client(sim, options);
  const instances = part(send("GET", "/instances"))["instances"] as Record<string, unknown>[];
  const listed = instances.find((instance) => instance["id"] === id) ?? {};
  return { details: part(send("GET", `/instances/${id}`), "instance"), listed };
}

const has = (body: Record<string, unknown>, ...names: readonly string[]): readonly string[] =>
  names.filter((name) => Object.hasOwn(body, name));

describe.each(states)("an instance that is %s", (state: InstanceState) => {
  const status = tables.statusOf[state];

  test(`shows volume.used: ${used[status]}`, () => {
    const { details, listed } = shown(withState(pair(), "instance-0", state), "instance-0");
    expect(details["status"]).toBe(status);
    const expected = used[status] === "+" ? ["size", "used"] : ["size"];
    expect(Object.keys(details["volume"] as object)).toEqual(expected);
    expect(Object.keys(listed["volume"] as object)).toEqual(["size"]);
  });

  test("has times in its details, and none in listings", () => {
    const { details, listed } = shown(withState(pair(), "instance-0", state), "instance-0");
    expect(has(details, "created", "updated")).toEqual(["created", "updated"]);
    expect(has(listed, "created", "updated", "configuration", "schedule", "fault")).toEqual([]);
  });

  test("shows its link at both ends", () => {
    const source = shown(withState(pair(), "instance-0", state), "instance-0");
    for (const body of [source.details, source.listed]) {
      expect(has(body, "replicas", "replica_of")).toEqual(["replicas"]);
    }
    const replica = shown(withState(pair(), "instance-1", state), "instance-1");
    for (const body of [replica.details, replica.listed]) {
      expect(has(body, "replicas", "replica_of")).toEqual(["replica_of"]);
    }
  });

  const addresses: Readonly<Record<NonNullable<WireOptions["addressStyle"]>, readonly string[]>> = {
    documented: ["ip"],
    ip: ["ip"],
    hostname: ["hostname"],
    both: ["ip", "hostname"],
  };
  test.each(Object.entries(addresses))("has its address in the style %s", (style, names) => {
    const options = { addressStyle: style as keyof typeof addresses };
    const { details, listed } = shown(
      withState(pair(), "instance-0", state),
      "instance-0",
      options,
    );
    const expected = status === "BUILD" ? [] : names;
    expect(has(details, "ip", "hostname")).toEqual(expected);
    expect(has(listed, "ip", "hostname")).toEqual(expected);
  });

  test("has its hostname where it is a member of an HA group", () => {
    const { details, listed } = shown(withState(group(), "instance-0", state), "instance-0");
    const expected = status === "BUILD" ? ["ha_id"] : ["hostname", "ha_id"];
    expect(has(details, "ip", "hostname", "ha_id")).toEqual(expected);
    expect(has(listed, "ip", "hostname", "ha_id")).toEqual(expected);
  });
});

test("every status is seen", () => {
  expect(new Set(states.map((state) => tables.statusOf[state]))).toEqual(
    new Set(Object.keys(used)),
  );
});

describe("an address", () => {
  const make = (sim: ReplicationSimulator, options: WireOptions, more: object) =>
    part(
      client(sim, options)("POST", "/instances", {
        instance: { flavorRef: 2, volume: { size: 10 }, ...more },
      }),
      "instance",
    );

  test.each([
    ["documented", ["hostname"]],
    ["ip", []],
    ["hostname", ["hostname"]],
    ["both", ["hostname"]],
  ] as const)("in the answer to a creation, in the style %s: %j", (addressStyle, names) => {
    expect(has(make(pair(), { addressStyle }, {}), "ip", "hostname")).toEqual(names);
    const replica = make(pair(), { addressStyle }, { replica_of: "instance-0" });
    expect(has(replica, "ip", "hostname")).toEqual([]);
  });

  test("is none where the build failed", () => {
    const sim = pair();
    sim.failTask({ task: "build" });
    const { id } = make(sim, {}, {}) as { id: string };
    sim.settle();
    const { details } = shown(sim, id);
    expect(details["status"]).toBe("ERROR");
    expect(has(details, "ip", "hostname", "fault")).toEqual(["fault"]);
    expect(details["fault"]).toMatchObject({ code: 500, details: "task build" });
  });

  test("is what the library itself says, and an ip is a list", () => {
    const sim = pair();
    const { details } = shown(sim, "instance-1");
    expect(details["ip"]).toEqual([ipOf(sim.getInstance("instance-1"))]);
    const member = shown(group(), "instance-1").details;
    expect(member["hostname"]).toMatch(/^[0-9a-f]{40}\.rackspaceclouddb\.com$/);
  });
});

describe("the replicas of a source have names", () => {
  test("in listings and in HA groups, but not in the details of a plain source (Q11)", () => {
    const plain = shown(pair(), "instance-0");
    expect(Object.keys((plain.details["replicas"] as object[])[0] ?? {})).toEqual(["id", "links"]);
    expect((plain.listed["replicas"] as object[])[0]).toMatchObject({ name: "instance-1" });
    const member = shown(group(), "instance-0");
    expect((member.details["replicas"] as object[])[0]).toMatchObject({ name: "instance-1" });
  });
});

describe("links", () => {
  test("point at the region and the caller's account, or at the configured address (Q13)", () => {
    const sim = pair({ region: "LON" });
    const of = (options: WireOptions) =>
      (shown(sim, "instance-0", options).details["links"] as { href: string }[]).map(
        ({ href }) => href,
      );
    expect(of({})).toEqual([
      "https://lon.databases.api.rackspacecloud.com/v1.0/1234/instances/instance-0",
      "https://lon.databases.api.rackspacecloud.com/instances/instance-0",
    ]);
    expect(of({ baseUrl: "http://127.0.0.1:8080" })[0]).toBe(
      "http://127.0.0.1:8080/v1.0/1234/instances/instance-0",
    );
    expect(of({ region: "SYD" })[0]).toContain("https://syd.");
  });

  test("are empty on nodes of HA groups, or real ones by option (Q4)", () => {
    const node = (options: WireOptions) =>
      (
        part(client(group(), options)("GET", "/ha/group-0"), "ha_instance")["replica_source"] as {
          links: unknown;
          flavor: { links: unknown };
        }[]
      )[0];
    expect(node({})).toMatchObject({ links: {}, flavor: { id: "2", links: {} } });
    expect(node({ haNodeLinks: "array" })?.links).toHaveLength(2);
    expect(node({ haNodeLinks: "array" })?.flavor.links).toHaveLength(2);
  });
});

test("times have a Z where the option asks for it, and none by default (Q6)", () => {
  const sim = pair();
  expect(shown(sim, "instance-0").details["created"]).toBe("2026-01-01T00:00:00");
  const zulu = shown(sim, "instance-0", { timestampStyle: "zulu" });
  expect(zulu.details["created"]).toBe("2026-01-01T00:00:00Z");
});

describe("an HA group", () => {
  test("has its addresses when it is up: two rows for each network, one name for both", () => {
    const sim = pair();
    const send = client(sim);
    const convert = { name: "ha", networks: ["public"] };
    const made = part(send("POST", "/instances/instance-1/action", { convert_to_ha: convert }));
    expect(made).toMatchObject({ ha_instance: { networks: [], acls: [], state: "BUILD" } });
    expect(part(send("GET", "/ha/group-0"), "ha_instance")["networks"]).toEqual([]);
    // The next look shows what the answer did not (Q10).
    expect(shown(sim, "instance-0").details["status"]).toBe("CONVERT_TO_HA");
    sim.settle();
    const networks = part(send("GET", "/ha/group-0"), "ha_instance")["networks"] as {
      address: string;
    }[];
    expect(networks).toMatchObject(
      ["servicenet", "public"].flatMap((network) => [
        { network, access: "read", port: 3307 },
        { network, access: "write", port: 3306 },
      ]),
    );
    expect(new Set(networks.map(({ address }) => address)).size).toBe(2);
  });

  test("of which a conversion failed has no members, and says why", () => {
    const sim = pair();
    const send = client(sim);
    sim.failTask({ task: "convert" });
    send("POST", "/instances/instance-1/action", { convert_to_ha: { name: "ha" } });
    sim.settle();
    expect(part(send("GET", "/ha/group-0"), "ha_instance")).toMatchObject({
      state: "ERROR",
      replica_source: [],
      replicas: [],
      networks: [],
      fault: { code: 500, details: "task convert" },
    });
  });

  test("takes over the schedule of a member, and says so", () => {
    const sim = pair();
    const send = client(sim);
    sim.createSchedule({ ownerId: "instance-1", dayOfWeek: 3, hour: 4, minute: 5 });
    const made = send("POST", "/instances/instance-1/action", { convert_to_ha: { name: "ha" } });
    expect(part(made, "ha_instance")).toMatchObject({
      replicas: [{ schedule: { enabled: true } }],
      replica_source: [{ schedule: { enabled: false } }],
    });
    sim.settle();
    expect(part(send("GET", "/ha/group-0"), "ha_instance")["schedule"]).toEqual({ enabled: true });
    expect(part(send("GET", "/schedules"))["schedules"]).toMatchObject([
      { day_of_week: 3, hour: 4, minute: 5, source: { type: "ha", id: "group-0" } },
    ]);
  });

  test("shows its nodes while it is being built", () => {
    const sim = pair();
    const send = client(sim);
    const node = { flavorRef: "2", volume: { size: 10 } };
    const ha = { name: "new", replica_source: [node], replicas: [node, node] };
    const { id } = part(send("POST", "/ha", { ha }), "ha_instance") as { id: string };
    const states = new Set<string>();
    for (let steps = 0; steps < 20 && sim.step() !== undefined; steps++) {
      const { state, replica_source } = part(send("GET", `/ha/${id}`), "ha_instance") as {
        state: string;
        replica_source: unknown[];
      };
      expect(replica_source).toHaveLength(1);
      states.add(state);
    }
    expect([...states]).toEqual(["BUILD", "ACTIVE"]);
  });
});

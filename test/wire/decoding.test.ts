import { describe, expect, test } from "vitest";
import { part, small, world } from "./client.js";

/** A source and its replica, both ACTIVE: `instance-0` and `instance-1`. */
function pair() {
  const { sim, send } = world();
  send("POST", "/instances", { instance: { ...small, name: "a" } });
  sim.settle();
  send("POST", "/instances", { instance: { ...small, name: "b", replica_of: "instance-0" } });
  sim.settle();
  return { sim, send };
}

/** `group-0` of `instance-0` and `instance-1`. */
function group() {
  const { sim, send } = pair();
  send("POST", "/instances/instance-0/action", { convert_to_ha: { name: "ha" } });
  sim.settle();
  return { sim, send };
}

describe("a new instance", () => {
  test.each([
    ["text", "2"],
    ["a number", 2],
    ["a URI", "https://ord.databases.api.rackspacecloud.com/v1.0/1234/flavors/2"],
    ["a bookmark", "https://ord.databases.api.rackspacecloud.com/flavors/2"],
  ])("takes its flavor as %s, and shows it as text (Q2)", (_, flavorRef) => {
    const { send } = world();
    const answer = send("POST", "/instances", { instance: { ...small, flavorRef } });
    expect(part(answer, "instance", "flavor")["id"]).toBe("2");
  });

  test.each([
    ["lists without anything in them", { databases: [], users: [] }],
    ["the count of one that a client always sends", { replica_count: 1 }],
    ["a volume without a type", { volume: { size: 10, type: null } }],
    ["a size as digits", { volume: { size: "10" } }],
    ["nulls", { configuration: null, replica_of: null, slave_of: null, restorePoint: null }],
    ["members of a later API without a value", { nics: [], locality: null, region_name: "" }],
    ["a datastore without a version", { datastore: { type: "MySQL" } }],
    ["a datastore by the id of its version", { datastore: { version: versionId() } }],
  ])("is taken with %s", (_, more) => {
    const { send } = world();
    const answer = send("POST", "/instances", { instance: { ...small, ...more } });
    expect(part(answer, "instance")).toMatchObject({
      volume: { size: 10 },
      datastore: { type: "mysql", version: "5.6" },
    });
    expect(part(answer, "instance")).not.toHaveProperty("replica_of");
  });

  function versionId(): string {
    const versions = part(world().send("GET", "/datastores/mysql/versions"))["versions"];
    return (
      (versions as { id: string; name: string }[]).find(({ name }) => name === "5.6")?.id ?? ""
    );
  }

  test("takes its datastore by the ids of type and version", () => {
    const { send } = world();
    const [mysql] = part(send("GET", "/datastores"))["datastores"] as [{ id: string }];
    const datastore = { type: mysql.id, version: versionId() };
    const answer = send("POST", "/instances", { instance: { ...small, datastore } });
    expect(part(answer, "instance", "datastore")).toEqual({ type: "mysql", version: "5.6" });
  });

  test.each([
    ["replica_of", { replica_of: "instance-0" }],
    ["slave_of", { slave_of: "instance-0" }],
    ["both, the same", { slave_of: "instance-0", replica_of: "instance-0" }],
    ["one of them, the other empty", { slave_of: "", replica_of: "instance-0" }],
  ])("is a replica by %s (R32)", (_, link) => {
    const { send } = pair();
    const answer = send("POST", "/instances", { instance: { ...small, ...link } });
    expect(part(answer, "instance", "replica_of")["id"]).toBe("instance-0");
  });

  test("starts with the data of a backup that restorePoint names, by id or URI", () => {
    const { sim, send } = pair();
    send("POST", "/backups", { backup: { name: "full", instance: "instance-0" } });
    sim.settle();
    const { id } = (part(send("GET", "/backups"))["backups"] as { id: string }[])[0] ?? { id: "" };
    for (const backupRef of [id, `https://example.org/backups/${id}`]) {
      const instance = { ...small, restorePoint: { backupRef } };
      expect(send("POST", "/instances", { instance }).status).toBe(200);
    }
  });
});

describe("what is wrong is named as the body names it", () => {
  const cases: readonly [string, string, unknown, string][] = [
    ["POST /instances", "no body", undefined, "body is required: an object with instance"],
    ["POST /instances", "a list", [{ instance: small }], "body must be an object with instance"],
    ["POST /instances", "no root", { volume: { size: 1 } }, "instance is required"],
    ["POST /instances", "many at once", { instance: [small] }, "instance must be an object"],
    [
      "POST /instances",
      "no flavor",
      { instance: { volume: { size: 1 } } },
      "instance.flavorRef is",
    ],
    ["POST /instances", "no volume", { instance: { flavorRef: 2 } }, "instance.volume.size is"],
    [
      "POST /instances",
      "no size",
      { instance: { ...small, volume: {} } },
      "instance.volume.size is",
    ],
    [
      "POST /instances",
      "a bare volume",
      { instance: { ...small, volume: 5 } },
      "instance.volume must",
    ],
    [
      "POST /instances",
      "a negative size",
      { instance: { ...small, volume: { size: -1 } } },
      "instance.volume.size must be an integer of gigabytes from 1 to 300; got -1",
    ],
    [
      "POST /instances",
      "a type of volume",
      { instance: { ...small, volume: { size: 5, type: "SSD" } } },
      'instance.volume.type must be null or empty: the service has one type of volume; got "SSD"',
    ],
    [
      "POST /instances",
      "more than one",
      { instance: { ...small, replica_count: 2 } },
      "instance.replica_count must be 1",
    ],
    [
      "POST /instances",
      "a misspelling",
      { instance: { ...small, flavourRef: 2 } },
      "instance.flavourRef is not known here; it must be one of name, flavorRef, volume, replica_of",
    ],
    [
      "POST /instances",
      "an inherited name",
      JSON.parse('{"instance": {"flavorRef": 2, "volume": {"size": 1}, "__proto__": {"a": 1}}}'),
      "instance.__proto__ is not known here; it must be one of name",
    ],
    [
      "POST /instances",
      "two sources",
      { instance: { ...small, replica_of: "a", slave_of: "b" } },
      "instance.slave_of must be left out, or say the same as instance.replica_of",
    ],
    [
      "POST /instances",
      "a database's character set",
      { instance: { ...small, databases: [{ name: "a" }, { name: "b", character_set: 5 }] } },
      "instance.databases[1].character_set must be",
    ],
    [
      "POST /instances",
      "a database of a user",
      {
        instance: {
          ...small,
          users: [{ name: "u", password: "p", databases: [{ name: "a" }, { name: "" }] }],
        },
      },
      "instance.users[0].databases[1].name must be",
    ],
    [
      "POST /instances",
      "a restore point without a backup",
      { instance: { ...small, restorePoint: {} } },
      "instance.restorePoint.backupRef is required",
    ],
    [
      "POST /instances",
      "an unknown flavor",
      { instance: { ...small, flavorRef: "42" } },
      "field instance.flavorRef",
    ],
    [
      "POST /instances",
      "an unknown source",
      { instance: { ...small, replica_of: "no-such-id" } },
      "field instance.replica_of",
    ],
    [
      "POST /instances",
      "an unknown source by its other name",
      { instance: { ...small, slave_of: "no-such-id" } },
      "field instance.slave_of",
    ],
    ["POST /ha", "no source", { ha: { name: "h", replicas: [] } }, "ha.replica_source is required"],
    [
      "POST /ha",
      "two sources",
      { ha: { name: "h", replica_source: [small, small], replicas: [small] } },
      "ha.replica_source must be an array of one",
    ],
    [
      "POST /ha",
      "the size of a node",
      {
        ha: {
          name: "h",
          replica_source: [{ ...small, volume: { size: 0 } }],
          replicas: [{ ...small, volume: { size: 301 } }],
        },
      },
      "ha.replica_source[0].volume.size must",
    ],
    [
      "POST /ha",
      "an ACL",
      { ha: { name: "h", replica_source: [small], replicas: [small], acls: [{ address: "x" }] } },
      "ha.acls[0].address must be an IPv4 range",
    ],
    [
      "POST /instances/instance-0/action",
      "no name for a group",
      { convert_to_ha: {} },
      "convert_to_ha.name is required",
    ],
    [
      "POST /instances/instance-0/action",
      "no change in a resize",
      { resize: {} },
      "pass either flavorRef or volume.size, not both",
    ],
    [
      "POST /instances/instance-0/action",
      "two changes in a resize",
      { resize: { flavorRef: 3, volume: { size: 50 } } },
      "pass either flavorRef or volume.size, not both",
    ],
    [
      "POST /instances/instance-0/action",
      "a volume that does not grow",
      { resize: { volume: { size: 5 } } },
      "field resize.volume.size",
    ],
    [
      "POST /schedules",
      "no owner",
      { schedule: { action: "backup" } },
      "schedule.instance_id is required",
    ],
    [
      "POST /schedules",
      "no action",
      { schedule: { instance_id: "instance-0" } },
      "schedule.action is required",
    ],
    [
      "POST /schedules",
      "another action",
      { schedule: { action: "restore", instance_id: "instance-0" } },
      'schedule.action must be "backup"; got "restore"',
    ],
    [
      "POST /schedules",
      "an HA group by instance_id (R103)",
      { schedule: { action: "backup", instance_id: "instance-0", source_type: "ha" } },
      "schedule.source_type must be left out, or say the same as schedule.instance_id",
    ],
    [
      "POST /schedules",
      "an hour",
      { schedule: { action: "backup", source_id: "instance-0", hour: 24 } },
      "schedule.hour must be an integer from 0 to 23; got 24",
    ],
    ["PUT /schedules/s", "nothing", { schedule: {} }, "schedule s not found"],
    [
      "POST /backups",
      "an owner named twice",
      { backup: { name: "b", instance: "instance-0", source: { type: "instance", id: "x" } } },
      "backup.source must be left out, or say the same as backup.instance",
    ],
    [
      "POST /backups",
      "an unknown group",
      { backup: { name: "b", instance: null, source: { type: "ha", id: "no-such-id" } } },
      "field backup.source.id",
    ],
    [
      "POST /instances/instance-0/databases",
      "a name",
      { databases: [{ name: "mysql" }] },
      "databases[0].name must be",
    ],
    ["POST /instances/instance-0/users", "no list", { users: {} }, "users must be an array"],
    ["PATCH /instances/instance-1", "nothing", {}, "instance is required"],
    ["PATCH /instances/instance-1", "no change", { instance: {} }, "nothing to change: pass name"],
    [
      "PATCH /instances/instance-1",
      "another source (R31)",
      { instance: { replica_of: "instance-9" } },
      "field instance.replica_of",
    ],
    [
      "PATCH /instances/instance-1",
      "two changes (R39)",
      { instance: { replica_of: "", configuration: "c" } },
      "change the configuration in a separate request",
    ],
    [
      "PATCH /instances/instance-1",
      "a name beside a configuration",
      { instance: { name: "x", configuration: "" } },
      "change the configuration in a separate request",
    ],
    [
      "PUT /instances/instance-1",
      "a name (R41)",
      { instance: { name: "x" } },
      "use PATCH to change the name",
    ],
    [
      "PUT /instances/instance-1",
      "a source (R41)",
      { instance: { replica_of: "instance-0" } },
      "use PATCH to detach a replica",
    ],
    [
      "PUT /instances/instance-1",
      "both (R41)",
      { instance: { replica_of: "", configuration: "" } },
      "PUT changes only the configuration",
    ],
    ["PATCH /ha/group-0", "nothing", { ha_instance: {} }, "ha_instance.configuration is required"],
    [
      "POST /ha/group-0/action",
      "no id",
      { remove_replica: 5 },
      "remove_replica must be a resource id",
    ],
    ["POST /ha/group-0/acls", "no address", {}, "address is required"],
    ["POST /ha/none/acls", "no group", { address: "10.0.0.0/8" }, "HA group none not found\n"],
    ["POST /ha/group-0/acls", "a bare address", { address: "10.0.0.1" }, "field address"],
  ];

  test.each(cases)("%s: %s", (place, _, body, words) => {
    const { send } = pair();
    const [method = "", path = ""] = place.split(" ");
    const answer = send(method, path, body);
    expect([400, 404]).toContain(answer.status);
    const [fault] = Object.values(answer.body ?? {}) as { message: string; details: string }[];
    expect(`${fault?.message ?? ""}\n${fault?.details ?? ""}`).toContain(words);
  });

  test("all of it at once, in the words of the body", () => {
    const { send } = world();
    const instance = { flavorRef: true, volume: { size: 0 }, databases: [{ character_set: "" }] };
    const { message } = part(send("POST", "/instances", { instance }), "badRequest");
    expect(message).toContain("instance.flavorRef must");
    expect(message).toContain("instance.volume.size must");
    expect(message).toContain("instance.databases[0].name is required");
    expect(message).toContain("instance.databases[0].character_set must");
  });
});

describe("a replica is detached", () => {
  test.each([
    ["PATCH", { replica_of: "" }],
    ["PATCH", { replica_of: null }],
    ["PATCH", { slave_of: "" }],
    ["PATCH", { slave_of: null, replica_of: null }],
    ["PATCH", { replica_of: "", slave_of: "" }],
    ["PATCH", { replica_of: "instance-0" }],
    ["PATCH", { slave_of: "instance-0" }],
    ["PUT", { replica_of: null }],
    ["PUT", { replica_of: "" }],
    ["PUT", { slave_of: "" }],
  ])("by %s of %j (R31, R32, R41)", (method, instance) => {
    const { sim, send } = pair();
    expect(send(method, "/instances/instance-1", { instance })).toEqual({ status: 202 });
    expect(sim.getInstance("instance-1").status).toBe("DETACH_REPLICA");
  });

  test("but not from two sources at once", () => {
    const { sim, send } = pair();
    for (const instance of [
      { replica_of: "instance-0", slave_of: "another" },
      { replica_of: "another", slave_of: "instance-0" },
    ]) {
      const refused = send("PATCH", "/instances/instance-1", { instance });
      expect(part(refused, "badRequest")["details"]).toContain("field instance.slave_of");
    }
    expect(sim.getInstance("instance-1").status).toBe("ACTIVE");
    const instance = { replica_of: "instance-0", slave_of: "instance-0" };
    expect(send("PATCH", "/instances/instance-1", { instance }).status).toBe(202);
  });

  test("and renamed by the same request, or neither (R38)", () => {
    const { sim, send } = pair();
    const instance = { name: "free", replica_of: "" };
    expect(send("PATCH", "/instances/instance-0", { instance }).status).toBe(400);
    expect(sim.getInstance("instance-0").name).toBe("a");
    expect(send("PATCH", "/instances/instance-1", { instance }).status).toBe(202);
    expect(sim.getInstance("instance-1")).toMatchObject({ name: "free", status: "DETACH_REPLICA" });
  });

  test("and renamed alone", () => {
    const { sim, send } = pair();
    expect(send("PATCH", "/instances/instance-1", { instance: { name: "free" } }).status).toBe(202);
    expect(sim.getInstance("instance-1")).toMatchObject({ name: "free", sourceId: "instance-0" });
  });
});

describe("a configuration", () => {
  function configured() {
    const { sim, send } = pair();
    const configuration = { name: "c", description: "not kept", values: { wait_timeout: 60 } };
    send("POST", "/configurations", { configuration });
    return { sim, send };
  }

  test.each(["PUT", "PATCH"])("is attached by %s, by id or URI, and detached", (method) => {
    const { sim, send } = configured();
    const attached = (): string | null => sim.getInstance("instance-0").configurationId;
    for (const configuration of ["configuration-0", "https://a/configurations/configuration-0"]) {
      expect(send(method, "/instances/instance-0", { instance: { configuration } }).status).toBe(
        202,
      );
      expect(attached()).toBe("configuration-0");
      expect(
        send(method, "/instances/instance-0", { instance: { configuration: "" } }).status,
      ).toBe(202);
      expect(attached()).toBeNull();
    }
  });

  test.each([{ configuration: null }, { configuration: "" }, {}])(
    "is detached by PUT of %j (R41)",
    (instance) => {
      const { sim, send } = configured();
      sim.attachConfiguration("instance-0", "configuration-0");
      sim.settle();
      expect(send("PUT", "/instances/instance-0", { instance }).status).toBe(202);
      expect(sim.getInstance("instance-0").configurationId).toBeNull();
    },
  );

  test("is attached to a group, and detached with null", () => {
    const { sim, send } = group();
    sim.createConfiguration({ name: "c", values: {} });
    const body = (configuration: string | null) => ({ ha_instance: { configuration } });
    expect(send("PATCH", "/ha/group-0", body("configuration-0")).status).toBe(202);
    expect(part(send("GET", "/ha/group-0"), "ha_instance", "configuration")["name"]).toBe("c");
    expect(send("PATCH", "/ha/group-0", body(null)).status).toBe(202);
    expect(part(send("GET", "/ha/group-0"), "ha_instance")["configuration"]).toBeNull();
  });
});

describe("a name in a path", () => {
  test.each([
    ["10.0.0.0/8", 404],
    ["10.0.0.0%2F8", 202],
    ["10.0.0.0%252F8", 202],
    ["10.0.0.0%25252F8", 202],
    ["10.0.0.0%252525252F8", 202],
    ["10.0.0.0%25252525252F8", 404],
  ])("may be an ACL escaped as %s, up to a bound (R94): %i", (address, status) => {
    const { sim, send } = group();
    sim.addAcl("group-0", "10.0.0.0/8");
    expect(send("DELETE", `/ha/group-0/acls/${address}`).status).toBe(status);
  });

  test.each([
    ["clerk", "clerk", "%"],
    ["clerk@%25", "clerk", "%"],
    ["clerk@10.0.0.9", "clerk", "10.0.0.9"],
    ["a%252Eb", "a.b", "%"],
    ["a.b%40%25", "a.b", "%"],
    ["a%40b", "a@b", "%"],
  ])("may be the user %s", (written, name, host) => {
    const { sim, send } = pair();
    const users = [{ name, password: "secret", host }];
    expect(send("POST", "/instances/instance-0/users", { users }).status).toBe(202);
    expect(send("DELETE", `/instances/instance-0/users/${written}`).status).toBe(202);
    expect(sim.listUsers("instance-0")).toEqual([]);
  });

  test.each(["2", "2.0", "2.7"])("may be flavor 2, written %s (§1.3)", (id) => {
    expect(part(world().send("GET", `/flavors/${id}`), "flavor")).toMatchObject({
      id: 2,
      ram: 1024,
    });
  });
});

describe("a schedule", () => {
  test.each([
    ["by instance_id", { instance_id: "instance-0" }],
    ["by source_id", { source_id: "instance-0" }],
    ["by source_id and type", { source_id: "instance-0", source_type: "instance" }],
    ["by both, the same", { source_id: "instance-0", instance_id: "instance-0" }],
    ["without its retention", { source_id: "instance-0", full_backup_retention: null }],
  ])("belongs to an instance named %s", (_, owner) => {
    const { send } = pair();
    const answer = send("POST", "/schedules", { schedule: { action: "backup", ...owner } });
    expect(part(answer, "schedule")).toMatchObject({
      instance_id: "instance-0",
      source: { type: "instance", id: "instance-0" },
      full_backup_retention: 2,
    });
  });

  test("of a group shows its source wherever it is read, and no instance", () => {
    const { send } = group();
    const schedule = { action: "backup", source_id: "group-0", source_type: "ha" };
    send("POST", "/schedules", { schedule });
    const [listed] = part(send("GET", "/schedules"))["schedules"] as object[];
    expect(listed).toMatchObject({ source: { type: "ha", id: "group-0" } });
    expect(listed).not.toHaveProperty("instance_id");
  });

  test.each(["true", true])("runs at once with run_now %j (Q23)", (run_now) => {
    const { send } = pair();
    send("POST", "/schedules", { schedule: { action: "backup", instance_id: "instance-0" } });
    expect(send("PUT", "/schedules/schedule-0", { schedule: { run_now } }).status).toBe(202);
    expect(part(send("GET", "/schedules/schedule-0"), "schedule")["running"]).toBe(true);
    expect(part(send("GET", "/instances/instance-0"), "instance")["schedule"]).toEqual({
      enabled: true,
    });
    const [backup] = part(send("GET", "/backups"))["backups"] as object[];
    expect(backup).toMatchObject({ is_automated: true, status: "NEW" });
  });

  test("shows what its samples leave out where that says something", () => {
    const { send } = pair();
    const schedule = { action: "backup", instance_id: "instance-0" };
    send("POST", "/schedules", { schedule });
    const plain = part(send("GET", "/schedules/schedule-0"), "schedule");
    expect(Object.keys(plain)).not.toContain("full_backup_retention");
    const changes = { full_backup_retention: 5, copy_to: ["IAD"] };
    send("PUT", "/schedules/schedule-0", { schedule: changes });
    expect(part(send("GET", "/schedules/schedule-0"), "schedule")).toMatchObject(changes);
  });
});

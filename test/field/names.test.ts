import { ReplicationSimulator } from "replication-simulator";
import { createHandler } from "replication-simulator/http";
import { describe, expect, it } from "vitest";
import { createReplicationSet } from "../../src/testing/fixtures.js";
import { caller } from "./caller.js";

const instance = { name: "x", flavorRef: "2", volume: { size: 1 } };

describe("C29 https://github.com/kubernetes/kubernetes/issues/3084 https://github.com/humanprotocol/human-protocol/issues/3381: a refusal names the field in the body", () => {
  const sim = new ReplicationSimulator({ seed: 3 });
  const call = caller(createHandler(sim));
  const { source } = createReplicationSet(sim);

  it.each([
    [
      "convert_to_ha.networks[0]",
      `/instances/${source.id}/action`,
      { convert_to_ha: { name: "ha", networks: ["isolated"] } },
    ],
    ["ha.replicas[0]", "/ha", { ha: { name: "h", replica_source: [instance], replicas: [5] } }],
    [
      "ha.networks[0]",
      "/ha",
      { ha: { name: "h", replica_source: [instance], replicas: [instance], networks: ["x"] } },
    ],
    [
      "instance.users[0].databases[0].name",
      "/instances",
      {
        instance: {
          ...instance,
          users: [{ name: "a", password: "b", databases: [{ name: "!" }] }],
        },
      },
    ],
    [
      "schedule.copy_to[0]",
      "/schedules",
      {
        schedule: {
          action: "backup",
          day_of_week: 0,
          hour: 1,
          minute: 1,
          full_backup_retention: 5,
          source_id: source.id,
          source_type: "instance",
          copy_to: ["XXX"],
        },
      },
    ],
  ])("%s", async (field, path, body) => {
    const { badRequest } = (await call("POST", path, body)).body as {
      badRequest: { message: string; details: string };
    };
    expect(badRequest.message).toContain(field);
    expect(badRequest.details).toContain(`field ${field}`);
  });

  it("says what an item needs in the words of the body", async () => {
    const body = { ha: { name: "h", replica_source: [5], replicas: [instance] } };
    const refused = JSON.stringify(await call("POST", "/ha", body));
    expect(refused).toContain("name, flavorRef, volume");
    expect(refused).not.toMatch(/flavorId|volumeGb/);
  });
});

describe("C42 https://bugs.launchpad.net/trove/+bug/1252327 (https://github.com/openstack/trove/commit/da22a01e): a suffix is part of a name where something has that name", () => {
  async function served(names: readonly string[]) {
    const sim = new ReplicationSimulator({ seed: 3 });
    const call = caller(createHandler(sim));
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
    sim.settle();
    sim.createUsers(
      id,
      names.map((name) => ({ name, password: "p_1" })),
    );
    const left = async (): Promise<string[]> => {
      const { body } = await call("GET", `/instances/${id}/users.json`);
      return (body as { users: { name: string }[] }).users.map(({ name }) => name);
    };
    return { call, left, path: `/instances/${id}/users` };
  }

  it("deletes the user that is named, with its suffix", async () => {
    const { call, left, path } = await served(["report", "report.json"]);
    expect((await call("DELETE", `${path}/report.json`)).status).toBe(202);
    expect(await left()).toEqual(["report"]);
  });

  it("takes the suffix for a format where no user has it", async () => {
    const { call, left, path } = await served(["report"]);
    expect((await call("DELETE", `${path}/report.json`)).status).toBe(202);
    expect(await left()).toEqual([]);
  });

  it("finds a user with the suffix alone", async () => {
    const { call, left, path } = await served(["report.json"]);
    expect((await call("DELETE", `${path}/report.json`)).status).toBe(202);
    expect(await left()).toEqual([]);
  });
});

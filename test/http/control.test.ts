import { ReplicationSimulator } from "replication-simulator";
import { createHandler } from "replication-simulator/http";
import { describe, expect, test } from "vitest";
import { byNumber } from "../ids.js";
import { faultIn, origin, service } from "./client.js";

const control = "/_simulator";

test("control is off unless it is asked for", async () => {
  const { send, sim } = service();
  for (const path of ["clock", "journal", "snapshot", "topology", "timeline"]) {
    expect((await send("GET", `${control}/${path}`)).status).toBe(404);
  }
  expect((await send("POST", `${control}/advance`, { body: { ms: 1 } })).status).toBe(404);
  expect(sim.now).toBe(sim.settings.startAt);
});

test("where there are credentials, only an admin of the simulator's own account has control", async () => {
  const tokens = [
    { token: "operator" },
    { token: "creator", role: "creator" as const },
    { token: "account", accountId: "111" },
  ];
  const { send } = service({ control: true, tokens });
  const statuses = async (token: string | null): Promise<number> =>
    (await send("GET", `${control}/clock`, { token })).status;
  expect(await statuses("operator")).toBe(200);
  expect(await statuses("creator")).toBe(403);
  expect(await statuses("account")).toBe(403);
  expect(await statuses("wrong")).toBe(401);
  expect(await statuses(null)).toBe(401);
});

describe("a test in any language", () => {
  test("moves time", async () => {
    const { send, sim } = service({ control: true });
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
    const { startAt } = sim.settings;
    expect((await send("GET", `${control}/clock`, { token: null })).json).toEqual({
      now: startAt,
      at: "2026-01-01T00:00:00.000Z",
      nextDueAt: startAt + 35_000,
    });
    const advanced = await send("POST", `${control}/advance`, { body: { ms: 34_999 } });
    expect(advanced.json).toMatchObject({ now: startAt + 34_999 });
    expect(sim.getInstance(id).status).toBe("BUILD");
    const settled = await send("POST", `${control}/settle`);
    expect(settled.json).toEqual({ now: startAt + 35_000, at: "2026-01-01T00:00:35.000Z" });
    expect(sim.getInstance(id).status).toBe("ACTIVE");
  });

  test.each([{}, { ms: -1 }, { ms: "1" }, { ms: 1.5 }, [], 7])("but not by %j", async (body) => {
    const { send, sim } = service({ control: true });
    const answer = await send("POST", `${control}/advance`, { body });
    expect([answer.status, faultIn(answer).name]).toEqual([400, "badRequest"]);
    expect(sim.now).toBe(sim.settings.startAt);
  });

  test("injects faults", async () => {
    const { send, sim } = service({ control: true });
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
    sim.settle();
    const injected = await send("POST", `${control}/faults`, {
      body: { kind: "crash", instanceId: id },
    });
    expect(injected.status).toBe(200);
    expect(sim.getInstance(id).status).toBe("SHUTDOWN");
    const refused = await send("POST", `${control}/faults`, { body: { kind: "meteor" } });
    expect([refused.status, faultIn(refused).name]).toEqual([400, "badRequest"]);
  });

  test("injects a fault that is to come, and one that lifts itself", async () => {
    const { send, sim } = service(
      { control: true },
      new ReplicationSimulator({ createId: byNumber }),
    );
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
    sim.settle();
    const at = sim.now + 60_000;
    const crash = { kind: "crash", instanceId: id, durationMs: 1000 };
    const inject = (time: object) =>
      send("POST", `${control}/faults`, { body: { ...crash, ...time } });
    expect((await inject({ afterMs: 30_000 })).json).toEqual({ id: "fault-0" });
    expect((await inject({ at })).json).toEqual({ id: "fault-1" });
    expect(sim.getInstance(id).status).toBe("ACTIVE");
    for (const status of ["SHUTDOWN", "SHUTDOWN"]) {
      sim.advance(30_000);
      expect(sim.getInstance(id).status).toBe(status);
    }
    sim.advance(1000);
    expect(sim.getInstance(id).status).toBe("ACTIVE");
    const refused: number[] = [];
    for (const time of [{ at: sim.now - 1 }, { at: sim.now + 1, afterMs: 1 }, { afterMs: "1" }]) {
      refused.push((await inject(time)).status);
    }
    expect(refused).toEqual([422, 400, 400]);
  });

  test("lists the faults and lifts them", async () => {
    const { send, sim } = service(
      { control: true },
      new ReplicationSimulator({ createId: byNumber }),
    );
    expect((await send("GET", `${control}/faults`)).json).toEqual({ faults: [] });
    const outage = { kind: "outage" };
    await send("POST", `${control}/faults`, { body: outage });
    await send("POST", `${control}/faults`, { body: { ...outage, afterMs: 5 } });
    const shown = { fault: outage, injectedAt: sim.now };
    expect((await send("GET", `${control}/faults`)).json).toEqual({
      faults: [
        { id: "fault-0", ...shown, phase: "active" },
        { id: "fault-1", ...shown, phase: "scheduled", dueAt: sim.now + 5 },
      ],
    });
    const unavailable = await send("GET", "/v1.0/1234/instances");
    expect([unavailable.status, unavailable.headers.get("retry-after")]).toEqual([503, null]);
    for (const id of ["fault-0", "fault-1"]) {
      const cleared = await send("DELETE", `${control}/faults/${id}`);
      expect([cleared.status, cleared.text]).toEqual([204, ""]);
    }
    expect((await send("GET", "/v1.0/1234/instances")).status).toBe(200);
    expect((await send("DELETE", `${control}/faults/fault-0`)).status).toBe(404);
    expect((await send("DELETE", `${control}/faults/%ff`)).status).toBe(404);
  });

  test("lists what each part of a fault is cleared with, and everything else can be cleared", async () => {
    const { send, sim } = service({ control: true });
    for (const name of ["orders", "billing"]) {
      sim.createInstance({ name, flavorId: 2, volumeGb: 1 });
    }
    sim.settle();
    const times = { timeToFailure: 3_600_000, timeToRepair: 60_000 };
    sim.injectRandom({ fault: "crash", target: "all", ...times });
    sim.injectRandom({ fault: "crash", target: { each: "zone" }, ...times });
    sim.inject({ kind: "correlated", effect: "crash", zone: "zone-1" });
    const { faults } = (await send("GET", `${control}/faults`)).json as {
      faults: { id: string; fault: { kind: string }; partOf?: string }[];
    };
    const parts = faults.filter(({ partOf }) => partOf !== undefined);
    expect(new Set(parts.map(({ fault }) => fault.kind))).toEqual(new Set(["random", "crash"]));
    const wholes = faults.filter(({ partOf }) => partOf === undefined).map(({ id }) => id);
    for (const { id, partOf } of parts) {
      expect(wholes).toContain(partOf);
      expect((await send("DELETE", `${control}/faults/${id}`)).status).toBe(422);
    }
    for (const id of wholes) {
      expect((await send("DELETE", `${control}/faults/${id}`)).status).toBe(204);
    }
  });

  test("strikes any account", async () => {
    const { send, sim } = service({ control: true });
    const client = sim.account("4321");
    const { id } = client.createInstance({ flavorId: 2, volumeGb: 1 });
    sim.settle();
    const body = { kind: "crash", instanceId: id };
    expect((await send("POST", `${control}/faults`, { body })).status).toBe(404);
    const injected = await send("POST", `${control}/faults?account=4321`, { body });
    expect(injected.status).toBe(200);
    expect(client.getInstance(id).status).toBe("SHUTDOWN");
    const path = `${control}/faults/${(injected.json as { id: string }).id}`;
    expect((await send("GET", `${control}/faults?account=4321`)).json).toMatchObject({
      faults: [{ phase: "active" }],
    });
    expect((await send("DELETE", `${path}?account=4321`)).status).toBe(204);
    expect(client.getInstance(id).status).toBe("ACTIVE");
  });

  test("takes the world out and puts it back", async () => {
    const { send, sim } = service({ control: true });
    sim.createInstance({ name: "kept", flavorId: 2, volumeGb: 1 });
    const { text } = await send("GET", `${control}/snapshot`);
    const print = sim.fingerprint();
    sim.settle();
    sim.createInstance({ name: "gone", flavorId: 2, volumeGb: 1 });
    const headers = { "Content-Type": "application/json" };
    const put = await send("PUT", `${control}/snapshot`, { raw: text, headers });
    expect(put.status).toBe(200);
    expect(sim.fingerprint()).toBe(print);
    const refused = await send("PUT", `${control}/snapshot`, { body: { format: "another" } });
    expect([refused.status, sim.fingerprint()]).toEqual([400, print]);
  });

  test("looks at what there is", async () => {
    const { send, sim } = service({ control: true });
    sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 1 });
    sim.account("4321").createInstance({ name: "theirs", flavorId: 2, volumeGb: 1 });
    expect((await send("GET", `${control}/topology`)).text).toMatch(/orders[\s\S]*theirs/);
    expect((await send("GET", `${control}/topology?account=1234`)).text).not.toContain("theirs");
    expect((await send("GET", `${control}/topology?format=mermaid`)).text).toMatch(/^flowchart/);
    expect((await send("GET", `${control}/topology?format=json`)).json).toEqual(
      sim.snapshot().toJSON().topology,
    );
    expect((await send("GET", `${control}/topology?format=dot`)).text).toMatch(/^digraph/);
    expect((await send("GET", `${control}/topology?format=svg`)).text).toMatch(/^<svg .*orders/s);
    for (const format of ["png", "toString", ""])
      expect((await send("GET", `${control}/topology?format=${format}`)).status).toBe(400);
    expect((await send("GET", `${control}/timeline`)).text).toMatch(/#0 .* createInstance/);
    const timeline = await send("GET", `${control}/timeline?format=svg`);
    expect(timeline.text).toMatch(/^<svg /);
    expect((await send("GET", `${control}/timeline?format=dot`)).status).toBe(400);
  });

  test("reads the journal", async () => {
    const { send, sim } = service({ control: true });
    sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 1 });
    const { json } = await send("GET", `${control}/journal`);
    expect(ReplicationSimulator.replay(json as never).fingerprint()).toBe(sim.fingerprint());
  });

  test("streams the journal as it is written, from any entry on", async () => {
    const sim = new ReplicationSimulator();
    const handler = createHandler(sim, { control: true });
    sim.createInstance({ name: "first", flavorId: 2, volumeGb: 1 });
    sim.settle();
    const response = await handler(
      new Request(`${origin}${control}/journal?from=1`, {
        headers: { Accept: "text/event-stream" },
      }),
    );
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const event = async (): Promise<string> =>
      new TextDecoder()
        .decode((await reader.read()).value)
        .split(/(?<="seq":)/)
        .slice(0, 1)
        .join("");
    expect(await event()).toBe('id: 1\ndata: {"seq":');
    sim.createInstance({ name: "second", flavorId: 2, volumeGb: 1 });
    expect(await event()).toBe('id: 2\ndata: {"seq":');
    await reader.cancel();
    sim.settle(); // no listener is left, and nothing breaks

    const resumed = await handler(
      new Request(`${origin}${control}/journal`, {
        headers: { Accept: "text/event-stream", "Last-Event-ID": "2" },
      }),
    );
    const again = (resumed.body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await again.read()).value)).toMatch(/^id: 3\n/);
    await again.cancel();
  });
});

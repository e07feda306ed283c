import { describe, expect, it } from "vitest";
import { createHandler } from "../../src/http/index.js";
import { ReplicationSimulator } from "../../src/index.js";
import {
  journalTimeline,
  timelineSvg,
  topologyDot,
  topologyMermaid,
  topologySvg,
  topologyTree,
} from "../../src/render/index.js";
import { createReplicationSet } from "../../src/testing/index.js";

const places = [
  { zone: "zone-1", rack: "rack-2" },
  { zone: "zone-3", rack: "rack-5" },
] as const;

function world() {
  const sim = new ReplicationSimulator({ seed: 1 });
  createReplicationSet(sim, { places });
  const since = sim.journal().lines.length;
  return { sim, since };
}

describe("places are shown where they matter", () => {
  it.each([
    ["tree", (sim: ReplicationSimulator) => topologyTree(sim.topology)],
    ["toString", String],
    ["SVG", (sim: ReplicationSimulator) => topologySvg(sim.topology)],
    ["Mermaid", (sim: ReplicationSimulator) => topologyMermaid(sim.topology)],
    ["DOT", (sim: ReplicationSimulator) => topologyDot(sim.topology)],
  ])("in %s, while a fault names places, and not otherwise", (_, shown) => {
    const { sim } = world();
    expect(shown(sim)).not.toContain("rack-");
    const id = sim.inject({ kind: "correlated", effect: "crash", zone: "zone-1" });
    expect(shown(sim)).toContain("zone-1 rack-2");
    expect(shown(sim)).toContain("zone-3 rack-5");
    sim.clearFault(id);
    expect(shown(sim)).not.toContain("rack-");
    sim.injectRandom({
      fault: "crash",
      target: { each: "rack" },
      timeToFailure: 60_000,
      timeToRepair: 60_000,
    });
    expect(shown(sim)).toContain("zone-3 rack-5");
  });

  it("the timeline has one band for the failure, and one line for each part", () => {
    const { sim, since } = world();
    sim.inject({ kind: "correlated", effect: "crash", rack: "rack-2", durationMs: 60_000 });
    sim.advance(60_000);
    const text = journalTimeline(sim.journal(), { since });
    expect(text).toContain("crash of all instances in rack-2 for 1 min");
    expect(text).toContain("its service crashes");
    expect(timelineSvg(sim.journal(), { since })).toContain("crash of all instances in rack-2");
  });

  it("a process of each rack is one line, however many racks there are", () => {
    const { sim, since } = world();
    sim.injectRandom({
      fault: "hang",
      target: { each: "rack" },
      timeToFailure: { kind: "exponential", meanMs: 3_600_000 },
      timeToRepair: 60_000,
    });
    const text = journalTimeline(sim.journal(), { since });
    expect(text).toContain("hang of all instances in each rack at random, every 1 h on average");
    expect(text).not.toContain("in rack-1 at random");
  });

  it("over HTTP parts name the fault that they end with, and are not cleared alone", async () => {
    const { sim } = world();
    const handler = createHandler(sim, { control: true });
    const send = (method: string, path: string) =>
      handler(
        new Request(`http://db.test/_simulator/faults${path}`, {
          method,
          headers: { "X-Requested-With": "test" },
        }),
      );
    const id = sim.inject({ kind: "correlated", effect: "hang", zone: "zone-1" });
    const { faults } = (await (await send("GET", "")).json()) as {
      readonly faults: readonly { readonly id: string; readonly partOf?: string }[];
    };
    expect(faults.map(({ partOf }) => partOf)).toEqual([undefined, id]);
    expect((await send("DELETE", `/${faults[1]?.id ?? ""}`)).status).toBe(422);
    expect((await send("DELETE", `/${id}`)).status).toBe(204);
    expect(sim.listFaults()).toEqual([]);
  });
});

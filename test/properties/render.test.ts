import fc from "fast-check";
import { ReplicationSimulator } from "replication-simulator";
import {
  journalTimeline,
  timelineSvg,
  topologyDot,
  topologyMermaid,
  topologySvg,
  topologyTree,
} from "replication-simulator/render";
import { expect, test } from "vitest";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { draftArbitrary } from "../../src/testing/fast-check/draftArbitrary.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { parsed } from "../render/xml.js";

const drafts = draftArbitrary({ accounts: ["2"], worlds: true });

test("every scenario can be drawn and run, twice alike", () => {
  fc.assert(
    fc.property(drafts, (draft) => {
      const sim = runDrafts(new ReplicationSimulator(), draft);
      const svg = timelineSvg(sim.journal());
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(timelineSvg(JSON.parse(JSON.stringify(sim.journal())))).toBe(svg);
      const { lines } = sim.journal();
      const names = parsed(svg).children.length;
      expect(names).toBeGreaterThan(3);
      const reported = journalTimeline(sim.journal(), { hidden: true });
      expect(reported.match(/^\S+(?: \S+)? +#\d+ /gm) ?? []).toHaveLength(lines.length);
      expect(topologySvg(sim.topology)).not.toMatch(/NaN|Infinity|undefined/);
      expect(parsed(topologySvg(sim.topology)).name).toBe("svg");
      for (const draw of [topologyTree, topologyMermaid, topologyDot]) {
        expect(draw(topologyOf(sim))).toBe(draw(topologyOf(sim)));
      }
    }),
  );
});

test("a tree names everything that is there exactly once", () => {
  fc.assert(
    fc.property(drafts, (draft) => {
      const sim = runDrafts(new ReplicationSimulator(), draft);
      const tree = topologyTree(sim.topology, { ids: true });
      const { instances, groups } = JSON.parse(JSON.stringify(sim.snapshot())).topology as {
        readonly instances: { readonly rows: readonly { readonly id: string }[] };
        readonly groups: { readonly rows: readonly { readonly id: string }[] };
      };
      for (const { id } of [...instances.rows, ...groups.rows]) {
        // In brackets behind another name, or as the name itself; messages may speak of it as well.
        const named = new RegExp(`\\[${id}\\]|^(?:[├└]─ )?(?:HA group|[a-z-]+) ${id}  `, "gm");
        expect(tree.match(named)).toHaveLength(1);
      }
    }),
  );
});

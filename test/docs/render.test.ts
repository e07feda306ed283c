import { readFileSync } from "node:fs";
import { ReplicationSimulator } from "replication-simulator";
import { topologyMermaid } from "replication-simulator/render";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../docs/render.md", import.meta.url), "utf8");
const size = { flavorId: 2, volumeGb: 10 };

test("docs/render.md shows the diagram that its example prints", () => {
  const sim = new ReplicationSimulator();
  const orders = sim.createInstance({ name: "orders", ...size });
  sim.settle();
  sim.createReplica({ name: "orders-r1", ...size, replicaOf: orders.id });
  expect(block("mermaid")).toBe(topologyMermaid(sim.topology));
});

function block(language: string): string | undefined {
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
}

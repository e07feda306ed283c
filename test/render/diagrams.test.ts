import { ReplicationSimulator } from "replication-simulator";
import { topologyDot, topologyMermaid } from "replication-simulator/render";
import { describe, expect, test } from "vitest";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { colourfulWorld, hostileName, worldNamed } from "./fixtures.js";

describe("topologyMermaid", () => {
  test("draws an arrow from each source to each of its replicas, with the mode of replication", () => {
    const arrows = topologyMermaid(colourfulWorld().topology).match(/^ *i\d+ -->.*$/gm);
    expect(arrows).toEqual([
      '  i0 -->|"semi-synchronous"| i2',
      '  i1 -->|"asynchronous"| i4',
      '  i1 -->|"asynchronous"| i5',
    ]);
  });

  test("draws a box around the members of a group", () => {
    const [box] =
      topologyMermaid(colourfulWorld().topology).match(/^ *subgraph[\s\S]*?^ *end$/m) ?? [];
    expect(box?.split("\n").map((line) => line.trim())).toEqual([
      'subgraph box0["HA group"]',
      "direction LR",
      'g0(["orders-ha<br/>ACTIVE, semi-synchronous, servicenet<br/>open to 10.0.0.0/8<br/>backups at 03#58;30 UTC (full on Sunday)"]):::active',
      'i0["source orders<br/>ACTIVE<br/>flavor 2, 10 GB"]:::active',
      'i2["replica orders-r1<br/>ACTIVE<br/>flavor 2, 10 GB"]:::active',
      "end",
    ]);
  });

  test("colours a status by what is going on, and explains every colour that it uses", () => {
    const diagram = topologyMermaid(colourfulWorld().topology);
    expect(diagram).toContain('ERROR<br/>flavor 3, 20 GB"]:::broken');
    expect(diagram).toContain('BUILD<br/>flavor 3, 20 GB"]:::building');
    for (const [, used] of diagram.matchAll(/:::(\w+)/g)) {
      expect(diagram).toMatch(
        new RegExp(`classDef ${used} fill:#\\w{6},stroke:#\\w{6},color:#\\w{6}$`, "m"),
      );
    }
  });

  test("every line has a form that Mermaid knows, whatever the names are", () => {
    const label = '"(?:[^"#:;`&<>]|<br/>|#\\d+;)*"';
    const forms = [
      "flowchart LR",
      ` +subgraph box\\d+\\[${label}\\]`,
      " +direction LR",
      ` +[ig]\\d+(?:\\[${label}\\]|\\(\\[${label}\\]\\)):::\\w+`,
      ` +i\\d+ -->\\|${label}\\| i\\d+`,
      " +g\\d+ -\\.- i\\d+",
      " +end",
      " +class box\\d+ group",
      " +classDef \\w+ [-\\w #:,]+",
      "",
    ];
    const known = new RegExp(`^(?:${forms.join("|")})$`, "u");
    const diagram = topologyMermaid(worldNamed(hostileName).topology);
    expect(diagram.split("\n").filter((line) => !known.test(line))).toEqual([]);
    expect(diagram).not.toMatch(/[^\n\P{C}]/u);
  });
});

describe("topologyDot", () => {
  test("draws a cluster for each group and an edge for each link", () => {
    const diagram = topologyDot(colourfulWorld().topology);
    expect(diagram).toContain("subgraph cluster_g0 {");
    expect(diagram).toContain('i0 -> i2 [label="semi-synchronous"];');
    expect(diagram.match(/ -> /g)).toHaveLength(3);
    expect(diagram).toContain(
      'label="HA group\\norders-ha\\nACTIVE, semi-synchronous, servicenet\\nopen to 10.0.0.0/8\\nbackups at 03:30 UTC (full on Sunday)";',
    );
  });

  test("still draws a group that has no members", () => {
    const sim = worldNamed("a");
    const failed = new ReplicationSimulator();
    expect(failed.topology).not.toBe(topologyOf(sim));
    const source = failed.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    failed.settle();
    failed.createReplica({ name: "b", flavorId: 2, volumeGb: 1, replicaOf: source.id });
    failed.settle();
    failed.failTask({ task: "convert" });
    failed.convertToHa(source.id, { name: "g" });
    failed.settle();
    expect(topologyDot(failed.topology)).toContain("g0 [style=invis];");
    expect(statements(topologyDot(failed.topology))).toBeDefined();
  });

  test.each(["plain", hostileName, "\\", '\\"', '"', "\\N", "a\\"])(
    "is DOT with the name %j",
    (name) => {
      const labels = statements(topologyDot(worldNamed(name).topology)).filter((token) =>
        token.startsWith('"'),
      );
      expect(labels.length).toBeGreaterThan(4);
    },
  );

  test("a backslash in a name is a backslash in the picture", () => {
    expect(topologyDot(worldNamed("a\\Nb").topology)).toContain("source a\\\\Nb\\nACTIVE");
  });
});

test.each([topologyMermaid, topologyDot])("%o can be asked for one account alone", (draw) => {
  const sim = new ReplicationSimulator({ accountId: "11" });
  sim.createInstance({ name: "mine", flavorId: 1, volumeGb: 1 });
  sim.account("22").createInstance({ name: "yours", flavorId: 1, volumeGb: 1 });
  expect(draw(topologyOf(sim))).toMatch(/mine[\s\S]*yours/);
  expect(draw(topologyOf(sim), { accountId: "22" })).not.toContain("mine");
  expect(draw(topologyOf(sim))).toBe(draw(topologyOf(sim)));
});

/**
 * The tokens of a digraph, read by the grammar of DOT as far as it is used: statements that end in a semicolon,
 * balanced braces, attribute lists, quoted texts on one line. Throws where a text ends early or something is left over.
 */
function statements(dot: string): string[] {
  const token = /\s*("(?:[^"\\\n]|\\.)*"|->|[{}[\]=;,]|[A-Za-z_]\w*|\d+)/uy;
  const tokens: string[] = [];
  let depth = 0;
  while (token.lastIndex < dot.trimEnd().length) {
    const at = token.lastIndex;
    const [, found] = token.exec(dot.trimEnd()) ?? [];
    if (found === undefined)
      throw new Error(`not DOT from ${JSON.stringify(dot.slice(at, at + 40))}`);
    depth += found === "{" ? 1 : found === "}" ? -1 : 0;
    tokens.push(found);
  }
  expect(depth).toBe(0);
  expect(tokens.slice(0, 3)).toEqual(["digraph", "topology", "{"]);
  const body = tokens.slice(3, -1).join(" ");
  const attribute = '\\w+ = (?:\\w+|"(?:[^"\\\\]|\\\\.)*")';
  const statement = new RegExp(
    `(?:subgraph \\w+ \\{|\\}|(?:${attribute}|\\w+(?: -> \\w+)? \\[ ${attribute}(?: , ${attribute})* \\]) ;) ?`,
    "uy",
  );
  while (statement.lastIndex < body.length) {
    const at = statement.lastIndex;
    if (!statement.test(body)) throw new Error(`no statement: ${body.slice(at, at + 60)}`);
  }
  return tokens;
}

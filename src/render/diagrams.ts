import { parseOptions } from "../model/schema/entryPointOptions.js";
import type { Topology, TopologyData } from "../model/topology.js";
import { dotText, mermaidText, shortName } from "../outline/escape.js";
import {
  groupByAccount,
  groupDetails,
  type InstanceCluster,
  placeDetails,
  roleOf,
  type TopologyView,
} from "../outline/groupInstances.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import { colours, type Tone, toneOf, tones } from "./palette.js";
import { renderOptionsOrigin, renderTopology, viewDemands } from "./validateInput.js";

/**
 * Renders a topology as a Mermaid flowchart: arrows go from a source to its replicas, HA groups are boxes around
 * members.
 * @throws InvalidInputError `render-options`
 * @throws InvalidWorldDataError `render-topology` for anything but a topology
 */
export function topologyMermaid(topology: TopologyData, view: TopologyView = {}): string {
  return drawn(mermaidOf, topology, view);
}

/**
 * Renders a topology as a Graphviz digraph: arrows go from a source to its replicas, HA groups are clusters.
 * @throws InvalidInputError `render-options`
 * @throws InvalidWorldDataError `render-topology` for anything but a topology
 */
export function topologyDot(topology: TopologyData, view: TopologyView = {}): string {
  return drawn(dotOf, topology, view);
}

function drawn(
  draw: (topology: Topology, families: readonly InstanceCluster[]) => string,
  topology: TopologyData,
  given: TopologyView,
): string {
  const view = parseOptions(given, viewDemands, renderOptionsOrigin);
  return renderTopology(topology, (rows) =>
    draw(
      rows,
      groupByAccount(rows, view).flatMap(({ families }) => families),
    ),
  );
}

function mermaidOf(topology: Topology, families: readonly InstanceCluster[]): string {
  return [
    "flowchart LR",
    ...families.flatMap((family) => {
      const nodes = family.members.map(
        (instance) =>
          `${nodeId(instance)}["${instanceLines(topology, instance).map(mermaidText).join("<br/>")}"]:::${toneOf(instance.status)}`,
      );
      const arrows = linksOf(family).map(
        ({ source, replica, mode }) =>
          `  ${nodeId(source)} -->|"${mermaidText(mode)}"| ${nodeId(replica)}`,
      );
      if (family.group === null) return [...nodes.map(indented), ...arrows];
      // The title of a subgraph has room for one short line, so the details are in a node.
      return [
        `  subgraph box${String(family.group.ordinal)}["HA group"]`,
        "    direction LR",
        `    ${nodeId(family.group)}(["${groupLines(topology, family.group).map(mermaidText).join("<br/>")}"]):::${toneOf(family.group.status)}`,
        ...nodes.map((node) => `    ${node}`),
        "  end",
        ...(family.members[0] === undefined
          ? []
          : [`  ${nodeId(family.group)} -.- ${nodeId(family.members[0])}`]),
        ...arrows,
        `  class box${String(family.group.ordinal)} group`,
      ];
    }),
    ...(families.some(({ group }) => group !== null)
      ? ["  classDef group fill:none,stroke:#8b95a5,stroke-dasharray:6 4"]
      : []),
    ...usedTones(families).map((tone) => {
      const { fill, edge, ink } = colours[tone].light;
      return `  classDef ${tone} fill:${fill},stroke:${edge},color:${ink}`;
    }),
    "",
  ].join("\n");
}

function dotOf(topology: Topology, families: readonly InstanceCluster[]): string {
  return [
    "digraph topology {",
    "  rankdir=LR;",
    '  graph [fontname="sans-serif", style="rounded,dashed"];',
    '  node [fontname="sans-serif", shape=box, style="rounded,filled"];',
    '  edge [fontname="sans-serif", fontsize=10];',
    ...families.flatMap((family) => {
      const nodes = family.members.map(
        (instance) =>
          `${nodeId(instance)} [label=${dotLabel(instanceLines(topology, instance))}, ${dotColours(toneOf(instance.status))}];`,
      );
      const arrows = linksOf(family).map(
        ({ source, replica, mode }) =>
          `  ${nodeId(source)} -> ${nodeId(replica)} [label=${dotLabel([mode])}];`,
      );
      if (family.group === null) return [...nodes.map(indented), ...arrows];
      return [
        `  subgraph cluster_${nodeId(family.group)} {`,
        `    label=${dotLabel(["HA group", ...groupLines(topology, family.group)])};`,
        "    margin=14;",
        `    color="${colours[toneOf(family.group.status)].light.edge}";`,
        // Graphviz does not draw a cluster without a node.
        ...(nodes.length === 0 ? [`    ${nodeId(family.group)} [style=invis];`] : []),
        ...nodes.map((node) => `    ${node}`),
        "  }",
        ...arrows,
      ];
    }),
    "}",
    "",
  ].join("\n");
}

function usedTones(families: readonly InstanceCluster[]): readonly Tone[] {
  const used = new Set(
    families.flatMap(({ group, members }) => [
      ...(group === null ? [] : [toneOf(group.status)]),
      ...members.map(({ status }) => toneOf(status)),
    ]),
  );
  return tones.filter((tone) => used.has(tone));
}

/** Derives node names from ordinals, which no caller controls. */
function nodeId(row: Instance | HaGroup): string {
  return `${"networks" in row ? "g" : "i"}${String(row.ordinal)}`;
}

function indented(line: string): string {
  return `  ${line}`;
}

function instanceLines(topology: Topology, instance: Instance): readonly string[] {
  const { status, flavorId, volumeGb } = instance;
  const name = shortName(instance.name);
  return [
    `${roleOf(instance)} ${name}`,
    status,
    `flavor ${flavorId}, ${String(volumeGb)} GB${instance.scheduleId === null ? "" : ", backups"}`,
    ...placeDetails(topology, instance),
  ];
}

function groupLines(topology: Topology, group: HaGroup): readonly string[] {
  const [mode = "", networks = "", ...more] = groupDetails(topology, group);
  return [shortName(group.name), [group.status, mode, networks].join(", "), ...more];
}

/** Returns the links as they will be after a failover, if both ends are shown. */
function linksOf({ group, members }: InstanceCluster): readonly {
  readonly source: Instance;
  readonly replica: Instance;
  readonly mode: string;
}[] {
  const byId = new Map(members.map((member) => [member.id, member]));
  return members.flatMap((replica) => {
    const source = replica.sourceId === null ? undefined : byId.get(replica.sourceId);
    return source ? [{ source, replica, mode: group?.replicationMode ?? "asynchronous" }] : [];
  });
}

function dotLabel(lines: readonly string[]): string {
  return `"${lines.map((line) => dotText(line)).join("\\n")}"`;
}

function dotColours(tone: Tone): string {
  const { fill, edge, ink } = colours[tone].light;
  return `fillcolor="${fill}", color="${edge}", fontcolor="${ink}"`;
}

import { type OptionRules, parseOptions } from "../model/schema/entryPointOptions.js";
import type { Topology, TopologyData } from "../model/topology.js";
import {
  groupByAccount,
  groupDetails,
  type InstanceCluster,
  instanceDetails,
  placeDetails,
  roleOf,
  type TopologyView,
} from "../outline/groupInstances.js";
import type { HaGroup, ReplicationMode } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import { glyphs, linkDash } from "./glyphs.js";
import { type LinkState, linkState } from "./linkState.js";
import { toneOf } from "./palette.js";
import { element, figure, fitting, textElement, textWidth, type Xml } from "./svg.js";
import { emptyPlaceholder, framed, headHeight, padding, type SvgOptions } from "./svgFrame.js";
import { paint, type Theme, toned, tonedText } from "./theme.js";
import { renderOptionsOrigin, renderTopology, svgDemands, viewDemands } from "./validateInput.js";

/** Options of `topologySvg`: `title` defaults to "Replication topology", `id` to "topology". */
export interface TopologySvgOptions extends SvgOptions, TopologyView {}

/**
 * Renders a topology as an SVG drawing: a card for each instance with its status, lines from sources to their replicas
 * (dashed while asynchronous, dotted before it begins, crossed while it is broken), a box around each HA group. In order of creation; the same topology gives the same
 * bytes.
 * @throws InvalidInputError `render-options`
 * @throws InvalidWorldDataError `render-topology` for anything but a topology
 */
export function topologySvg(topology: TopologyData, options: TopologySvgOptions = {}): string {
  const read = parseOptions(options, demands, renderOptionsOrigin);
  return renderTopology(topology, (rows) => drawingOf(rows, read));
}

const demands: OptionRules<TopologySvgOptions> = { ...svgDemands, ...viewDemands };

function drawingOf(topology: Topology, options: TopologySvgOptions): string {
  const { title = "Replication topology", theme = "auto", id = "topology", ...view } = options;
  const families = groupByAccount(topology, view).flatMap((household) => household.families);
  const members = families.flatMap((family) => family.members);
  const common = commonSize(members);
  const draw: Drawing = { topology, theme, common };
  const parts: Xml[] = [];
  let y = headHeight + 4;
  if (common !== undefined) {
    parts.push(note(commonWords(common, members), { x: padding, y: headHeight + 2 }, theme));
    y += 14;
  }
  const alone: Instance[] = [];
  for (const family of families) {
    const [first] = family.members;
    if (family.group === null && family.members.length === 1 && first !== undefined) {
      alone.push(first);
      continue;
    }
    const drawn = familyParts(draw, family, y);
    parts.push(...drawn.parts);
    y = drawn.bottom + 18;
  }
  if (families.length === 0) {
    parts.push(emptyPlaceholder("nothing exists", theme));
    y += 28;
  }
  // Wider than a source and its replica, so that nothing looks replicated.
  for (const [at, instance] of alone.entries()) {
    const x = leftX + (at % 2) * (wideCard + 14);
    parts.push(card(draw, instance, { x, y: y + Math.floor(at / 2) * rowHeight, width: wideCard }));
  }
  const bottom = y + Math.ceil(alone.length / 2) * rowHeight;
  return framed({
    title,
    theme,
    id,
    parts,
    width: rightX + cardWidth + leftX,
    description: description(families),
    height: Math.max(bottom, headHeight) + padding - 12,
  });
}

interface Drawing {
  readonly topology: Topology;
  readonly theme: Theme;
  /** Size of most instances, which cards leave out. */
  readonly common: readonly string[] | undefined;
}

/** Returns datastore, flavor and volume of at least two instances and of most of all; else undefined. */
function commonSize(instances: readonly Instance[]): readonly string[] | undefined {
  const counts = new Map<string, { count: number; size: readonly string[] }>();
  for (const instance of instances) {
    const size = sizeOf(instance);
    const key = size.join();
    counts.set(key, { count: (counts.get(key)?.count ?? 0) + 1, size });
  }
  const most = [...counts.values()].reduce(
    (best: { count: number; size: readonly string[] } | undefined, each) =>
      each.count > (best?.count ?? 0) ? each : best,
    undefined,
  );
  const isMost = most !== undefined && most.count > 1 && most.count * 2 > instances.length;
  return isMost ? most.size : undefined;
}

function commonWords(common: readonly string[], instances: readonly Instance[]): string {
  const isEach = instances.every((instance) => sizeOf(instance).join() === common.join());
  return `${isEach ? "each " : ""}${common.join(", ")}${isEach ? "" : " where nothing else is said"}`;
}

function sizeOf(instance: Instance): readonly string[] {
  const { datastoreType, datastoreVersion, flavorId, volumeGb } = instance;
  return [`${datastoreType} ${datastoreVersion}`, `flavor ${flavorId}`, `${String(volumeGb)} GB`];
}

function note(
  text: string,
  { x, y }: { readonly x: number; readonly y: number },
  theme: Theme,
): Xml {
  return textElement("text", { x, y, "font-size": 11, ...paint({ fill: "muted" }, theme) }, text);
}

const cardWidth = 272;
const cardHeight = 58;
const rowHeight = cardHeight + 14;
const leftX = padding + 16;
const rightX = leftX + cardWidth + 112;
const wideCard = (rightX + cardWidth - leftX - 14) / 2;

function familyParts(
  draw: Drawing,
  { group, members }: InstanceCluster,
  top: number,
): { readonly parts: readonly Xml[]; readonly bottom: number } {
  const [source, ...replicas] = members;
  const inset = group === null ? 0 : 52;
  const rows = members.length === 0 ? 0 : Math.max(1, replicas.length);
  const y = top + inset;
  const bottom = y + rows * rowHeight - (rows === 0 ? 0 : 14);
  // The source is centred beside its replicas.
  const sourceY = y + ((rows - 1) * rowHeight) / 2;
  const mode = group?.replicationMode ?? "asynchronous";
  const places = replicas.map((replica, at) => ({ replica, y: y + at * rowHeight }));
  const links = places.map(({ replica, y: replicaY }) =>
    linkParts(
      {
        mode,
        state: linkState(replica),
        from: sourceY + cardHeight / 2,
        to: replicaY + cardHeight / 2,
      },
      draw.theme,
    ),
  );
  return {
    parts: [
      ...(group === null ? [] : groupParts(draw, group, { top, bottom: bottom + 16 })),
      ...links,
      ...(source === undefined ? [] : [card(draw, source, { x: leftX, y: sourceY })]),
      ...places.map(({ replica, y: replicaY }) => card(draw, replica, { x: rightX, y: replicaY })),
    ],
    bottom: bottom + (group === null ? 0 : 16),
  };
}

/** Draws a link: dashed while asynchronous, dotted before it begins, crossed where it is broken. */
function linkParts(
  {
    mode,
    state,
    from,
    to,
  }: {
    readonly mode: ReplicationMode;
    readonly state: LinkState;
    readonly from: number;
    readonly to: number;
  },
  theme: Theme,
): Xml {
  const bend = (leftX + cardWidth + rightX) / 2;
  const [middle, start, end] = [bend, leftX + cardWidth, rightX - 6].map(figure);
  const colour = state === "broken" ? "alarm" : "link";
  const words = {
    running: `${mode} replication`,
    pending: `${mode} replication has not begun`,
    broken: `${mode} replication is broken`,
  };
  return element("g", {}, [
    textElement("title", {}, words[state]),
    element("path", {
      d: `M${start ?? ""} ${figure(from)}C${middle ?? ""} ${figure(from)} ${middle ?? ""} ${figure(to)} ${end ?? ""} ${figure(to)}`,
      "stroke-width": state === "pending" ? 1.5 : 2,
      "stroke-dasharray": state === "pending" ? "1.5 4" : linkDash[mode],
      ...paint({ stroke: colour }, theme),
    }),
    element("path", {
      d: `M${figure(rightX - 1)} ${figure(to)}l-7 -4v8z`,
      ...paint({ fill: colour }, theme),
    }),
    ...(state === "broken"
      ? [
          element("path", {
            d: `M${figure(bend - 5)} ${figure((from + to) / 2 - 5)}l10 10m0-10l-10 10`,
            "stroke-width": 2.5,
            ...paint({ stroke: colour }, theme),
          }),
        ]
      : []),
  ]);
}

function groupParts(
  { topology, theme }: Drawing,
  group: HaGroup,
  { top, bottom }: { readonly top: number; readonly bottom: number },
): readonly Xml[] {
  const width = rightX + cardWidth - leftX + 32;
  const details = ["HA group", ...groupDetails(topology, group)].join(", ");
  return [
    element("rect", {
      x: leftX - 16,
      y: top,
      width,
      height: bottom - top,
      rx: 10,
      ...paint({ fill: "band", stroke: "bandEdge" }, theme),
    }),
    ...heading({ name: group.name, details, status: group.status }, theme, {
      x: leftX,
      y: top + 21,
      width: width - 32,
    }),
  ];
}

function card(
  { topology, theme, common }: Drawing,
  instance: Instance,
  { x, y, width = cardWidth }: { readonly x: number; readonly y: number; readonly width?: number },
): Xml {
  const { name, id, status, scheduleId, lastError: fault } = instance;
  const details = instanceDetails(topology, instance);
  const size = sizeOf(instance).filter((part, at) => part !== common?.[at]);
  const shown = [...size, ...placeDetails(topology, instance)];
  const rest = fault === null ? shown.join(", ") : fault.message;
  return element("g", {}, [
    textElement("title", {}, `${name} (${id}): ${[status, ...details].join(", ")}`),
    element("rect", {
      x,
      y,
      width,
      height: cardHeight,
      rx: 8,
      ...paint({ fill: "ground", stroke: "guide" }, theme),
    }),
    ...heading(
      { name, details: [roleOf(instance), rest].filter(Boolean).join(": "), status },
      theme,
      { x: x + 12, y: y + 23, width: width - 24 },
    ),
    ...(scheduleId === null ? [] : [glyphs.schedule(x + width - 18, y + cardHeight - 17, theme)]),
  ]);
}

/** Name and details in two lines, and the status to the right of the name. */
function heading(
  title: {
    readonly name: string;
    readonly details: string;
    readonly status: Instance["status"] | HaGroup["status"];
  },
  theme: Theme,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): readonly Xml[] {
  const tone = toneOf(title.status);
  const pill = textWidth(title.status, 10) + 12;
  return [
    textElement(
      "text",
      {
        x,
        y,
        "font-size": 13,
        "font-weight": 600,
        ...paint({ fill: "strong" }, theme),
      },
      fitting(title.name, { width: width - pill - 8, fontSize: 14 }),
    ),
    textElement(
      "text",
      {
        x,
        y: y + 18,
        "font-size": 11,
        ...paint({ fill: "muted" }, theme),
      },
      fitting(title.details, { width, fontSize: 11 }),
    ),
    element("rect", {
      x: x + width - pill,
      y: y - 13,
      width: pill,
      height: 18,
      rx: 9,
      ...toned(tone, theme),
    }),
    textElement(
      "text",
      {
        x: x + width - pill / 2,
        y: y - 0.5,
        "font-size": 10,
        "font-weight": 600,
        "text-anchor": "middle",
        ...tonedText(tone, theme),
      },
      title.status,
    ),
  ];
}

/** Describes each replication set in one sentence. */
function description(families: readonly InstanceCluster[]): string {
  const parts = families.map(({ group, members }) => {
    const names = members.map((instance) => {
      const { name, status } = instance;
      return `${roleOf(instance)} ${name} is ${status}`;
    });
    const head = group === null ? [] : [`HA group ${group.name} is ${group.status}`];
    return `${[...head, ...names].join(", ")}.`;
  });
  return parts.length === 0 ? "Nothing exists." : parts.join(" ");
}

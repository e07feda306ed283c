import { useMemo, useState } from "preact/hooks";
import type { Topology } from "../../model/topology.js";
import { shortName } from "../../outline/escape.js";
import { groupByAccount, type InstanceCluster, roleOf } from "../../outline/groupInstances.js";
import { treeText } from "../../outline/treeLines.js";
import { linkState } from "../../render/linkState.js";
import { toneOf } from "../../render/palette.js";
import type { HaGroup } from "../../service/haGroups/haGroup.model.js";
import type { Instance } from "../../service/instances/instance.model.js";
import { replicationOf } from "../../service/replication/positions.js";
import type { BranchModel } from "./branchModel.js";
import { clock, duration } from "./format.js";
import { memo } from "./memo.js";
import { Pill } from "./Pill.js";
import { useWidth } from "./useWidth.js";

interface PaneProps {
  readonly branch: BranchModel;
  readonly at: number;
  readonly count: number;
  readonly selected: string | null;
  readonly select: (id: string) => void;
}

/** What there is at a moment: as a drawing, or as the text that the library prints. */
export function TopologyPane({ branch, at, count, selected, select }: PaneProps) {
  const [isText, setText] = useState(false);
  const topology = branch.topologyAt(count);
  return (
    <section class="pane topology" aria-label="Topology">
      <h2>
        Topology <small>at {clock(at - branch.startAt)}</small>
        <span class="grow" />
        <button
          type="button"
          class="ref"
          aria-pressed={isText}
          onClick={() => {
            setText(!isText);
          }}
        >
          text
        </button>
      </h2>
      {isText ? (
        <pre class="tree" tabIndex={0} aria-label="Topology as text">
          {treeText(topology, { ids: true })}
        </pre>
      ) : (
        <Graph {...{ topology, at, selected, select }} />
      )}
    </section>
  );
}

const nodeHeight = 50;
const rowGap = 10;
const padding = 12;
const headHeight = 34;
const manyClusters = 8;

interface GraphProps {
  readonly topology: Topology;
  readonly at: number;
  readonly selected: string | null;
  readonly select: (id: string) => void;
}

function Graph({ topology, at, selected, select }: GraphProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const [isAll, setAll] = useState(false);
  const clusters = useMemo(
    () => groupByAccount(topology, {}).flatMap(({ families }) => families),
    [topology],
  );
  const shown =
    isAll || clusters.length <= manyClusters ? clusters : worthShowing(clusters, selected);
  const layout = useMemo(
    () => layOut(shown, Math.max(240, width)),
    [topology, shown.length, isAll, selected, width],
  );
  return (
    <div ref={ref}>
      {clusters.length === 0 && <p class="empty">Nothing exists at this moment.</p>}
      {width > 0 && (
        <div class="graph" style={{ height: `${String(layout.height)}px` }}>
          {layout.frames.map(({ group, y, height }) => (
            <Frame
              key={group.id}
              {...{ group, y, height, select }}
              isSelected={group.id === selected}
            />
          ))}
          <svg width={Math.max(240, width)} height={layout.height} aria-hidden="true">
            {layout.edges.map(({ replica, d, x, y, middle }) => (
              <Edge key={replica.id} {...{ topology, at, replica, d, x, y, middle }} />
            ))}
          </svg>
          {layout.nodes.map(({ instance, x, y }) => (
            <Node
              key={instance.id}
              {...{ instance, x, y, select }}
              width={layout.nodeWidth}
              isSelected={instance.id === selected}
              left={
                instance.work === null || instance.work.task === "detectFailure"
                  ? ""
                  : duration(instance.work.dueAt - at)
              }
            />
          ))}
        </div>
      )}
      {clusters.length > manyClusters && (
        <button
          type="button"
          class="ref"
          onClick={() => {
            setAll(!isAll);
          }}
        >
          {isAll
            ? "show what is selected or in trouble"
            : `show ${String(clusters.length - shown.length)} more, which are at rest`}
        </button>
      )}
    </div>
  );
}

/** Of many: what is selected, and what is not at rest; a few in any case. */
function worthShowing(
  clusters: readonly InstanceCluster[],
  selected: string | null,
): readonly InstanceCluster[] {
  const isSelected = ({ group, members }: InstanceCluster): boolean =>
    group?.id === selected || members.some(({ id }) => id === selected);
  const isBusy = ({ group, members }: InstanceCluster): boolean =>
    [...members, ...(group === null ? [] : [group])].some(({ status }) => status !== "ACTIVE");
  const found = [
    ...clusters.filter(isSelected),
    ...clusters.filter((each) => !isSelected(each) && isBusy(each)),
  ];
  return found.length > 0 ? found : clusters.slice(0, 4);
}

interface GraphLayout {
  readonly nodes: readonly {
    readonly instance: Instance;
    readonly x: number;
    readonly y: number;
  }[];
  readonly edges: readonly {
    readonly replica: Instance;
    readonly d: string;
    readonly x: number;
    readonly y: number;
    readonly middle: { readonly x: number; readonly y: number };
  }[];
  readonly frames: readonly {
    readonly group: HaGroup;
    readonly y: number;
    readonly height: number;
  }[];
  readonly nodeWidth: number;
  readonly height: number;
}

/** A set is two deep by rule: its source on the left, its replicas on the right. What stands alone takes rows of its own. */
function layOut(clusters: readonly InstanceCluster[], width: number): GraphLayout {
  const nodeWidth = Math.min(172, Math.max(104, (width - 2 * padding - 36) / 2));
  const link = Math.max(30, Math.min(110, width - 2 * nodeWidth - 2 * padding - 2));
  const right = padding + nodeWidth + link;
  const nodes: { instance: Instance; x: number; y: number }[] = [];
  const edges: GraphLayout["edges"][number][] = [];
  const frames: { group: HaGroup; y: number; height: number }[] = [];
  let y = 0;
  const alone: Instance[] = [];
  for (const { group, members } of clusters) {
    const [first, ...others] = members;
    if (group === null && others.length === 0) {
      if (first !== undefined) alone.push(first);
      continue;
    }
    const source = first?.sourceId === null ? first : undefined;
    const replicas = source === undefined ? members : others;
    const rows = Math.max(1, replicas.length);
    const inner = rows * nodeHeight + (rows - 1) * rowGap;
    const top = y + (group === null ? 2 : headHeight);
    const middle = top + inner / 2;
    if (source !== undefined)
      nodes.push({ instance: source, x: padding, y: middle - nodeHeight / 2 });
    for (const [at, replica] of replicas.entries()) {
      const replicaTop = top + at * (nodeHeight + rowGap);
      nodes.push({ instance: replica, x: right, y: replicaTop });
      if (source === undefined || replica.sourceId !== source.id) continue;
      const [x1, x2, y2] = [padding + nodeWidth, right, replicaTop + nodeHeight / 2];
      const bend = (x1 + x2) / 2;
      edges.push({
        replica,
        d: `M${String(x1)} ${String(middle)}C${String(bend)} ${String(middle)} ${String(bend)} ${String(y2)} ${String(x2 - 7)} ${String(y2)}`,
        x: x2,
        y: y2,
        middle: { x: bend, y: (middle + y2) / 2 },
      });
    }
    if (group !== null) frames.push({ group, y, height: headHeight + inner + padding });
    y = top + inner + (group === null ? 6 : padding) + 12;
  }
  for (const [at, instance] of alone.entries()) {
    nodes.push({
      instance,
      x: at % 2 === 0 ? padding : right,
      y: y + Math.floor(at / 2) * (nodeHeight + rowGap),
    });
  }
  y += Math.ceil(alone.length / 2) * (nodeHeight + rowGap);
  return { nodes, edges, frames, nodeWidth, height: y };
}

const Frame = memo(function Frame({
  group,
  y,
  height,
  isSelected,
  select,
}: {
  readonly group: HaGroup;
  readonly y: number;
  readonly height: number;
  readonly isSelected: boolean;
  readonly select: (id: string) => void;
}) {
  return (
    <button
      type="button"
      class={`frame ${isSelected ? "is" : ""}`}
      style={{ transform: `translateY(${String(y)}px)`, height: `${String(height)}px` }}
      aria-pressed={isSelected}
      onClick={() => {
        select(group.id);
      }}
    >
      <span class="grow-cut">
        <b>{shortName(group.name)}</b> <span class="what">HA group, {group.replicationMode}</span>
      </span>
      <Pill status={group.status} />
    </button>
  );
});

interface NodeProps {
  readonly instance: Instance;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly isSelected: boolean;
  /** Time until its work is done. */
  readonly left: string;
  readonly select: (id: string) => void;
}

const Node = memo(function Node({ instance, x, y, width, isSelected, left, select }: NodeProps) {
  const role =
    instance.sourceId === null && instance.groupId !== null ? "source" : roleOf(instance);
  return (
    <button
      type="button"
      class={`node t-${toneOf(instance.status)} ${isSelected ? "is" : ""}`}
      style={{
        transform: `translate(${String(x)}px,${String(y)}px)`,
        width: `${String(width)}px`,
        height: `${String(nodeHeight)}px`,
      }}
      aria-pressed={isSelected}
      onClick={() => {
        select(instance.id);
      }}
    >
      <span class="node-name">
        {role === "source" && (
          <i class="gold" aria-hidden="true">
            ★{" "}
          </i>
        )}
        <b>{shortName(instance.name)}</b>
        {role === "stand-alone" ? (
          <span class="what"> alone</span>
        ) : (
          <span class="sr"> {role}</span>
        )}
      </span>
      <span class="node-row">
        <Pill status={instance.status} />
        {left !== "" && <span class="what">{left}</span>}
      </span>
    </button>
  );
});

interface EdgeProps {
  readonly topology: Topology;
  readonly at: number;
  readonly replica: Instance;
  readonly d: string;
  readonly x: number;
  readonly y: number;
  readonly middle: { readonly x: number; readonly y: number };
}

/** Replication as it is: running with its lag, not begun, or broken. */
function Edge({ topology, at, replica, d, x, y, middle }: EdgeProps) {
  const status = replicationOf(topology, replica, at);
  if (status.role !== "replica") return null;
  const known = linkState(replica);
  const isPending = known === "pending";
  const isBroken =
    known === "broken" ||
    (!isPending && replica.link !== null && (!status.ioRunning || !status.sqlRunning));
  const lag =
    !isBroken && !isPending && status.lagMs !== null && replica.link !== null
      ? duration(status.lagMs)
      : "";
  return (
    <g class={`edge ${isBroken ? "broken" : isPending ? "pending" : status.mode}`}>
      <path class="line" d={d} />
      <path class="arrow" d={`M${String(x - 1)} ${String(y)}l-7 -4v8z`} />
      {isBroken && (
        <path class="cross" d={`M${String(middle.x - 4)} ${String(middle.y - 4)}l8 8m0 -8l-8 8`} />
      )}
      {lag !== "" && (
        <text x={x - 10} y={y - 6} text-anchor="end">
          {lag}
        </text>
      )}
    </g>
  );
}

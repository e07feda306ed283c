import { useMemo, useState } from "preact/hooks";
import { rowsOf } from "../../collections/table.js";
import { firstDivergence } from "../../kernel/causalTree.js";
import { plain, shortName } from "../../outline/escape.js";
import { statusWords } from "../../render/laneLayout.js";
import type { TimeAxisKind } from "../../render/timeAxis.js";
import type { Lane } from "../../render/timelineModel.js";
import type { ReplicationSet } from "../../render/timelineRows.js";
import type { HaGroup } from "../../service/haGroups/haGroup.model.js";
import type { Instance } from "../../service/instances/instance.model.js";
import type { BranchModel, EntryView } from "./branchModel.js";
import { clock, count, difference, duration, tickClock } from "./format.js";
import { drawClients, drawLanes, laneHeight, type PagePlot, plotOver } from "./laneDrawing.js";
import { Pill } from "./Pill.js";
import { Shapes } from "./TimelineRowView.js";
import { useWidth } from "./useWidth.js";

interface CompareProps {
  readonly left: BranchModel;
  readonly right: BranchModel;
  readonly at: number;
  readonly go: (at: number) => void;
  readonly kind: TimeAxisKind;
  readonly setKind: (kind: TimeAxisKind) => void;
}

/** Two branches: what differs in options, outcomes and at the end, and their lanes from where they part. */
export function Compare(props: CompareProps) {
  const { left, right } = props;
  const parting = useMemo(() => partingOf(left, right), [left, right, left.version, right.version]);
  return (
    <>
      <section class="pane" aria-label="What differs">
        <h2>
          What differs <small>the first entries that are not the same</small>
        </h2>
        {parting.seen === null ? (
          <p>Both branches are the same.</p>
        ) : (
          <FirstDifference {...{ left, right }} seen={parting.seen} />
        )}
        <div class="columns">
          <Outcomes {...{ left, right }} />
          <AtTheEnd {...{ left, right }} />
        </div>
      </section>
      <Lanes {...props} from={parting.at} />
    </>
  );
}

interface Two {
  readonly left: BranchModel;
  readonly right: BranchModel;
}

/** Where the branches part, and the first entry at which a reader sees it. */
interface Parting {
  readonly at: number;
  /** Places in the shown entries; null where both are equal. */
  readonly seen: number | null;
}

function partingOf(left: BranchModel, right: BranchModel): Parting {
  const found = firstDivergence(left.lines, right.lines);
  const at = Math.min(found?.left?.at ?? Infinity, found?.right?.at ?? Infinity);
  const length = Math.max(left.entries.length, right.entries.length);
  let seen = 0;
  while (seen < length && isSameToReaders(left.entries[seen], right.entries[seen])) seen += 1;
  return { at: found === null ? left.startAt : at, seen: seen === length ? null : seen };
}

function isSameToReaders(one: EntryView | undefined, other: EntryView | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return (
    one.entry.at === other.entry.at &&
    one.texts.length === other.texts.length &&
    one.texts.every(({ name, status, text }, at) => {
      const there = other.texts[at];
      return there?.name === name && there.status === status && there.text === text;
    })
  );
}

function FirstDifference({ left, right, seen }: Two & { readonly seen: number }) {
  return (
    <dl class="facts parting">
      {[left, right].map((branch, at) => {
        const view = branch.entries[seen];
        return (
          <>
            <dt>
              <i class={`dot b${String(at)}`} />
              {nameOf(branch, at)}
            </dt>
            <dd>
              {view === undefined ? (
                "has ended before"
              ) : (
                <>
                  <b>{clock(view.entry.at - branch.startAt)}</b>{" "}
                  <span class="seq">#{view.entry.seq}</span>{" "}
                  {view.texts
                    .map(({ name, status, text }) =>
                      [name, statusWords(status), text].filter(Boolean).join(" "),
                    )
                    .join(" · ")}
                </>
              )}
            </dd>
          </>
        );
      })}
    </dl>
  );
}

function Heads({
  left,
  right,
  first,
  last,
}: Two & { readonly first: string; readonly last?: string }) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        <th scope="col">
          <i class="dot b0" />
          {nameOf(left, 0)}
        </th>
        <th scope="col">
          <i class="dot b1" />
          {nameOf(right, 1)}
        </th>
        {last !== undefined && <th scope="col">{last}</th>}
      </tr>
    </thead>
  );
}

function Outcomes({ left, right }: Two) {
  const options = useMemo(() => differingOptions(left, right), [left, right]);
  const names = [...new Set([...left.sets, ...right.sets].map(({ name }) => name))];
  const find = ({ sets }: BranchModel, name: string): ReplicationSet | undefined =>
    sets.find((set) => set.name === name);
  return (
    <table>
      <Heads {...{ left, right }} first="outcome" last="difference" />
      <tbody>
        {options.map(({ name, values: [a, b] }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{optionWords(name, a)}</td>
            <td>{optionWords(name, b)}</td>
            <td>
              {typeof a === "number" && typeof b === "number"
                ? difference(a, b, (value) => optionWords(name, value))
                : ""}
            </td>
          </tr>
        ))}
        {names.flatMap((name) => {
          const [a, b] = [find(left, name), find(right, name)];
          const [outA, outB, lostA, lostB] = [
            a?.outageMs ?? 0,
            b?.outageMs ?? 0,
            a?.lostTransactions ?? 0,
            b?.lostTransactions ?? 0,
          ];
          if (outA + outB + lostA + lostB === 0) return [];
          return [
            <tr key={`${name} writes`}>
              <th scope="row">{name}: without writes</th>
              <td>{duration(outA)}</td>
              <td>{duration(outB)}</td>
              <td class={toneOfChange(outA, outB)}>{difference(outA, outB, duration)}</td>
            </tr>,
            <tr key={`${name} lost`}>
              <th scope="row">{name}: transactions lost</th>
              <td>{count(lostA)}</td>
              <td>{count(lostB)}</td>
              <td class={toneOfChange(lostA, lostB)}>{difference(lostA, lostB, count)}</td>
            </tr>,
          ];
        })}
      </tbody>
    </table>
  );
}

function toneOfChange(left: number, right: number): string {
  return right > left ? "bad" : right < left ? "good" : "";
}

function AtTheEnd({ left, right }: Two) {
  const rows = useMemo(() => {
    const [a, b] = [endRows(left), endRows(right)];
    const names = [...new Set([...a.keys(), ...b.keys()])];
    return names
      .map((name) => ({ name, values: [a.get(name), b.get(name)] as const }))
      .filter(({ values: [one, other] }) => one?.key !== other?.key);
  }, [left, right, left.version, right.version]);
  return (
    <table>
      <Heads {...{ left, right }} first="at the end" />
      <tbody>
        {rows.map(({ name, values }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {values.map((value, at) => (
              <td key={at}>
                {value === undefined ? (
                  <span class="what">does not exist</span>
                ) : (
                  <>
                    <Pill status={value.status} /> {value.role}
                  </>
                )}
              </td>
            ))}
          </tr>
        ))}
        {rows.length === 0 && (
          <tr>
            <td colSpan={3}>The same instances in the same roles.</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

interface EndRow {
  readonly status: (Instance | HaGroup)["status"];
  readonly role: string;
  readonly key: string;
}

function endRows(branch: BranchModel): ReadonlyMap<string, EndRow> {
  const topology = branch.topologyAt(branch.length);
  const rows = new Map<string, EndRow>();
  for (const group of rowsOf(topology.groups)) {
    const role = group.sourceId === null ? "no source" : `source ${branch.nameOf(group.sourceId)}`;
    rows.set(`${shortName(group.name)} (group)`, {
      status: group.status,
      role,
      key: `${group.status} ${role}`,
    });
  }
  for (const instance of rowsOf(topology.instances)) {
    const { sourceId, replicaIds, status, name } = instance;
    const role =
      sourceId !== null
        ? `replica of ${branch.nameOf(sourceId)}`
        : replicaIds.length > 0
          ? "source"
          : "stand-alone";
    rows.set(shortName(name), { status, role, key: `${status} ${role}` });
  }
  return rows;
}

interface PairedLane {
  readonly name: string;
  readonly lanes: readonly [readonly Lane[], readonly Lane[]];
  readonly isSame: boolean;
}

const pairHeight = 2 * laneHeight - 8;

function Lanes({
  left,
  right,
  at,
  go,
  kind,
  setKind,
  from: parted,
}: CompareProps & { readonly from: number }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const [isAll, setAll] = useState(false);
  const names = Math.round(Math.min(170, Math.max(92, width * 0.16)));
  const end = Math.max(left.endAt, right.endAt);
  const moments = useMemo(
    () => [...new Set([...left.moments, ...right.moments])].sort((a, b) => a - b),
    [left, right],
  );
  const from = useMemo(
    () => moments.findLast((moment) => moment < parted) ?? left.startAt,
    [moments, parted],
  );
  const plot = useMemo(
    () => plotOver(moments, { from, to: end, kind, width: Math.max(120, width - names - 14) }),
    [moments, from, end, kind, width, names],
  );
  const pairs = useMemo(() => pairsOf(left, right), [left, right, left.version, right.version]);
  const shown = isAll ? pairs : pairs.filter(({ isSame }) => !isSame);
  const sets = [
    ...new Set(
      [...left.sets, ...right.sets]
        .filter(({ outages }) => outages.length > 0)
        .map(({ name }) => name),
    ),
  ];
  const total = sets.length * pairHeight + shown.length * pairHeight;
  const room = Math.max(0, width - names);
  return (
    <section class="pane compare" aria-label="Both timelines">
      <h2>
        Both, from where they part <small>at {clock(parted - left.startAt)}</small>
        <span class="grow" />
        {pairs.length > shown.length || isAll ? (
          <button
            type="button"
            class="ref"
            onClick={() => {
              setAll(!isAll);
            }}
          >
            {isAll
              ? "only what differs"
              : `${String(pairs.length - shown.length)} lanes are the same in both: show them`}
          </button>
        ) : null}
        <span class="segments" role="group" aria-label="Scale of time">
          <button
            type="button"
            aria-pressed={kind === "logarithmic"}
            onClick={() => {
              setKind("logarithmic");
            }}
          >
            logarithmic time
          </button>
          <button
            type="button"
            aria-pressed={kind === "linear"}
            onClick={() => {
              setKind("linear");
            }}
          >
            linear
          </button>
        </span>
      </h2>
      <div class="timeline" ref={ref}>
        <svg class="axis" width={width} height="20" aria-hidden="true">
          {plot.axis.ticks.map((tick) => (
            <text key={tick} x={names + plot.x(tick)} y="14">
              {tickClock(tick - left.startAt, end - from)}
            </text>
          ))}
        </svg>
        <div
          class="rows paired"
          role="group"
          aria-label="Lanes of both branches"
          onPointerDown={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            go(plot.axis.momentAt((event.clientX - box.left - names) / plot.width));
          }}
        >
          {sets.map((name) => (
            <div class="pair" key={`writes ${name}`} style={{ height: `${String(pairHeight)}px` }}>
              <span class="pair-name" style={{ width: `${String(names - 6)}px` }}>
                <b>{name}</b> writes
              </span>
              {[left, right].map((branch, side) => {
                const set = branch.sets.find((each) => each.name === name);
                const shapes = drawClients(set ?? { outages: [], writesSince: null }, plot);
                return (
                  <svg
                    key={side}
                    style={{
                      left: `${String(names)}px`,
                      top: `${String(side * (laneHeight - 6))}px`,
                    }}
                    width={room}
                    height={laneHeight}
                    aria-hidden="true"
                  >
                    <path class={`side b${String(side)}`} d={`M-6 6v14`} />
                    <Shapes {...shapes} />
                  </svg>
                );
              })}
            </div>
          ))}
          {shown.map(({ name, lanes }) => (
            <div class="pair" key={name} style={{ height: `${String(pairHeight)}px` }}>
              <span class="pair-name" style={{ width: `${String(names - 6)}px` }}>
                {name}
              </span>
              {lanes.map((own, side) => (
                <PairedLaneView key={side} {...{ lanes: own, plot, side, names, room }} />
              ))}
            </div>
          ))}
          <div
            class="head"
            style={{
              transform: `translateX(${String(names + plot.x(at))}px)`,
              height: `${String(total)}px`,
            }}
            aria-hidden="true"
          />
        </div>
      </div>
    </section>
  );
}

function PairedLaneView({
  lanes,
  plot,
  side,
  names,
  room,
}: {
  readonly lanes: readonly Lane[];
  readonly plot: PagePlot;
  readonly side: number;
  readonly names: number;
  readonly room: number;
}) {
  const { paths, labels } = useMemo(() => drawLanes(lanes, plot), [lanes, plot]);
  return (
    <svg
      style={{ left: `${String(names)}px`, top: `${String(side * (laneHeight - 6))}px` }}
      width={room}
      height={laneHeight}
      aria-hidden="true"
    >
      <path class={`side b${String(side)}`} d="M-6 6v14" />
      <Shapes
        paths={paths.filter(({ class: name }) => !name.startsWith("link") && name !== "source")}
        labels={labels}
      />
    </svg>
  );
}

/** Lanes by name, beside those of the other branch. */
function pairsOf(left: BranchModel, right: BranchModel): readonly PairedLane[] {
  const [a, b] = [lanesByName(left), lanesByName(right)];
  return [...new Set([...a.keys(), ...b.keys()])].map((name) => {
    const lanes = [a.get(name) ?? [], b.get(name) ?? []] as const;
    const describe = (
      own: readonly Lane[],
      { nameOf: named }: { nameOf: (id: string) => string },
    ): string =>
      JSON.stringify(
        own.map(({ statuses, links }) => [
          statuses.map(({ from, status }) => [from, status]),
          links.map(({ from, sourceId }) => [from, named(sourceId)]),
        ]),
      );
    const isSame =
      describe(lanes[0], { nameOf: (id) => left.nameOf(id) }) ===
      describe(lanes[1], { nameOf: (id) => right.nameOf(id) });
    return { name, lanes, isSame };
  });
}

function lanesByName({ sets }: BranchModel): ReadonlyMap<string, readonly Lane[]> {
  const lanes = new Map<string, Lane[]>();
  for (const lane of sets.flatMap((set) => set.lanes)) {
    const name = lane.kind === "group" ? `${lane.name} (group)` : lane.name;
    const own = lanes.get(name);
    if (own === undefined) lanes.set(name, [lane]);
    else own.push(lane);
  }
  return lanes;
}

function differingOptions(
  left: BranchModel,
  right: BranchModel,
): readonly { readonly name: string; readonly values: readonly [unknown, unknown] }[] {
  const [a, b] = [leavesOf(left.journal.settings), leavesOf(right.journal.settings)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((name) => ({ name, values: [a.get(name), b.get(name)] as const }))
    .filter(({ values: [one, other] }) => JSON.stringify(one) !== JSON.stringify(other));
}

/** Options by their paths: `latency.detectFailure`. */
function leavesOf(value: unknown, path = ""): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([key, part]) => [
      ...leavesOf(part, path === "" ? key : `${path}.${key}`),
    ]),
  );
}

function optionWords(name: string, value: unknown): string {
  if (value === undefined) return "none";
  const isDuration = name.startsWith("latency.") || name.endsWith("Ms");
  return typeof value === "number" && isDuration ? duration(value) : plain(JSON.stringify(value));
}

function nameOf({ name }: BranchModel, at: number): string {
  return name === "" ? (at === 0 ? "first" : "second") : name;
}

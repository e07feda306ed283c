import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { plain } from "../../outline/escape.js";
import { treeText } from "../../outline/treeLines.js";
import { statusWords } from "../../render/laneLayout.js";
import { timelineText } from "../../render/timelineText.js";
import type { HaGroup } from "../../service/haGroups/haGroup.model.js";
import type { Instance } from "../../service/instances/instance.model.js";
import { replicationOf } from "../../service/replication/positions.js";
import { type BranchModel, rowOf } from "./branchModel.js";
import { clock, duration, count as number } from "./format.js";
import { Pill } from "./Pill.js";

interface DetailsProps {
  readonly branch: BranchModel;
  readonly at: number;
  readonly count: number;
  readonly go: (at: number) => void;
  readonly selected: string | null;
  readonly select: (id: string) => void;
}

/** What is selected, as it is at the moment, and the chain of causes that led there. */
export function Details(props: DetailsProps) {
  const { branch, count, selected } = props;
  const topology = branch.topologyAt(count);
  const found = useMemo(() => rowOf(topology, selected), [topology, selected]);
  if (selected === null)
    return (
      <>
        <h2>Details</h2>
        <p class="empty">Select an instance or a group.</p>
      </>
    );
  return (
    <>
      <h2>
        <span class="cut">{branch.nameOf(selected)}</span>{" "}
        {found === undefined ? (
          <small>does not exist now</small>
        ) : (
          <Pill status={found.row.status} />
        )}
        <span class="grow" />
        <Copy {...props} />
      </h2>
      {found !== undefined && (
        <dl class="facts">
          {found.kind === "group" ? (
            <GroupFacts {...props} group={found.row} />
          ) : (
            <InstanceFacts {...props} instance={found.row} />
          )}
          <WorkFacts {...props} row={found.row} />
        </dl>
      )}
      <Why {...props} selected={selected} />
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Ref({
  id,
  branch,
  select,
}: { readonly id: string } & Pick<DetailsProps, "branch" | "select">) {
  return (
    <button
      type="button"
      class="ref"
      onClick={() => {
        select(id);
      }}
    >
      {branch.nameOf(id)}
    </button>
  );
}

function Refs({
  ids,
  ...props
}: { readonly ids: readonly string[] } & Pick<DetailsProps, "branch" | "select">) {
  return ids.length === 0 ? (
    <>none</>
  ) : (
    <>
      {ids.map((id) => (
        <Ref key={id} id={id} {...props} />
      ))}
    </>
  );
}

function GroupFacts({ group, branch, select, go }: DetailsProps & { readonly group: HaGroup }) {
  const refs = { branch, select };
  return (
    <>
      <Fact name="source">
        {group.sourceId === null ? "none" : <Ref id={group.sourceId} {...refs} />}
      </Fact>
      <Fact name="replicas">
        <Refs ids={group.replicaIds} {...refs} />
      </Fact>
      <Fact name="mode">{group.replicationMode}</Fact>
      <Fact name="failovers">
        {group.failovers.length === 0
          ? "none"
          : group.failovers.slice(-5).map(({ id, at, newSourceId }) => (
              <button
                type="button"
                class="ref"
                key={id}
                onClick={() => {
                  go(at);
                }}
              >
                {clock(at - branch.startAt)} to {branch.nameOf(newSourceId)}
              </button>
            ))}
      </Fact>
    </>
  );
}

function InstanceFacts({
  instance,
  branch,
  at,
  count,
  select,
}: DetailsProps & { readonly instance: Instance }) {
  const refs = { branch, select };
  const status = replicationOf(branch.topologyAt(count), instance, at);
  return (
    <>
      {instance.groupId !== null && (
        <Fact name="group">
          <Ref id={instance.groupId} {...refs} />
        </Fact>
      )}
      {instance.partitionId !== null && (
        <Fact name="network">
          <b class="bad">cut off from replicas and monitor by {instance.partitionId}</b>
        </Fact>
      )}
      {status.role === "replica" ? (
        <>
          <Fact name="source">
            <Ref id={status.sourceId} {...refs} />
          </Fact>
          <Fact name="mode">{status.mode}</Fact>
          <Fact name="lag">
            {status.lagMs === null ? (
              <b class="bad">
                not replicating
                {status.lastError === null ? "" : `: ${plain(status.lastError.message)}`}
              </b>
            ) : (
              duration(status.lagMs)
            )}
          </Fact>
          <Fact name="received">{number(status.receivedPosition.transactions)} transactions</Fact>
          <Fact name="applied">{number(status.appliedPosition.transactions)} transactions</Fact>
        </>
      ) : (
        <>
          <Fact name="replicas">
            <Refs ids={instance.replicaIds} {...refs} />
          </Fact>
          {status.workload !== null && (
            <Fact name="clients write">{number(status.workload.transactionsPerSecond)}/s</Fact>
          )}
          {status.workload !== null && (
            <Fact name="written">{number(status.writtenPosition.transactions)} transactions</Fact>
          )}
          {status.workload !== null &&
            status.acknowledgedPosition.transactions < status.writtenPosition.transactions && (
              <Fact name="acknowledged">
                {number(status.acknowledgedPosition.transactions)} transactions
              </Fact>
            )}
          {status.semiSynchronous !== "off" && (
            <Fact name="semi-sync">{status.semiSynchronous}</Fact>
          )}
          {status.interruptedAt !== null && (
            <Fact name="writes">
              <b class="bad">interrupted for {duration(at - status.interruptedAt)}</b>
            </Fact>
          )}
        </>
      )}
      <Fact name="place">
        {instance.zone}, {instance.rack}
      </Fact>
      <Fact name="size">
        flavor {instance.flavorId}, {instance.volumeGb} GB, {instance.datastoreType}{" "}
        {instance.datastoreVersion}
      </Fact>
    </>
  );
}

function WorkFacts({ row, at, go }: DetailsProps & { readonly row: Instance | HaGroup }) {
  const { work, lastError } = row;
  return (
    <>
      {work !== null && (
        <Fact name="task">
          {work.task}, done in {duration(work.dueAt - at)}
          <button
            type="button"
            class="ref"
            onClick={() => {
              go(work.dueAt);
            }}
          >
            go there
          </button>
        </Fact>
      )}
      {lastError !== null && (
        <Fact name="last error">
          <b class="bad">{plain(lastError.message)}</b>
        </Fact>
      )}
    </>
  );
}

function Why({
  branch,
  count,
  go,
  selected,
  select,
}: DetailsProps & { readonly selected: string }) {
  const causes = useMemo(() => branch.causes(selected, count), [branch, selected, count]);
  return (
    <>
      <h3>Why: what led here, newest first</h3>
      {causes.length === 0 ? (
        <p class="empty">Nothing has happened to it yet.</p>
      ) : (
        <ol class="chain" aria-label="Causes">
          {causes.map((seq, at) => {
            const view = branch.view(seq);
            if (view === undefined) return null;
            const own = view.texts.filter(({ subjectId }) => subjectId === selected);
            const others = view.texts.filter(({ subjectId }) => subjectId !== selected);
            const few = [...own, ...others].slice(0, 3);
            const isRoot = at === causes.length - 1;
            return (
              <li key={seq} class={view.kind}>
                <button
                  type="button"
                  onClick={() => {
                    go(view.entry.at);
                    const subjectId = view.texts.find((each) => each.subjectId !== "")?.subjectId;
                    if (own.length === 0 && subjectId !== undefined) select(subjectId);
                  }}
                >
                  <time>{clock(view.entry.at - branch.startAt)}</time>{" "}
                  <span class="seq">#{seq}</span>
                  {isRoot && <small> root cause</small>}
                  {few.map(({ name, status, text }, place) => (
                    <span class="line" key={place}>
                      <b>{name}</b> {status !== "" && <em>{statusWords(status)}</em>} {text}
                    </span>
                  ))}
                  {view.texts.length > few.length && (
                    <small>and {view.texts.length - few.length} more</small>
                  )}
                </button>
              </li>
            );
          })}
        </ol>
      )}
    </>
  );
}

/** Copies of what is shown, for reports and tests. */
function Copy({ branch, count }: DetailsProps) {
  const [message, setMessage] = useState("");
  const copy = (what: string, text: string): void => {
    navigator.clipboard.writeText(text).then(
      () => {
        setMessage(`copied the ${what}`);
      },
      () => {
        setMessage("the browser does not allow copying");
      },
    );
  };
  return (
    <span class="copy">
      <span role="status">{message}</span>
      <button
        type="button"
        class="ref"
        title="Copy the topology as text"
        onClick={() => {
          copy("tree", treeText(branch.topologyAt(count), { ids: true }));
        }}
      >
        copy tree
      </button>
      <button
        type="button"
        class="ref"
        title="Copy the journal up to here as text"
        onClick={() => {
          const { journal, lines } = branch;
          copy("journal", timelineText({ ...journal, lines: lines.slice(0, count) }));
        }}
      >
        copy journal
      </button>
    </span>
  );
}

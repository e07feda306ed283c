import { useMemo } from "preact/hooks";
import type { BranchModel } from "./branchModel.js";
import { count, duration, times } from "./format.js";

interface SummaryProps {
  readonly branch: BranchModel;
  readonly version: number;
  readonly go: (at: number) => void;
  readonly select: (id: string) => void;
}

/** What clients felt, worst first: how long they could not write, how often, and what was lost. */
export function Summary({ branch, version, go, select }: SummaryProps) {
  const hit = useMemo(
    () =>
      branch.sets
        .filter(({ outages, lostTransactions }) => outages.length > 0 || lostTransactions > 0)
        .sort((a, b) => b.lostTransactions - a.lostTransactions || b.outageMs - a.outageMs),
    [branch, version],
  );
  if (hit.length === 0) {
    const hasClients = branch.entries.some(({ entry }) =>
      entry.facts.some(({ type }) => type === "WorkloadSet"),
    );
    return (
      <p class="summary calm">
        {hasClients
          ? "Clients could write all the time. Nothing was lost."
          : "No client writes in this world; set a workload to see outages and losses."}
      </p>
    );
  }
  const few = hit.slice(0, 3);
  const rest = hit.slice(few.length);
  return (
    <ul class="summary" aria-label="Outages and losses">
      {few.map(({ id, name, kind, outages, outageMs, lostTransactions }) => (
        <li key={id}>
          <span class="of">
            {kind === "group" ? "HA group" : kind === "set" ? "set" : "instance"} <b>{name}</b>
          </span>
          <button
            type="button"
            class="bad"
            title="Go to the first outage"
            onClick={() => {
              go(outages[0]?.from ?? branch.startAt);
              select(outages[0]?.instanceIds[0] ?? id);
            }}
          >
            {duration(outageMs)} without writes
          </button>
          <span>{times(outages.length)}</span>
          <span class={lostTransactions > 0 ? "bad" : "good"}>{count(lostTransactions)} lost</span>
        </li>
      ))}
      {rest.length > 0 && (
        <li>
          <span>
            and {rest.length} more sets,{" "}
            {duration(rest.reduce((sum, { outageMs }) => sum + outageMs, 0))} together
          </span>
        </li>
      )}
    </ul>
  );
}

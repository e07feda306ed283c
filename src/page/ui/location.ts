import type { BranchModel } from "./branchModel.js";

/** Where a link leads: a moment and what is selected; else the first fault and what it hit. */
export function placeOf(
  branch: BranchModel,
  isLive: boolean,
): { readonly at: number; readonly selected: string | null } {
  const params = new URLSearchParams(location.hash.slice(1));
  const linked = Number(params.get("t") ?? Number.NaN);
  const fault = branch.entries.find(({ kind }) => kind === "fault");
  const first = isLive ? branch.endAt : (fault?.entry.at ?? branch.endAt);
  const name = params.get("select");
  return {
    at: Number.isFinite(linked) ? clamp(branch, branch.startAt + linked) : first,
    selected:
      (name === null ? undefined : branch.idOf(name)) ??
      fault?.texts.find(({ subjectId }) => subjectId !== "")?.subjectId ??
      branch.sets[0]?.lanes[0]?.id ??
      null,
  };
}

/** Keeps the place in the address, so that a link leads back to it. */
export function rememberPlace({
  branch,
  at,
  selected,
}: {
  readonly branch: BranchModel;
  /** Null for the end, wherever that will be. */
  readonly at: number | null;
  readonly selected: string | null;
}): void {
  clearTimeout(pending.timer);
  // Browsers refuse more than a few changes a second.
  pending.timer = setTimeout(() => {
    // The address as it is now: a link to a scenario may have been put there.
    const params = new URLSearchParams(location.hash.slice(1));
    if (at === null) params.delete("t");
    else params.set("t", String(at - branch.startAt));
    if (selected !== null) params.set("select", branch.nameOf(selected));
    history.replaceState(null, "", `#${params.toString()}`);
  }, 250);
}

const pending: { timer: ReturnType<typeof setTimeout> | undefined } = { timer: undefined };

function clamp({ startAt, endAt }: BranchModel, at: number): number {
  return Math.min(endAt, Math.max(startAt, at));
}

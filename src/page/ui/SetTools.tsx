import type { ReplicationSet } from "../../render/timelineRows.js";

/** Which sets the timeline shows, in which order, and which of them are collapsed. */
export interface SetView {
  readonly order: "creation" | "damage";
  readonly onlyProblems: boolean;
  readonly collapsed: ReadonlySet<string>;
}

/** Tools for worlds with many sets. */
export function SetTools({
  sets,
  view,
  onView,
}: {
  readonly sets: readonly ReplicationSet[];
  readonly view: SetView;
  readonly onView: (view: SetView) => void;
}) {
  const isAllCollapsed = sets.every(({ id }) => view.collapsed.has(id));
  return (
    <div class="set-tools">
      <span>{sets.length} sets</span>
      <button
        type="button"
        onClick={() => {
          onView({ ...view, collapsed: new Set(isAllCollapsed ? [] : sets.map(({ id }) => id)) });
        }}
      >
        {isAllCollapsed ? "open all" : "close all"}
      </button>
      <button
        type="button"
        aria-pressed={view.order === "damage"}
        onClick={() => {
          onView({ ...view, order: view.order === "damage" ? "creation" : "damage" });
        }}
      >
        worst first
      </button>
      <button
        type="button"
        aria-pressed={view.onlyProblems}
        onClick={() => {
          onView({ ...view, onlyProblems: !view.onlyProblems });
        }}
      >
        with trouble only
      </button>
    </div>
  );
}

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { statusWords } from "../../render/laneLayout.js";
import type { BranchModel, EntryView } from "./branchModel.js";
import { clock } from "./format.js";
import { memo } from "./memo.js";

interface PaneProps {
  readonly branch: BranchModel;
  readonly version: number;
  readonly at: number;
  readonly count: number;
  readonly go: (at: number) => void;
  readonly selected: string | null;
}

type KindFilter = "all" | "command" | "fault" | "work";

const before = 14;
const after = 26;

/** The journal: what happened so far, and what is still to come. Search and filter; a window of it is drawn. */
export function JournalPane({ branch, version, count, go, selected }: PaneProps) {
  const [query, setQuery] = useState("");
  const [isOwn, setOwn] = useState(false);
  const [kind, setKind] = useState<KindFilter>("all");
  const shown = useMemo(
    () => filtered(branch, { query, kind, of: isOwn ? selected : null }),
    [branch, version, query, kind, isOwn, isOwn ? selected : null],
  );
  const nextSeq = branch.firstSeq + count;
  const centre = placeBefore(shown, nextSeq);
  const from = Math.max(0, centre - before);
  const part = shown.slice(from, centre + after);
  const rest = shown.length - from - part.length;
  const present = shown[centre - 1]?.entry.seq;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const box = list.current;
    const current = box?.querySelector<HTMLElement>("[aria-current]");
    if (box == null || current == null) return;
    const top = current.offsetTop - box.clientHeight / 2;
    if (
      current.offsetTop < box.scrollTop ||
      current.offsetTop + current.offsetHeight > box.scrollTop + box.clientHeight ||
      from > 0
    )
      box.scrollTop = top;
  }, [present, shown]);
  const name = selected === null ? "selected" : branch.nameOf(selected);
  return (
    <section class="pane journal" aria-label="Journal">
      <h2>
        Journal <small>{shown.length} entries</small>
        <span class="grow" />
        <label class="check">
          <input
            type="checkbox"
            checked={isOwn}
            onChange={(event) => {
              setOwn(event.currentTarget.checked);
            }}
          />{" "}
          <span class="cut">{name}</span> only
        </label>
        <select
          aria-label="Kinds of entries"
          value={kind}
          onChange={(event) => {
            setKind(event.currentTarget.value as KindFilter);
          }}
        >
          <option value="all">everything</option>
          <option value="command">commands</option>
          <option value="fault">faults</option>
          <option value="work">work</option>
        </select>
        <input
          id="find"
          type="search"
          placeholder="search  /"
          aria-label="Search the journal"
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            setQuery("");
            event.currentTarget.blur();
          }}
        />
      </h2>
      <ol class="entries" ref={list} tabIndex={0} aria-label="Journal entries">
        {from > 0 && (
          <More
            label={`${String(from)} earlier entries`}
            onClick={() => {
              go(shown[from - 1]?.entry.at ?? branch.startAt);
            }}
          />
        )}
        {part.map((view, at) => (
          <Entry
            key={view.entry.seq}
            view={view}
            time={
              part[at - 1]?.entry.at === view.entry.at ? "" : clock(view.entry.at - branch.startAt)
            }
            isLater={view.entry.seq >= nextSeq}
            isPresent={view.entry.seq === present}
            selected={selected}
            go={go}
          />
        ))}
        {rest > 0 && (
          <More
            label={`${String(rest)} later entries`}
            onClick={() => {
              go(shown[from + part.length]?.entry.at ?? branch.endAt);
            }}
          />
        )}
        {shown.length === 0 && <li class="empty">No entry matches.</li>}
      </ol>
    </section>
  );
}

function filtered(
  branch: BranchModel,
  {
    query,
    kind,
    of,
  }: { readonly query: string; readonly kind: KindFilter; readonly of: string | null },
): readonly EntryView[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return branch.entries.filter((view) => {
    if (
      kind === "all"
        ? view.kind === "quiet" && words.length === 0 && of === null
        : view.kind !== kind
    )
      return false;
    if (of !== null && !view.texts.some(({ subjectId }) => subjectId === of)) return false;
    return words.every(
      (word) => branch.searchTextOf(view).includes(word) || word === `#${String(view.entry.seq)}`,
    );
  });
}

/** How many of the entries come before a number. */
function placeBefore(entries: readonly EntryView[], seq: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.entry.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface EntryProps {
  readonly view: EntryView;
  readonly time: string;
  readonly isLater: boolean;
  readonly isPresent: boolean;
  readonly selected: string | null;
  readonly go: (at: number) => void;
}

const Entry = memo(function Entry({ view, time, isLater, isPresent, selected, go }: EntryProps) {
  const { entry, kind, texts } = view;
  return (
    <li class={`${kind} ${isLater ? "later" : ""}`} aria-current={isPresent ? "step" : undefined}>
      <button
        type="button"
        tabIndex={isPresent ? 0 : -1}
        onClick={() => {
          go(entry.at);
        }}
      >
        <time>{time}</time>
        <span class="seq">#{entry.seq}</span>
        <span class="texts">
          {texts.map(({ subjectId, name, status, text }, at) => (
            <span key={at} class={subjectId !== "" && subjectId === selected ? "own" : ""}>
              {name !== "" && <b>{name}</b>} {status !== "" && <em>{statusWords(status)}</em>}{" "}
              {text}
            </span>
          ))}
        </span>
      </button>
    </li>
  );
});

function More({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <li class="more">
      <button type="button" onClick={onClick}>
        {label}
      </button>
    </li>
  );
}

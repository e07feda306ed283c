import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { plain } from "../../outline/escape.js";
import type { TimeAxisKind } from "../../render/timeAxis.js";
import type { FuturesData } from "../pageData.js";
import type { BranchModel } from "./branchModel.js";
import { Compare } from "./Compare.js";
import { Details } from "./Details.js";
import { FuturesPane } from "./FuturesPane.js";
import { clock } from "./format.js";
import { Help } from "./Help.js";
import { JournalPane } from "./JournalPane.js";
import { useKeys } from "./keys.js";
import { placeOf, rememberPlace } from "./location.js";
import { stepFrom } from "./playhead.js";
import { Summary } from "./Summary.js";
import { Timeline } from "./Timeline.js";
import { TopologyPane } from "./TopologyPane.js";
import type { TimeWindow } from "./timeWindow.js";

/** What a live page adds: a bar of actions, and a pane beside the details. */
export interface LiveParts {
  readonly bar: (place: Place) => ComponentChildren;
  readonly pane: ComponentChildren;
  /** Rises with each entry that arrives. */
  readonly version: number;
}

/** Where the reader is. */
export interface Place {
  readonly branch: BranchModel;
  readonly at: number;
  readonly selected: string | null;
}

interface AppProps {
  readonly title: string;
  readonly note: string;
  readonly branches: readonly BranchModel[];
  readonly futures: FuturesData | null;
  readonly live?: LiveParts;
  /** Runs a future whose journal is not in the page. */
  readonly onSeed?: (seed: string, design: string) => void;
}

/** The whole page. */
export function App({ title, note, branches, futures, live, onSeed }: AppProps) {
  const [shown, setShown] = useState(0);
  const [view, setView] = useState<"world" | "compare" | "futures">(
    branches.length === 0 ? "futures" : "world",
  );
  return (
    <>
      <header class="bar">
        <div class="title">
          <h1>{plain(title)}</h1>
          {note !== "" && <p>{plain(note)}</p>}
        </div>
        <Tabs
          {...{ branches, shown, view, hasFutures: futures !== null }}
          onShow={(branch) => {
            setShown(branch);
            setView("world");
          }}
          onView={setView}
        />
      </header>
      {view === "futures" && futures !== null ? (
        <main class="single">
          <FuturesPane
            futures={futures}
            {...(onSeed === undefined ? {} : { onSeed })}
            onOpen={(branch) => {
              setShown(branch);
              setView("world");
            }}
          />
        </main>
      ) : (
        <World
          branches={branches}
          branch={branches[Math.min(shown, branches.length - 1)]}
          isComparing={view === "compare"}
          live={live}
          onBranch={() => {
            setShown((branch) => (branch + 1) % branches.length);
            setView("world");
          }}
          onCompare={() => {
            if (branches.length > 1) setView(view === "compare" ? "world" : "compare");
          }}
        />
      )}
    </>
  );
}

interface TabsProps {
  readonly branches: readonly BranchModel[];
  readonly shown: number;
  readonly view: "world" | "compare" | "futures";
  readonly hasFutures: boolean;
  readonly onShow: (branch: number) => void;
  readonly onView: (view: "compare" | "futures") => void;
}

function Tabs({ branches, shown, view, hasFutures, onShow, onView }: TabsProps) {
  if (branches.length < 2 && !hasFutures) return null;
  const few = branches.slice(0, 6);
  const isMore = branches.length > few.length;
  return (
    <div class="tabs" role="group" aria-label="Branches">
      {few.map(({ name, note }, at) => (
        <button
          key={name}
          type="button"
          aria-pressed={view === "world" && at === shown}
          onClick={() => {
            onShow(at);
          }}
        >
          <i class={`dot b${String(at % 2)}`} />
          {name === "" ? "world" : name}
          {note !== "" && <small>{note}</small>}
        </button>
      ))}
      {isMore && (
        <select
          aria-label="More branches"
          value={shown < few.length ? "" : String(shown)}
          onChange={(event) => {
            onShow(Number(event.currentTarget.value));
          }}
        >
          <option value="" disabled>
            more
          </option>
          {branches.slice(few.length).map(({ name }, at) => (
            <option key={name} value={String(at + few.length)}>
              {name}
            </option>
          ))}
        </select>
      )}
      {branches.length > 1 && (
        <button
          type="button"
          aria-pressed={view === "compare"}
          onClick={() => {
            onView("compare");
          }}
          title="Compare the first two branches (c)"
        >
          compare
        </button>
      )}
      {hasFutures && (
        <button
          type="button"
          aria-pressed={view === "futures"}
          onClick={() => {
            onView("futures");
          }}
        >
          futures
        </button>
      )}
    </div>
  );
}

interface WorldProps {
  readonly branches: readonly BranchModel[];
  readonly branch: BranchModel | undefined;
  readonly isComparing: boolean;
  readonly live: LiveParts | undefined;
  readonly onBranch: () => void;
  readonly onCompare: () => void;
}

function World(props: WorldProps) {
  return props.branch === undefined ? (
    <main class="single">
      <section class="pane">
        <p class="empty">There is nothing to show.</p>
      </section>
    </main>
  ) : (
    <BranchView {...props} branch={props.branch} />
  );
}

function BranchView({
  branches,
  branch,
  isComparing,
  live,
  onBranch,
  onCompare,
}: WorldProps & { readonly branch: BranchModel }) {
  const remembered = useMemo(() => placeOf(branch, live !== undefined), []);
  const [at, setAt] = useState(remembered.at);
  const [selected, setSelected] = useState(remembered.selected);
  const [kind, setKind] = useState<TimeAxisKind>("logarithmic");
  const [window, setWindow] = useState<TimeWindow | null>(null);
  const [isAdvancing, setAdvancing] = useState(false);
  const [isHelp, setHelp] = useState(false);
  const { startAt, endAt, moments, version } = branch;
  const go = (to: number): void => {
    setAt(Math.min(branch.endAt, Math.max(startAt, to)));
  };

  // A live page stays at the end as long as the reader does.
  const end = useRef(endAt);
  useEffect(() => {
    if (live !== undefined && at >= end.current) setAt(endAt);
    end.current = endAt;
  }, [version, endAt]);
  useEffect(() => {
    if (at > endAt) setAt(endAt);
  }, [branch]);
  useEffect(() => {
    rememberPlace({ branch, at: live !== undefined && at >= endAt ? null : at, selected });
  }, [at, selected, branch]);
  useEffect(() => {
    if (!isAdvancing) return undefined;
    const timer = setInterval(() => {
      setAt((now) => {
        const next = stepFrom(moments, now, 1);
        if (next <= now) setAdvancing(false);
        return Math.max(now, next);
      });
    }, 600);
    return () => {
      clearInterval(timer);
    };
  }, [isAdvancing, branch]);

  const faultMoments = useMemo(
    () => [
      ...new Set(
        branch.entries.filter(({ kind: each }) => each === "fault").map(({ entry }) => entry.at),
      ),
    ],
    [branch, version],
  );
  const jump = (by: number): void => {
    const to =
      by > 0 ? faultMoments.find((each) => each > at) : faultMoments.findLast((each) => each < at);
    if (to !== undefined) go(to);
  };
  const keys: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
    ArrowRight: (event) => {
      go(stepFrom(moments, at, event.shiftKey ? 10 : 1));
    },
    ArrowLeft: (event) => {
      go(stepFrom(moments, at, event.shiftKey ? -10 : -1));
    },
    Home: () => {
      go(startAt);
    },
    End: () => {
      go(endAt);
    },
    "]": () => {
      jump(1);
    },
    "[": () => {
      jump(-1);
    },
    l: () => {
      setKind(kind === "logarithmic" ? "linear" : "logarithmic");
    },
    p: () => {
      setAdvancing(!isAdvancing);
    },
    b: onBranch,
    c: onCompare,
    "?": () => {
      setHelp(!isHelp);
    },
    "/": () => {
      document.getElementById("find")?.focus();
    },
    Escape: () => {
      setAdvancing(false);
      setHelp(false);
    },
  };
  useKeys(keys);

  const countNow = branch.countAt(at);
  const last = branch.view(branch.firstSeq + countNow - 1);
  const place = { branch, at, selected };
  const shared = { branch, version, at, count: countNow, go, selected, select: setSelected };
  return (
    <>
      {live?.bar(place)}
      <main class={isComparing ? "single" : live === undefined ? "" : "with-live"}>
        {isComparing ? (
          <Compare
            left={branches[0] ?? branch}
            right={branches[1] ?? branch}
            {...{ at, go, kind, setKind }}
          />
        ) : (
          <>
            <section class="pane time" aria-label="Timeline">
              <Summary branch={branch} version={version} go={go} select={setSelected} />
              <Timeline {...shared} {...{ kind, window, setWindow }} />
              <div class="controls">
                <div class="buttons">
                  <button
                    type="button"
                    onClick={() => {
                      go(startAt);
                    }}
                    aria-label="Beginning"
                    title="Beginning (Home)"
                  >
                    ⇤
                  </button>
                  <button
                    type="button"
                    onClick={() => {
                      jump(-1);
                    }}
                    aria-label="Previous fault"
                    title="Previous fault ([)"
                  >
                    ⚡︎◂
                  </button>
                  <button
                    type="button"
                    onClick={() => {
                      go(stepFrom(moments, at, -1));
                    }}
                    aria-label="Back"
                    title="Back (←)"
                  >
                    ◂
                  </button>
                  <button
                    type="button"
                    class="play"
                    aria-pressed={isAdvancing}
                    aria-label="Play"
                    title="Play, pause (p)"
                    onClick={() => {
                      setAdvancing(!isAdvancing);
                    }}
                  >
                    {isAdvancing ? "❚❚" : "▶"}
                  </button>
                  <button
                    type="button"
                    onClick={() => {
                      go(stepFrom(moments, at, 1));
                    }}
                    aria-label="On"
                    title="On (→)"
                  >
                    ▸
                  </button>
                  <button
                    type="button"
                    onClick={() => {
                      jump(1);
                    }}
                    aria-label="Next fault"
                    title="Next fault (])"
                  >
                    ▸⚡︎
                  </button>
                  <button
                    type="button"
                    onClick={() => {
                      go(endAt);
                    }}
                    aria-label="End"
                    title="End (End)"
                  >
                    ⇥
                  </button>
                </div>
                <p class="now">
                  <b>{clock(at - startAt)}</b> entry {countNow} of {branch.length}
                </p>
                <p class="said" aria-live="polite">
                  {last?.texts
                    .map(({ name, status, text }) => [name, status, text].filter(Boolean).join(" "))
                    .join(" · ")}
                </p>
                <div class="buttons end">
                  <span class="segments" role="group" aria-label="Scale of time">
                    <button
                      type="button"
                      aria-pressed={kind === "logarithmic"}
                      onClick={() => {
                        setKind("logarithmic");
                      }}
                      title="Waits take room by the logarithm of their length (l)"
                    >
                      logarithmic time
                    </button>
                    <button
                      type="button"
                      aria-pressed={kind === "linear"}
                      onClick={() => {
                        setKind("linear");
                      }}
                      title="Real proportions (l)"
                    >
                      linear
                    </button>
                  </span>
                  <button
                    type="button"
                    onClick={() => {
                      setHelp(true);
                    }}
                    aria-haspopup="dialog"
                    aria-label="Keys"
                    title="Keys (?)"
                  >
                    ?
                  </button>
                </div>
              </div>
            </section>
            <TopologyPane {...shared} />
            <JournalPane {...shared} />
            <section class="pane details" aria-label="Details" tabIndex={-1}>
              <Details {...shared} />
            </section>
            {live?.pane}
          </>
        )}
      </main>
      {isHelp && (
        <Help
          onClose={() => {
            setHelp(false);
          }}
        />
      )}
    </>
  );
}

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import availability from "../examples/scenarios/availability.yaml";
import migration from "../examples/scenarios/migration.yaml";
import onCall from "../examples/scenarios/on-call.yaml";
import rack from "../examples/scenarios/rack.yaml";
import semiSynchronous from "../examples/scenarios/semi-synchronous.yaml";
import slowMonitor from "../examples/scenarios/slow-monitor.yaml";
import { plain } from "../src/outline/escape.js";
import type { FuturesData, PageMeasure } from "../src/page/pageData.js";
import { App } from "../src/page/ui/App.js";
import { BranchModel } from "../src/page/ui/branchModel.js";
import {
  type FileProblem,
  parseScenarioFile,
  ScenarioFileError,
} from "../src/scenario/file/parseScenarioFile.js";
import { designsOf } from "../src/scenario/format/designs.js";
import { measureDurations } from "../src/scenario/format/measureSets.js";
import type { Scenario } from "../src/scenario/format/scenario.js";
import { runScenario } from "../src/scenario/run/runScenario.js";
import failover from "./failover.yaml";
import type { FutureResult, FuturesRequest, WorkerMessage } from "./messages.js";
import { linkOf, sharedIn } from "./shareLink.js";

const examples: Readonly<Record<string, string>> = {
  "A failover, step by step": failover,
  "How available is a group?": availability,
  "A monitor that is slower": slowMonitor,
  "Semi-synchronous or not": semiSynchronous,
  "A rack that fails": rack,
  "Who is on call": onCall,
  "A migration": migration,
};

interface RunResult {
  readonly key: number;
  readonly title: string;
  readonly branches: readonly BranchModel[];
  readonly futures: FuturesData | null;
}

/** A scenario to edit, to run, and to ask what if; the simulator is in the page. */
export function Playground({ workerScript }: { readonly workerScript: string }) {
  const shared = useMemo(() => sharedIn(location.hash), []);
  const [text, setText] = useState(shared?.text ?? failover);
  const [seed, setSeed] = useState(shared?.seed ?? 1);
  const [count, setCount] = useState(300);
  const [result, setResult] = useState<RunResult | null>(null);
  const [progress, setProgress] = useState<{ readonly done: number; readonly of: number } | null>(
    null,
  );
  const [message, setMessage] = useState("");
  const worker = useRef<Worker | null>(null);
  const checked = useMemo(() => check(text), [text]);
  const { scenario, problems } = checked;
  const nextKey = (): number => (result?.key ?? 0) + 1;

  const run = (): void => {
    if (scenario === undefined) return;
    try {
      const branches = designsOf(scenario).map(({ name }) => branchOf(scenario, seed, name));
      setResult({ key: nextKey(), title: scenario.title ?? "Scenario", branches, futures: null });
      setMessage(`ran ${String(branches.length)} ${branches.length === 1 ? "world" : "worlds"}`);
    } catch (error) {
      setMessage(error instanceof Error ? error.message : String(error));
    }
  };
  useEffect(run, []);
  const stop = (): void => {
    worker.current?.terminate();
    worker.current = null;
    setProgress(null);
  };
  const request = (): void => {
    if (scenario === undefined) return;
    stop();
    const url = URL.createObjectURL(new Blob([workerScript], { type: "text/javascript" }));
    const started = new Worker(url);
    worker.current = started;
    const all: FutureResult[] = [];
    const request: FuturesRequest = { text, firstSeed: seed, count };
    setProgress({ done: 0, of: count });
    started.addEventListener("message", ({ data }: MessageEvent<WorkerMessage>) => {
      if ("error" in data) {
        setMessage(data.error);
        stop();
        return;
      }
      all.push(...data.futures);
      setProgress(data);
      if (data.done < data.of) return;
      stop();
      setMessage(`ran ${String(data.of)} futures`);
      setResult({
        key: nextKey(),
        title: scenario.title ?? "Scenario",
        branches: [],
        futures: futuresOf(scenario, all),
      });
    });
    started.postMessage(request);
  };
  const share = (): void => {
    const hash = linkOf({ text, seed });
    history.replaceState(null, "", `#${hash}`);
    navigator.clipboard.writeText(location.href).then(
      () => {
        setMessage("the link is copied; it stands in the address, too");
      },
      () => {
        setMessage("the link stands in the address");
      },
    );
  };
  return (
    <>
      <section class="playground" aria-label="Scenario">
        <div class="playground-bar">
          <b>Playground</b>
          <label>
            example{" "}
            <select
              onChange={(event) => {
                const chosen = examples[event.currentTarget.value];
                if (chosen !== undefined) setText(chosen);
              }}
            >
              {Object.keys(examples).map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <label>
            seed{" "}
            <input
              type="number"
              min="0"
              value={seed}
              onInput={(event) => {
                const given = event.currentTarget.valueAsNumber;
                if (Number.isSafeInteger(given) && given >= 0) setSeed(given);
              }}
            />
          </label>
          <button
            type="button"
            disabled={scenario === undefined}
            onClick={run}
            title="Run (Ctrl Enter)"
          >
            Run
          </button>
          <label>
            futures{" "}
            <input
              type="number"
              min="1"
              max="5000"
              value={count}
              onInput={(event) => {
                const given = event.currentTarget.valueAsNumber;
                if (Number.isSafeInteger(given) && given >= 1 && given <= 5000) setCount(given);
              }}
            />
          </label>
          {progress === null ? (
            <button
              type="button"
              disabled={scenario?.measures === undefined}
              onClick={request}
              title={
                scenario?.measures === undefined
                  ? "The scenario measures nothing"
                  : "Run many futures"
              }
            >
              What if
            </button>
          ) : (
            <button type="button" onClick={stop}>
              Stop
            </button>
          )}
          {progress !== null && (
            <progress value={progress.done} max={progress.of} aria-label="Futures run" />
          )}
          <button type="button" onClick={share}>
            Link
          </button>
          <output role="status">{plain(message)}</output>
        </div>
        <Editor text={text} problems={problems} onText={setText} onRun={run} />
      </section>
      {result !== null && (
        <App
          key={result.key}
          title={result.title}
          note=""
          branches={result.branches}
          futures={result.futures}
          onSeed={(chosen, design) => {
            if (scenario === undefined) return;
            const branch = branchOf(scenario, Number(chosen), design);
            setResult({
              key: nextKey(),
              title: `${scenario.title ?? "Scenario"}, seed ${chosen}`,
              branches: [branch],
              futures: result.futures,
            });
          }}
        />
      )}
    </>
  );
}

interface EditorProps {
  readonly text: string;
  readonly problems: readonly FileProblem[];
  readonly onText: (text: string) => void;
  readonly onRun: () => void;
}

/** A text with line numbers, and problems where they are. */
function Editor({ text, problems, onText, onRun }: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const lines = text.split("\n");
  const wrong = new Map(problems.map(({ line, message }) => [line, message]));
  const goTo = ({ line, column }: FileProblem): void => {
    const start =
      lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
    area.current?.focus();
    area.current?.setSelectionRange(start, start + 1);
  };
  return (
    <details class="editor" open>
      <summary>
        Scenario
        {problems.length > 0 && (
          <span class="bad">
            {" "}
            {problems.length} {problems.length === 1 ? "problem" : "problems"}
          </span>
        )}
      </summary>
      <div class="editor-body">
        <div class="gutter" ref={gutter} aria-hidden="true">
          {lines.map((_, at) => (
            <div key={at} class={wrong.has(at + 1) ? "wrong" : ""} title={wrong.get(at + 1)}>
              {at + 1}
            </div>
          ))}
        </div>
        <textarea
          ref={area}
          spellcheck={false}
          wrap="off"
          aria-label="Scenario, as YAML or JSON"
          aria-invalid={problems.length > 0}
          value={text}
          onInput={(event) => {
            onText(event.currentTarget.value);
          }}
          onScroll={(event) => {
            if (gutter.current !== null) gutter.current.scrollTop = event.currentTarget.scrollTop;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              onRun();
            }
          }}
        />
      </div>
      {problems.length > 0 && (
        <ol class="problems" aria-label="Problems">
          {problems.map((problem) => (
            <li key={`${String(problem.line)} ${String(problem.column)} ${problem.field}`}>
              <button
                type="button"
                class="ref"
                onClick={() => {
                  goTo(problem);
                }}
              >
                line {problem.line}
              </button>{" "}
              {plain(problem.message.replace(/^\S+ /, ""))}
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}

function check(text: string): {
  readonly scenario: Scenario | undefined;
  readonly problems: readonly FileProblem[];
} {
  try {
    return { scenario: parseScenarioFile(text), problems: [] };
  } catch (error) {
    if (!(error instanceof ScenarioFileError)) throw error;
    return { scenario: undefined, problems: error.problems };
  }
}

function branchOf(scenario: Scenario, seed: number, design: string): BranchModel {
  const found = designsOf(scenario).find(({ name }) => name === design);
  const { sim } = runScenario(found?.scenario ?? scenario, { seed, journal: true });
  return new BranchModel({ name: design, note: "", journal: sim.journal() });
}

/** Futures as the page shows them: one row for each design and seed. */
function futuresOf(scenario: Scenario, all: readonly FutureResult[]): FuturesData {
  const names = Object.keys(all[0]?.outcome ?? {});
  const measures = names.map((name): PageMeasure => {
    const kind = scenario.measures?.[name]?.measure;
    return { name, unit: kind !== undefined && measureDurations.has(kind) ? "ms" : "count" };
  });
  return {
    measures,
    futures: all.map(({ design, seed, outcome }) => ({
      seed,
      design,
      values: names.map((name) => numberOf(outcome[name])),
      branch: null,
    })),
  };
}

/** A list of numbers counts by its largest. */
function numberOf(value: number | readonly number[] | undefined): number | null {
  if (typeof value === "number") return value;
  return value === undefined || value.length === 0 ? null : Math.max(...value);
}

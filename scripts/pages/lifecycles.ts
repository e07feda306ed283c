import { latencySources } from "../../src/kernel/latency.js";
import type { TransitionTable } from "../../src/lifecycle/compile.js";
import { transitionTables } from "../../src/lifecycle/compile.js";
import { code, codes, duration, generated, table } from "./markdown.js";

/** Any of the lifecycles; what is printed are words. */
type AnyTable = TransitionTable<string, string, string>;

/** `docs/lifecycles.md`: diagrams and tables of what can happen next. */
export function lifecyclesPage(): string {
  const { instance, group, backup } = transitionTables();
  return [
    ...generated(
      "Lifecycles",
      "the machines in `src/lifecycle/` and the durations in `src/kernel/latency.ts`",
    ),
    "Three XState machines define what can happen next to an instance, an HA group and a backup. They have no context, no",
    "guards and no delays: the [rules](rules.md) decide whether something is allowed, and the latency profile how long it",
    "takes. Each machine is read once into a transition table; a test compares the tables with real XState actors.",
    "",
    "How to read this page: *states* belong to the simulator (`resizingFlavor`), a *status* is the API's name (`RESIZE`).",
    "Several states can share a status. *Signals* are the events of a machine. A state with a *task* waits for it, and",
    "receives `task.done` or `task.failed` when it ends. Transitions of many states by one signal are drawn once, from *any of*.",
    "",
    "Open a machine in XState's visualizer, or run it as an actor:",
    "",
    "```ts",
    'import { instanceMachine } from "replication-simulator/lifecycle";',
    'import { createActor } from "xstate";',
    "",
    "const actor = createActor(instanceMachine).start();",
    'actor.send({ type: "task.done" });',
    "console.log(actor.getSnapshot().value);",
    "```",
    "",
    "```text",
    "active",
    "```",
    "",
    ...chapter("Instance", instance),
    ...chapter("HA group", group),
    ...chapter("Backup", backup),
    "## Task durations",
    "",
    "The `documented` profile, in virtual time. `fast` is a thousandth of it, `instant` is 0; the option",
    "`latency` replaces any of them by name. See [time](time.md#set-durations).",
    "",
    ...table(
      ["task", "duration", "effect", "source"],
      Object.entries(latencySources).map(([key, { ms, description, source }]) => [
        code(key),
        duration(ms),
        description,
        source,
      ]),
    ),
    "",
  ].join("\n");
}

function chapter(title: string, lifecycle: AnyTable): readonly string[] {
  return [
    `## ${title}`,
    "",
    "```mermaid",
    ...diagram(lifecycle),
    "```",
    "",
    ...table(
      ["state", "status", "task", "signal → next state"],
      lifecycle.states.map((state) => [
        code(state),
        code(lifecycle.statusOf[state] ?? ""),
        lifecycle.taskOf[state] == null ? "" : code(lifecycle.taskOf[state]),
        nextStates(lifecycle, state),
      ]),
    ),
    "",
  ];
}

/** Signals of a state, grouped by their target. */
function nextStates({ transitions: cells }: AnyTable, state: string): string {
  const byTarget = grouped(Object.entries(cells[state] ?? {}), ([, to]) => to);
  return [...byTarget]
    .map(([to, signals]) => {
      const received = codes(signals.map(([signal]) => signal));
      return to === state ? `${received} → stays` : `${received} → ${code(to ?? "")}`;
    })
    .join("; ");
}

/** From how many states on a signal with one target is drawn once. */
const manyStates = 5;

/** A Mermaid state diagram. Signals that leave a state where it is are left to the table. */
function diagram({ initial, states, transitions: cells, statusOf }: AnyTable): readonly string[] {
  const edges = states.flatMap((from) =>
    Object.entries(cells[from] ?? {})
      .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== from)
      .map(([signal, to]) => ({ from, signal, to })),
  );
  const alike = grouped(edges, ({ signal, to }) => `${signal} ${to}`);
  const isCommon = ({ signal, to }: { readonly signal: string; readonly to: string }): boolean =>
    (alike.get(`${signal} ${to}`)?.length ?? 0) >= manyStates;
  const common = [...alike.values()].flatMap((each) => {
    const [first] = each;
    return first !== undefined && isCommon(first) ? [{ ...first, from: each.length }] : [];
  });
  const drawn = grouped(
    edges.filter((edge) => !isCommon(edge)),
    ({ from, to }) => `${from} --> ${to}`,
  );
  return [
    "stateDiagram-v2",
    "  direction LR",
    ...states.map((state) => `  ${state}: ${state} (${statusOf[state] ?? ""})`),
    `  [*] --> ${initial}`,
    ...[...drawn].map(
      ([arrow, each]) => `  ${arrow}: ${each.map(({ signal }) => signal).join(", ")}`,
    ),
    ...common.map(
      ({ from, signal, to }, n) =>
        `  any${String(n)}: any of ${String(from)} states\n  any${String(n)} --> ${to}: ${signal}`,
    ),
    ...states
      .filter((state) => Object.keys(cells[state] ?? {}).length === 0)
      .map((state) => `  ${state} --> [*]`),
  ];
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

import fc from "fast-check";
import {
  actorInterpreter,
  backupMachine,
  haGroupMachine,
  instanceMachine,
  tableInterpreter,
  transitionTables,
} from "replication-simulator/lifecycle";
import { describe, expect, test } from "vitest";
import { type AnyMachineSnapshot, createActor } from "xstate";
import { getShortestPaths } from "xstate/graph";

/*
 * The machines are the only place where a lifecycle is written; the tables are compiled from them. Here real
 * XState actors are the reference for the tables.
 */

const tables = transitionTables();
const byTable = tableInterpreter();
const byActor = actorInterpreter();

/** One lifecycle, with its strings untied from its unions so that all can be looped over. */
interface Lifecycle {
  readonly name: string;
  readonly machine: typeof instanceMachine;
  readonly table: {
    readonly initial: string;
    readonly states: readonly string[];
    readonly signals: readonly string[];
    readonly transitions: Readonly<Record<string, Readonly<Partial<Record<string, string>>>>>;
    readonly statusOf: Readonly<Record<string, string>>;
    readonly taskOf: Readonly<Record<string, string | null>>;
  };
  readonly lookUp: (state: string, signal: string) => string | undefined;
  readonly nextState: (state: string, signal: string) => string | undefined;
}

const lifecycles: readonly Lifecycle[] = [
  {
    name: "instance",
    machine: instanceMachine,
    table: tables.instance,
    lookUp: byTable.nextInstanceState as Lifecycle["lookUp"],
    nextState: byActor.nextInstanceState as Lifecycle["nextState"],
  },
  {
    name: "HA group",
    machine: haGroupMachine,
    table: tables.group,
    lookUp: byTable.nextGroupState as Lifecycle["lookUp"],
    nextState: byActor.nextGroupState as Lifecycle["nextState"],
  },
  {
    name: "backup",
    machine: backupMachine,
    table: tables.backup,
    lookUp: byTable.nextBackupState as Lifecycle["lookUp"],
    nextState: byActor.nextBackupState as Lifecycle["nextState"],
  },
];

/** The task that an actor started when it entered the state that it is in, or null. */
function workingActor({ machine }: Lifecycle) {
  const started: string[] = [];
  const actor = createActor(
    machine.provide({
      actions: {
        startTask: (_: unknown, params: { readonly kind: string }) => {
          started.push(params.kind);
        },
      },
    }),
  );
  return { actor, started };
}

describe.each(lifecycles)("the compiled table of one $name", (lifecycle) => {
  const { machine, table, lookUp, nextState } = lifecycle;

  test("begins where a new actor begins", () => {
    expect(createActor(machine).getSnapshot().value).toBe(table.initial);
  });

  test("knows every state and every signal of the machine, and no other", () => {
    expect(table.states).toEqual(Object.keys(machine.states));
    expect(table.signals).toEqual([...machine.events].sort());
    expect(Object.keys(table.transitions)).toEqual(table.states);
  });

  test("agrees with a real actor in every cell", () => {
    for (const state of table.states) {
      for (const signal of [...table.signals, "no.such.signal"]) {
        expect([state, signal, lookUp(state, signal)]).toEqual([
          state,
          signal,
          nextState(state, signal),
        ]);
      }
    }
  });

  test("agrees with one actor that lives through a whole run", () => {
    const signals = fc.array(fc.constantFrom(...table.signals, "no.such.signal"), {
      maxLength: 100,
    });
    fc.assert(
      fc.property(signals, (draft) => {
        const { actor, started } = workingActor(lifecycle);
        actor.start();
        let state = table.initial;
        for (const signal of draft) {
          const next = table.transitions[state]?.[signal];
          const before = started.length;
          expect(actor.getSnapshot().can({ type: signal })).toBe(next !== undefined);
          if (next === undefined) continue;
          actor.send({ type: signal });
          const snapshot = actor.getSnapshot() as AnyMachineSnapshot;
          expect(snapshot.value).toBe(next);
          expect(Object.values(snapshot.getMeta())).toMatchObject([
            { status: table.statusOf[next] },
          ]);
          const task = next === state ? null : table.taskOf[next];
          expect(started.slice(before)).toEqual(task === null ? [] : [task]);
          state = next;
        }
        actor.stop();
      }),
      { numRuns: 100 },
    );
  });

  test("has no state that XState's own graph search cannot reach from the first", () => {
    const reached = getShortestPaths(machine, {
      events: table.signals.map((type) => ({ type })),
    }).map((path) => (path.state as AnyMachineSnapshot).value as string);
    expect(new Set(reached)).toEqual(new Set(table.states));
  });

  test("leads from every state to the end: no state is a dead end", () => {
    for (const state of table.states) {
      const paths = getShortestPaths(machine, {
        events: table.signals.map((type) => ({ type })),
        fromState: machine.resolveState({ value: state, context: {} }),
        toState: (snapshot) => (snapshot as AnyMachineSnapshot).value === "deleted",
      });
      expect([state, paths.length]).toEqual([state, 1]);
    }
  });
});

test("an empty cell is a refusal of the signal, not a step that leads nowhere", () => {
  expect(byTable.nextInstanceState("building", "delete.requested")).toBeUndefined();
  expect(byActor.nextInstanceState("building", "delete.requested")).toBeUndefined();
  expect(byTable.nextInstanceState("deleting", "delete.requested")).toBe("deleting");
  expect(byActor.nextInstanceState("deleting", "delete.requested")).toBe("deleting");
});

test("the tables are compiled once and shared", () => {
  expect(transitionTables()).toBe(tables);
});

import fc from "fast-check";
import { type AccountClient, type Command, ReplicationSimulator } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { rowsOf } from "../../src/collections/table.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { draftArbitrary } from "../../src/testing/fast-check/draftArbitrary.js";
import { type StepDraft, type StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { draftReporter } from "../drafts/draftReporter.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { neighbour, runs, worlds } from "../scenarioGenerators.js";

/*
 * What an account's methods answer is byte for byte the same whether another account exists or not: values, refusals,
 * ids, order, durations, drawn hours. Excluded are the operator's actions: its clock, and the faults that it
 * injects, whichever resource it hits.
 */

/** Everything that an account can ask without changing anything. */
function view(account: AccountClient): string {
  const pages = <T>(
    list: (page: { marker?: string }) => { items: readonly T[]; nextMarker?: string },
  ): readonly T[] => {
    const items: T[] = [];
    let page: { marker?: string } | undefined = {};
    while (page !== undefined) {
      const { items: some, nextMarker } = list(page);
      items.push(...some);
      page = nextMarker === undefined ? undefined : { marker: nextMarker };
    }
    return items;
  };
  const instances = pages((page) => account.listInstances(page));
  return JSON.stringify({
    instances,
    each: instances.map(({ id }) => [
      account.getInstance(id),
      account.listReplicas(id),
      account.listDatabases(id),
      account.listUsers(id),
      account.getReplicationStatus(id),
      account.check({ type: "deleteInstance", instanceId: id }),
    ]),
    groups: pages((page) => account.listGroups(page)).map(({ id }) => account.getGroup(id)),
    schedules: pages((page) => account.listSchedules(page)).map(({ id }) =>
      account.getSchedule(id),
    ),
    backups: pages((page) => account.listBackups(page)).map(({ id }) => account.getBackup(id)),
    configurations: pages((page) => account.listConfigurations(page)),
    faults: account.listFaults(),
  });
}

interface Received {
  readonly step: number;
  /** The command with its ids, where the step was one of the account's. */
  readonly command?: Command;
  readonly answer?: string;
  readonly view: string;
}

/** Runs a draft of two accounts, and writes down what one of them asks and receives. */
function eavesdrop(
  sim: ReplicationSimulator,
  draft: StepDrafts,
  account: string,
): readonly Received[] {
  const received: Received[] = [];
  runDrafts(sim, draft, {
    onStep: ({ index, accountId, command, result, next }) => {
      const seen = view(next.account(account));
      if (command === undefined || accountId !== account)
        received.push({ step: index, view: seen });
      else
        received.push({
          step: index,
          command,
          view: seen,
          answer: JSON.stringify(result.ok ? { gave: result.value } : result.error),
        });
    },
  });
  return received;
}

/** The same draft as if the account were alone: its own commands, word for word, and time. */
function alone(draft: StepDrafts, received: readonly Received[], account: string): StepDrafts {
  return draft.flatMap((step, index): StepDrafts => {
    if (typeof step === "string" || !("execute" in step)) return [step];
    const command = received[index]?.command;
    return command === undefined ? [] : [{ execute: command as never, by: account }];
  });
}

/** The operator's own means are left out: it knows all accounts, and may go on until the last work of all ends. */
function ofAccounts(draft: StepDrafts): StepDrafts {
  return draft.flatMap((step): StepDrafts => {
    if (step === "settle") return [{ advance: 600_000 }];
    if (step === "step") return [];
    if (typeof step === "string" || !("execute" in step)) return [step];
    return ["failTask", "injectFault"].includes(String(step.execute.type)) ? [] : [step];
  });
}

/** Two drafts at once, the second by the other account. */
const reported = fc
  .tuple(
    draftArbitrary({ accounts: [neighbour], malformed: true, worlds: true }).map(ofAccounts),
    draftArbitrary().map(ofAccounts),
    fc.array(fc.nat(3), { maxLength: 40, size: "max" }),
  )
  .map(([first, second, turns]): StepDrafts => {
    const others = second.map((step) =>
      typeof step !== "string" && "execute" in step ? { ...step, by: neighbour } : step,
    );
    const merged: StepDraft[] = [];
    let at = 0;
    for (const [turn, step] of first.entries()) {
      const next = at + (turns[turn] ?? 0);
      merged.push(step, ...others.slice(at, next));
      at = next;
    }
    return [...merged, ...others.slice(at)];
  });

describe.each([
  { account: "1234", ownerAccount: "the world's own account" },
  { account: neighbour, ownerAccount: "another account" },
])("$whose", ({ account }) => {
  test("gives the same result whether the other exists or not", () => {
    fc.assert(
      fc.property(worlds, reported, (options, draft) => {
        const received = eavesdrop(new ReplicationSimulator(options), draft, account);
        const alike = received.filter(({ command }, index) => {
          const step = draft[index];
          const isCommand = typeof step !== "string" && step !== undefined && "execute" in step;
          return !isCommand || command !== undefined;
        });
        const single = eavesdrop(
          new ReplicationSimulator(options),
          alone(draft, received, account),
          account,
        );
        expect(single.map(({ step: _, ...rest }) => rest)).toEqual(
          alike.map(({ step: _, ...rest }) => rest),
        );
      }),
      {
        numRuns: runs(40),
        reporter: draftReporter({ simulator: ([options]) => options }),
      },
    );
  });
});

test("the scenarios reach: both accounts own resources of every kind, and one tries what the other owns", () => {
  const both = new Map<string, number>();
  let tried = 0;
  for (const [options, draft] of fc.sample(fc.tuple(worlds, reported), { numRuns: 300, seed: 7 })) {
    const owner = new Map<string, string>();
    const sim = runDrafts(new ReplicationSimulator(options), draft, {
      beforeStep: ({ sim: world }) => {
        for (const { id, accountId } of rowsOf(topologyOf(world).instances))
          owner.set(id, accountId);
      },
      onStep: ({ accountId, command }) => {
        for (const value of Object.values(command ?? {})) {
          const ownerAccount = typeof value === "string" ? owner.get(value) : undefined;
          if (ownerAccount !== undefined && ownerAccount !== accountId) tried += 1;
        }
      },
    });
    const [first, second] = [...rowsOf(topologyOf(sim).accounts)];
    for (const kind of ["instances", "groups", "schedules", "backups", "configurations"] as const) {
      if ((first?.created[kind] ?? 0) > 0 && (second?.created[kind] ?? 0) > 0) {
        both.set(kind, (both.get(kind) ?? 0) + 1);
      }
    }
  }
  expect([...both.keys()].sort()).toEqual([
    "backups",
    "configurations",
    "groups",
    "instances",
    "schedules",
  ]);
  expect(tried).toBeGreaterThan(10);
});

import { ReplicationSimulator } from "replication-simulator";
import { expectNoBrokenInvariants, expectSettled } from "replication-simulator/testing";
import { expect, test } from "vitest";
import { positionOf } from "../../src/simulator/serialization.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { assertDrafts, draftsWithOutages, neighbour } from "../scenarioGenerators.js";
import { Auditor } from "./auditor.js";

/*
 * What holds in every world after every step of every draft. The reach test beside this file checks what the drafts
 * reach.
 */

test("no act breaks an invariant, and time never goes back", () => {
  assertDrafts(
    250,
    (options, draft) => {
      runDrafts(new ReplicationSimulator(options), draft, {
        onStep: ({ sim, next }) => {
          expectNoBrokenInvariants(next);
          expect(next.now).toBeGreaterThanOrEqual(sim.now);
          for (const { dueAt } of next.listPendingTasks())
            expect(dueAt).toBeGreaterThanOrEqual(next.now);
        },
      });
    },
    draftsWithOutages,
  );
});

test("a refused command changes nothing: the topology is the same object, no number is used up", () => {
  assertDrafts(
    150,
    (options, draft) => {
      let reported = 0;
      const listen = (world: ReplicationSimulator): void => {
        world.subscribe(() => reported++);
      };
      const sim = new ReplicationSimulator(options);
      let before = positionOf(sim.snapshot());
      listen(sim);
      runDrafts(sim, draft, {
        beforeStep: ({ sim, command, accountId }) => {
          before = positionOf(sim.snapshot());
          reported = 0;
          if (command !== undefined) sim.account(accountId).check(command);
          expectUntouched(sim, before);
        },
        onStep: ({ sim, next, command, result }) => {
          if (next !== sim) listen(next);
          if (result.ok) {
            expect(reported > 0 || command === undefined).toBe(true);
            return;
          }
          expectUntouched(sim, before);
          expect(reported).toBe(0);
        },
      });
    },
    draftsWithOutages,
  );
});

test("in place, too, a refused command and a check change nothing", () => {
  assertDrafts(
    80,
    (options, draft) => {
      let before = "";
      runDrafts(new ReplicationSimulator({ ...options, store: "in-place" }), draft, {
        beforeStep: ({ sim, command, accountId }) => {
          if (command === undefined) return;
          before = sim.fingerprint();
          sim.account(accountId).check(command);
          expect(sim.fingerprint()).toBe(before);
        },
        onStep: ({ sim, next, command, result }) => {
          expectNoBrokenInvariants(next);
          if (command !== undefined && !result.ok) expect(sim.fingerprint()).toBe(before);
        },
      });
    },
    draftsWithOutages,
  );
});

test("check foretells execution: nothing speaks against what is accepted, and the first of it is what is thrown", () => {
  assertDrafts(
    150,
    (options, draft) => {
      let planned: readonly unknown[] = [];
      runDrafts(new ReplicationSimulator(options), draft, {
        beforeStep: ({ sim, command, accountId }) => {
          if (command === undefined) return;
          planned = sim
            .account(accountId)
            .check(command)
            .map((refusal) => ({ ...refusal.toJSON(), message: refusal.message }));
        },
        onStep: ({ command, result }) => {
          if (command === undefined) return;
          if (result.ok) expect(planned).toEqual([]);
          else
            expect(planned[0]).toEqual({
              ...result.error.toJSON(),
              message: result.error.message,
            });
        },
      });
    },
    draftsWithOutages,
  );
});

test("every fact follows from the facts before it, and the listings show what the facts say", () => {
  assertDrafts(150, (options, draft) => {
    const auditor = new Auditor();
    const sim = new ReplicationSimulator(options);
    auditor.listen(sim);
    runDrafts(sim, draft, {
      onStep: ({ sim: before, next }) => {
        if (next !== before) auditor.listen(next);
        expect(auditor.objections).toEqual([]);
        expect(auditor.compare(next, next.accountId)).toEqual([]);
        expect(auditor.compare(next, neighbour)).toEqual([]);
      },
    });
  });
});

test("when no more is asked, all work ends, and nothing is left in a status of work", () => {
  const working = [
    "BUILD",
    "RESTART",
    "REBOOT",
    "RESIZE",
    "DETACH_REPLICA",
    "CONVERT_TO_HA",
    "DELETION_PENDING",
    "BACKUP",
  ];
  const groupsWorking = [
    "BUILD",
    "BACKUP",
    "ADDING_REPLICA",
    "REMOVING_REPLICA",
    "REBOOT",
    "DELETING",
    "RESIZING_VOLUME",
    "RESIZING_FLAVOR",
    "FORCING_FAILOVER",
    "DISABLING_FAILOVER",
    "ENABLING_FAILOVER",
    "UPDATING_PROXY_NODES",
    "HA_FAILOVER",
  ];
  assertDrafts(150, (options, draft) => {
    const sim = runDrafts(new ReplicationSimulator(options), draft);
    sim.settle();
    expectSettled(sim);
    expectNoBrokenInvariants(sim);
    for (const account of [sim, sim.account(neighbour)]) {
      const { items } = account.listInstances({ limit: 25 });
      expect(items.filter(({ status }) => working.includes(status))).toEqual([]);
      const groups = account.listGroups().items;
      expect(groups.filter(({ status }) => groupsWorking.includes(status))).toEqual([]);
      const backups = account.listBackups().items;
      expect(backups.filter(({ status }) => status === "NEW" || status === "BUILDING")).toEqual([]);
      // What is left asks for a decision: a restart, a detach, a deletion.
      for (const item of items) {
        if (item.lastError !== null) expect(item.lastError.message).not.toBe("");
      }
    }
  });
});

test("when faults stop, a source that is restarted heals, and its replicas with it", () => {
  assertDrafts(100, (options, draft) => {
    const sim = runDrafts(new ReplicationSimulator(options), draft);
    sim.settle();
    // What comes by itself, and what would hold on, is over; what has been struck down is not yet up.
    for (const account of [sim, sim.account(neighbour)]) {
      for (const { id, fault } of account.listFaults()) {
        // A process ends with its clocks, which are listed beside it.
        if (fault.kind !== "crash" && fault.kind !== "hang") account.try.clearFault(id);
      }
    }
    for (const { id, status, sourceId, replicaIds, groupId } of sim.listInstances().items) {
      // A member is restarted with its group.
      if (status !== "SHUTDOWN" || sourceId !== null || groupId !== null) continue;
      sim.restartInstance(id);
      sim.waitFor(id, "ACTIVE");
      for (const replicaId of replicaIds) {
        expect(sim.getInstance(replicaId).status).not.toBe("REPLICATION_ERROR");
      }
    }
  });
});

type Position = ReturnType<typeof positionOf>;

function expectUntouched(sim: ReplicationSimulator, { topology, ...numbers }: Position): void {
  expect(sim.topology).toBe(topology);
  const { topology: _, ...present } = positionOf(sim.snapshot());
  expect(present).toEqual(numbers);
}

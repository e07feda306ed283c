import fc from "fast-check";
import {
  type BackupSchedule,
  type Change,
  type InputOf,
  ReplicationSimulator,
} from "replication-simulator";
import { createReplicationSet, expectNoBrokenInvariants } from "replication-simulator/testing";
import { expect, test } from "vitest";
import { draftArbitrary } from "../../src/testing/fast-check/draftArbitrary.js";
import { type StepDraft, type StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { draftReporter } from "../drafts/draftReporter.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { runs, worlds } from "../scenarioGenerators.js";
import { idsOf } from "../service/statusChanges.js";

/*
 * What holds for schedules whatever else happens: each slot is used exactly once, and a conversion to HA loses none and
 * invents none.
 */

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const beginning: StepDrafts = [
  { execute: { type: "createInstance", flavorId: "2", volumeGb: 10 } },
  "settle",
  { execute: { type: "createSchedule", ownerId: { the: "instance", nth: 1 } } },
];

/** Schedules, what they back up, and what gets in their way. Time moves by hours and days. */
const drafts: fc.Arbitrary<StepDrafts> = fc
  .tuple(
    draftArbitrary({
      lengthMax: 30,
      commands: [
        "createInstance",
        "createReplica",
        "convertToHa",
        "createHaGroup",
        "createSchedule",
        "updateSchedule",
        "deleteSchedule",
        "createBackup",
        "deleteBackup",
        "deleteInstance",
        "restartInstance",
        "failTask",
      ],
      worlds: true,
    }),
    fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 30, maxLength: 30 }),
  )
  .map(([steps, hours]) => [
    ...beginning,
    ...steps.flatMap((step, at): StepDraft[] => {
      const hour = hours[at] ?? 0;
      // Every third act is followed by some hours, sometimes by more than a day.
      return at % 3 === 0 && hour > 0 ? [step, { advance: hour * hourMs }] : [step];
    }),
  ]);

/** A schedule as the facts reported of it: slots after `after` are still to come. */
interface Kept {
  readonly hour: number;
  readonly minute: number;
  readonly dayOfWeek: number;
  readonly after: number;
}

/** The first moment after `after` whose clock shows the time: found by looking, not by reckoning. */
function slotAfter({ after, hour, minute }: Kept): number {
  const day = new Date(after);
  for (let ahead = 0; ; ahead++) {
    const slot = Date.UTC(
      day.getUTCFullYear(),
      day.getUTCMonth(),
      day.getUTCDate() + ahead,
      hour,
      minute,
    );
    if (slot > after) return slot;
  }
}

/** Keeps the book of all schedules of a world, and objects to a slot that is used twice, late, or not at all. */
class Clerk {
  readonly objections: string[] = [];
  readonly #kept = new Map<string, Kept>();
  readonly #carried = new Map<string, Kept>();

  listen(sim: ReplicationSimulator): void {
    sim.subscribe((change) => {
      this.#receive(change);
    });
  }

  #receive({ at, facts }: Change): void {
    for (const [id, kept] of this.#kept) {
      // What is due at this very moment may still come.
      if (slotAfter(kept) < at) this.objections.push(`${id} slept through ${slotAfter(kept)}`);
    }
    for (const fact of facts) {
      switch (fact.type) {
        case "ScheduleCreated": {
          const { id, hour, minute, dayOfWeek, nextRunAt } = fact.schedule;
          const from = fact.carriedFrom === null ? undefined : this.#carried.get(fact.carriedFrom);
          const kept = { hour, minute, dayOfWeek, after: from?.after ?? at };
          this.#expectNext(id, kept, nextRunAt);
          this.#kept.set(id, kept);
          break;
        }
        case "ScheduleChanged": {
          const before = this.#known(fact.id);
          const { hour = before.hour, minute = before.minute } = fact.changes;
          const { dayOfWeek = before.dayOfWeek } = fact.changes;
          const isMoved = hour !== before.hour || minute !== before.minute;
          const kept = { hour, minute, dayOfWeek, after: isMoved ? at : before.after };
          if (fact.changes.nextRunAt !== undefined) {
            this.#expectNext(fact.id, kept, fact.changes.nextRunAt);
          }
          this.#kept.set(fact.id, kept);
          break;
        }
        case "ScheduleFired": {
          const before = this.#known(fact.id);
          if (fact.slot !== slotAfter(before) || at !== fact.slot) {
            this.objections.push(`${fact.id} used ${fact.slot} at ${at}, not ${slotAfter(before)}`);
          }
          const kept = { ...before, after: fact.slot };
          this.#expectNext(fact.id, kept, fact.nextRunAt);
          this.#kept.set(fact.id, kept);
          const made = facts
            .filter((other) => other.type === "BackupCreated")
            .filter(({ backup }) => backup.scheduleId === fact.id)
            .map(({ backup }) => (backup.parentId === null ? "full" : "incremental"));
          if (made.join(" and ") !== (fact.backup === "nothing" ? "" : fact.backup)) {
            this.objections.push(`${fact.id} took ${fact.backup}, but made ${made.join(" and ")}`);
          }
          const day = new Date(fact.slot).getUTCDay();
          const isFullDay = before.dayOfWeek === 7 || before.dayOfWeek === day;
          if (isFullDay && fact.backup === "incremental") {
            this.objections.push(`${fact.id} took an incremental backup on its full day`);
          }
          break;
        }
        case "ScheduleRemoved":
          this.#carried.set(fact.id, this.#known(fact.id));
          this.#kept.delete(fact.id);
          break;
        default:
      }
    }
  }

  #known(id: string): Kept {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw new RangeError(`a fact is about the unknown schedule ${id}`);
    return kept;
  }

  #expectNext(id: string, kept: Kept, nextRunAt: number): void {
    if (nextRunAt !== slotAfter(kept)) {
      this.objections.push(`${id} runs next at ${nextRunAt}, not at ${slotAfter(kept)}`);
    }
  }
}

test("a schedule uses every slot exactly once, at its moment, through forks and restores", () => {
  fc.assert(
    fc.property(worlds, drafts, (options, draft) => {
      const clerk = new Clerk();
      const sim = new ReplicationSimulator(options);
      clerk.listen(sim);
      runDrafts(sim, draft, {
        onStep: ({ sim: before, next }) => {
          if (next !== before) clerk.listen(next);
          expect(clerk.objections).toEqual([]);
        },
      });
    }),
    {
      numRuns: runs(200),
      reporter: draftReporter({ simulator: ([options]) => options }),
    },
  );
});

test("the scenarios of that property use slots: with a full backup, an incremental one, or for nothing", () => {
  // The property would hold as well where nothing ever fires.
  const used = new Map<string, number>();
  const reported = fc.sample(fc.tuple(worlds, drafts), { numRuns: 100, seed: 7 });
  for (const [options, draft] of reported) {
    const listen = (sim: ReplicationSimulator): void => {
      sim.subscribe(({ facts }) => {
        for (const fact of facts) {
          if (fact.type === "ScheduleFired")
            used.set(fact.backup, (used.get(fact.backup) ?? 0) + 1);
        }
      });
    };
    const sim = new ReplicationSimulator(options);
    listen(sim);
    runDrafts(sim, draft, {
      onStep: ({ sim: before, next }) => {
        if (next !== before) listen(next);
      },
    });
  }
  for (const took of ["full", "incremental", "nothing"]) {
    expect([took, used.get(took) ?? 0]).not.toEqual([took, 0]);
  }
  expect([...used.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(
    reported.length,
  );
});

test("a schedule keeps no more completed full backups than its retention", () => {
  const retention = fc.integer({ min: 2, max: 5 });
  const dayOfWeek = fc.integer({ min: 0, max: 7 });
  fc.assert(
    fc.property(retention, dayOfWeek, fc.integer({ min: 1, max: 60 }), (keep, day, days) => {
      const sim = new ReplicationSimulator({ latency: "fast" });
      const { id } = sim.createInstance({ flavorId: "2", volumeGb: 10 });
      sim.settle();
      sim.createSchedule({
        ownerId: id,
        dayOfWeek: day,
        hour: 4,
        minute: 0,
        fullBackupRetention: keep,
      });
      sim.advance(days * dayMs);
      const backups = all(sim);
      const fulls = backups.filter(({ parentId }) => parentId === null);
      // The first is full whatever the day; then one on each day that the schedule names.
      const due = Array.from({ length: days }, (_, index) => {
        const weekday = new Date(Date.UTC(2026, 0, 1 + index)).getUTCDay();
        return index === 0 || day === 7 || weekday === day;
      });
      expect(fulls).toHaveLength(Math.min(keep, due.filter(Boolean).length));
      // Nothing that is kept adds to what is gone.
      const ids = new Set(backups.map((backup) => backup.id));
      for (const { parentId } of backups) expect(parentId === null || ids.has(parentId)).toBe(true);
      expectNoBrokenInvariants(sim);
    }),
    { numRuns: runs(60) },
  );
});

function all(sim: ReplicationSimulator) {
  const found = [];
  for (let marker: string | undefined, more = true; more; more = marker !== undefined) {
    const page = sim.listBackups(marker === undefined ? {} : { marker });
    found.push(...page.items);
    marker = page.nextMarker;
  }
  return found;
}

/** Where a member has a schedule, and when it was made: before the conversion was asked for, or while it went on. */
type Plan = "none" | "before" | "during";

const times = fc.record({
  dayOfWeek: fc.integer({ min: 0, max: 7 }),
  hour: fc.integer({ min: 0, max: 23 }),
  minute: fc.integer({ min: 0, max: 59 }),
  fullBackupRetention: fc.integer({ min: 2, max: 9 }),
  copyTo: fc.uniqueArray(fc.constantFrom("DFW", "IAD", "SYD"), { maxLength: 3 }),
});
const plan = fc.constantFrom<Plan>("none", "before", "during");
const membersOf = fc.oneof(fc.tuple(plan, plan), fc.tuple(plan, plan, plan)) as fc.Arbitrary<
  readonly Plan[]
>;

test("a conversion carries over the source's schedule, else the first replica's, and ends all others (§3.4)", () => {
  fc.assert(
    fc.property(
      membersOf,
      fc.array(times, { minLength: 3, maxLength: 3 }),
      fc.boolean(),
      fc.nat(2),
      (plans, requested, fails, named) => {
        const sim = new ReplicationSimulator();
        const replicas = plans.length === 3 ? 2 : 1;
        const set = createReplicationSet(sim, { replicas });
        const members = [set.source, ...set.replicas].map(({ id }) => id);
        // Made from the last member to the first, so that the order of creation is not what decides.
        const make = (when: Plan): void => {
          for (const at of [2, 1, 0]) {
            const ownerId = members[at];
            if (ownerId === undefined || plans[at] !== when) continue;
            sim.createSchedule({
              ownerId,
              ...(requested[at] as Omit<InputOf<"createSchedule">, "ownerId">),
            });
          }
        };
        make("before");
        const { id: groupId } = sim.convertToHa(members[named % members.length] ?? "", {
          name: "ha",
        });
        make("during");
        const before = sim.listSchedules().items;
        if (fails) sim.failTask({ task: "convert", of: groupId });
        sim.settle();
        expectNoBrokenInvariants(sim);

        const after = sim.listSchedules().items;
        if (fails) {
          // C21: untouched, unless one's hour came meanwhile.
          expect(after.map(reported)).toEqual(before.map(reported));
          expect(idsOf({ items: after })).toEqual(idsOf({ items: before }));
          expect(sim.getGroup(groupId).scheduleId).toBeNull();
          return;
        }
        const chosen = members.find((id) => before.some(({ ownerId }) => ownerId === id));
        const carried = before.find(({ ownerId }) => ownerId === chosen);
        expect(sim.getGroup(groupId).scheduleId).toBe(after[0]?.id ?? null);
        expect(after.map(reported)).toEqual(
          carried === undefined
            ? []
            : [{ ...reported(carried), ownerKind: "ha", ownerId: groupId }],
        );
        for (const { nextRunAt, ...of } of after) {
          expect(nextRunAt).toBe(slotAfter({ ...of, after: sim.now }));
        }
        for (const { id } of after) expect(before.map((old) => old.id)).not.toContain(id);
        for (const id of members) expect(sim.getInstance(id).scheduleId).toBeNull();
      },
    ),
    { numRuns: runs(150) },
  );
});

/** What a schedule says, apart from what it is and when it was made. */
function reported({ ownerKind, ownerId, ...rest }: BackupSchedule) {
  const { dayOfWeek, hour, minute, fullBackupRetention, copyTo } = rest;
  return { ownerKind, ownerId, dayOfWeek, hour, minute, fullBackupRetention, copyTo };
}

import type ts from "typescript";
import { describe, expect, test } from "vitest";
import pkg from "../package.json" with { type: "json" };
import { exportsOf, files } from "./publicSurface.js";

/*
 * What a user has to know of the library: the names of the main entry point, each in a group, and no name with two
 * meanings. A name that is added here has to earn its place.
 */

const allowed: Readonly<Record<string, string>> = {
  "the simulator":
    "AccountClient AccountView ReplicationSimulator Result SimulationHistory SimulationStateSpace " +
    "TryMethods",
  "methods of a client":
    "BackupMethods CatalogMethods CommandMethods ConfigurationMethods DatabaseMethods " +
    "FaultMethods HaGroupMethods InstanceMethods OperatorMethods RowMethods WaitMethods " +
    "WorkloadMethods",
  options:
    "BranchSpec Catalog Distribution ForkOptions InjectOptions InstanceFilter LabelInput " +
    "LatencyKey LatencyProfile Limits ListOptions Policy RateLimits Role RuntimeHooks Settings " +
    "SimulatorOptions StepOptions documentedCatalog documentedLatency documentedLimits " +
    "documentedPolicy documentedRates fastLatency instantLatency",
  "commands, facts and faults by name":
    "Command CommandOf CommandType Commands Fact FactOf Facts Fault FaultOf Faults InputOf " +
    "RandomTarget ResultOf",
  rows:
    "AccountRow Backup BackupSchedule BackupStatus Configuration DatastoreVersion Flavor HaGroup " +
    "HaGroupStatus InjectedFault Instance InstanceStatus LifecycleRow LogPosition " +
    "OperationError Page PlaceInput PlacementSettings ReplicaStatus ReplicationLink ReplicationLog SourceStatus " +
    "TopologyData Work",
  errors:
    "ErrorCode ErrorDetails InjectedOutageError InputIssue InvalidInputError InvalidStatusError " +
    "InvalidWorldDataError InvariantViolationError NotFoundError PermissionDeniedError " +
    "RateLimitError ReplicationError RuleViolationError TimeLimitError",
  "journal, worlds and differences":
    "Cause Change Choice Consequence Journal JournalEntry KindDifference PendingTask Savepoint " +
    "Snapshot SnapshotJson Trigger WorldDifference diff equalWorlds",
};

describe("the public surface", () => {
  test("of the main entry point is the allowed list, at most 110 names", () => {
    const [main] = files;
    const names = [...exportsOf(main?.file ?? "").keys()].sort();
    const listed = Object.values(allowed).flatMap((group) => group.split(" "));
    expect(names).toEqual(listed.sort());
    expect(names.length).toBeLessThanOrEqual(110);
  });

  test("has no name with two meanings", () => {
    const meanings = new Map<string, { readonly symbol: ts.Symbol; readonly entry: string }>();
    const twice: string[] = [];
    for (const { name: entry, file } of files) {
      for (const [name, symbol] of exportsOf(file)) {
        const known = meanings.get(name);
        if (known === undefined) meanings.set(name, { symbol, entry });
        else if (known.symbol !== symbol) twice.push(`${name} in ${known.entry} and ${entry}`);
      }
    }
    expect(twice).toEqual([]);
  });

  test("is that of the entry points in package.json", () => {
    const published = Object.keys(pkg.exports).filter((path) => path !== "./package.json");
    const known = files.map(({ name }) => name.replace("replication-simulator", "."));
    expect(known.sort()).toEqual(published.sort());
  });
});

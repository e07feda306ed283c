import { describe, expect, test } from "vitest";
import type { Transaction } from "../../src/kernel/transaction.js";
import type { Topology } from "../../src/model/topology.js";
import type { Fault } from "../../src/service/faults/fault.model.js";
import { choosePlacement } from "../../src/service/placement/choosePlacement.js";
import {
  isLostToMonitor,
  isPromotable,
  isReachedByMonitor,
  reachEachOther,
} from "../../src/service/placement/partitions.js";
import {
  type PlaceInput,
  type Placement,
  type PlacementSettings,
  placementsOf,
  rackPattern,
  racksOf,
  standsIn,
  zonePattern,
  zonesOf,
} from "../../src/service/placement/placement.model.js";
import { nodePlacesExist, placeViolation } from "../../src/service/placement/placementRules.js";
import { faultRow, instanceRow, topologyWith } from "../faults/rows.js";

/** Two zones with two racks each. */
const region: PlacementSettings = { zones: 2, racksPerZone: 2, spread: "zones" };

const places: readonly Placement[] = [
  { zone: "zone-1", rack: "rack-1" },
  { zone: "zone-1", rack: "rack-2" },
  { zone: "zone-2", rack: "rack-3" },
  { zone: "zone-2", rack: "rack-4" },
];

/** Chooses the rack of a new instance, where the rank of each rack is given and others stand in some racks already. */
function chosenRack({
  ranks,
  near = [],
  place = {},
  settings = region,
  topology = topologyWith({}),
}: {
  readonly ranks: readonly number[];
  /** The number of the rack of each other instance of the set or group. */
  readonly near?: readonly number[];
  readonly place?: PlaceInput;
  readonly settings?: PlacementSettings;
  readonly topology?: Topology;
}): string {
  const chance = {
    draw: ({ purpose, key, sequence }: { purpose: string; key: string; sequence: number }) => {
      expect([purpose, key]).toEqual(["placement", "key-new"]);
      return ranks[sequence];
    },
  };
  const context = { chance, placement: settings, topology, accountId: "a" };
  const others = near.map((rack, ordinal) =>
    instanceRow(ordinal, placementsOf(settings)[rack - 1] as Placement),
  );
  const { zone, rack } = choosePlacement({ context } as unknown as Transaction, "key-new", {
    near: others,
    place,
  });
  expect(placementsOf(settings)).toContainEqual({ zone, rack });
  return rack;
}

function failing(...placesOfAccounts: (PlaceInput & { readonly accountId?: string })[]): Topology {
  const faults = placesOfAccounts.map(({ accountId = "a", ...place }, ordinal) => {
    const fault: Fault = { kind: "correlated", effect: "crash", ...place };
    return faultRow(ordinal, fault, { accountId });
  });
  return topologyWith({ faults, watched: faults.map(({ ordinal }) => ordinal) });
}

describe("an instance without others in its set", () => {
  test.each([
    [[9, 8, 7, 6], "rack-1"],
    [[6, 7, 8, 9], "rack-4"],
    [[1, 9, 3, 9], "rack-2"],
    [[0, 0, 0, 0], "rack-1"],
  ])("stands in the rack with the highest rank: %j", (ranks, expected) => {
    expect(chosenRack({ ranks })).toBe(expected);
  });

  test.each([
    [{ zone: "zone-2" }, "rack-3"],
    [{ rack: "rack-2" }, "rack-2"],
    [{ zone: "zone-2", rack: "rack-4" }, "rack-4"],
    // No rule lets such a request pass.
    [{ zone: "zone-3" }, "rack-1"],
  ] satisfies [PlaceInput, string][])(
    "stands in the place that was asked for: %j",
    (place, rack) => {
      expect(chosenRack({ ranks: [9, 5, 7, 1], place })).toBe(rack);
    },
  );
});

describe("the members of a set or group", () => {
  test("are kept apart by zone first", () => {
    expect(chosenRack({ near: [1], ranks: [8, 9, 1, 2] })).toBe("rack-4");
    expect(chosenRack({ near: [1], ranks: [8, 9, 2, 1] })).toBe("rack-3");
    expect(chosenRack({ near: [1], ranks: [8, 9, 2, 2] })).toBe("rack-3");
    expect(chosenRack({ near: [4], ranks: [1, 2, 8, 9] })).toBe("rack-2");
  });

  test("are kept apart by rack within a zone", () => {
    expect(chosenRack({ near: [1, 3], ranks: [9, 1, 8, 0] })).toBe("rack-2");
    expect(chosenRack({ near: [1], place: { zone: "zone-1" }, ranks: [9, 1, 8, 0] })).toBe(
      "rack-2",
    );
  });

  test("rather share a rack of a zone with few than take a free one of a zone with many", () => {
    expect(chosenRack({ near: [1, 1, 1, 3, 4], ranks: [9, 9, 1, 2] })).toBe("rack-4");
  });

  test("are kept apart by rack alone if so configured", () => {
    const settings: PlacementSettings = { ...region, spread: "racks" };
    expect(chosenRack({ settings, near: [1], ranks: [9, 5, 2, 1] })).toBe("rack-2");
    expect(chosenRack({ settings, near: [1, 2, 4], ranks: [9, 5, 2, 10] })).toBe("rack-3");
  });

  test("stand anywhere if so configured", () => {
    const settings: PlacementSettings = { ...region, spread: "none" };
    expect(chosenRack({ settings, near: [1], ranks: [9, 5, 2, 1] })).toBe("rack-1");
  });
});

describe("a zone or rack that has failed", () => {
  test("gets no new instances, however full the others are", () => {
    const topology = failing({ zone: "zone-1" });
    expect(chosenRack({ topology, ranks: [9, 8, 1, 2] })).toBe("rack-4");
    expect(chosenRack({ topology, near: [3, 3], ranks: [9, 8, 1, 0] })).toBe("rack-4");
    expect(chosenRack({ topology, near: [3, 4, 3, 4], ranks: [9, 8, 1, 0] })).toBe("rack-3");
    const settings: PlacementSettings = { ...region, racksPerZone: 1 };
    expect(chosenRack({ topology, settings, near: [2, 2], ranks: [9, 8] })).toBe("rack-2");
  });

  test("counts if one of several failures strikes it", () => {
    const topology = failing({ zone: "zone-1" }, { rack: "rack-3" });
    expect(chosenRack({ topology, ranks: [9, 8, 7, 1] })).toBe("rack-4");
  });

  test("is still used where nothing else is left, apart from the others", () => {
    const topology = failing({ zone: "zone-1" }, { zone: "zone-2" });
    expect(chosenRack({ topology, near: [1], ranks: [9, 8, 1, 2] })).toBe("rack-4");
  });

  test("of another account makes no difference", () => {
    const topology = failing({ zone: "zone-1", accountId: "b" });
    expect(chosenRack({ topology, ranks: [9, 8, 1, 2] })).toBe("rack-1");
  });
});

describe("the places of a region", () => {
  test("are its racks, numbered over all zones", () => {
    expect(placementsOf(region)).toEqual(places);
    expect(placementsOf({ zones: 3, racksPerZone: 1, spread: "none" })).toEqual([
      { zone: "zone-1", rack: "rack-1" },
      { zone: "zone-2", rack: "rack-2" },
      { zone: "zone-3", rack: "rack-3" },
    ]);
    expect(zonesOf(region)).toEqual(["zone-1", "zone-2"]);
    expect(racksOf(region)).toEqual(["rack-1", "rack-2", "rack-3", "rack-4"]);
    expect(racksOf(region, "zone-2")).toEqual(["rack-3", "rack-4"]);
  });

  test("are listed once for each region", () => {
    expect(placementsOf(region)).toBe(placementsOf(region));
  });

  test.each([
    [{}, [true, true, true, true]],
    [{ zone: "zone-1" }, [true, true, false, false]],
    [{ rack: "rack-3" }, [false, false, true, false]],
    [{ zone: "zone-2", rack: "rack-4" }, [false, false, false, true]],
    [{ zone: "zone-1", rack: "rack-4" }, [false, false, false, false]],
  ] satisfies [PlaceInput, boolean[]][])(
    "contain what stands in both zone and rack: %j",
    (place, expected) => {
      expect(places.map((one) => standsIn(one, place))).toEqual(expected);
    },
  );

  test.each([
    ["zone", zonePattern],
    ["rack", rackPattern],
  ])("are named by a %s and its number", (word, pattern) => {
    for (const name of ["-1", "-20", "-9999"]) expect(pattern.test(`${word}${name}`)).toBe(true);
    const wrong = ["-0", "-01", "-", "-12345", "-1 ", "-1a", "1"].map((end) => `${word}${end}`);
    for (const name of [...wrong, `a${word}-1`, `${word}-1\n`]) {
      expect([name, pattern.test(name)]).toEqual([name, false]);
    }
  });
});

describe("a request that names a place", () => {
  const context = { placement: region } as Parameters<typeof placeViolation>[1];

  test("passes without one, or with one of the region", () => {
    expect(placeViolation({}, context)).toBeUndefined();
    for (const place of places) {
      expect(placeViolation(place, context)).toBeUndefined();
      expect(placeViolation({ zone: place.zone }, context)).toBeUndefined();
      expect(placeViolation({ rack: place.rack }, context)).toBeUndefined();
    }
  });

  test("is refused for a zone or a rack that is not there, with the field of its node", () => {
    expect(placeViolation({ zone: "zone-3" }, context)).toEqual({
      message: "there is no zone-3: the option placement gives zone-1, zone-2",
      field: "zone",
      value: "zone-3",
      allowed: ["zone-1", "zone-2"],
    });
    const rack = {
      message: "there is no rack-3 in zone-1: it has rack-1, rack-2",
      value: "rack-3",
      allowed: ["rack-1", "rack-2"],
    };
    const wrong = { zone: "zone-1", rack: "rack-3" } as const;
    expect(placeViolation(wrong, context)).toEqual({ ...rack, field: "rack" });
    const node = { name: "n" };
    const violation = (source: PlaceInput, ...replicas: PlaceInput[]) =>
      nodePlacesExist.violation({ source: { ...node, ...source }, replicas } as never, context);
    expect(violation(wrong)).toEqual({ ...rack, field: "source.rack" });
    expect(violation({}, {}, wrong)).toEqual({ ...rack, field: "replicas[1].rack" });
    expect(violation({}, {})).toBeUndefined();
  });
});

describe("partitions", () => {
  const outside = { partitionId: null };
  const one = { partitionId: "p" };

  test("separate what is in different ones, or in one and outside", () => {
    expect(reachEachOther(outside, outside)).toBe(true);
    expect(reachEachOther(one, { partitionId: "p" })).toBe(true);
    expect(reachEachOther(one, outside)).toBe(false);
    expect(reachEachOther(one, { partitionId: "q" })).toBe(false);
  });

  test("hide a member from the monitor of its group, like a failure", () => {
    expect(isReachedByMonitor(outside)).toBe(true);
    expect(isReachedByMonitor(one)).toBe(false);
    expect(isLostToMonitor({ state: "active", ...outside })).toBe(false);
    expect(isLostToMonitor({ state: "active", ...one })).toBe(true);
    expect(isLostToMonitor({ state: "shutdown", ...outside })).toBe(true);
    expect(isPromotable({ state: "active", ...outside })).toBe(true);
    expect(isPromotable({ state: "active", ...one })).toBe(false);
    expect(isPromotable({ state: "shutdown", ...outside })).toBe(false);
  });
});

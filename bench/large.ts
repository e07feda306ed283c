import type { ReplicationSimulator } from "replication-simulator";
import { frozenCopyOf, idsOf, worldOf } from "./fixtures.js";
import { atMost, compare, figure, heapBytes, median, type Row, timed } from "./harness.js";

const many = 1_000_000;
const few = 1_000;
/** Instances that commands go to: enough that a large world does not fit into any cache. */
const sampled = 1_000;

/**
 * Everything that is about a million instances in one account. The worlds live one after the other, since the
 * memory of one is measured by itself: the in-place one is made by a million commands, the immutable one from its
 * rows.
 */
export function largeRows(): readonly Row[] {
  const empty = heapBytes();
  let large: ReplicationSimulator | undefined = worldOf(many, "in-place");
  const inPlaceBytes = (heapBytes() - empty) / many;
  const inPlace = [growth(large, "in-place"), page(large, "in-place")];
  let copy: ReplicationSimulator | undefined = frozenCopyOf(large);
  large = undefined;
  const immutableBytes = (heapBytes() - empty) / many;
  const immutable = [growth(copy, "immutable"), page(copy, "immutable")];
  const forks = forkRows(copy);
  copy = undefined;
  return [
    ...[inPlace[0], immutable[0]].filter(isRow),
    ...forks,
    memory(inPlaceBytes, "in-place"),
    memory(immutableBytes, "immutable"),
    ...[inPlace[1], immutable[1]].filter(isRow),
  ];
}

function growth(large: ReplicationSimulator, store: "immutable" | "in-place"): Row {
  const restartAll = (sim: ReplicationSimulator) => {
    const ids = idsOf(sim, sampled);
    let next = 0;
    return () => {
      sim.restartInstance(ids[next] as string);
      sim.settle();
      next = (next + 1) % ids.length;
    };
  };
  const { ratio, subjectNs, baselineNs } = compare(
    restartAll(large),
    restartAll(worldOf(few, store)),
    { pairs: 100, subjectCalls: 100, baselineCalls: 100, warmUp: 20 },
  );
  return atMost({
    name: `growth of a command's cost, 1,000 to 1,000,000 instances, ${store} store`,
    value: ratio,
    unit: "x",
    goal: 2.5,
    stretch: 1.5,
    against: `${figure(subjectNs / 1000)} us, with 1,000 instances ${figure(baselineNs / 1000)} us`,
  });
}

function page(large: ReplicationSimulator, store: "immutable" | "in-place"): Row {
  const pages = (sim: ReplicationSimulator, markers: number) => {
    const ids = idsOf(sim, sampled).slice(0, markers);
    let next = 0;
    return () => {
      sim.listInstances({ limit: 20, marker: ids[next] as string });
      next = (next + 7) % ids.length;
    };
  };
  const baseline = pages(worldOf(few, store), sampled);
  const often = { pairs: 60, subjectCalls: 100, baselineCalls: 100, warmUp: 20 };
  const { ratio, subjectNs, baselineNs } = compare(pages(large, sampled), baseline, often);
  // The same steps on rows that lie in the caches: what remains of the ratio is the store's own.
  const again = compare(pages(large, 1), baseline, often);
  return atMost({
    name: `a page of 20 of 1,000,000 instances, ${store} store`,
    value: ratio,
    unit: "x a page of 1,000",
    goal: 3,
    against: `${figure(subjectNs / 1000)} us, of 1,000 instances ${figure(baselineNs / 1000)} us; a page that was just read ${figure(again.ratio)} x`,
  });
}

function memory(bytes: number, store: "immutable" | "in-place"): Row {
  return atMost({
    name: `memory an instance, 1,000,000 of them, ${store} store`,
    value: bytes / 1024,
    unit: "KB",
    goal: 1,
    stretch: 0.5,
    against: "heap before and after",
  });
}

/** Both are O(1): the past is shared, and what is due is copied only when one of the two worlds moves. */
function forkRows(sim: ReplicationSimulator): readonly Row[] {
  return [
    row("fork()", () => sim.fork()),
    row("snapshot() in memory", () => sim.snapshot()),
  ].flat();

  function row(name: string, take: () => object): readonly Row[] {
    const times: number[] = [];
    for (let i = 0; i < 200; i++) times.push(timed(take, 20));
    const kept: object[] = [];
    const before = heapBytes();
    for (let i = 0; i < 1_000; i++) kept.push(take());
    const bytes = (heapBytes() - before) / kept.length;
    return [
      atMost({
        name: `${name} of 1,000,000 instances, immutable store`,
        value: median(times) / 1000,
        unit: "us",
        goal: 50,
        against: "the clock",
      }),
      atMost({
        name: `heap that one ${name} keeps`,
        value: Math.max(0, bytes) / 1024,
        unit: "KB",
        // No heap growth: an object or two, whatever the size of the world.
        goal: 4,
        against: "1,000 kept at once",
      }),
    ];
  }
}

function isRow(row: Row | undefined): row is Row {
  return row !== undefined;
}

import { describe, expect, test } from "vitest";
import {
  correlatedFaultOn,
  correlatedKinds,
  type Fault,
  type FaultKind,
  faultKinds,
  infoOf,
  isPart,
  randomFaultKinds,
  randomFaultOn,
} from "../../src/service/faults/fault.model.js";
import { faultRow } from "./rows.js";

/*
 * What is the same for every fault of a kind: what it strikes, what the lifecycle receives, and how it reads in words.
 */

/** Target, part that it damages, part that it repairs, whether each task or request looks it up. */
const kinds: Readonly<Record<FaultKind, readonly [string, string, string, string]>> = {
  crash: ["instanceId", "service", "-", "-"],
  hang: ["instanceId", "service", "-", "-"],
  loseHost: ["instanceId", "service", "-", "-"],
  recover: ["instanceId", "-", "service", "-"],
  breakReplication: ["replicaId", "replication", "-", "-"],
  repairReplication: ["replicaId", "-", "replication", "-"],
  cutLink: ["replicaId", "link", "-", "-"],
  slowLink: ["replicaId", "link", "-", "-"],
  restoreLink: ["replicaId", "-", "link", "-"],
  partition: ["instanceId", "network", "-", "-"],
  healPartition: ["instanceId", "-", "network", "-"],
  correlated: ["-", "-", "-", "watched"],
  failTask: ["of", "-", "-", "watched"],
  slowTasks: ["-", "-", "-", "watched"],
  loseAnswers: ["-", "-", "-", "watched"],
  outage: ["-", "-", "-", "watched"],
  random: ["target", "-", "-", "-"],
  randomAmong: ["target", "-", "-", "-"],
};

describe("each kind of fault", () => {
  test.each(Object.entries(kinds))("%s strikes what its fields name", (kind, expected) => {
    const { target, part, repairs, isWatched } = faultKinds[kind as FaultKind];
    const found = [target ?? "-", part ?? "-", repairs ?? "-", isWatched ? "watched" : "-"];
    expect(found).toEqual(expected);
    expect(infoOf({ kind } as Fault)).toBe(faultKinds[kind as FaultKind]);
  });

  test("sends its signal to the lifecycle, and has words for it in messages", () => {
    const sent = Object.entries(faultKinds).flatMap(([kind, { sends }]) =>
      sends === null ? [] : [[kind, sends.signal, sends.doing]],
    );
    expect(sent).toEqual([
      ["crash", "service.crashed", "crash"],
      ["hang", "service.hung", "hang"],
      ["loseHost", "host.lost", "lose the host of"],
      ["recover", "service.recovered", "recover"],
      ["breakReplication", "replication.broken", "break the replication of"],
      ["repairReplication", "replication.repaired", "repair the replication of"],
    ]);
  });

  const sentences: readonly (readonly [string, Fault])[] = [
    ["its service crashes", { kind: "crash", instanceId: "i" }],
    ["its service hangs", { kind: "hang", instanceId: "i" }],
    ["its host is lost, with its data", { kind: "loseHost", instanceId: "i" }],
    ["its service is back", { kind: "recover", instanceId: "i" }],
    ["its replication stops applying", { kind: "breakReplication", replicaId: "i" }],
    [
      "its replication stops receiving",
      { kind: "breakReplication", replicaId: "i", thread: "receiving" },
    ],
    ["its replication is repaired", { kind: "repairReplication", replicaId: "i" }],
    ["the link from its source is cut", { kind: "cutLink", replicaId: "i" }],
    ["the link from its source is slow", { kind: "slowLink", replicaId: "i", lagMs: 1 }],
    ["the link from its source is whole again", { kind: "restoreLink", replicaId: "i" }],
    [
      "it is cut off from replicas and monitor, and its clients reach it",
      { kind: "partition", instanceId: "i" },
    ],
    ["it is reached again", { kind: "healPartition", instanceId: "i" }],
    ["crash of all instances in zone-1", { kind: "correlated", effect: "crash", zone: "zone-1" }],
    ["hang of all instances in rack-2", { kind: "correlated", effect: "hang", rack: "rack-2" }],
    [
      "partition of all instances in zone-1, rack-2",
      { kind: "correlated", effect: "partition", zone: "zone-1", rack: "rack-2" },
    ],
    ["the next build will fail", { kind: "failTask", task: "build" }],
    ["the next 2 build will fail", { kind: "failTask", task: "build", times: 2 }],
    ["after 3 more, the next build will fail", { kind: "failTask", task: "build", skip: 3 }],
    ["all work takes 2 times as long", { kind: "slowTasks", factor: 2 }],
    ["build takes 0.5 times as long", { kind: "slowTasks", factor: 0.5, task: "build" }],
    ["the next request is carried out and not answered", { kind: "loseAnswers" }],
    ["the next request is carried out and not answered", { kind: "loseAnswers", times: 1 }],
    ["the next 2 requests are carried out and not answered", { kind: "loseAnswers", times: 2 }],
    ["the service answers serviceUnavailable", { kind: "outage" }],
    ["the service answers instanceFault", { kind: "outage", respondWith: "instanceFault" }],
    [
      "crash of each all at random, every 7",
      {
        kind: "random",
        fault: "crash",
        target: "all",
        timeToFailure: 7,
        timeToRepair: 9,
      },
    ],
    [
      "cutLink of one of all at random, every 7",
      {
        kind: "randomAmong",
        fault: "cutLink",
        target: "all",
        timeBetweenFailures: 7,
        timeToRepair: 9,
      },
    ],
  ];

  test.each(sentences)('reads as "%s"', (sentence, fault) => {
    const words = infoOf(fault).words(fault, {
      duration: String,
      target: (target, one) => `${one} ${String(target)}`,
    });
    expect(words).toBe(sentence);
  });
});

describe("random failures", () => {
  test("strike replicas by their link or replication, and instances otherwise", () => {
    const of = { id: "i", durationMs: 5 };
    expect(randomFaultKinds.map((kind) => randomFaultOn(kind, of))).toEqual([
      { kind: "crash", instanceId: "i", durationMs: 5 },
      { kind: "hang", instanceId: "i", durationMs: 5 },
      { kind: "breakReplication", replicaId: "i", durationMs: 5 },
      { kind: "cutLink", replicaId: "i", durationMs: 5 },
      { kind: "partition", instanceId: "i", durationMs: 5 },
    ]);
  });

  test("strike a place by a correlated fault", () => {
    expect(correlatedKinds).toEqual(["crash", "hang", "partition"]);
    expect(correlatedFaultOn("hang", { zone: "zone-2", durationMs: 5 })).toEqual({
      kind: "correlated",
      effect: "hang",
      zone: "zone-2",
      durationMs: 5,
    });
  });
});

test("the part of a correlated fault is what names it, and is none itself", () => {
  const crash: Fault = { kind: "crash", instanceId: "i" };
  const zone: Fault = { kind: "correlated", effect: "crash", zone: "zone-1" };
  expect(isPart(faultRow(0, crash, { partOf: "f1" }))).toBe(true);
  expect(isPart(faultRow(0, crash))).toBe(false);
  // The correlated fault of a random process of a place names the process.
  expect(isPart(faultRow(0, zone, { partOf: "f1" }))).toBe(false);
});

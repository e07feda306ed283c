import { readFileSync } from "node:fs";
import { type Scenario, scenario } from "replication-simulator/scenario";
import {
  formatScenario,
  parseScenarioFile,
  ScenarioFileError,
} from "replication-simulator/scenario-file";
import { describe, expect, test } from "vitest";

const broken = readFileSync(new URL("broken.yaml", import.meta.url), "utf8");

describe("a scenario file", () => {
  test("is refused with every problem, its place, and the nearest known word", () => {
    const { problems } = refusal(broken, "broken.yaml");
    const found = problems.map(({ message }) =>
      message.replace(/one of createInstance.*; did/, "...; did"),
    );
    expect(found).toEqual([
      'broken.yaml:3:19 topology.orders.kind: "gruop" is not accepted; expected one of instance, set, group; did you mean group?',
      "broken.yaml:5:12 random.crashes.every is missing; expected a duration, { from, to }, { exponential: mean }, { weibull: scale, shape }, { lognormal: median, sigma } or { measured: [...] }",
      'broken.yaml:5:32 random.crashes.of: "order.any" is not accepted; expected the name of a thing: orders; did you mean orders?',
      'broken.yaml:5:43 random.crashes.evry: "evry" is not accepted; expected one of fault, of, zone, rack, each, every, timeToRepair; did you mean every?',
      'broken.yaml:8:11 steps[0].at: "40d" is not accepted; expected a time before the horizon, 30d',
      'broken.yaml:8:31 steps[0].do.command: "restrtGroup" is not accepted; expected ...; did you mean restartGroup?',
      "broken.yaml:10:9 measures.down.measure is missing; expected one of writesDown, readsDown, interruptions, lostTransactions, recoveryPoint, recoveryTime, failovers, failoverTime, abortedFailovers, degraded, noCopy, semiSyncOff, commitsStalled, lag, backupAge, operatorActions, refused, faults, instanceHours",
      'broken.yaml:10:11 measures.down.mesure: "mesure" is not accepted; expected one of measure, of, copies, quantile; did you mean measure?',
      'broken.yaml:12:17 expect.good.mean: "dwn" is not accepted; expected the name of a measure: down; did you mean down?',
    ]);
    expect(problems[0]?.frame).toBe(
      [
        "   2 | topology:",
        "   3 |   orders: { kind: gruop, replicas: 2 }",
        "     |                   ^",
      ].join("\n"),
    );
  });

  test("says how a duration is written, what needs quotes, and a place that is not there once", () => {
    const { problems } = refusal(
      `scenario: 1
world: { placement: { zones: 1 } }
topology: { orders: { kind: set, replicas: 1, places: [{ rack: a }, { rack: rack-9 }] } }
random: { crashes: { fault: crash, of: orders, every: { exponential: 90 days }, timeToRepair: { from: 20min, to: 2 hours } } }
horizon: 1 month
`,
      "units.yaml",
    );
    const durations = "a duration: whole ms, or text such as 90s, 15m, 1.5h, 30d, 1d 12h";
    const racks = "rack-1, rack-2";
    expect(problems.map(({ message }) => message)).toEqual([
      `units.yaml:3:64 topology.orders.places[0].rack: "a" is not accepted; expected one of ${racks}`,
      `units.yaml:3:77 topology.orders.places[1].rack: "rack-9" is not accepted; expected one of ${racks}`,
      `units.yaml:4:70 random.crashes.every.exponential: "90 days" is not accepted; expected ${durations}; did you mean 90d?`,
      `units.yaml:4:103 random.crashes.timeToRepair.from: "20min" is not accepted; expected ${durations}; did you mean 20m?`,
      `units.yaml:4:114 random.crashes.timeToRepair.to: "2 hours" is not accepted; expected ${durations}; did you mean 2h?`,
      `units.yaml:5:10 horizon: "1 month" is not accepted; expected ${durations}`,
    ]);
    const help = (text: string) => refusal(text, "a.yaml").problems[0]?.message;
    const quotes = "put quotes around a text with a colon and a blank in it";
    expect(help("scenario: 1\ntitle: One rack: who writes?\n")).toContain(`; ${quotes}`);
    expect(help("scenario: 1\nworld: { region: a: b }\n")).toContain(`; ${quotes}`);
    expect(help("scenario: 1\ntitle: @home\n")).toContain("; put quotes around the text");
    expect(help("scenario: 1\nworld:\n\tjitter: 0\n")).toContain("; use blanks");
  });

  test("names the nearest form of a distribution, and of an expectation", () => {
    const random = "{ fault: crash, of: orders, every: { exponental: 2d }, timeToRepair: 1h }";
    const { problems } = refusal(
      `scenario: 1\ntopology: { orders: { kind: set } }\nrandom: { crashes: ${random} }\nexpect: { up: { nevr: noCopy } }\n`,
      "near.yaml",
    );
    expect(problems.map(({ message }) => message.replace(/ is not .*;/, " ...;"))).toEqual([
      'near.yaml:3:55 random.crashes.every: {"exponental":"2d"} ...; did you mean exponential?',
      'near.yaml:4:15 expect.up: {"nevr":"noCopy"} ...; did you mean never?',
    ]);
  });

  const mistakes: readonly (readonly [name: string, text: string, place: string, rule: string])[] =
    [
      ["no YAML", "scenario: [1", "1:13", "scenario-yaml"],
      ["a key twice", "scenario: 1\nhorizon: 1d\nhorizon: 2d\n", "3:1", "scenario-yaml"],
      ["nothing", "", "1:1", "scenario"],
      ["no version", "horizon: 1d\n", "1:1", "scenario-version"],
      ["a version of the future", "scenario: 2\nunknown: 1\n", "1:11", "scenario-version"],
      ["a duration without a unit", "scenario: 1\nhorizon: '30'\n", "2:10", "scenario-duration"],
      ["a time of day as a duration", "scenario: 1\nhorizon: 1:30\n", "2:10", "scenario-duration"],
      [
        "a share over 100 %",
        "scenario: 1\ntopology: { a: { kind: set, replicas: 1, writes: { perSecond: 1 } } }\nmeasures: { l: { measure: lag, quantile: 101 % } }\n",
        "3:42",
        "scenario-share",
      ],
      [
        "a share of futures over 100 %",
        "scenario: 1\nmeasures: { l: { measure: writesDown } }\nexpect: { few: { share: l, above: 1h, atMost: 2 } }\n",
        "3:47",
        "scenario-share",
      ],
      [
        "a size in a wrong unit",
        "scenario: 1\ntopology: { a: { kind: set, volumeGb: 10MB } }\n",
        "2:39",
        "scenario-size",
      ],
      [
        "bounds in the wrong order",
        "scenario: 1\nworld: { latency: { build: { from: 2s, to: 1s } } }\n",
        "2:44",
        "scenario-distribution",
      ],
      [
        "a role that does not exist",
        "scenario: 1\ntopology: { a: { kind: set } }\nsteps: [{ do: { fault: crash, of: a.leader } }]\n",
        "3:35",
        "scenario-reference",
      ],
      [
        "a process of nothing",
        "scenario: 1\nrandom: { r: { fault: crash, every: 1d, timeToRepair: 1h } }\n",
        "2:14",
        "scenario-random",
      ],
      [
        "a process of a thing and a rack",
        "scenario: 1\ntopology: { a: { kind: set } }\nrandom: { r: { fault: crash, of: a, rack: rack-1, every: 1d, timeToRepair: 1h } }\n",
        "3:43",
        "scenario-random",
      ],
      [
        "a process of a rack that the region does not have",
        "scenario: 1\nrandom: { r: { fault: crash, rack: rack-7, every: 1d, timeToRepair: 1h } }\n",
        "2:36",
        "known-place",
      ],
      [
        "a place of the topology in another zone",
        "scenario: 1\nworld: { placement: { racksPerZone: 1 } }\ntopology: { a: { kind: set, places: [{}, { zone: zone-1, rack: rack-2 }] } }\n",
        "3:64",
        "known-place",
      ],
      [
        "a step with a zone that the region does not have",
        "scenario: 1\nworld: { placement: { zones: 2 } }\nsteps: [{ do: { fault: correlated, effect: crash, zone: zone-3 } }]\n",
        "3:57",
        "known-place",
      ],
      [
        "a label twice",
        "scenario: 1\nsteps: [{ label: a, do: { command: createInstance, flavorId: 2, volumeGb: 1 } }, { label: a, do: settle }]\n",
        "2:91",
        "scenario-label",
      ],
      [
        "at and after",
        "scenario: 1\nsteps: [{ at: 1s, after: 1s, do: settle }]\n",
        "2:26",
        "scenario-step",
      ],
      [
        "a repetition without an end",
        "scenario: 1\nsteps: [{ at: 1s, repeat: 1s, do: settle }]\n",
        "2:27",
        "scenario-step",
      ],
      [
        "a field of another command",
        "scenario: 1\ntopology: { a: { kind: set } }\nsteps: [{ do: { command: restartInstance, of: a, flavorId: 2 } }]\n",
        "3:50",
        "known-field",
      ],
      [
        "a design that does not fit",
        "scenario: 1\ntopology: { a: { kind: set } }\ndesigns: { b c: { topology: { a: { replicas: many } } } }\n",
        "3:46",
        "scenario-fixture",
      ],
      [
        "a parameter that does not fit",
        "scenario: 1\nvary: { world.jitter: [0, 2] }\n",
        "2:23",
        "scenario-jitter",
      ],
      [
        "a name with a dot",
        "scenario: 1\ntopology: { a.b: { kind: set } }\n",
        "2:13",
        "scenario-names",
      ],
      [
        "an expectation without a bound",
        "scenario: 1\nmeasures: { r: { measure: refused } }\nexpect: { e: { mean: r } }\n",
        "3:14",
        "scenario-expectation",
      ],
    ];
  test.each(mistakes)("%s", (_, text, place, rule) => {
    const [first] = refusal(text).problems;
    expect(first).toMatchObject({ rule });
    expect(`${first?.line}:${first?.column}`).toBe(place);
  });

  test("in JSON is the same", () => {
    const plain = { scenario: 1, horizon: "1d", topology: { a: { kind: "set" } } } as const;
    expect(parseScenarioFile(JSON.stringify(plain))).toEqual(scenario(plain));
  });

  test("that formatScenario has written is the same scenario", () => {
    const written = scenario({
      scenario: 1,
      title: "What happens?",
      world: { seed: 3, latency: { build: "1m 30s", receiveLag: { lognormal: "2s", sigma: 1 } } },
      topology: {
        orders: {
          kind: "set",
          replicas: 2,
          volumeGb: "1TB",
          writes: { perSecond: 5, bytes: "2kB" },
        },
      },
      steps: [
        {
          at: "1d 12h",
          repeat: "2d",
          do: { fault: "slowLink", of: "orders.freshest", lag: "1500ms", for: "6h" },
        },
        { label: "copy", do: { command: "createBackup", name: "b", of: "orders" } },
        { do: { expect: "orders", status: "ACTIVE" } },
      ],
      horizon: "30d",
      measures: { down: { measure: "writesDown", of: "orders" } },
      expect: {
        slo: { mean: "down", atMost: "21m 36s" },
        any: { share: "down", above: 0, atMost: "1 %" },
      },
      designs: { "no replica": { topology: { orders: { replicas: 0 } } } },
      vary: { "world.jitter": [0, 0.5] },
    });
    const text = formatScenario(written);
    expect(parseScenarioFile(text)).toEqual(written);
    expect(text).toContain(
      "  - { at: 1d 12h, repeat: 2d, do: { fault: slowLink, of: orders.freshest, lag: 1s 500ms, for: 6h } }",
    );
    expect(text).toContain("  slo: { mean: down, atMost: 21m 36s }");
  });
});

function refusal(text: string, file = "scenario.yaml"): ScenarioFileError {
  try {
    const read: Scenario = parseScenarioFile(text, { file });
    throw new Error(`accepted: ${JSON.stringify(read)}`);
  } catch (error) {
    if (error instanceof ScenarioFileError) return error;
    throw error;
  }
}

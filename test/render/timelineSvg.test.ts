import { readFileSync } from "node:fs";
import {
  InvalidInputError,
  type Journal,
  ReplicationSimulator,
  type SimulatorOptions,
} from "replication-simulator";
import { type Theme, timelineSvg } from "replication-simulator/render";
import { createActiveHaGroup } from "replication-simulator/testing";
import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import { pictures } from "../../scripts/generate-pictures.js";
import { colours, tones } from "../../src/render/palette.js";
import { colourfulWorld, groupIn, hostileName, replica, worldNamed } from "./fixtures.js";
import { type Node, parsed } from "./xml.js";

describe("timelineSvg", () => {
  test("has one lane for each instance and group, families together", () => {
    const names = texts(drawn(colourfulWorld())).filter((text) => /^(orders|users)/.test(text));
    expect(names).toEqual([
      ...["orders-ha", "orders", "orders-r1", "orders-r2"],
      ...["users", "users-r1", "users-r2"],
    ]);
  });

  test("draws each status as a span of its length, with its word where there is room and it is not at rest", () => {
    const sim = new ReplicationSimulator();
    sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    sim.advance(70_000);
    const svg = drawn(sim);
    const [build, active] = spans(svg);
    expect(build).toMatchObject({ words: "BUILD", label: "build", tone: "t-building" });
    expect(active).toMatchObject({ words: "ACTIVE", label: undefined, tone: "f-good" });
    expect(active?.x).toBeCloseTo((build?.x ?? 0) + (build?.width ?? 0), 1);
    expect((active?.width ?? 0) / (build?.width ?? 1)).toBeCloseTo(2, 1);
  });

  test("leaves the word out where the span is too short for it, but never the span", () => {
    // Three seconds beside eleven days of work.
    const { span } = shortRestart({ latency: { build: 1_000_000_000 } });
    expect(span).toMatchObject({ label: undefined, width: 1.5 });
  });

  test("what is at rest is a thin line, and everything else a block", () => {
    const heights = new Map(
      spans(drawn(colourfulWorld())).map(({ words, height }) => [words, height]),
    );
    expect(heights.get("ACTIVE")).toBe(6);
    for (const [words, height] of heights) if (words !== "ACTIVE") expect(height).toBe(18);
  });

  test("explains each tone that occurs once, and no other", () => {
    const svg = drawn(colourfulWorld());
    const explained = texts(svg)
      .slice(texts(svg).indexOf("active"))
      .filter((text) => text !== "!");
    expect(explained).toEqual([
      ...["active", "build", "restart", "detach", "failover, conversion", "backup", "broken"],
      ...["fault is active", "failure", "backup schedule set", "hour of a backup"],
      ...["is the source", "asynchronous replica", "semi-synchronous replica"],
      "member of an HA group",
    ]);
    const alone = new ReplicationSimulator();
    alone.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    const few = texts(drawn(alone));
    expect(few.slice(few.indexOf("a") + 1)).toEqual(["stand-alone", "build"]);
  });

  test("begins with what clients felt: the time without writes, and transactions lost", () => {
    const sim = new ReplicationSimulator({ seed: 7 });
    const { group, source } = createActiveHaGroup(sim, { replicas: 2 });
    sim.setWorkload(source.id, { transactionsPerSecond: 200 });
    sim.advance(60_000);
    sim.inject({ kind: "crash", instanceId: source.id });
    sim.settle();
    const [resumed] = sim
      .journal()
      .lines.flatMap(({ facts }) => facts)
      .filter((fact) => fact.type === "WritesResumed");
    const seconds = `${String((resumed?.unavailableMs ?? 0) / 1000)} s`;
    const svg = drawn(sim, { scale: "logarithmic" });
    const summary = all(svg, "tspan").map(({ text }) => text.trim());
    expect(summary).toEqual([group.name, `${seconds} without writes`, "0 lost"]);
    // Below the title, and above everything else.
    expect(texts(svg).indexOf("")).toBe(1);
    expect(texts(svg)).toContain(`no writes ${seconds}`);
    expect(all(svg, "desc")[0]?.text).toContain(
      `Clients of ${group.name} could not write for ${seconds} in 1 interval, 0 transactions lost.`,
    );
    const rows = texts(svg).filter((text) =>
      ["client writes", "faults", "HA group"].includes(text),
    );
    expect(rows).toEqual(["client writes", "faults", "HA group"]);
  });

  test("no row of clients where nothing writes, and no line of outages where there are none", () => {
    const svg = drawn(colourfulWorld());
    expect(texts(svg)).not.toContain("client writes");
    expect(all(svg, "tspan")).toEqual([]);
  });

  test("faults have a row of their own, as long as they are active", () => {
    const sim = new ReplicationSimulator();
    const a = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    sim.inject({ kind: "crash", instanceId: a.id, durationMs: 60_000 });
    sim.advance(100_000);
    sim.inject({ kind: "hang", instanceId: a.id });
    sim.inject({ kind: "recover", instanceId: a.id });
    sim.advance(100_000);
    sim.inject({ kind: "outage", durationMs: 50_000 });
    sim.advance(100_000);
    const svg = drawn(sim, { scale: "linear" });
    const faults = all(svg, "g")
      .filter(({ children }) => children[1]?.attributes["class"] === "f-ground s-alarm")
      .map(({ children: [title, box, label] }) => ({
        words: title?.text,
        width: Number(box?.attributes["width"]),
        label: label?.text,
      }));
    expect(faults.map(({ words }) => words)).toEqual([
      "outage: the service answers serviceUnavailable for 50 s",
      "crash of a: its service crashes for 1 min",
      "hang of a: its service hangs",
    ]);
    const [outage, crash, hang] = faults;
    expect((crash?.width ?? 0) / (outage?.width ?? 1)).toBeCloseTo(1.2, 1);
    expect(crash?.label).toBe("crash of a");
    expect(hang?.width).toBe(2.5);
    expect(texts(svg)).toContain("faults of the service");
  });

  test("faults that overlap on the drawing are one block with their number", () => {
    const sim = new ReplicationSimulator();
    const source = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    const { id } = replica(sim, "b", source);
    sim.advance(100_000);
    sim.inject({ kind: "crash", instanceId: source.id, durationMs: 60_000 });
    sim.inject({ kind: "cutLink", replicaId: id, durationMs: 60_000 });
    sim.advance(100_000);
    expect(texts(drawn(sim, { scale: "linear" }))).toContain("crash of a +1");
  });

  test("shows replication as a line below the replica: dashed, then solid, and a cross where it was cut", () => {
    const svg = drawn(colourfulWorld());
    expect(linksOf(svg)).toEqual([
      "asynchronous replica of orders, dashed",
      "semi-synchronous replica of orders",
      "asynchronous replica of orders, dashed",
      "asynchronous replica of users, dashed",
      "asynchronous replica of users, dashed",
    ]);
    const crosses = all(svg, "path").filter(({ attributes }) =>
      attributes["d"]?.endsWith("l6 6m0-6l-6 6"),
    );
    expect(crosses).toHaveLength(1);
  });

  test("a replica that joins a group replicates as the group does, from the beginning", () => {
    const sim = worldNamed("a");
    sim.addReplica(groupIn(sim).id, { name: "c", flavorId: 2, volumeGb: 10 });
    sim.settle();
    expect(linksOf(drawn(sim))).toEqual([
      "asynchronous replica of a, dashed",
      "semi-synchronous replica of a",
      "semi-synchronous replica of a",
    ]);
  });

  test("a replica whose source was replaced goes on in the mode of its group", () => {
    const { sim } = failedOver();
    expect(linksOf(drawn(sim))).toEqual([
      "asynchronous replica of orders, dashed",
      "semi-synchronous replica of orders",
      "asynchronous replica of orders, dashed",
      "semi-synchronous replica of orders",
      "semi-synchronous replica of orders-replica-1",
      "semi-synchronous replica of orders-replica-1",
    ]);
  });

  test("says below a name what the instance was, and until when", () => {
    const { sim } = failedOver();
    const svg = drawn(sim);
    const roles = texts(svg).filter((text) => /^(source|replica|HA group|stand)/.test(text));
    expect(roles).toEqual([
      "HA group",
      "source until 0:03:53",
      "source since 0:03:53",
      "replica",
      "replica",
    ]);
    expect(
      all(svg, "path").filter(
        ({ attributes }) => attributes["class"] === " s-crown" || attributes["class"] === "s-crown",
      ),
    ).toHaveLength(3);
  });

  test("marks the new source, and the targets of faults", () => {
    const { sim, source } = failedOver();
    const svg = drawn(sim);
    const titles = all(svg, "title").map(({ text }) => text);
    expect(titles.filter((text) => text.includes("source"))).toEqual([
      "becomes the source of orders-ha after orders",
    ]);
    expect(titles).toContain("its service crashes");
    expect(titles).toContain("injectFault crash");
    for (const explained of ["promoted", "fault"]) expect(texts(svg)).toContain(explained);
    expect(all(svg, "desc")[0]?.text).toMatch(
      /Instance orders-replica-1: .*, becomes the source of orders-ha after orders at 3 min 53 s\./,
    );

    sim.forceFailover(sim.listGroups().items[0]?.id ?? "");
    sim.settle();
    expect(all(drawn(sim), "title").map(({ text }) => text)).toContain(
      "becomes the source of orders-ha after orders-replica-1, by an operator's order",
    );
    expect(source.name).toBe("orders");
  });

  test("marks faults that come later, and those that come by themselves, when they strike", () => {
    const sim = new ReplicationSimulator({ seed: 7 });
    const { id } = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    sim.inject({ kind: "crash", instanceId: id, durationMs: 2000 }, { afterMs: 5000 });
    sim.inject({ kind: "crash", instanceId: id }, { afterMs: 5500 }); // cannot: it is down already
    sim.injectRandom({ fault: "crash", target: "all", timeToFailure: 60_000, timeToRepair: 1000 });
    const titles = () => all(drawn(sim), "title").map(({ text }) => text);
    expect(titles().filter((text) => text.startsWith("its service"))).toEqual([]);
    sim.advance(63_500);
    expect(titles().filter((text) => text.startsWith("its service"))).toEqual([
      "its service crashes for 2 s",
      "its service crashes for 1 s",
    ]);
    const future = sim.fork({ seed: 9 });
    future.advance(64_000);
    expect(all(drawn(future), "title").map(({ text }) => text)).toContain(
      "its service crashes for 1 s",
    );
  });

  test("names the commands above the lanes, together where they come together", () => {
    const sim = new ReplicationSimulator();
    for (const name of ["a", "b", "c"]) sim.createInstance({ name, flavorId: 2, volumeGb: 1 });
    sim.settle();
    const [a] = sim.listInstances().items;
    sim.advance(10_000);
    sim.restartInstance(a?.id ?? "");
    expect(texts(drawn(sim))).toContain("createInstance ×3");
    expect(texts(drawn(sim))).toContain("restartInstance");
  });

  test("no label of a command runs into another one", () => {
    const sim = new ReplicationSimulator();
    for (const wait of [5, 40, 3, 3, 3, 60, 1, 9, 30, 2, 2, 2, 2, 2, 2, 2, 2, 2, 90, 4]) {
      sim.createInstance({ flavorId: 2, volumeGb: 1 });
      sim.advance(wait * 1000);
    }
    const labels = all(drawn(sim), "text").filter((text) => text.text === "createInstance");
    expect(labels.length).toBeGreaterThan(8);
    const boxes = labels.map(({ attributes }) => {
      const x = Number(attributes["x"]);
      const isFlipped = attributes["text-anchor"] === "end";
      return { from: isFlipped ? x - 80 : x, to: isFlipped ? x : x + 80, y: attributes["y"] };
    });
    for (const [at, box] of boxes.entries()) {
      for (const other of boxes.slice(at + 1)) {
        const touches = box.y === other.y && box.from < other.to && other.from < box.to;
        expect(touches).toBe(false);
      }
    }
  });

  test("marks failures, schedules and the hours of backups, and says which", () => {
    const sim = colourfulWorld();
    sim.advance(86_400_000);
    const titles = all(drawn(sim), "title").map(({ text }) => text);
    expect(titles).toContain("build has failed: no host has room");
    expect(titles).toContain("backups are scheduled");
    expect(titles).toContain("the backup schedule is carried over");
    expect(titles).toContain("the hour of its backup");
  });

  test("cuts long rests, so that the seconds of work stay visible, and says how long they were", () => {
    const sim = new ReplicationSimulator();
    const a = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    sim.advance(7 * 86_400_000);
    sim.restartInstance(a.id);
    sim.settle();
    const svg = drawn(sim);
    expect(all(svg, "title").map(({ text }) => text)).toContain("nothing happens for 7 d");
    const reboot = spans(svg).find(({ words }) => words === "REBOOT");
    expect(reboot?.width).toBeGreaterThan(50);
    // No time of the rest is on the scale, and no two times run into each other at the cut.
    const times = all(svg, "text").filter(({ text }) => /^\d+d \d\d:\d\d:\d\d$/.test(text));
    expect(times.length).toBeGreaterThan(3);
    expect(times.filter(({ text }) => /^[1-6]d/.test(text))).toEqual([]);
    const places = times.map(({ attributes }) => Number(attributes["x"]));
    for (const [at, x] of places.slice(1).entries()) {
      expect(x - (places[at] ?? 0)).toBeGreaterThan(55);
    }
  });

  test("no two times of the scale run into each other where many rests are cut", () => {
    const sim = new ReplicationSimulator();
    const a = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    for (let day = 1; day <= 12; day++) {
      sim.advanceTo(sim.settings.startAt + day * 86_400_000);
      sim.restartInstance(a.id);
    }
    const times = all(drawn(sim), "text").filter(({ text }) => /^\d+d \d\d:/.test(text));
    const places = times.map(({ attributes }) => Number(attributes["x"]));
    expect(places.length).toBeGreaterThan(3);
    for (const [at, x] of places.slice(1).entries()) {
      expect(x - (places[at] ?? 0)).toBeGreaterThan(55);
    }
  });

  test("does not cut while anything works, however long that takes", () => {
    const sim = new ReplicationSimulator({ latency: { build: 7 * 86_400_000 } });
    sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    expect(all(drawn(sim), "title").filter(({ text }) => text.startsWith("nothing"))).toEqual([]);
  });

  test("a row of the scale has at least two times, rising, and none on top of another", () => {
    for (const seconds of [0.005, 1, 35, 300, 86_400, 40 * 86_400, 400 * 86_400]) {
      const sim = new ReplicationSimulator({ latency: { build: seconds * 1000 } });
      sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
      sim.settle();
      const ticks = all(drawn(sim), "text").filter(({ text }) =>
        /^(\d+d )?\d+:\d\d:\d\d/.test(text),
      );
      const places = ticks.map(({ attributes }) => Number(attributes["x"]));
      expect(places.length).toBeGreaterThanOrEqual(2);
      for (const [at, x] of places.slice(1).entries())
        expect(x - (places[at] ?? 0)).toBeGreaterThan(55);
    }
  });

  test("begins with what was there when a fork changed something", () => {
    const sim = colourfulWorld();
    const future = sim.fork({ seed: 9 });
    future.settle();
    const svg = drawn(future);
    const lanes = texts(svg).filter((text) => /^(orders|users)/.test(text));
    // What was cut before the fork has nothing to do with its old source any more.
    expect(lanes).toEqual([
      ...["orders-ha", "orders", "orders-r1"],
      ...["users", "users-r1", "users-r2", "orders-r2"],
    ]);
    expect(spans(svg).filter(({ words }) => words === "BUILD")).toHaveLength(1);
    expect(linksOf(svg)).toContain("semi-synchronous replica of orders");
  });

  test("is a drawing also when nothing has happened, or no time has passed", () => {
    const sim = new ReplicationSimulator();
    expect(drawn(sim).name).toBe("svg");
    expect(texts(drawn(sim))).toContain("nothing has happened yet");
    sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    expect(spans(drawn(sim))).toHaveLength(1);
    sim.advance(1);
    expect(spans(drawn(sim))).toHaveLength(1);
  });

  test("no figure of it is without value", () => {
    for (const sim of [new ReplicationSimulator(), colourfulWorld()]) {
      expect(timelineSvg(sim.journal())).not.toMatch(/NaN|Infinity|undefined|null/);
    }
  });
});

describe("a part of a timeline", () => {
  const world = (): ReplicationSimulator => {
    const sim = new ReplicationSimulator();
    const shop = sim.createInstance({ name: "shop", flavorId: 2, volumeGb: 1 });
    sim.createInstance({ name: "other", flavorId: 2, volumeGb: 1 });
    sim.settle();
    sim.advance(86_400_000);
    sim.restartInstance(shop.id);
    sim.settle();
    return sim;
  };

  test("starts and ends as requested; the clock still counts from the start", () => {
    const sim = world();
    const since = sim.settings.startAt + 86_400_000;
    const svg = drawn(sim, { since, until: since + 60_000 });
    expect(spans(svg).map(({ words }) => words)).not.toContain("BUILD");
    expect(spans(svg).map(({ words }) => words)).toContain("REBOOT");
    expect(texts(svg).some((text) => /^1d 00:0\d:\d\d$/.test(text))).toBe(true);
    const early = drawn(sim, { until: sim.settings.startAt + 10_000 });
    expect(spans(early).map(({ words }) => words)).toEqual(["BUILD", "BUILD"]);
  });

  test("is about one replication set, by id or by name", () => {
    const sim = world();
    for (const about of ["shop", sim.listInstances().items[0]?.id ?? ""]) {
      const names = texts(drawn(sim, { about })).filter((text) => /^(shop|other)$/.test(text));
      expect(names).toEqual(["shop"]);
    }
  });

  test("event time separates a short restart from a long rest, linear time keeps proportions", () => {
    const sim = world();
    const widthOf = (scale: "logarithmic" | "linear"): number =>
      spans(drawn(sim, { scale })).find(({ words }) => words === "REBOOT")?.width ?? 0;
    expect(widthOf("logarithmic")).toBeGreaterThan(40);
    expect(widthOf("linear")).toBe(1.5);
    expect(
      all(drawn(sim, { scale: "logarithmic" }), "title").map(({ text }) => text),
    ).not.toContain("nothing happens for 1 d");
  });

  test.each([{ since: -1 }, { until: 0.5 }, { scale: "log" }, { about: 1 }])(
    "refuses %j",
    (bad) => {
      expect(() => timelineSvg(world().journal(), bad as never)).toThrow(InvalidInputError);
    },
  );
});

describe("for every viewer", () => {
  test("it has a title, and describes in words what it draws", () => {
    const svg = drawn(worldNamed("orders"), { title: "A & B" });
    expect(svg.attributes["role"]).toBe("img");
    const [title, description] = (svg.attributes["aria-labelledby"] ?? "")
      .split(" ")
      .map((id) => all(svg, "*").find(({ attributes }) => attributes["id"] === id));
    expect(title?.text).toBe("A & B");
    expect(description?.text).toContain("3 lanes over 3 min 30 s.");
    expect(description?.text).toContain(
      "Instance orders: BUILD from 0 s, ACTIVE from 35 s, RESTART from 35 s",
    );
    expect(description?.text).toContain(
      "HA group orders: BUILD from 1 min 30 s, ACTIVE from 3 min 30 s.",
    );
  });

  test("it follows the reader's preference for dark, or the theme that is asked for", () => {
    const sim = colourfulWorld();
    const at = (theme: Theme): string => timelineSvg(sim.journal(), { theme });
    expect(at("auto")).toContain("@media (prefers-color-scheme:dark)");
    expect(at("light")).not.toContain("@media");
    expect(at("dark")).not.toContain("@media");
    expect(fillOfGround(at("light"))).toBe(fillOfGround(at("auto")));
    expect(fillOfGround(at("dark"))).not.toBe(fillOfGround(at("light")));
  });

  test("every class that it uses has a rule for dark readers, which speaks about this drawing alone", () => {
    const svg = timelineSvg(colourfulWorld().journal(), { id: "mine" });
    const rules = /@media \(prefers-color-scheme:dark\)\{(.*)\}<\/style>/.exec(svg)?.[1] ?? "";
    const used = new Set(
      [...svg.matchAll(/ class="([^"]*)"/g)].flatMap(([, names]) => names?.split(" ") ?? []),
    );
    expect(used.size).toBeGreaterThan(10);
    for (const name of used) expect(rules).toContain(`#mine .${name}{`);
    for (const [selector] of rules.matchAll(/[^{}]+(?=\{)/g)) expect(selector).toMatch(/^#mine \./);
  });

  test("words on a status can be read in both themes (contrast of at least 4.5)", () => {
    for (const tone of tones) {
      for (const { fill, ink } of [colours[tone].light, colours[tone].dark]) {
        expect(contrast(fill, ink)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  test("edges of a status stand out from the ground in both themes (contrast of at least 3)", () => {
    for (const tone of tones) {
      expect(contrast(colours[tone].light.edge, "#ffffff")).toBeGreaterThanOrEqual(3);
      expect(contrast(colours[tone].dark.edge, "#0d1117")).toBeGreaterThanOrEqual(3);
    }
  });
});

describe("safe to put into a page", () => {
  test.each(["light", "dark", "auto"] as const)("is XML whatever the names are, %s", (theme) => {
    const journal = worldNamed(hostileName).journal();
    const svg = parsed(timelineSvg(journal, { theme, title: hostileName }));
    expect(all(svg, "title").some(({ text }) => text.includes("</t"))).toBe(true);
    expect(new Set(all(svg, "*").map(({ name }) => name))).toEqual(
      new Set(["svg", "title", "desc", "style", "rect", "text", "path", "circle", "g"]),
    );
  });

  test("loads nothing from anywhere", () => {
    expect(timelineSvg(colourfulWorld().journal())).not.toMatch(
      /href|url\(|@import|<script|<image/i,
    );
    expect(
      timelineSvg(colourfulWorld().journal()).replace("http://www.w3.org/2000/svg", ""),
    ).not.toContain("//");
  });

  test.each(["", "1a", "a b", 'a"', "a{}", "ü"])("refuses the id %j", (id) => {
    expect(() => timelineSvg(new ReplicationSimulator().journal(), { id })).toThrow(
      InvalidInputError,
    );
  });

  test.each([0, 479, 10_001, Number.NaN])("refuses the width %d", (width) => {
    expect(() => timelineSvg(new ReplicationSimulator().journal(), { width })).toThrow(
      InvalidInputError,
    );
  });

  test("a name that is too long is cut; the whole of it stays in its tooltip", () => {
    const name = "n".repeat(200);
    const svg = drawn(worldNamed(name));
    expect(texts(svg).every((text) => text.length < 80)).toBe(true);
    expect(all(svg, "title").some(({ text }) => text.startsWith(`${name} (`))).toBe(true);
  });
});

describe("pictures of the docs", () => {
  test.each(Object.keys(pictures()))("%s is up to date (npm run pictures)", (path) => {
    const file = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
    expect(file === pictures()[path]).toBe(true);
    expect(parsed(file).name).toBe("svg");
  });

  test("the same journal gives the same bytes, also from JSON", () => {
    const journal = colourfulWorld().journal();
    const again = JSON.parse(JSON.stringify(colourfulWorld().journal())) as Journal;
    expect(timelineSvg(again)).toBe(timelineSvg(journal));
  });
});

test("the parser of these tests would see broken XML", () => {
  for (const broken of [
    "<a>",
    "<a b=c/>",
    "<a>&x;</a>",
    "<a>\u0001</a>",
    "<a/><b/>",
    '<a b="1" b="2"/>',
  ]) {
    expect(() => parsed(broken), broken).toThrow();
  }
  expect(new SaxesParser()).toBeDefined();
});

/** A group of three that has lost its source and is whole again. */
function failedOver() {
  const sim = new ReplicationSimulator({ seed: 7 });
  const { group, source } = createActiveHaGroup(sim, { replicas: 2 });
  sim.inject({ kind: "crash", instanceId: source.id });
  sim.waitFor(group.id, "HA_FAILOVER");
  sim.waitFor(group.id, "ACTIVE");
  return { sim, source };
}

function drawn(sim: ReplicationSimulator, options: Parameters<typeof timelineSvg>[1] = {}): Node {
  return parsed(timelineSvg(sim.journal(), options));
}

function all(node: Node, name: string): Node[] {
  const own = name === "*" || node.name === name ? [node] : [];
  return [...own, ...node.children.flatMap((child) => all(child, name))];
}

function texts(node: Node): string[] {
  return all(node, "text").map(({ text }) => text);
}

interface DrawnSpan {
  readonly words: string;
  readonly label: string | undefined;
  readonly tone: string | undefined;
  readonly x: number;
  readonly width: number;
  readonly height: number;
}

/** Lines of replication: what they are, and whether they are dashed. */
function linksOf(svg: Node): string[] {
  return all(svg, "g").flatMap(({ children: [title, line] }) => {
    if (!title?.text.includes(" replica of ")) return [];
    const isDashed = line?.attributes["stroke-dasharray"] !== undefined;
    return [`${title.text}${isDashed ? ", dashed" : ""}`];
  });
}

/** Groups of a status and a box: a block in the colours of its tone, or a thin line. */
function spans(svg: Node): DrawnSpan[] {
  return all(svg, "g").flatMap(({ children }) => {
    const [title, box, label] = children;
    const tone = box?.attributes["class"];
    const words = title?.text ?? "";
    if (box?.name !== "rect" || tone === undefined || !/^[A-Z_-]+$/.test(words)) return [];
    const { x, width, height } = box.attributes;
    return [
      {
        words,
        label: label?.text,
        tone,
        x: Number(x),
        width: Number(width),
        height: Number(height),
      },
    ];
  });
}

function shortRestart(options: SimulatorOptions): { readonly span: DrawnSpan | undefined } {
  const sim = new ReplicationSimulator(options);
  const source = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
  sim.settle();
  replica(sim, "b", source);
  return { span: spans(drawn(sim)).find(({ words }) => words === "RESTART") };
}

function fillOfGround(svg: string): string | undefined {
  return /<rect x="0.5"[^>]* fill="(#\w{6})"/.exec(svg)?.[1];
}

/** WCAG 2: the ratio of relative luminances. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

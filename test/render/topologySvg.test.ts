import { InvalidInputError, ReplicationSimulator } from "replication-simulator";
import { topologySvg } from "replication-simulator/render";
import { describe, expect, test } from "vitest";
import { colourfulWorld, hostileName, replica, worldNamed } from "./fixtures.js";
import { type Node, parsed } from "./xml.js";

describe("topologySvg", () => {
  test("draws a card for each instance with its role, size and status; a fault stands where the size would", () => {
    const cards = cardsOf(parsed(topologySvg(colourfulWorld().topology)));
    expect(cards.map(({ texts }) => texts)).toEqual([
      ["orders", "source: mysql 5.6, flavor 2, 10 GB", "ACTIVE"],
      ["orders-r1", "replica: mysql 5.6, flavor 2, 10 GB", "ACTIVE"],
      ["users", "source: mysql 5.6, flavor 3, 20 GB", "RESTART"],
      ["users-r1", "replica: no host has room", "ERROR"],
      ["users-r2", "replica: mysql 5.6, flavor 3, 20 GB", "BUILD"],
      ["orders-r2", "stand-alone: mysql 5.6, flavor 2, 10 GB", "ACTIVE"],
    ]);
  });

  test("shows everything about an instance in its tooltip", () => {
    const tips = all(parsed(topologySvg(colourfulWorld().topology)), "title").map(
      ({ text }) => text,
    );
    expect(
      tips.some((tip) => tip.includes("RESTART, mysql 5.6, flavor 3, 20 GB, backups at 00:05")),
    ).toBe(true);
    expect(
      tips.some((tip) => /^users-r1 \([-0-9a-f]{36}\): ERROR, .*no host has room$/.test(tip)),
    ).toBe(true);
  });

  test("draws a line for each replica: solid in a group, crossed while broken, dotted before it begins", () => {
    const links = linksOf(colourfulWorld());
    expect(links).toEqual([
      { title: "semi-synchronous replication", dash: undefined, isCrossed: false },
      { title: "asynchronous replication is broken", dash: "4 3", isCrossed: true },
      { title: "asynchronous replication has not begun", dash: "1.5 4", isCrossed: false },
    ]);
  });

  test("a link that is cut is crossed, although the replica is active", () => {
    const sim = new ReplicationSimulator();
    const source = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    const { id } = replica(sim, "b", source);
    expect(linksOf(sim)[0]).toMatchObject({ title: "asynchronous replication", isCrossed: false });
    sim.inject({ kind: "cutLink", replicaId: id });
    expect(sim.getInstance(id).status).toBe("ACTIVE");
    expect(linksOf(sim)[0]).toMatchObject({ isCrossed: true });
  });

  test("says a size that most instances share once, and on cards what differs", () => {
    const sim = new ReplicationSimulator();
    for (const name of ["a", "b"]) sim.createInstance({ name, flavorId: 2, volumeGb: 1 });
    const texts = () => all(parsed(topologySvg(sim.topology)), "text").map(({ text }) => text);
    expect(texts()).toContain("each mysql 5.6, flavor 2, 1 GB");
    expect(texts().filter((text) => text === "stand-alone")).toHaveLength(2);
    sim.createInstance({ name: "c", flavorId: 3, volumeGb: 1 });
    expect(texts()).toContain("mysql 5.6, flavor 2, 1 GB where nothing else is said");
    expect(texts()).toContain("stand-alone: flavor 3");
  });

  test("instances that stand alone are not drawn in the column of replicas", () => {
    const sim = colourfulWorld();
    sim.createInstance({ name: "alone", flavorId: 2, volumeGb: 1 });
    const cards = cardsOf(parsed(topologySvg(sim.topology)));
    const columns = new Set(
      cards.filter(({ texts }) => texts[1]?.startsWith("replica")).map(({ x }) => x),
    );
    const alone = cards.filter(({ texts }) => texts[1]?.startsWith("stand-alone"));
    expect(alone).toHaveLength(2);
    for (const { x } of alone) expect(columns.has(x)).toBe(false);
  });

  test("no card lies on another one, and all lie inside the drawing", () => {
    const sim = colourfulWorld();
    for (let count = 0; count < 7; count++) sim.createInstance({ flavorId: 2, volumeGb: 1 });
    const svg = parsed(topologySvg(sim.topology));
    const cards = cardsOf(svg);
    expect(cards).toHaveLength(13);
    for (const [at, card] of cards.entries()) {
      expect(card.x + card.width).toBeLessThan(Number(svg.attributes["width"]));
      expect(card.y + card.height).toBeLessThan(Number(svg.attributes["height"]));
      for (const other of cards.slice(at + 1)) {
        const isBeside = card.x + card.width <= other.x || other.x + other.width <= card.x;
        const isAbove = card.y + card.height <= other.y || other.y + other.height <= card.y;
        expect(isBeside || isAbove).toBe(true);
      }
    }
  });

  test("draws a group around its members, also when it has none any more", () => {
    const sim = new ReplicationSimulator();
    const source = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    sim.settle();
    replica(sim, "b", source);
    sim.failTask({ task: "convert", message: "it did not work" });
    sim.convertToHa(source.id, { name: "g" });
    sim.settle();
    const svg = parsed(topologySvg(sim.topology));
    const texts = all(svg, "text").map(({ text }) => text);
    expect(texts).toContain("HA group, asynchronous, servicenet, it did not work");
    const [band] = all(svg, "rect").filter(
      ({ attributes }) => attributes["class"] === "f-band s-bandEdge",
    );
    const bottom = Number(band?.attributes["y"]) + Number(band?.attributes["height"]);
    for (const { y } of cardsOf(svg)) expect(y).toBeGreaterThan(bottom);
  });

  test("says so when there is nothing, and can show one account alone", () => {
    const empty = parsed(topologySvg(new ReplicationSimulator().topology));
    expect(all(empty, "desc")[0]?.text).toBe("Nothing exists.");
    expect(all(empty, "text").map(({ text }) => text)).toContain("nothing exists");
    const sim = new ReplicationSimulator({ accountId: "11" });
    sim.createInstance({ name: "mine", flavorId: 1, volumeGb: 1 });
    sim.account("22").createInstance({ name: "yours", flavorId: 1, volumeGb: 1 });
    expect(cardsOf(parsed(topologySvg(sim.topology)))).toHaveLength(2);
    expect(cardsOf(parsed(topologySvg(sim.topology, { accountId: "22" })))).toHaveLength(1);
  });

  test("describes in words what it draws", () => {
    const svg = parsed(topologySvg(colourfulWorld().topology, { title: "A & B", id: "mine" }));
    expect(svg.attributes["aria-labelledby"]).toBe("mine-title mine-description");
    expect(all(svg, "title")[0]?.text).toBe("A & B");
    expect(all(svg, "desc")[0]?.text).toBe(
      "HA group orders-ha is ACTIVE, source orders is ACTIVE, replica orders-r1 is ACTIVE. " +
        "source users is RESTART, replica users-r1 is ERROR, replica users-r2 is BUILD. " +
        "stand-alone orders-r2 is ACTIVE.",
    );
  });

  test.each(["light", "dark", "auto"] as const)("is XML whatever the names are, %s", (theme) => {
    const { topology } = worldNamed(hostileName);
    const svg = parsed(topologySvg(topology, { theme, title: hostileName }));
    expect(new Set(all(svg, "*").map(({ name }) => name))).toEqual(
      new Set(["svg", "title", "desc", "style", "rect", "text", "path", "g"]),
    );
    expect(() => topologySvg(topology, { id: "a b" })).toThrow(InvalidInputError);
  });

  test("the same world gives the same bytes", () => {
    expect(topologySvg(colourfulWorld().topology)).toBe(topologySvg(colourfulWorld().topology));
  });
});

interface Card {
  readonly texts: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function linksOf({ topology }: ReplicationSimulator) {
  return all(parsed(topologySvg(topology)), "g").flatMap(({ children }) => {
    const [title, line, , cross] = children;
    if (!title?.text.includes(" replication")) return [];
    const dash = line?.attributes["stroke-dasharray"];
    return [{ title: title.text, dash, isCrossed: cross !== undefined }];
  });
}

function cardsOf(svg: Node): Card[] {
  return all(svg, "g").flatMap((group) => {
    const [, box] = group.children;
    if (box?.name !== "rect") return [];
    const { x, y, width, height } = box.attributes;
    const texts = all(group, "text").map(({ text }) => text);
    return [{ texts, ...numbers({ x, y, width, height }) }];
  });
}

function numbers<K extends string>(
  values: Readonly<Record<K, string | undefined>>,
): Record<K, number> {
  const entries = Object.entries<string | undefined>(values);
  return Object.fromEntries(entries.map(([key, value]) => [key, Number(value)])) as Record<
    K,
    number
  >;
}

function all(node: Node, name: string): Node[] {
  const own = name === "*" || node.name === name ? [node] : [];
  return [...own, ...node.children.flatMap((child) => all(child, name))];
}

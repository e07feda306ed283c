import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import type { ReplicationSimulator } from "replication-simulator";
import type { HandlerOptions } from "replication-simulator/http";
import { type RunningServer, startServer } from "replication-simulator/server";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { launchBrowser, openUrl, violations } from "./browser.js";

// A browser takes as long as the machine is busy.
vi.setConfig({ testTimeout: 90_000 });

let browser: Browser;
const running: RunningServer[] = [];
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop(0)));
});
afterAll(() => browser.close());

/** A server whose time paused, with a group of two that clients write to. */
async function served(http: HandlerOptions = {}): Promise<{
  readonly server: RunningServer;
  readonly sim: ReplicationSimulator;
  readonly url: string;
}> {
  const server = await startServer({
    port: 0,
    speed: 0,
    world: { seed: 7 },
    http: { control: true, ...http },
  });
  running.push(server);
  const { sim } = server.driver;
  const size = { flavorId: 2, volumeGb: 10 };
  const group = sim.createHaGroup({
    name: "orders",
    source: { name: "orders-1", ...size },
    replicas: [{ name: "orders-2", ...size }],
  });
  sim.settle();
  sim.setWorkload(sim.getGroup(group.id).sourceId ?? "", { transactionsPerSecond: 100 });
  return { server, sim, url: `${server.url}/_simulator/` };
}

describe("the page of a server", () => {
  test("crash by a button, advance, and see the promotion live", async () => {
    const { sim, url } = await served();
    await using opened = await openUrl(browser, url);
    const { page } = opened;
    await page.locator(".node", { hasText: "orders-1" }).click();
    await page.getByRole("button", { name: "crash", exact: true }).click();
    await page.locator(".summary", { hasText: "without writes" }).waitFor();
    await page.getByRole("button", { name: "+1 min", exact: true }).click();
    await page.locator(".node", { hasText: "orders-2" }).locator(".gold").waitFor();
    await page.locator(".summary", { hasText: "20 s without writes" }).waitFor();
    const group = sim.listGroups().items[0];
    expect(sim.getInstance(group?.sourceId ?? "").name).toBe("orders-2");
    expect(opened.errors).toEqual([]);
    expect(opened.requests.every((request) => request.startsWith(new URL(url).origin))).toBe(true);
  });

  test("a command of another program shows in the lanes and among the requests, with what it wrote", async () => {
    const { server, url } = await served();
    await using opened = await openUrl(browser, url);
    const { page } = opened;
    await page.locator(".live-state", { hasText: "live" }).waitFor();
    const answer = await fetch(`${server.url}/v1.0/1234/instances`, {
      method: "POST",
      headers: { "X-Auth-Token": "a-secret-token", "Content-Type": "application/json" },
      body: JSON.stringify({
        instance: { name: "reports", flavorRef: "2", volume: { size: 10 } },
      }),
    });
    expect(answer.status).toBe(200);
    const request = page.locator(".requests li").first();
    await request.filter({ hasText: "/v1.0/1234/instances" }).waitFor();
    expect(await request.textContent()).toMatch(/POST\s*200/);
    await page.locator(".row .name", { hasText: "reports" }).first().waitFor();
    await request.locator("summary").click();
    expect(await request.textContent()).toContain("createInstance");
    expect(await page.textContent("body")).not.toContain("a-secret-token");
  });

  test("a refused request says why", async () => {
    const { server, url } = await served();
    await using opened = await openUrl(browser, url);
    const { page } = opened;
    await page.locator(".live-state", { hasText: "live" }).waitFor();
    await fetch(`${server.url}/v1.0/1234/instances/nothing`, { headers: { "X-Auth-Token": "x" } });
    const request = page.locator(".requests li").first();
    await request.filter({ hasText: "nothing" }).waitFor();
    expect(await request.textContent()).toMatch(/GET\s*404/);
    expect(await request.textContent()).toContain("not found");
  });

  test("creates, converts, fails over, and shows the same after a reload", async () => {
    const { sim, url } = await served();
    await using opened = await openUrl(browser, url);
    const { page } = opened;
    await page.getByRole("button", { name: "new instance" }).click();
    await page.locator(".node", { hasText: "db-1" }).waitFor();
    await page.getByRole("button", { name: "settle" }).click();
    await page.locator(".node", { hasText: "db-1" }).click();
    await page.getByRole("button", { name: "add replica" }).click();
    await page.locator(".node", { hasText: "db-1-replica-1" }).waitFor();
    await page.getByRole("button", { name: "settle" }).click();
    await page.getByRole("button", { name: "convert to HA" }).click();
    await page.locator(".frame", { hasText: "db-1-ha" }).waitFor();
    await page.getByRole("button", { name: "settle" }).click();
    await page
      .locator(".frame", { hasText: "db-1-ha" })
      .locator(".pill", { hasText: "active" })
      .waitFor();
    await page.locator(".frame", { hasText: "db-1-ha" }).click({ position: { x: 40, y: 12 } });
    await page.getByRole("button", { name: "fail over", exact: true }).click();
    await page.getByRole("button", { name: "settle" }).click();
    await page.locator(".node", { hasText: "db-1-replica-1" }).locator(".gold").waitFor();
    expect(
      sim
        .listGroups()
        .items.map(({ name }) => name)
        .sort(),
    ).toEqual(["db-1-ha", "orders"]);
    const before = await nodesOf(page);
    await page.reload();
    await page.locator(".node", { hasText: "db-1-replica-1" }).waitFor();
    expect(await nodesOf(page)).toEqual(before);
  });

  test("runs a branch beside the world, and compares", async () => {
    const { sim, url } = await served();
    const now = sim.now;
    await using opened = await openUrl(browser, url);
    const { page } = opened;
    await page.locator(".node", { hasText: "orders-1" }).click();
    await page.locator("summary", { hasText: "Branches" }).click();
    await page.getByRole("button", { name: "orders-1 crashes" }).click();
    await page.getByRole("button", { name: "compare" }).click();
    await page.locator("tbody tr", { hasText: "orders: without writes" }).waitFor();
    expect(
      await page.locator("tbody tr", { hasText: "orders: without writes" }).textContent(),
    ).toContain("+20 s");
    expect(sim.now).toBe(now);
    expect(sim.listInstances().items).toHaveLength(2);
  });

  test("gives the snapshot, the journal, the scenario so far and the page as files", async () => {
    const { sim, url } = await served();
    await using opened = await openUrl(browser, url);
    const { page } = opened;
    await page.locator("summary", { hasText: "Downloads" }).click();
    const saved = async (name: string): Promise<string> => {
      const coming = page.waitForEvent("download");
      await page.getByRole("button", { name, exact: true }).click();
      return readFileSync(await (await coming).path(), "utf8");
    };
    expect(JSON.parse(await saved("snapshot"))).toEqual(JSON.parse(JSON.stringify(sim.snapshot())));
    expect(JSON.parse(await saved("journal"))).toEqual(JSON.parse(JSON.stringify(sim.journal())));
    expect(await saved("scenario so far")).toContain("createHaGroup");
    expect(await saved("this page")).toContain("<!doctype html>");
  });

  test("axe finds nothing", async () => {
    const { url } = await served();
    for (const colorScheme of ["light", "dark"] as const) {
      await using opened = await openUrl(browser, url, { colorScheme });
      await opened.page.locator(".node", { hasText: "orders-1" }).click();
      expect(await violations(opened.page)).toEqual([]);
    }
  });
});

describe("only who may", () => {
  const admin = "an-admin-token";

  test("asks for a token, keeps it in the tab, and sends it", async () => {
    const { url } = await served({ tokens: [{ token: admin }] });
    await using opened = await openUrl(browser, url);
    const { page } = opened;
    await page.getByLabel("Token of an administrator").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Token of an administrator").fill(admin);
    await page.getByRole("button", { name: "Open" }).click();
    await page.locator(".node", { hasText: "orders-1" }).waitFor();
    await page.reload();
    await page.locator(".node", { hasText: "orders-1" }).waitFor();
    expect(await page.content()).not.toContain(admin);
  });

  test("the page itself holds nothing of the world", async () => {
    const { url } = await served({ tokens: [{ token: admin }] });
    const html = await (await fetch(url)).text();
    expect(html).not.toContain("orders-1");
    const refused = await fetch(new URL("requests", url));
    expect(refused.status).toBe(401);
  });

  test("a read-only page shows, and cannot act; nor can a request", async () => {
    const { sim, url } = await served({ controlReadOnly: true });
    await using opened = await openUrl(browser, url);
    const { page } = opened;
    await page.locator(".node", { hasText: "orders-1" }).click();
    await page.locator(".live-state", { hasText: "read-only" }).waitFor();
    expect(await page.getByRole("button", { name: "crash", exact: true }).count()).toBe(0);
    const { now } = sim;
    for (const [path, body] of [
      ["advance", { ms: 1000 }],
      ["settle", {}],
      ["commands", { type: "createInstance", flavorId: 2, volumeGb: 1 }],
      ["branches", { ms: 0 }],
    ] as const) {
      const answer = await fetch(new URL(path, url), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      expect(answer.status, path).toBe(403);
    }
    expect(sim.now).toBe(now);
  });

  test("a page of another origin cannot act, and a form cannot", async () => {
    const { sim, url } = await served();
    const { now } = sim;
    const foreign = await startServer({ port: 0, speed: 0 });
    running.push(foreign);
    await using opened = await openUrl(browser, url);
    const { page } = opened;
    await page.goto(`${foreign.url}/v1.0/`);
    const acted = await page.evaluate(`Promise.all([
      fetch(${JSON.stringify(`${url}advance`)}, { method: "POST", mode: "no-cors", body: '{"ms":60000}' }),
      fetch(${JSON.stringify(`${url}commands`)}, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).catch(() => "refused"),
    ]).then((answers) => answers.map((answer) => typeof answer === "string" ? answer : answer.type))`);
    expect(acted).toEqual(["opaque", "refused"]);
    expect(sim.now).toBe(now);
    for (const path of ["advance", "commands", "branches", "speed"]) {
      const answer = await fetch(new URL(path, url), {
        method: path === "speed" ? "PUT" : "POST",
        headers: { Origin: "http://evil.example", "Content-Type": "application/json" },
        body: "{}",
      });
      expect(answer.status, path).toBe(403);
    }
  });

  test("cannot be put into a frame, and names its policy in the answer", async () => {
    const { url } = await served();
    const { headers } = await fetch(url);
    expect(headers.get("content-security-policy")).toMatch(
      /default-src 'none'.*connect-src 'self'.*frame-ancestors 'none'/,
    );
  });
});

async function nodesOf(page: Page): Promise<readonly string[]> {
  return (await page.locator(".node").allTextContents()).sort();
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ReplicationSimulator } from "replication-simulator";
import { pageHtml } from "replication-simulator/page";
import { topologyTree } from "replication-simulator/render";
import { expect, test, vi } from "vitest";
import { Firefox } from "./firefox.js";
import { failoverTwice } from "./worlds.js";

// A browser takes as long as the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const [home, end, right] = ["\uE011", "\uE010", "\uE014"];

test("Firefox opens a page from disk without a network, scrubs it, and shows what the simulator says", async () => {
  const { past, documented } = failoverTwice();
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const file = join(folder, "page.html");
  writeFileSync(file, pageHtml({ title: "A failover", past, world: documented }));
  await using firefox = await Firefox.start();
  await firefox.open(pathToFileURL(file).href, { width: 1440, height: 1000 });
  expect(await firefox.text("document.title")).toBe("A failover");
  expect(await firefox.text(`document.querySelector(".summary").textContent`)).toContain(
    "20 s without writes",
  );

  // By keys, through the beginning.
  await firefox.text(
    `[...document.querySelectorAll("button")].find(({ textContent }) => textContent === "text").click()`,
  );
  await firefox.press(home ?? "");
  const moments = [...new Set(past.lines.map(({ at }) => at))];
  for (const at of moments.slice(0, 4)) {
    if (at > past.settings.startAt) await firefox.press(right ?? "");
    const lines = past.lines.filter((line) => line.at <= at);
    const { topology } = ReplicationSimulator.replay({ ...past, lines, now: at });
    expect(await firefox.text(`document.querySelector("pre.tree").textContent`)).toBe(
      topologyTree(topology, { ids: true }),
    );
  }
  await firefox.press(end ?? "");
  expect(await firefox.text(`document.querySelector("pre.tree").textContent`)).toBe(
    topologyTree(documented.topology, { ids: true }),
  );

  // With the pointer, over the lanes.
  const box = JSON.parse(
    await firefox.text(
      `JSON.stringify(document.querySelector(".rows").getBoundingClientRect().toJSON())`,
    ),
  ) as { readonly left: number; readonly top: number; readonly width: number };
  const y = box.top + 60;
  await firefox.drag([
    { x: box.left + box.width - 30, y },
    { x: box.left + box.width * 0.7, y },
    { x: box.left + 160, y },
  ]);
  expect(await firefox.text(`document.querySelector("p.now").textContent`)).toContain("0:00:00");

  expect(firefox.events.filter(({ text }) => !text.startsWith("file:"))).toEqual([]);
  rmSync(folder, { recursive: true });
});

import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ReplicationSimulator } from "replication-simulator";
import { pageHtml } from "replication-simulator/page";
import { playgroundHtml } from "../scripts/build-playground.js";
import { buildPageProgram } from "../scripts/page-program.js";
import { atMost, type Row } from "./harness.js";

const entries = 10_000;
const steps = 150;

/** What a page weighs, and what 10,000 entries cost the browser, in time of its own processor alone. */
export async function pageRows(): Promise<readonly Row[]> {
  const empty = Buffer.byteLength(pageHtml({ world: new ReplicationSimulator() }));
  const file = join(tmpdir(), `page-${String(process.pid)}.html`);
  writeFileSync(file, pageHtml({ world: busyWorld() }));
  const { openMs, stepMs, openWallMs, frameMs } = await measured(file);
  const inspector = await buildPageProgram("inspect");
  return [
    atMost({
      name: "page of an empty world",
      value: empty / 1000,
      unit: "kB",
      goal: 155,
      against: "uncompressed, its settings included",
    }),
    atMost({
      name: "page of a server",
      value: (inspector.script.length + inspector.style.length) / 1000,
      unit: "kB",
      goal: 170,
      against: "uncompressed, script and style",
    }),
    atMost({
      name: "playground",
      value: Buffer.byteLength(await playgroundHtml()) / 1000,
      unit: "kB",
      goal: 650,
      against: "uncompressed, the simulator included",
    }),
    atMost({
      name: `page of ${String(entries)} entries, until its first picture`,
      value: openMs,
      unit: "ms of CPU",
      goal: 1000,
      against: `${String(Math.round(readFileSync(file).length / 1000))} kB on disk`,
    }),
    atMost({
      name: "a step of its playhead",
      value: stepMs,
      unit: "ms of CPU",
      goal: 33,
      against: "30 frames a second",
    }),
    atMost({
      name: "the same page, until its first picture",
      value: openWallMs,
      unit: "ms",
      goal: 1000,
      against: "wall time; a busy machine shows",
    }),
    atMost({
      name: "a frame while its playhead is dragged, median",
      value: frameMs,
      unit: "ms",
      goal: 33,
      against: "wall time; a busy machine shows",
    }),
  ];
}

function busyWorld(): ReplicationSimulator {
  const sim = new ReplicationSimulator({ seed: 11, limits: { maxInstancesPerAccount: 500 } });
  const size = { flavorId: 2, volumeGb: 10 };
  const instances = Array.from({ length: 30 }, (_, at) =>
    sim.createInstance({ name: `node-${String(at)}`, ...size }),
  );
  sim.settle();
  for (const { id } of instances) sim.setWorkload(id, { transactionsPerSecond: 100 });
  for (let at = 0; sim.journal().lines.length < entries; at++) {
    for (let round = 0; round < 100; round++) {
      const instanceId = instances[(at + round) % instances.length]?.id ?? "";
      sim.inject({ kind: "crash", instanceId, durationMs: 60_000 });
      sim.advance(120_000);
    }
  }
  return sim;
}

async function measured(file: string): Promise<{
  readonly openMs: number;
  readonly stepMs: number;
  readonly openWallMs: number;
  readonly frameMs: number;
}> {
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu"],
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  const session = await page.context().newCDPSession(page);
  // The time of the thread, so that a busy machine does not show.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const cpuMs = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
  };
  await page.goto(`file://${file}`);
  await page.waitForSelector(".entries");
  const openMs = await cpuMs();
  // From the start of the navigation to the frame that has been painted after the program was ready.
  const openWallMs = Number(
    await page.evaluate(`performance.getEntriesByName("first-contentful-paint")[0]?.startTime
      ?? performance.getEntriesByName("page-ready")[0].startTime`),
  );
  const frames = (await page.evaluate(`(async () => {
    const frames = [];
    const rows = document.querySelector(".rows");
    const { left, top } = rows.getBoundingClientRect();
    rows.setPointerCapture = () => {};
    rows.hasPointerCapture = () => true;
    for (let step = 0; step < ${String(steps)}; step++) {
      const type = step === 0 ? "pointerdown" : "pointermove";
      rows.dispatchEvent(new PointerEvent(type, { clientX: left + 200 + step * 7, clientY: top + 60, pointerId: 1, buttons: 1, button: 0, bubbles: true }));
      const began = performance.now();
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      frames.push(performance.now() - began);
    }
    return frames;
  })()`)) as readonly number[];
  const frameMs = [...frames].sort((a, b) => a - b)[Math.floor(frames.length / 2)] ?? 0;
  const stepMs = ((await cpuMs()) - openMs) / steps;
  await browser.close();
  return { openMs, stepMs, openWallMs, frameMs };
}

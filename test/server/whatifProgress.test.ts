import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "replication-simulator/server";
import { afterAll, describe, expect, test } from "vitest";

const dir = mkdtempSync(join(tmpdir(), "progress-"));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const file = join(dir, "question.yaml");
writeFileSync(
  file,
  `scenario: 1
world: { jitter: 0.3 }
topology: { orders: { kind: set, replicas: 1 } }
random:
  crashes: { fault: crash, of: orders, every: { exponential: 3d }, timeToRepair: 20m }
horizon: 20d
measures:
  down: { measure: writesDown, of: orders }
  none: { measure: noCopy, of: orders }
expect:
  an hour: { mean: down, atMost: 3h }
  seldom: { share: none, above: 0, atMost: 90 % }
`,
);

interface Terminal {
  readonly columns?: number;
  readonly isInteractive?: boolean;
  readonly signal?: AbortSignal;
  /** Called with each message. */
  readonly onMessage?: (text: string) => void;
  readonly onOut?: (text: string) => void;
}

async function cli(
  argv: readonly string[],
  { signal, onMessage, onOut, ...terminal }: Terminal = {},
): Promise<{ code: number; out: string; messages: readonly string[] }> {
  let out = "";
  const messages: string[] = [];
  const code = await runCli(["whatif", ...argv], {
    out: (text) => {
      out += text;
      onOut?.(text);
    },
    err: (text) => {
      messages.push(text);
      onMessage?.(text);
    },
    interrupted: signal ?? new AbortController().signal,
    ...terminal,
  });
  return { code, out, messages };
}

/** What a terminal of some width shows after messages: its lines, without spaces at the end. */
function screenOf(messages: readonly string[], columns: number): readonly string[] {
  const lines: string[][] = [[]];
  let column = 0;
  for (const character of messages.join("")) {
    if (character === "\r") column = 0;
    else if (character === "\n" || column === columns) {
      lines.push([]);
      column = 0;
    }
    if (character === "\r" || character === "\n") continue;
    const line = lines.at(-1) ?? [];
    line[column] = character;
    column += 1;
  }
  return lines.map((line) => line.join("").trimEnd());
}

const requested: readonly (readonly [string, readonly string[]])[] = [
  ["run", ["run", file, "--futures", "200", "--workers", "0"]],
  [
    "rare",
    ["rare", file, "--event", "seldom", "--roots", "200", "--until", "all", "--workers", "0"],
  ],
  [
    "a part",
    [
      "run",
      file,
      "--futures",
      "200",
      "--workers",
      "0",
      "--shard",
      "1/2",
      "--out",
      join(dir, "part"),
    ],
  ],
];

describe("progress", { timeout: 120_000 }, () => {
  test.each(requested)(
    "of whatif %s is one line on a terminal, which is cleared at the end",
    async (_, argv) => {
      for (const columns of [120, 80, 40]) {
        const { messages } = await cli(argv, { isInteractive: true, columns });
        const shown = messages.filter((text) => text.startsWith("\r"));
        expect(shown.length).toBeGreaterThan(2);
        expect(shown.join("")).toMatch(/\r\d+ of (200|100) (futures|roots), [\d,]+\/s/);
        for (const text of shown) expect(text.replaceAll("\r", "").length).toBeLessThan(columns);
        // Never a second line, and nothing of it at the end.
        const others = messages.filter((text) => !text.startsWith("\r"));
        expect(screenOf(shown, columns)).toEqual([""]);
        expect(screenOf(messages, columns).join("\n")).toBe(
          others.join("").trimEnd() + (others.length > 0 ? "\n" : ""),
        );
        rmSync(join(dir, "part"), { recursive: true, force: true });
      }
    },
  );

  test.each(requested)("of whatif %s is plain lines elsewhere", async (_, argv) => {
    const { messages } = await cli(argv);
    const text = messages.join("");
    expect(text).not.toContain("\r");
    expect(text).toMatch(/^\d+ of (200|100) (futures|roots), [\d,]+\/s(, \d+ s left)?$/m);
    expect(messages.length).toBeLessThan(12);
    rmSync(join(dir, "part"), { recursive: true, force: true });
  });

  test("is no part of --json", async () => {
    for (const [, argv] of requested.slice(0, 2)) {
      for (const isInteractive of [true, false]) {
        const { out } = await cli([...argv, "--json"], { isInteractive });
        expect(() => JSON.parse(out) as unknown).not.toThrow();
      }
    }
  });

  test("counts the futures that a file already has", async () => {
    const out = join(dir, "resumed");
    const stop = new AbortController();
    const flags = ["run", file, "--futures", "200", "--workers", "0", "--out", out];
    await cli(flags, {
      signal: stop.signal,
      onMessage: () => {
        stop.abort();
      },
    });
    const before = readFileSync(join(out, "results.ndjson"), "utf8").split("\n").length - 2;
    expect(before).toBeGreaterThan(0);
    const { messages } = await cli(flags, { isInteractive: true });
    const [, first] = /\r(\d+) of 200 futures/.exec(messages[0] ?? "") ?? [];
    const header = JSON.parse(
      readFileSync(join(out, "results.ndjson"), "utf8").split("\n")[0] ?? "",
    ) as {
      spec: { shardSize: number };
    };
    expect(Number(first)).toBe((before + 1) * header.spec.shardSize);
  });
});

describe("an interrupted part that is printed", { timeout: 120_000 }, () => {
  test.each([
    ["run", ["run", file, "--futures", "200", "--workers", "0"]],
    ["rare", ["rare", file, "--event", "seldom", "--roots", "400", "--workers", "0"]],
  ] as const)(
    "of %s says what was printed and how to go on, and can be merged",
    async (_, argv) => {
      const stop = new AbortController();
      let lines = 0;
      const part = await cli([...argv, "--shard", "1/2"], {
        signal: stop.signal,
        onOut: () => {
          lines += 1;
          if (lines === 3) stop.abort(); // the header and two shards
        },
      });
      expect(part.code).toBe(130);
      const shards = part.out.trimEnd().split("\n").length - 1;
      const text = part.messages.join("").replaceAll(/\s+/g, " ");
      expect(text).toContain(`interrupted: ${String(shards)} of `);
      expect(text).toContain("were printed, and whatif merge takes them");
      expect(text).toContain("with --out DIR it goes on where it ended");
      expect(text).not.toContain("nothing was kept");
      const [first, second, again] = ["first", "second", "again"].map((name) =>
        join(dir, `${name}.ndjson`),
      );
      writeFileSync(first ?? "", part.out);
      writeFileSync(second ?? "", (await cli([...argv, "--shard", "2/2"])).out);
      const some = await cli(["merge", first ?? "", second ?? ""]);
      expect(some.code).toBe(3);
      expect(some.messages.join("")).toMatch(/shards are missing: seeds \d/);
      // The whole part beside what was printed of it.
      writeFileSync(again ?? "", (await cli([...argv, "--shard", "1/2"])).out);
      const all = await cli(["merge", first ?? "", second ?? "", again ?? ""]);
      expect(all.messages.join("")).not.toContain("missing");
    },
  );
});

describe("the progress of run --until", { timeout: 120_000 }, () => {
  test("names the figure that is furthest from what is wished, and how well it is known", async () => {
    const flags = ["run", file, "--futures", "1600", "--workers", "0", "--until"];
    for (const isInteractive of [true, false]) {
      const { messages } = await cli([...flags, "1%"], { isInteractive, columns: 100 });
      const text = messages.join("");
      expect(text).toMatch(
        /\d+ of 1,600 futures, [\d,]+\/s(, \d+ s left)?, waits for none \(as it is\) ± \d+ %/,
      );
      // It gets better from checkpoint to checkpoint.
      const widths = [...text.matchAll(/± (\d+) %/g)].map(([, width]) => Number(width));
      expect(Math.max(...widths)).toBeGreaterThan(Math.min(...widths));
    }
    const { messages } = await cli(["run", file, "--futures", "1600", "--workers", "0"]);
    expect(messages.join("")).not.toContain("waits for");
  });

  test("names an expectation that is open", async () => {
    const close = join(dir, "close.yaml");
    writeFileSync(close, readFileSync(file, "utf8").replace("atMost: 3h", "atMost: 2h 13m"));
    const { messages } = await cli(
      ["run", close, "--futures", "800", "--workers", "0", "--until", "decided"],
      { isInteractive: true },
    );
    expect(messages.join("")).toContain("waits for an hour (as it is)");
  });
});

describe("run --until", { timeout: 120_000 }, () => {
  const until = (share: string, ...more: readonly string[]) =>
    cli(["run", file, "--futures", "1600", "--workers", "0", "--until", share, ...more]);

  test("says which figure was the last one, in the table, the summary and the report", async () => {
    const out = join(dir, "known");
    const { out: text } = await until("30%", "--out", out);
    const [, futures = "", measure] =
      /\nKnown to ± 30 % after ([\d,]+) futures; the last was (\w+) \(as it is\)\n/.exec(text) ??
      [];
    expect(measure).toBe("none");
    const summary = JSON.parse(readFileSync(join(out, "summary.json"), "utf8")) as {
      seeds: { count: number };
      stop: { until: unknown; figures: readonly { name: string; futures: number }[] };
    };
    expect(summary.stop.until).toEqual({ halfWidth: 0.3 });
    const known = Object.fromEntries(summary.stop.figures.map((each) => [each.name, each.futures]));
    expect(known["none"]).toBe(summary.seeds.count);
    expect(String(known["none"])).toBe(futures.replace(",", ""));
    expect(known["down"]).toBe(100);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain(
      `Known to ± 30 % after ${futures} futures; the last was none (as it is)`,
    );
  });

  test("says which figure is not known well enough, and how well it is", async () => {
    const { out, code } = await until("1%");
    expect(out.replaceAll(/\s+/g, " ")).toMatch(
      /Not known to ± 1 % after 1,600 futures: none \(as it is\) is known to ± \d+ % \(2 of 2 open\)/,
    );
    expect(code).toBe(0);
    const { stop } = JSON.parse((await until("1%", "--json")).out) as {
      stop: { figures: readonly { name: string; futures: number | null; halfWidth: number }[] };
    };
    const none = stop.figures.find(({ name }) => name === "none");
    expect(none?.futures).toBeNull();
    expect(none?.halfWidth).toBeGreaterThan(0.01);
  });

  test("decided says which verdict was the last one", async () => {
    const { out } = await until("decided");
    expect(out).toMatch(
      /\nDecided after 100 futures; the last was (an hour|seldom) \(as it is\)\n/,
    );
    const plain = await cli(["run", file, "--futures", "100", "--workers", "0"]);
    expect(plain.out).not.toMatch(/Known|Decided/);
  });

  test("looks at the measures of a module that exports a function", async () => {
    const module = join(dir, "future.mjs");
    writeFileSync(module, "export default (sim) => ({ one: Number(sim.settings.seed) % 2 });\n");
    const { out } = await cli([
      "run",
      module,
      "--futures",
      "800",
      "--workers",
      "0",
      "--until",
      "8%",
    ]);
    expect(out).toMatch(/^800 futures/m);
    expect(out).toMatch(/Known to ± 8 % after 800 futures; the last was one \(/);
  });
});

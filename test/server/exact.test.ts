import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "replication-simulator/server";
import { afterAll, expect, test } from "vitest";

const dir = mkdtempSync(join(tmpdir(), "exact-"));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

async function cli(command: string, text: string, ...flags: readonly string[]) {
  const file = join(dir, "question.yaml");
  writeFileSync(file, text);
  let [out, err] = ["", ""];
  const code = await runCli(["whatif", command, file, ...flags], {
    out: (shown) => {
      out += shown;
    },
    err: (shown) => {
      err += shown;
    },
    interrupted: new AbortController().signal,
  });
  return { code, out, err };
}

const pair = `scenario: 1
topology: { orders: { kind: set, replicas: 1 } }
random:
  crashes: { fault: crash, of: orders, every: { exponential: 10d }, timeToRepair: { exponential: 2h } }
horizon: 30d
expect:
  a copy: { never: noCopy, of: orders }
`;

test("reachable prints its bounds, the states, and the shortest way to a bad one", async () => {
  const { code, out } = await cli("reachable", pair);
  expect(code).toBe(1);
  expect(out).toMatch(/^at most 20000 states/);
  expect(out).toContain("a copy: BROKEN after 2 events\n  crash of orders.");
  const bounded = await cli("reachable", pair, "--faults", "1");
  expect(bounded.code).toBe(0);
  expect(bounded.out).toContain("a copy: HOLDS in every state");
});

test("exact prints probabilities", async () => {
  const { code, out } = await cli("exact", pair);
  expect(code).toBe(0);
  expect(out).toContain(`in the long run ${((2 / 242) ** 2).toExponential(6)}`);
});

test("exact refuses other durations, with the name of what is not exponential", async () => {
  const { code, err } = await cli(
    "exact",
    pair.replace("exponential: 2h", "lognormal: 2h, sigma: 1"),
  );
  expect(code).toBe(2);
  expect(err).toContain("repair of orders.");
});

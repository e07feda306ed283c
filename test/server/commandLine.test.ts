import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type JournalEntry, ReplicationSimulator } from "replication-simulator";
import { type CliIo, openSqliteStore, runCli } from "replication-simulator/server";
import { afterAll, describe, expect, test } from "vitest";
import { version } from "../../src/model/packageVersion.js";
import { builtProgram, run, ServerProcess } from "./crash/serverProcess.js";
import { folder } from "./tempDir.js";

/*
 * The command line as people type it: most of it in this process, with a terminal of the test's own; what signals and
 * pipes do, in a process of its own.
 */

const program = builtProgram();

afterAll(() => {
  rmSync(program, { force: true });
});

describe("help", () => {
  test("--version", async () => {
    expect(await typed("--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });

  test("--help names the commands; each has its own", async () => {
    const { code, out } = await typed("--help");
    expect(code).toBe(0);
    expect(out).toMatch(/serve .*journal .*replay /s);
    const serve = await typed("serve", "--help");
    for (const flag of documentedFlags()) expect(serve.out).toContain(flag);
  });

  test.each([
    [["bogus"], "unknown command 'bogus'"],
    [["serve", "--bogus"], "unknown option '--bogus'"],
    [["serve", "--port", "x"], "integer from 0 to 65535"],
    [["serve", "--port", "65536"], "integer from 0 to 65535"],
    [["serve", "--port", "-1"], "integer from 0 to 65535"],
    [["serve", "--speed", "fast"], "number of at least 0"],
    [["serve", "--speed", "-1"], "number of at least 0"],
    [["serve", "--profile", "slow"], "Allowed choices are documented, fast, instant"],
    [["serve", "--account", ""], "must not be empty"],
    [["serve", "--token", ""], "must not be empty"],
    [["serve", "--snapshot-every", "0"], "integer of at least 1"],
    [["journal"], "missing required argument 'file'"],
  ])("%j is refused with what would do", async (args, message) => {
    const { code, out, err } = await typed(...args);
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toContain(message);
    expect(err).toContain("--help");
  });
});

describe("serve", () => {
  test("prints its URL first, serves, and ends with 0 when it is interrupted", async () => {
    const server = serving("--account", "7", "--region", "SYD", "--seed", "9", "--speed", "0");
    const url = await server.url;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const made = await create(url, "7");
    expect(made).toMatchObject({ instance: { name: "orders" } });
    const straight = new ReplicationSimulator({ accountId: "7", seed: 9 });
    const { id } = straight.createInstance({ name: "orders", flavorId: "2", volumeGb: 1 });
    expect(made).toMatchObject({ instance: { id } });
    const { code, out, err } = await server.end();
    expect(code).toBe(0);
    expect(out).toBe(`${url}\n`);
    const [first, second] = err.split("\n");
    expect(first).toBe("account 7, region SYD, time paused, virtual time 2026-01-01 00:00:00Z");
    expect(second).toMatch(
      /^2026-01-01 00:00:00Z {2}POST {3}\/v1\.0\/7\/instances {2}200 {2}\d+ ms$/,
    );
  });

  test("--quiet prints no line for each request", async () => {
    const server = serving("--quiet");
    await create(await server.url, "1234");
    expect((await server.end()).err).not.toContain("POST");
  });

  test("--token accepts its owner only", async () => {
    const server = serving("--token", "one", "--token", "two");
    const url = await server.url;
    const statuses = ["one", "two", "three"].map(async (token) => {
      const headers = { "X-Auth-Token": token };
      return (await fetch(`${url}/v1.0/1234/instances`, { headers })).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 200, 401]);
    await server.end();
  });

  test("--host beyond loopback wants a token or --allow-unauthenticated", async () => {
    const refused = await typed("serve", "--host", "0.0.0.0", "--port", "0");
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toMatch(
      /^refusing to listen on 0\.0\.0\.0 .*--token.*--allow-unauthenticated to accept all requests\n$/,
    );
    const server = serving("--host", "0.0.0.0", "--allow-unauthenticated");
    expect(await server.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    await server.end();
  });

  test("a port that is taken is said in one line", async () => {
    const server = serving();
    const { port } = new URL(await server.url);
    expect(await typed("serve", "--port", port)).toEqual({
      ...{ code: 1, out: "" },
      err: `port ${port} of 127.0.0.1 is in use; choose another with --port\n`,
    });
    await server.end();
  });

  test("--state keeps the world, says what it is, and names flags that come too late", async () => {
    const file = join(folder(), "world.db");
    const first = serving("--state", file, "--speed", "0", "--seed", "5");
    await create(await first.url, "1234");
    expect((await first.end()).code).toBe(0);
    const second = serving("--state", file, "--speed", "60", "--seed", "6", "--profile", "fast");
    const url = await second.url;
    const answer = await fetch(`${url}/v1.0/1234/instances`, { headers: { "X-Auth-Token": "x" } });
    expect(await answer.json()).toMatchObject({ instances: [{ name: "orders" }] });
    const { err } = await second.end();
    expect(err).toContain("speed 60x");
    expect(err).toContain(
      "--seed is ignored: the state file already has a world, which keeps its own\n",
    );
    expect(err).toContain("--profile is ignored");
    expect(err).not.toContain("--region is");
  });

  test("--state with a file that is in use, or not ours: one line, and the file is as it was", async () => {
    const [file, notes] = [join(folder(), "world.db"), join(folder(), "notes.txt")];
    const server = serving("--state", file);
    await server.url;
    for (const args of [
      ["serve", "--state", file],
      ["journal", file],
      ["replay", file],
    ]) {
      expect(await typed(...args)).toEqual({
        ...{ code: 1, out: "" },
        err: `${file} is in use by another server\n`,
      });
    }
    await server.end();
    writeFileSync(notes, "buy milk\n");
    const refused = await typed("serve", "--state", notes);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toMatch(/^\S+notes\.txt is not a SQLite database; .*\n$/);
    expect(readFileSync(notes, "utf8")).toBe("buy milk\n");
  });
});

describe("journal and replay", () => {
  test("print the lines, and hold them to what happens", async () => {
    const { file, sim } = await stateFile();
    const { code, out } = await typed("journal", file);
    expect(code).toBe(0);
    expect(
      out
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as JournalEntry),
    ).toEqual(sim.history.entries());
    expect(await typed("replay", file)).toEqual({
      ...{ code: 0, err: "" },
      out: `${file}: 3 entries replayed without a difference; virtual time 2026-01-01 00:00:36Z, fingerprint ${sim.fingerprint()}\n`,
    });
  });

  test("of a file without lines", async () => {
    const file = join(folder(), "world.db");
    await (await openSqliteStore(file)).close();
    expect(await typed("journal", file)).toEqual({ code: 0, out: "", err: "" });
    expect((await typed("replay", file)).out).toBe(`${file}: the file has no saved world yet\n`);
  });

  test.each([
    [
      "a line",
      `UPDATE lines SET json = replace(json, '"cause":null', '"cause":7') WHERE seq = 0`,
      /journal entry 0/,
    ],
    [
      "a snapshot",
      "UPDATE snapshots SET json = :json, sha256 = :sha WHERE seq = 2",
      /snapshot at entry 2/,
    ],
  ])("replay says with 1 that %s differs", async (what, sql, message) => {
    const { file } = await stateFile();
    const { default: Database } = await import("libsql");
    const database = new Database(file);
    if (what === "a line") database.exec(sql);
    else {
      const { createHash } = await import("node:crypto");
      const row = database.prepare("SELECT json FROM snapshots WHERE seq = 2").get() as {
        json: string;
      };
      const json = row.json.replace('"name":"orders"', '"name":"others"');
      const sha = createHash("sha256").update(json).digest("hex");
      database.prepare(sql.replace(":json", "?").replace(":sha", "?")).run(json, sha);
    }
    database.close();
    const { code, out } = await typed("replay", file);
    expect(out).toMatch(message);
    expect(out).toMatch(/^\S+ differs: [^\n]+\n$/);
    expect(code).toBe(1);
  });

  test("a server does not start on a journal that differs, and says where", async () => {
    const { file } = await stateFile();
    const { default: Database } = await import("libsql");
    const database = new Database(file);
    database.exec(
      "UPDATE lines SET json = replace(json, '\"cause\":null', '\"cause\":7') WHERE seq = 2",
    );
    database.close();
    const refused = await typed("serve", "--port", "0", "--state", file);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(
      /^replay mismatch at journal entry 2: recomputed facts differ from the recorded ones \(other library version, or edited journal\)\n$/,
    );
  });

  test("of a file that is not there", async () => {
    const file = join(folder(), "none.db");
    expect(await typed("replay", file)).toEqual({
      ...{ code: 1, out: "" },
      err: `file ${file} not found\n`,
    });
  });
});

describe("in a process of its own", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("%s ends a server in good order", async (signal) => {
    const file = join(folder(), "world.db");
    const server = new ServerProcess(program, ["--state", file, "--speed", "0"]);
    await create(await server.url, "1234");
    server.signal(signal);
    expect(await server.ended).toBe(0);
    const { code, out } = await run(program, ["replay", file]);
    expect(out).toContain("1 entry replayed without a difference");
    expect(code).toBe(0);
  });

  test("the journal of a killed server can be read", async () => {
    const file = join(folder(), "world.db");
    const server = new ServerProcess(program, ["--state", file, "--speed", "0"]);
    await create(await server.url, "1234");
    server.signal("SIGKILL");
    await server.ended;
    const { out } = await run(program, ["journal", file]);
    expect(JSON.parse(out)).toMatchObject({ seq: 0, trigger: { kind: "command" } });
  });
});

/** Types a command and waits for its end. */
async function typed(...args: readonly string[]) {
  return terminal(args).done;
}

/** Types `serve` with flags; its end comes when it is asked for. */
function serving(...flags: readonly string[]) {
  const { url, done, interrupt } = terminal(["serve", "--port", "0", ...flags]);
  const end = (): typeof done => {
    interrupt();
    return done;
  };
  return { url, end };
}

function terminal(args: readonly string[]) {
  let [out, err] = ["", ""];
  const interruption = new AbortController();
  let resolveUrl: (url: string) => void = () => undefined;
  const url = new Promise<string>((resolve) => {
    resolveUrl = resolve;
  });
  const screen: CliIo = {
    out: (text) => {
      out += text;
      if (out.includes("\n")) resolveUrl(out.slice(0, out.indexOf("\n")));
    },
    err: (text) => {
      err += text;
    },
    interrupted: interruption.signal,
  };
  const done = runCli(args, screen).then((code) => ({ code, out, err }));
  return { url, done, interrupt: () => interruption.abort() };
}

async function create(url: string, account: string): Promise<unknown> {
  const response = await fetch(`${url}/v1.0/${account}/instances`, {
    method: "POST",
    headers: { "X-Auth-Token": "any", "Content-Type": "application/json" },
    body: JSON.stringify({ instance: { name: "orders", flavorRef: "2", volume: { size: 1 } } }),
  });
  return response.json();
}

/** A file with two snapshots and a line after the second. */
async function stateFile() {
  const file = join(folder(), "world.db");
  const store = await openSqliteStore(file);
  const sim = new ReplicationSimulator();
  await store.append({ origin: sim.snapshot(), lines: [], now: sim.now });
  const { id } = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 1 });
  sim.settle();
  await store.append({ lines: sim.history.entries(), now: sim.now });
  sim.advance(1000);
  await store.snapshot(sim.snapshot());
  sim.restartInstance(id);
  await store.append({ lines: sim.history.entries(2), now: sim.now });
  await store.close();
  return { file, sim };
}

/** Every flag that people know by heart. */
function documentedFlags(): readonly string[] {
  return "--port --host --account --token --region --speed --seed --profile --control --state".split(
    " ",
  );
}

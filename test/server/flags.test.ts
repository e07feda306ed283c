import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "replication-simulator/server";
import { expect, test } from "vitest";
import { folder } from "./tempDir.js";

/** Runs `serve` with flags until the work is done. */
async function served(
  flags: readonly string[],
  work: (url: string) => Promise<void> = noWork,
): Promise<{ readonly code: number; readonly err: string }> {
  const interruption = new AbortController();
  let err = "";
  let failure: unknown;
  let isStarted = false;
  const code = await runCli(["serve", "--port", "0", "--speed", "0", "--quiet", ...flags], {
    out: (text) => {
      isStarted = true;
      void work(text.trim())
        .catch((error: unknown) => {
          failure = error;
        })
        .finally(() => {
          interruption.abort();
        });
    },
    err: (text) => {
      err += text;
    },
    interrupted: interruption.signal,
  });
  if (failure !== undefined) throw failure;
  // Without this, no expectation of the work is checked where the server does not start.
  if (work !== noWork) expect({ isStarted, code, err }).toMatchObject({ isStarted: true, code: 0 });
  return { code, err };
}

const noWork = (): Promise<void> => Promise.resolve();

const json = { "Content-Type": "application/json" };

function logIn(url: string, username: string, secret: object): Promise<Response> {
  const [kind = "", credentials] = Object.entries(secret)[0] ?? [];
  const auth = { [kind]: { username, ...(credentials as object) } };
  return fetch(`${url}/v2.0/tokens`, {
    method: "POST",
    headers: json,
    body: JSON.stringify({ auth }),
  });
}

test("users log in with their secret, and token owners with the token, as password or API key", async () => {
  const flags = ["--user", "ada:her:key", "--user", "bob:his:observer", "--token", "secret"];
  const { code } = await served([...flags, "--control"], async (url) => {
    const status = async (name: string, secret: object) => (await logIn(url, name, secret)).status;
    const password = (text: string) => ({ passwordCredentials: { password: text } });
    const apiKey = (text: string) => ({ "RAX-KSKEY:apiKeyCredentials": { apiKey: text } });
    expect(await status("ada", password("her:key"))).toBe(200);
    expect(await status("ada", apiKey("her:key"))).toBe(200);
    expect(await status("bob", password("his"))).toBe(200);
    expect(await status("bob", password("her:key"))).toBe(401);
    expect(await status("carol", password("secret"))).toBe(200);
    expect(await status("carol", apiKey("secret"))).toBe(200);
    const clock = (token: string) =>
      fetch(`${url}/_simulator/clock`, { headers: { "X-Auth-Token": token } });
    expect([(await clock("secret")).status, (await clock("other")).status]).toEqual([200, 401]);
  });
  expect(code).toBe(0);
});

test("C40 https://github.com/pycontribs/pyrax/issues/526: the world, its faults, limits, rates and jitter are set by flags and files", async () => {
  const at = folder();
  const file = (name: string, content: unknown): string => {
    writeFileSync(join(at, name), JSON.stringify(content));
    return join(at, name);
  };
  const flags = [
    ["--world", file("world.json", { region: "LON", seed: 5, jitter: 0.5 })],
    [
      "--faults",
      file("faults.json", [
        { kind: "slowTasks", factor: 2 },
        { fault: { kind: "outage" }, afterMs: 86_400_000 },
      ]),
    ],
    ["--limits", '{"maxVolumeGb":7}'],
    ["--rates", "documented"],
    ["--jitter", "0.25"],
    ["--timestamp-style", "zulu"],
    ["--address-style", "ip"],
    ["--control"],
  ];
  await served(flags.flat(), async (url) => {
    const headers = { "X-Auth-Token": "any", ...json };
    const get = async (path: string): Promise<unknown> =>
      (await fetch(`${url}${path}`, { headers })).json();
    const { settings } = (await get("/_simulator/journal")) as { settings: object };
    expect(settings).toMatchObject({ region: "LON", seed: 5, jitter: 0.25 });
    expect(settings).toMatchObject({ limits: { maxVolumeGb: 7 }, rateLimits: {} });
    expect(await get("/_simulator/faults")).toMatchObject({
      faults: [{ fault: { factor: 2 } }, { fault: { kind: "outage" } }],
    });
    const body = JSON.stringify({ instance: { flavorRef: "2", volume: { size: 1 } } });
    const made = await fetch(`${url}/v1.0/1234/instances`, { method: "POST", headers, body });
    const text = await made.text();
    expect(text).toMatch(/"created":"[^"]+Z"/);
    const { instance } = JSON.parse(text) as { readonly instance: { readonly id: string } };
    // An instance has its address when it is built.
    await fetch(`${url}/_simulator/advance`, { method: "POST", headers, body: '{"ms":600000}' });
    const details = await get(`/v1.0/1234/instances/${instance.id}`);
    expect(details).toMatchObject({ instance: { ip: [expect.any(String)] } });
    expect(details).not.toMatchObject({ instance: { hostname: expect.any(String) as string } });
    const tooLarge = JSON.stringify({ instance: { flavorRef: "2", volume: { size: 8 } } });
    const refusal = await fetch(`${url}/v1.0/1234/instances`, {
      ...{ method: "POST", headers, body: tooLarge },
    });
    expect(refusal.status).toBe(400);
  });
});

test.each([
  ["--user", "ada", /NAME:SECRET/],
  ["--limits", "5", /JSON object/],
  ["--limits", "{", /not JSON/],
  ["--faults", "/no/such/file", /cannot be read: ENOENT/],
  ["--jitter", "2", /from 0 to 1/],
  ["--timestamp-style", "iso", /Allowed choices/],
])("%s %s is refused in words", async (flag, value, words) => {
  const { code, err } = await served([flag, value]);
  expect(code).toBe(1);
  expect(err).toMatch(words);
});

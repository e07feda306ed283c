import type { JournalEntry } from "replication-simulator";
import type { Ledger, Listed } from "./expectedState.js";

const headers = { "X-Auth-Token": "any", "Content-Type": "application/json" };
const path = "/v1.0/1234/instances";

/** Names that no two callers use. */
let names = 0;

/**
 * A caller that sends one request after the other until the server no longer answers, and records the requests and
 * responses in a ledger.
 */
export async function caller(url: string, ledger: Ledger, draw: () => number): Promise<void> {
  try {
    for (;;) await send(url, ledger, draw);
  } catch (error) {
    if (!isHungUp(error)) throw error;
  }
}

async function send(url: string, ledger: Ledger, draw: () => number): Promise<void> {
  const random = draw();
  if (random < 0.4) {
    const name = `i${String(names++)}`;
    ledger.createRequested(name);
    const body = { instance: { name, flavorRef: "2", volume: { size: 1 } } };
    const answer = await fetchJson(`${url}${path}`, "POST", body);
    if (answer.status === 200) {
      ledger.created(name, (answer.json as { instance: { id: string } }).instance.id);
    } else expectRefusal(answer.status);
  } else if (random < 0.75) {
    const id = ledger.someId((count) => Math.floor(draw() * count));
    if (id === undefined) return;
    ledger.deleteRequested(id);
    const { status } = await fetchJson(`${url}${path}/${id}`, "DELETE");
    if (status !== 202) expectRefusal(status);
    ledger.deletionAnswered(id, status === 202);
  } else if (random < 0.9) {
    const ms = Math.floor(draw() * 20_000);
    const { json } = await fetchJson(`${url}/_simulator/advance`, "POST", { ms });
    ledger.sawClock((json as { now: number }).now);
  } else {
    ledger.saw(await listed(url));
  }
}

/** Everything that is there, page by page. */
export async function listed(url: string): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  let next: string | undefined = `${url}${path}`;
  while (next !== undefined) {
    const { json } = await fetchJson(next, "GET");
    const { instances, links = [] } = json as {
      readonly instances: readonly Listed[];
      readonly links?: readonly { readonly rel: string; readonly href: string }[];
    };
    found.push(...instances);
    next = links.find(({ rel }) => rel === "next")?.href;
  }
  return found;
}

/** Returns the virtual time of a server. */
export async function clockOf(url: string): Promise<number> {
  const { json } = await fetchJson(`${url}/_simulator/clock`, "GET");
  return (json as { now: number }).now;
}

/** Reads the event stream of the journal, from an entry on, until it ends. */
export async function listener(url: string, ledger: Ledger, from: number): Promise<void> {
  try {
    const response = await fetch(`${url}/_simulator/journal?from=${from}`, {
      headers: { ...headers, Accept: "text/event-stream" },
    });
    let rest = "";
    const decoder = new TextDecoder();
    for await (const piece of response.body ?? []) {
      const events = (rest + decoder.decode(piece, { stream: true })).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) ledger.record(JSON.parse(data) as JournalEntry);
      }
    }
  } catch (error) {
    if (!isHungUp(error)) throw error;
  }
}

async function fetchJson(
  url: string,
  method: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly json: unknown }> {
  const response = await fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === "" ? undefined : JSON.parse(text) };
}

/** What the service may refuse here: too many instances, one that is busy, one that has gone. */
function expectRefusal(status: number): void {
  if (![404, 413, 422].includes(status)) throw new RangeError(`an answer of ${status}`);
}

/** Whether a request failed because the server is no more. */
function isHungUp(error: unknown): boolean {
  return error instanceof TypeError && /fetch failed|terminated/.test(error.message);
}

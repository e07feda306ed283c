import type { JournalEntry } from "../../kernel/journal.js";
import type { ReplicationSimulator } from "../../simulator.js";
import { HttpRefusal } from "../httpError.js";
import type { Reply } from "../reply.js";
import type { Call } from "../request.js";

/** Maximum number of entries that wait for a slow subscriber before it is dropped. */
const maxWaitingEntries = 1000;

/**
 * The journal as unnamed server-sent events (`onmessage` of an `EventSource` gets them): one per entry, with its number
 * as the event id, from `?from=` (or after `Last-Event-ID`), then every new entry. A subscriber that falls too far
 * behind gets an event `dropped`, and its stream ends.
 */
export function journalStream({ query, headers }: Call, sim: ReplicationSimulator): Reply {
  const last = headers.get("last-event-id");
  const from = last === null ? numberOf(query.get("from") ?? "0") : numberOf(last) + 1;
  return {
    status: 200,
    content: { type: "text/event-stream", body: () => openStream(sim, from) },
  };
}

/** The consumer pulls: entries are serialized only when there is room for them. */
function openStream(sim: ReplicationSimulator, from: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let past = sim.history.entries(from);
  let sent = 0;
  let waiting: JournalEntry[] = [];
  let unsubscribe: () => void = () => undefined;
  let wake: (() => void) | undefined;
  const next = (): JournalEntry | undefined => {
    const entry = past[sent++];
    // Entries that have been sent are released.
    if (entry === undefined) past = [];
    return entry ?? waiting.shift();
  };
  return new ReadableStream<Uint8Array>(
    {
      start(stream) {
        unsubscribe = sim.subscribe((entry) => {
          waiting.push(entry);
          wake?.();
          wake = undefined;
          if (waiting.length <= maxWaitingEntries) return;
          unsubscribe();
          waiting = [];
          const reason = `more than ${String(maxWaitingEntries)} entries were waiting to be read`;
          stream.enqueue(encoder.encode(`event: dropped\ndata: ${JSON.stringify({ reason })}\n\n`));
          stream.close();
        });
      },
      async pull(stream) {
        let entry = next();
        if (entry === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          entry = next();
        }
        if (entry !== undefined) stream.enqueue(encoder.encode(eventOf(entry)));
      },
      cancel() {
        unsubscribe();
      },
    },
    { highWaterMark: 16 },
  );
}

/**
 * Returns the journal: all of it, as `sim.journal()` has it, or with `limit` a page of its entries from number `from` on.
 * A string has at most 512 MB in V8, and a journal can have more.
 */
export function journalReply({ query }: Call, sim: ReplicationSimulator): Reply {
  const limit = query.get("limit");
  if (limit !== null) {
    const from = numberOf(query.get("from") ?? "0");
    const count = Math.min(numberOf(limit, "limit"), maxPageEntries);
    const entries = sim.history.entries(from).slice(0, count);
    const last = entries.at(-1)?.seq;
    const nextFrom = last === undefined || entries.length < count ? null : last + 1;
    return { status: 200, json: { entries, nextFrom } };
  }
  let body: string;
  try {
    body = JSON.stringify(sim.journal());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const entries = String(sim.history.entries().length);
    throw new HttpRefusal("overLimit", {
      message: `the journal has ${entries} entries and is too long for one response; read it in pages: ?from=0&limit=${String(maxPageEntries)}`,
    });
  }
  return { status: 200, content: { type: "application/json", body } };
}

/** Most entries of a page. */
const maxPageEntries = 10_000;

/** Returns an entry in the form of `GET /_simulator/journal`. */
function eventOf(entry: JournalEntry): string {
  return `id: ${String(entry.seq)}\ndata: ${JSON.stringify(entry)}\n\n`;
}

function numberOf(text: string, name: "from" | "limit" = "from"): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new HttpRefusal("badRequest", {
    message:
      name === "from"
        ? "from must be the number of a journal entry, 0 or more"
        : "limit must be a number of entries, 0 or more",
  });
}

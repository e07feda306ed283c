import type { JournalEntry } from "../../engine/journal.js";
import type { ReplicationSimulator } from "../../simulator.js";
import { HttpRefusal } from "../httpError.js";
import type { Reply } from "../reply.js";
import type { Call } from "../request.js";

/**
 * The journal as server-sent events: one for each line, with its number as the event's id, from `?from=` (or after
 * `Last-Event-ID`) on, then every new one as it is written.
 */
export function journalStream({ query, headers }: Call, sim: ReplicationSimulator): Reply {
  const last = headers.get("last-event-id");
  const from = last === null ? numberOf(query.get("from") ?? "0") : numberOf(last) + 1;
  const encoder = new TextEncoder();
  let unsubscribe: (() => void) | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      const send = ({ seq, at, trigger, cause, facts }: JournalEntry): void => {
        const data = JSON.stringify({ seq, at, trigger, cause, facts });
        stream.enqueue(encoder.encode(`id: ${seq}\nevent: line\ndata: ${data}\n\n`));
      };
      for (const line of sim.journalEntries(from)) send(line);
      unsubscribe = sim.subscribe(send);
    },
    cancel() {
      unsubscribe?.();
    },
  });
  return { status: 200, content: { type: "text/event-stream", body } };
}

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new HttpRefusal("badRequest", { message: "from is the number of a line, 0 or more" });
}

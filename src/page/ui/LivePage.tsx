import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { JournalEntry } from "../../kernel/journal.js";
import type { Journal } from "../../simulator/serialization.js";
import { Actions } from "./Actions.js";
import { App } from "./App.js";
import { BranchModel } from "./branchModel.js";
import { type Connection, RefusedError } from "./connection.js";
import type { LiveOptions } from "./liveOptions.js";
import { RequestsPane, type ShownRequest } from "./RequestsPane.js";

interface LiveProps extends LiveOptions {
  readonly connection: Connection;
  /** Called when the server wants another token. */
  readonly onRefused: (message: string) => void;
}

interface Clock {
  readonly now: number;
}

/** A page that follows a running simulator, and acts on it. */
export function LivePage(props: LiveProps) {
  const { connection, title, onRefused } = props;
  const [model, setModel] = useState<BranchModel | null>(null);
  const [others, setOthers] = useState<readonly BranchModel[]>([]);
  const [requests, setRequests] = useState<readonly ShownRequest[]>([]);
  const [isOpen, setOpen] = useState(false);
  const [message, setMessage] = useState("");
  const [, setVersion] = useState(0);
  const live = useRef<BranchModel | null>(null);

  const refresh = async (): Promise<void> => {
    const { now } = await connection.json<Clock>("GET", "/_simulator/clock");
    live.current?.append([], now);
    setVersion((version) => version + 1);
  };

  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const follow = async (): Promise<void> => {
      const journal = await connection.json<Journal>("GET", "/_simulator/journal");
      if (signal.aborted) return;
      const branch = new BranchModel({ name: "live", note: "", journal });
      live.current = branch;
      setModel(branch);
      let waiting: JournalEntry[] = [];
      const flush = (): void => {
        const entries = waiting;
        waiting = [];
        branch.append(entries, entries.at(-1)?.at ?? 0);
        setVersion((version) => version + 1);
      };
      for await (const entry of connection.entries(branch.nextSeq, signal, setOpen)) {
        // Many entries that come together are drawn once.
        if (waiting.length === 0) setTimeout(flush, 40);
        waiting.push(entry);
      }
    };
    const watch = async (): Promise<void> => {
      for await (const request of connection.events<ShownRequest>("/_simulator/requests", signal)) {
        setRequests((before) =>
          [request, ...before.filter(({ number }) => number !== request.number)].slice(0, 200),
        );
        live.current?.append([], request.at);
        setVersion((version) => version + 1);
      }
    };
    const failed = (error: unknown): void => {
      if (signal.aborted) return;
      if (error instanceof RefusedError && (error.status === 401 || error.status === 403))
        onRefused(error.message);
      else setMessage(error instanceof Error ? error.message : String(error));
    };
    follow().catch(failed);
    watch().catch(failed);
    const timer = props.hasSpeed
      ? setInterval(() => void refresh().catch(() => undefined), 2000)
      : undefined;
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [connection]);

  const version = (model?.version ?? 0) + requests.length;
  const branches = useMemo(() => (model === null ? [] : [model, ...others]), [model, others]);
  if (model === null) {
    return (
      <main class="single">
        <section class="pane">
          <p class="empty" role="status">
            {message === "" ? "Waiting for the simulator…" : message}
          </p>
        </section>
      </main>
    );
  }
  const runAction = async (words: string, action: () => Promise<unknown>): Promise<void> => {
    try {
      await action();
      setMessage(words);
    } catch (error) {
      setMessage(`${words}: ${error instanceof Error ? error.message : String(error)}`);
    }
    await refresh().catch(() => undefined);
  };
  return (
    <App
      title={title}
      note=""
      branches={branches}
      futures={null}
      live={{
        version,
        bar: (place) => (
          <Actions
            {...props}
            {...{ place, runAction, isOpen, message }}
            onBranch={(name, journal) => {
              setOthers((before) => [
                ...before.filter((each) => each.name !== name),
                new BranchModel({ name, note: "", journal }),
              ]);
            }}
          />
        ),
        pane: <RequestsPane requests={requests} branch={model} />,
      }}
    />
  );
}

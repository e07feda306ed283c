import type { FactOf } from "../../model/facts.js";
import type { LogSegment, ReplicationLog } from "../../service/replication/dataPlane.model.js";
import { noWorkload } from "../../service/replication/logChanges.js";
import { linksOfReplicas } from "../../service/replication/logRetention.js";
import { acknowledgedUntil, timeOf, writtenAt } from "../../service/replication/logs.js";
import type { MeasureFactory } from "./measure.js";

/**
 * For each takeover, how far back the data goes that is lost: from the oldest acknowledged transaction that is gone to
 * the interruption. 0 where nothing is lost.
 */
export const recoveryPoint: MeasureFactory = ({ names, things, begin }) => {
  const ages: number[] = [];
  const histories = new Histories();
  /** The age of what is lost by a log that an instance starts as it takes over. */
  const ageOfStart = ({ log, lostTransactions, replacedId }: LogStarted, at: number): number =>
    ageOf({
      lostTransactions,
      end: log.interruptedAt ?? at,
      kept: writtenAt(log, at).transactions,
      pieces: histories.of(replacedId),
    });
  /** The age of what is lost by clients that an operator moves. */
  const ageOfMove = ({ id, log, lostTransactions }: WorkloadMoved, at: number): number => {
    const source = things.flatMap(({ thing }) => names.instance(thing, id) ?? [])[0];
    const links = source === undefined ? [] : linksOfReplicas(names.topology, source);
    const acknowledged = writtenAt(log, acknowledgedUntil(log, links, at)).transactions;
    return ageOf({
      lostTransactions,
      end: histories.interruptedAt(id) ?? at,
      kept: acknowledged - lostTransactions,
      pieces: histories.of(id),
    });
  };
  return {
    after: ({ at, seq, facts }) => {
      for (const fact of facts) {
        switch (fact.type) {
          case "LogStarted":
            histories.begin(fact.id, fact.log);
            break;
          case "WritesInterrupted":
          case "WritesResumed":
          case "WorkloadSet":
            histories.add(fact.id, fact.log);
            break;
          default:
        }
      }
      if (at >= begin) {
        const taken = things.flatMap(({ thing }) =>
          thing.movedWith === seq ? [thing.clientsAt] : [],
        );
        for (const id of new Set(taken)) {
          const started = facts.find((one) => one.type === "LogStarted" && one.id === id);
          const moved = facts.find((one) => one.type === "WorkloadMoved" && one.toId === id);
          // A log that an instance starts says what is lost; else an operator has moved the clients.
          if (started?.type === "LogStarted") ages.push(ageOfStart(started, at));
          else if (moved?.type === "WorkloadMoved") ages.push(ageOfMove(moved, at));
        }
      }
      // The log that the clients leave counts as it was before.
      for (const fact of facts) if (fact.type === "WorkloadMoved") histories.add(fact.id, fact.log);
    },
    end: () => ages,
  };
};

type LogStarted = FactOf<"LogStarted">;
type WorkloadMoved = FactOf<"WorkloadMoved">;

/** How long before the end of writes the first transaction was written that is not kept, in ms. */
function ageOf({
  lostTransactions,
  end,
  kept,
  pieces,
}: {
  readonly lostTransactions: number;
  readonly end: number;
  readonly kept: number;
  readonly pieces: readonly LogSegment[];
}): number {
  if (lostTransactions === 0) return 0;
  const from = timeOf({ pieces }, kept + 1);
  return from === undefined ? 0 : Math.max(0, end - from);
}

/** What logs have held at every time, also before what their replicas still read. */
class Histories {
  readonly #pieces = new Map<string, LogSegment[]>();
  readonly #interruptedAt = new Map<string, number | null>();

  of(id: string): readonly LogSegment[] {
    return this.#pieces.get(id) ?? [];
  }

  /** Since when the clients of an instance could not write when its log was added last; null where they could. */
  interruptedAt(id: string): number | null {
    return this.#interruptedAt.get(id) ?? null;
  }

  /** Adds the log of an instance that has become a source. */
  begin(id: string, log: ReplicationLog): void {
    this.#pieces.delete(id);
    this.add(id, log);
  }

  add(id: string, log: ReplicationLog): void {
    const { pieces, origin, interruptedAt } = log;
    const first = (pieces[0] as LogSegment).at; // a log has a segment
    const known = this.#pieces.get(id) ?? this.#shared(origin);
    while ((known.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= first) known.pop();
    known.push(...pieces);
    this.#pieces.set(id, known);
    this.#interruptedAt.set(id, interruptedAt);
  }

  /** What a log holds of the one that it continues. */
  #shared(origin: ReplicationLog["origin"]): LogSegment[] {
    if (origin === null) return [];
    const pieces = this.of(origin.instanceId);
    const { transactions } = origin;
    const end = timeOf({ pieces }, transactions);
    if (end === undefined) return [...pieces];
    // What that log had besides is not in this one.
    const last: LogSegment = { at: end, transactions, bytes: 0, ...noWorkload };
    return [...pieces.filter(({ at }) => at < end), last];
  }
}

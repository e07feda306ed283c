import type { DataFact } from "../../model/facts.js";
import { enumOf, required } from "../../model/schema/fields.js";
import { count, named, nullable, text } from "../../model/schema/rowSchemaParts.js";
import { type FactDescriptors, ofRow } from "../shared/factDescriptor.js";
import { textOrNull } from "../shared/rowColumns.js";
import { linkRow, logRow } from "./dataPlaneRows.js";

/** A fact about a log. */
const ofLog = { ...ofRow, log: required(logRow.field) } as const;

/** Facts about logs and links. */
export const dataFacts: FactDescriptors<DataFact["type"]> = {
  WorkloadSet: { of: ofLog },
  LogStarted: {
    of: { ...ofLog, replacedId: required(text), lostTransactions: required(count) },
  },
  LogEnded: { of: ofRow },
  WorkloadMoved: {
    of: { ...ofLog, toId: required(text), lostTransactions: required(count) },
  },
  WritesInterrupted: { of: ofLog },
  WritesResumed: {
    of: {
      ...ofLog,
      unavailableMs: required(count),
      lostTransactions: required(count),
      replacedId: required(textOrNull),
    },
  },
  AcknowledgementChanged: { of: ofLog },
  SemiSynchronousDegraded: { of: ofLog },
  SemiSynchronousRestored: { of: ofLog },
  CommitsStalled: { of: ofLog },
  CommitStallEnded: {
    of: {
      ...ofLog,
      stalledMs: required(count),
      outcome: required(
        enumOf<"acknowledged" | "degraded" | "interrupted">({
          ...named,
          of: ["acknowledged", "degraded", "interrupted"],
        }),
      ),
    },
  },
  LinkChanged: { of: { ...ofRow, link: required(nullable(linkRow.field)) } },
};

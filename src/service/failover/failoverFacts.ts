import { required } from "../../model/schema/fields.js";
import { booleanField, text } from "../../model/schema/rowSchemaParts.js";
import { positionField } from "../replication/dataPlaneRows.js";
import { type FactDescriptors, ofRow } from "../shared/factDescriptor.js";
import { textOrNull } from "../shared/rowColumns.js";

/** Kinds of facts about failovers. */
export type FailoverFactType = "FailoverStarted" | "SourcePromoted" | "FailoverAborted";

/** Facts about failovers. */
export const failoverFacts: FactDescriptors<FailoverFactType> = {
  FailoverStarted: {
    of: { ...ofRow, sourceId: required(text), candidateId: required(textOrNull) },
  },
  SourcePromoted: {
    of: {
      ...ofRow,
      failoverId: required(text),
      oldSourceId: required(text),
      newSourceId: required(text),
      writtenPosition: required(positionField),
      receivedPosition: required(positionField),
      isForced: required(booleanField),
    },
  },
  FailoverAborted: {
    of: { ...ofRow, sourceId: required(text), reason: required(text) },
  },
};

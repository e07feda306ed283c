import { required } from "../../model/schema/fields.js";
import { type FactDescriptors, ofRow } from "../shared/factDescriptor.js";
import { textOrNull } from "../shared/rowColumns.js";

/** The fact about the partition of an instance. */
export const placementFacts: FactDescriptors<"PartitionChanged"> = {
  PartitionChanged: { of: { ...ofRow, partitionId: required(textOrNull) } },
};

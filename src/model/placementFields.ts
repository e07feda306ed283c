import {
  type PlaceInput,
  type Rack,
  rackPattern,
  type Zone,
  zonePattern,
} from "../service/placement/placement.model.js";
import { type Field, optional, type RecordFields, string } from "./schema/fields.js";

/** The name of a zone; a rule asks whether the region has it. */
export const zoneField = string({
  rule: "known-zone",
  source: "§11 [inferred]",
  pattern: zonePattern,
  description: "a zone such as zone-1",
}) as Field<string> as Field<Zone>;

/** The name of a rack; a rule asks whether the region has it. */
export const rackField = string({
  rule: "known-rack",
  source: "§11 [inferred]",
  pattern: rackPattern,
  description: "a rack such as rack-1",
}) as Field<string> as Field<Rack>;

/** Where something stands, or is to stand. */
export const placeFields: RecordFields<PlaceInput> = {
  zone: optional(zoneField),
  rack: optional(rackField),
};

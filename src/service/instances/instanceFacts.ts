import { required } from "../../model/schema/fields.js";
import { changesOf } from "../../model/schema/rowDeclaration.js";
import {
  counted,
  type FactDescriptors,
  ofRemoved,
  ofRow,
  ofStateEntered,
} from "../shared/factDescriptor.js";
import { instanceRow } from "./instanceRow.js";

/** Kinds of facts about instances. */
export type InstanceFactType =
  | "InstanceCreated"
  | "InstanceStateEntered"
  | "InstanceChanged"
  | "InstanceRemoved";

/** Facts about instances. */
export const instanceFacts: FactDescriptors<InstanceFactType> = {
  InstanceCreated: {
    of: { instance: required(instanceRow.field), counted },
  },
  InstanceStateEntered: { of: ofStateEntered },
  InstanceChanged: {
    of: {
      ...ofRow,
      changes: required(
        changesOf(instanceRow, ["name", "flavorId", "volumeGb", "usedGb", "configurationId"]),
      ),
    },
  },
  InstanceRemoved: { of: ofRemoved },
};

import { required } from "../../model/schema/fields.js";
import { changesOf } from "../../model/schema/rowDeclaration.js";
import { texts } from "../../model/schema/rowSchemaParts.js";
import { counted, type FactDescriptors, ofRemoved, ofRow } from "../shared/factDescriptor.js";
import { configurationRow, parametersField } from "./configurationRow.js";

/** Kinds of facts about configurations. */
export type ConfigurationFactType =
  | "ConfigurationCreated"
  | "ConfigurationChanged"
  | "ConfigurationRemoved";

/** Facts about configurations. */
export const configurationFacts: FactDescriptors<ConfigurationFactType> = {
  ConfigurationCreated: {
    of: { configuration: required(configurationRow.field), counted },
  },
  ConfigurationChanged: {
    of: {
      ...ofRow,
      changes: required(changesOf(configurationRow, ["name", "description"])),
      set: required(parametersField),
      removed: required(texts),
    },
  },
  ConfigurationRemoved: { of: ofRemoved },
};

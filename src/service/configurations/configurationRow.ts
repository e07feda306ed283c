import { dictionary } from "../../model/schema/compositeFields.js";
import { column, declareRow } from "../../model/schema/rowDeclaration.js";
import { max, named, text } from "../../model/schema/rowSchemaParts.js";
import { datastoreColumns, ownedColumns, textOrNull, timeColumns } from "../shared/rowColumns.js";
import type { Configuration } from "./configuration.model.js";

/** Parameters by name. */
export const parametersField = dictionary({ ...named, countMax: max });

/** The row of a configuration. */
export const configurationRow = declareRow<Configuration>({
  ...ownedColumns,
  ...timeColumns,
  ...datastoreColumns,
  name: column(text, "no"),
  description: column(textOrNull, "no"),
  values: column(parametersField, "value"),
});

import { record } from "../../model/schema/compositeFields.js";
import { required } from "../../model/schema/fields.js";
import { listOf, named, text, texts } from "../../model/schema/rowSchemaParts.js";
import type { Database, DatabaseUser } from "../instances/instance.model.js";

/** Databases of a row. */
export const databasesField = listOf(
  record<Database>({
    ...named,
    of: { name: required(text), characterSet: required(text), collate: required(text) },
  }),
);

/** Users of databases of a row. */
export const usersField = listOf(
  record<DatabaseUser>({
    ...named,
    of: { name: required(text), host: required(text), databases: required(texts) },
  }),
);

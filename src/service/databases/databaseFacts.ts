import { record } from "../../model/schema/compositeFields.js";
import { required } from "../../model/schema/fields.js";
import { listOf, named, text, texts } from "../../model/schema/rowSchemaParts.js";
import { type FactDescriptors, ofRow } from "../shared/factDescriptor.js";
import { databasesField, usersField } from "./databaseFields.js";

/** Kinds of facts about databases and their users. */
export type DatabaseFactType = "DatabasesChanged" | "UsersChanged";

/** Facts about databases and their users. */
export const databaseFacts: FactDescriptors<DatabaseFactType> = {
  DatabasesChanged: {
    of: { ...ofRow, added: required(databasesField), removed: required(texts) },
  },
  UsersChanged: {
    of: {
      ...ofRow,
      added: required(usersField),
      removed: required(
        listOf(
          record<{ readonly name: string; readonly host: string }>({
            ...named,
            of: { name: required(text), host: required(text) },
          }),
        ),
      ),
    },
  },
};

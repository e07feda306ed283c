import { as, list, object, wrapped } from "../form.js";

/** A database as a body names it. */
export const databaseForm = object({
  name: as("name"),
  character_set: as("characterSet"),
  collate: as("collate"),
});

/** A user as a body names it. */
export const userForm = object({
  name: as("name"),
  password: as("password"),
  host: as("host"),
  databases: as("databases", list(wrapped("name"))),
});

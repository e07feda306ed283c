import type { DatabaseUser } from "../../service/instances/instance.model.js";
import { as, list, object } from "../bodyParser.js";
import { decodedFully } from "../coercions.js";
import { acceptCommand, bodyOf, execute, type Operation, parameter } from "../operation.js";
import { pageBody, paged, pageOfList } from "../paging.js";
import { databaseForm, userForm } from "../requestBodies.js";
import { answerPage } from "../schemaParts.js";

const databasesPerPage = 100;

/** Databases and users of an instance (§8 P1; the shapes are those of the wider documentation). */
export const databaseOperations: readonly Operation[] = [
  {
    id: "createDatabases",
    method: "POST",
    path: "/instances/{instanceId}/databases",
    summary: "Create databases in an instance",
    source: "§1.1 [docs]",
    success: 202,
    body: bodyOf(object({ databases: as("databases", list(databaseForm)) }), "createDatabases"),
    handle: acceptCommand("createDatabases"),
  },
  {
    id: "listDatabases",
    method: "GET",
    path: "/instances/{instanceId}/databases",
    summary: "List the databases of an instance, by name",
    source: "§4.5 [docs]",
    query: paged,
    success: 200,
    response: answerPage("databases", "Database"),
    handle: (call) => {
      const all = call.account.listDatabases(parameter(call, "instanceId"));
      const page = pageOfList(call, all, { key: ({ name }) => name, sizeMax: databasesPerPage });
      const item = ({ name }: { readonly name: string }) => ({ name });
      return pageBody(call, page, { name: "databases", item, sizeMax: databasesPerPage });
    },
  },
  {
    id: "deleteDatabase",
    method: "DELETE",
    path: "/instances/{instanceId}/databases/{name}",
    summary: "Delete a database of an instance",
    source: "§1.1 [docs]",
    success: 202,
    handle: (call) => {
      execute(call, "deleteDatabase", { name: decodedFully(parameter(call, "name")) });
      return undefined;
    },
  },
  {
    id: "createUsers",
    method: "POST",
    path: "/instances/{instanceId}/users",
    summary: "Create users in an instance",
    source: "§1.1 [docs]",
    success: 202,
    body: bodyOf(object({ users: as("users", list(userForm)) }), "createUsers"),
    handle: acceptCommand("createUsers"),
  },
  {
    id: "listUsers",
    method: "GET",
    path: "/instances/{instanceId}/users",
    summary: "List the users of an instance, by name and host",
    source: "§4.5 [docs]",
    query: paged,
    success: 200,
    response: answerPage("users", "User"),
    handle: (call) => {
      const all = call.account.listUsers(parameter(call, "instanceId"));
      const sizeMax = call.context.view.limits.maxPageSize;
      const page = pageOfList(call, all, { key: userKey, sizeMax });
      return pageBody(call, page, { name: "users", item: userBody });
    },
  },
  {
    id: "deleteUser",
    method: "DELETE",
    path: "/instances/{instanceId}/users/{name}",
    summary: "Delete a user of an instance, named `name` or `name@host`",
    source: "§1.1 [docs]",
    success: 202,
    handle: (call) => {
      execute(call, "deleteUser", userNamed(decodedFully(parameter(call, "name"))));
      return undefined;
    },
  },
];

function userKey({ name, host }: DatabaseUser): string {
  return `${name}@${host}`;
}

function userBody({ name, host, databases }: DatabaseUser) {
  return { name, host, databases: databases.map((database) => ({ name: database })) };
}

/** A name can hold an @ itself: what follows the last one is a host only when it reads as one. */
function userNamed(text: string): { readonly name: string; readonly host?: string } {
  const [, name, host] = /^(.+)@(%|\d+(?:\.\d+){3})$/s.exec(text) ?? [];
  return name === undefined || host === undefined ? { name: text } : { name, host };
}

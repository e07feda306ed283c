import { unknownId } from "../../simulator/methods/listing.js";
import { as, nested, object, value } from "../bodyParser.js";
import { datastore } from "../coercions.js";
import { configurationBody, listedConfiguration } from "../encode/configuration.js";
import { acceptCommand, bodyOf, execute, type Operation, parameter } from "../operation.js";
import { pageBody, paged, parsePage } from "../paging.js";
import { answer, answerPage } from "../schemaParts.js";

const changedConfiguration = bodyOf(
  object(
    {
      configuration: nested({
        name: as("name"),
        values: as("values"),
        description: as(
          "description",
          value((text) => (text === "" ? null : text)),
        ),
      }),
    },
    { needs: ["configuration"] },
  ),
  "updateConfiguration",
);

/** Sets of parameters (§1.5). */
export const configurationOperations: readonly Operation[] = [
  {
    id: "createConfiguration",
    method: "POST",
    path: "/configurations",
    summary: "Create a configuration",
    source: "§1.5 [docs]",
    success: 200,
    body: bodyOf(
      object(
        {
          configuration: nested({
            name: as("name"),
            values: as("values"),
            datastore: as("datastore", datastore),
            description: as(
              "description",
              value((text) => (text === "" ? undefined : text)),
            ),
          }),
        },
        { needs: ["configuration"] },
      ),
      "createConfiguration",
    ),
    response: answer("configuration", "Configuration"),
    handle: (call) => ({
      configuration: configurationBody(execute(call, "createConfiguration"), call.context),
    }),
  },
  {
    id: "listConfigurations",
    method: "GET",
    path: "/configurations",
    summary: "List the configurations of the account",
    source: "§1.5 [docs]",
    query: paged,
    success: 200,
    response: answerPage("configurations", "ListedConfiguration"),
    handle: (call) =>
      pageBody(call, call.account.listConfigurations(parsePage(call)), {
        name: "configurations",
        item: (row) => listedConfiguration(row, call.context),
      }),
  },
  {
    id: "getConfiguration",
    method: "GET",
    path: "/configurations/{configurationId}",
    summary: "Show a configuration",
    source: "§1.5 [docs]",
    success: 200,
    response: answer("configuration", "Configuration"),
    handle: (call) => {
      const found = call.account.getConfiguration(parameter(call, "configurationId"));
      return { configuration: configurationBody(found, call.context) };
    },
  },
  {
    id: "listConfigurationInstances",
    method: "GET",
    path: "/configurations/{configurationId}/instances",
    summary: "List the instances that have a configuration attached",
    source: "§1.5 [docs]",
    query: paged,
    success: 200,
    response: answerPage("instances", "NamedInstance"),
    handle: (call) => {
      const configurationId = parameter(call, "configurationId");
      const page = call.account.listInstances({ ...parsePage(call), configurationId });
      if (call.context.view.configuration(configurationId) === undefined) {
        unknownId("configuration", configurationId);
      }
      return pageBody(call, page, { name: "instances", item: ({ id, name }) => ({ id, name }) });
    },
  },
  {
    id: "updateConfiguration",
    method: "PATCH",
    path: "/configurations/{configurationId}",
    summary: "Change parameters of a configuration; those that are not named stay",
    source: "§1.5 [docs] [trove]",
    success: 200,
    body: changedConfiguration,
    handle: acceptCommand("updateConfiguration"),
  },
  {
    id: "replaceConfiguration",
    method: "PUT",
    path: "/configurations/{configurationId}",
    summary: "Change a configuration; parameters that are not named are removed",
    source: "§1.5 [docs] [trove]; Q14",
    success: 202,
    body: changedConfiguration,
    handle: (call) => {
      execute(call, "updateConfiguration", { replace: true });
      return undefined;
    },
  },
  {
    id: "deleteConfiguration",
    method: "DELETE",
    path: "/configurations/{configurationId}",
    summary: "Delete a configuration that nothing has attached",
    source: "§1.5 [docs]; Q14",
    success: 202,
    handle: acceptCommand("deleteConfiguration"),
  },
];

import { InjectedOutageError } from "../../model/errors.js";
import type { Topology } from "../../model/topology.js";
import { type OperationName, operationPolicies } from "../commands/operations.js";
import { activeFaults } from "./activeFaults.js";

/**
 * What an outage of the service answers to an operation of the API, or without one to whatever is asked; undefined
 * while there is none.
 */
export function outageRefusal(
  topology: Topology,
  operation?: OperationName,
): InjectedOutageError | undefined {
  if (topology.watchedFaults.length === 0) return undefined;
  // What is no operation of the API comes from outside, where the outage was made.
  if (operation !== undefined && operationPolicies[operation].rate === null) return undefined;
  for (const { row, fault } of activeFaults(topology, "outage")) {
    const answers = fault.respondWith ?? "serviceUnavailable";
    const message =
      fault.message ??
      (answers === "serviceUnavailable"
        ? "the service is temporarily unavailable"
        : "the service failed to process the request");
    return new InjectedOutageError(
      { code: answers, rule: "outage", message },
      { faultId: row.id, endsAt: row.endsAt },
    );
  }
  return undefined;
}

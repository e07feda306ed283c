import { readFileSync } from "node:fs";
import type { CommandType } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { transitionTables } from "../../src/lifecycle/compile.js";
import { groupStates } from "../../src/lifecycle/groupStates.js";
import type { HaGroupSignal } from "../../src/lifecycle/signals.js";
import type { Command } from "../../src/model/commandTypes.js";
import { ruleBook } from "../../src/service/commandTable.js";
import type { Rule } from "../../src/service/shared/rule.js";
import { topologyWith } from "../failover/recordedTransaction.js";
import { groupStatuses, groupTakesIn } from "../lifecycle/documented.js";

const page = readFileSync(new URL("../../docs/rules.md", import.meta.url), "utf8");

/** Id, error code, sentence, field and source of the rules of a command, as its section shows them. */
function documentedRules(command: string): readonly (readonly string[])[] {
  const [, section = ""] = page.split(`\n## ${command}\n`);
  const [own = ""] = section.split("\n## ");
  const [, table = ""] = own.split("| rule | error code | what must hold | field | source |\n");
  return table
    .split("\n")
    .slice(1)
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .slice(2, -2)
        .split(" | ")
        .map((cell) => cell.replaceAll("`", "")),
    );
}

function rulesOf(command: string): readonly Rule<Command>[] {
  return ruleBook[command as CommandType] as unknown as readonly Rule<Command>[];
}

describe("the rules of a command are those that the page of rules shows", () => {
  test.each(Object.keys(ruleBook))("%s", (command) => {
    const rules = rulesOf(command);
    expect(rules.map(({ id, code, field }) => [id, code, field])).toEqual(
      documentedRules(command).map(([id, code, , field]) => [id, code, field]),
    );
  });
});

/** Operations on a group, each with what it does in words, and what the lifecycle receives (§2.4). */
const operations: [command: CommandType, doing: string, signal: HaGroupSignal, rule?: string][] = [
  ["deleteHaGroup", "delete", "delete.requested"],
  ["addReplica", "add a replica to", "addReplica.requested"],
  ["removeReplica", "remove a replica from", "removeReplica.requested"],
  ["restartGroup", "restart", "restart.requested"],
  ["resizeGroupFlavor", "resize the flavor of", "flavorResize.requested"],
  ["resizeGroupVolumes", "resize the volumes of", "volumeResize.requested"],
  ["forceFailover", "force a failover of", "failover.forced"],
  ["disableFailover", "disable failover of", "failover.disabled"],
  ["enableFailover", "enable failover of", "failover.enabled"],
  ["updateProxyNodes", "update the proxies of", "proxies.changed"],
  ["addAcl", "change the ACLs of", "acl.requested", "acl-status"],
  ["deleteAcl", "change the ACLs of", "acl.requested", "acl-status"],
];

describe("an operation on a group is refused in the statuses that are documented", () => {
  const lifecycle = transitionTables();
  const states = Object.entries(groupStates).filter(([state]) => state !== "deleted");

  test.each(operations)("%s: cannot %s", (command, doing, signal, id = "group-status") => {
    const rule = rulesOf(command).find((one) => one.id === id);
    const taken: string[] = [];
    for (const [state, { status }] of states) {
      const topology = topologyWith({ groups: [{ id: "g", state: state as never, status }] });
      const context = { topology, accountId: "1234", lifecycle, lastNamed: {} };
      const violation = rule?.violation({ type: command, groupId: "g" } as never, context as never);
      if (violation === undefined) taken.push(status);
      else expect(violation.message).toMatch(`cannot ${doing} HA group g in status ${status}`);
    }
    const documented = groupTakesIn[signal] ?? [];
    expect(groupStatuses.filter((status) => taken.includes(status))).toEqual(documented);
  });

  test("repairGroup: cannot repair, unless an operation or replication has failed", () => {
    const rule = rulesOf("repairGroup").find(({ id }) => id === "group-status");
    const topology = topologyWith();
    const context = { topology, accountId: "1234", lifecycle, lastNamed: {} };
    const command = { type: "repairGroup", groupId: "g" };
    const violation = rule?.violation(command as never, context as never);
    expect(violation?.message).toMatch("cannot repair HA group g in status ACTIVE; allowed: ");
    const takes = lifecycle.group.states.filter(
      (state) => lifecycle.group.transitions[state]["replication.repaired"] !== undefined,
    );
    for (const state of takes) {
      const damaged = topologyWith({ groups: [{ id: "g", state }] });
      const damagedContext = { ...context, topology: damaged };
      expect(rule?.violation(command as never, damagedContext as never)).toBeUndefined();
    }
  });
});

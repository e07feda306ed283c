import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { distribution } from "../../src/model/distributions.js";
import { record } from "../../src/model/schema/compositeFields.js";
import type { Field } from "../../src/model/schema/fields.js";
import { named } from "../../src/model/schema/rowSchemaParts.js";
import { databases, node, users } from "../../src/model/sharedFields.js";
import { backupRow } from "../../src/service/backups/backupRow.js";
import { commands } from "../../src/service/commands/commands.js";
import { configurationRow } from "../../src/service/configurations/configurationRow.js";
import { factDescriptors } from "../../src/service/facts.js";
import { faultField } from "../../src/service/faults/faultFields.js";
import { faultRow } from "../../src/service/faults/faultRow.js";
import { haGroupRow } from "../../src/service/haGroups/haGroupRow.js";
import { instanceRow } from "../../src/service/instances/instanceRow.js";
import { linkRow, logRow, positionField } from "../../src/service/replication/dataPlaneRows.js";
import { topologyFields } from "../../src/service/rowSchema.js";
import { rowShapes } from "../../src/service/rowShape.js";
import { scheduleRow } from "../../src/service/schedules/scheduleRow.js";
import { lastErrorField, workRow } from "../../src/service/shared/rowColumns.js";
import { FormatListing, formatVersion } from "./formatListing.js";

/*
 * What files hold: the rows of a snapshot, and the facts and commands of a journal. A file that was written before has to
 * be readable afterwards, or its version has to be refused by name. So a change here that is not a new optional field
 * raises `version` in src/simulator/serialization.ts and `formatVersion`. `UPDATE_GOLDEN=1` writes the listing anew.
 */

const rows = {
  instances: instanceRow,
  groups: haGroupRow,
  schedules: scheduleRow,
  backups: backupRow,
  configurations: configurationRow,
  faults: faultRow,
} as const;

const shared: readonly (readonly [name: string, field: Field<unknown>, notes?: unknown])[] = [
  ["task", workRow.field, workRow.relevance],
  ["operation error", lastErrorField],
  ["position", positionField],
  ["log", logRow.field, logRow.relevance],
  ["link", linkRow.field, linkRow.relevance],
  ["fault", faultField],
  ["distribution", distribution],
  ["new databases", databases],
  ["new users", users],
  ["new node", node],
];

const listing = new FormatListing({
  ...Object.fromEntries(Object.entries(rows).map(([name, { field }]) => [`row of ${name}`, field])),
  ...Object.fromEntries(shared),
});

function recordOf(of: Extract<Field<unknown>["shape"], { kind: "record" }>["of"]): Field<unknown> {
  return record<object>({ ...named, of });
}

function sections(): readonly string[] {
  return [
    ...listing.section("# snapshot", recordOf(topologyFields)),
    ...Object.entries(rows).flatMap(([name, { field }]) =>
      listing.section(`# row of ${name}`, field, rowShapes[name as keyof typeof rows]),
    ),
    ...shared.flatMap(([name, field, notes]) => listing.section(`# ${name}`, field, notes)),
    ...Object.entries(factDescriptors).flatMap(([type, { of }]) =>
      listing.section(`# fact ${type}`, recordOf(of)),
    ),
    ...Object.entries(commands).flatMap(([type, { input, result, role, rate }]) =>
      listing.section(`# command ${type} | ${result} | ${role} | ${rate ?? "no rate"}`, input),
    ),
  ];
}

test("rows, facts and commands have the fields, values and references of this version", () => {
  const file = new URL(`../golden/formats/${String(formatVersion)}.txt`, import.meta.url);
  const now = sections();
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, `${now.join("\n").trim()}\n`);
  const golden = existsSync(file) ? readFileSync(file, "utf8") : "no listing of this version";
  expect(now.join("\n").trim().split("\n")).toEqual(golden.trim().split("\n"));
});

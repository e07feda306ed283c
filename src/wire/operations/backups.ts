import type { ListBackupsOptions } from "../../simulator/methods/backups.js";
import { unknownId } from "../../simulator/methods/listing.js";
import { as, ignored, type Member, nested, object, value } from "../bodyParser.js";
import { flag, lastSegment, reference } from "../coercions.js";
import { backupBody, createdSchedule, scheduleBody } from "../encode/backup.js";
import type { JsonObject } from "../json.js";
import {
  acceptCommand,
  bodyOf,
  type Call,
  execute,
  type Operation,
  parameter,
} from "../operation.js";
import { pageBody, paged, parsePage } from "../paging.js";
import { answer, answerPage } from "../schemaParts.js";

const owner = as("ownerId", reference, { required: false });
/** The older way to name an owner, for single instances alone (R103). */
const instanceAsOwner: Member = {
  ...owner,
  form: value(lastSegment, { type: ["string", "null"] }),
  also: { ownerKind: "instance" },
};

const newBackup = object(
  {
    backup: nested({
      name: as("name"),
      description: as("description"),
      instance: instanceAsOwner,
      source: nested({ type: as("ownerKind"), id: owner }),
      parent_id: as("parentId", reference),
      incremental: as(
        "incremental",
        value((given) => (given === 0 || given === 1 ? given === 1 : given), {
          type: ["boolean", "integer"],
          enum: [0, 1, true, false],
        }),
      ),
    }),
  },
  { needs: ["backup"] },
);

const times = {
  day_of_week: as("dayOfWeek"),
  hour: as("hour"),
  minute: as("minute"),
  full_backup_retention: as("fullBackupRetention"),
  copy_to: as("copyTo"),
};
const isBackup = ignored((action) => action === "backup", '"backup"');
const newSchedule = object(
  {
    schedule: nested(
      {
        action: isBackup,
        ...times,
        instance_id: instanceAsOwner,
        source_id: owner,
        source_type: as("ownerKind"),
      },
      { needs: ["action"] },
    ),
  },
  { needs: ["schedule"] },
);
const changedSchedule = object(
  { schedule: nested({ action: isBackup, ...times, run_now: as("runNow", flag) }) },
  { needs: ["schedule"] },
);

/** Backups and their schedules. */
export const backupOperations: readonly Operation[] = [
  {
    id: "createBackup",
    method: "POST",
    path: "/backups",
    summary: "Back up an instance or an HA group",
    source: "§4.4 [docs]; Q14",
    success: 202,
    body: bodyOf(newBackup, "createBackup"),
    response: answer("backup", "Backup"),
    handle: (call) => ({
      backup: backupBody(execute(call, "createBackup"), call.context),
    }),
  },
  {
    id: "listBackups",
    method: "GET",
    path: "/backups",
    summary: "List the backups of the account",
    source: "§4.4 [docs]",
    query: [
      {
        name: "datastore",
        description: "Only backups of this type of datastore.",
        schema: { type: "string" },
      },
      ...paged,
    ],
    success: 200,
    response: answerPage("backups", "Backup"),
    handle: (call) => {
      const { datastore } = call.query;
      return backupPage(
        call,
        datastore === undefined || datastore === ""
          ? {}
          : { datastoreType: datastore.toLowerCase() },
      );
    },
  },
  {
    id: "listInstanceBackups",
    method: "GET",
    path: "/instances/{instanceId}/backups",
    summary: "List the backups of an instance",
    source: "§4.2 [docs]; Q20",
    query: paged,
    success: 200,
    response: answerPage("backups", "Backup"),
    handle: (call) => ownedBackups(call, "instance", "instanceId"),
  },
  {
    id: "listHaGroupBackups",
    method: "GET",
    path: "/ha/{haId}/backups",
    summary: "List the backups of an HA group",
    source: "§4.3 [docs]",
    query: paged,
    success: 200,
    response: answerPage("backups", "Backup"),
    handle: (call) => ownedBackups(call, "group", "haId"),
  },
  {
    id: "getBackup",
    method: "GET",
    path: "/backups/{backupId}",
    summary: "Show a backup",
    source: "§4.4 [docs]",
    success: 200,
    response: answer("backup", "Backup"),
    handle: (call) => ({
      backup: backupBody(call.account.getBackup(parameter(call, "backupId")), call.context),
    }),
  },
  {
    id: "deleteBackup",
    method: "DELETE",
    path: "/backups/{backupId}",
    summary: "Delete a backup and the incremental ones made from it",
    source: "§4.4 [docs]",
    success: 202,
    handle: acceptCommand("deleteBackup"),
  },
  {
    id: "createSchedule",
    method: "POST",
    path: "/schedules",
    summary: "Schedule the backups of an instance or an HA group",
    source: "§4.4 [docs]; §1.8",
    success: 202,
    body: bodyOf(newSchedule, "createSchedule"),
    response: answer("schedule", "Schedule"),
    handle: (call) => ({
      schedule: createdSchedule(execute(call, "createSchedule"), call.context),
    }),
  },
  {
    id: "listSchedules",
    method: "GET",
    path: "/schedules",
    summary: "List the schedules of the account",
    source: "§4.4 [docs]",
    query: paged,
    success: 200,
    response: answerPage("schedules", "Schedule"),
    handle: (call) =>
      pageBody(call, call.account.listSchedules(parsePage(call)), {
        name: "schedules",
        item: (schedule) => scheduleBody(schedule, call.context),
      }),
  },
  {
    id: "getSchedule",
    method: "GET",
    path: "/schedules/{scheduleId}",
    summary: "Show a schedule",
    source: "§4.4 [docs]",
    success: 200,
    response: answer("schedule", "Schedule"),
    handle: (call) => ({
      schedule: scheduleBody(call.account.getSchedule(parameter(call, "scheduleId")), call.context),
    }),
  },
  {
    id: "changeSchedule",
    method: "PUT",
    path: "/schedules/{scheduleId}",
    summary: "Change a schedule, or run it now",
    source: "§4.4 [docs]; Q14, Q23",
    success: 202,
    body: bodyOf(changedSchedule, "updateSchedule"),
    handle: acceptCommand("updateSchedule"),
  },
  {
    id: "deleteSchedule",
    method: "DELETE",
    path: "/schedules/{scheduleId}",
    summary: "Delete a schedule",
    source: "§4.4 [docs]",
    success: 202,
    handle: acceptCommand("deleteSchedule"),
  },
];

function backupPage(call: Call, filter: Omit<ListBackupsOptions, "limit" | "marker">): JsonObject {
  return pageBody(call, call.account.listBackups({ ...parsePage(call), ...filter }), {
    name: "backups",
    item: (backup) => backupBody(backup, call.context),
  });
}

/** Backups outlive what they were taken of, but then they are found among all of them only. */
function ownedBackups(call: Call, kind: "instance" | "group", name: string): JsonObject {
  const ownerId = parameter(call, name);
  const page = backupPage(call, { ownerId });
  if (call.context.view[kind](ownerId) === undefined) unknownId(kind, ownerId);
  return page;
}

import {
  Application,
  Comment,
  CommentTag,
  Converter,
  ReflectionKind,
  RendererEvent,
} from "typedoc";
import { MarkdownPageEvent } from "typedoc-plugin-markdown";
import { headingsOf, mendReferenceLinks } from "./reference-links.mjs";

/*
 * Makes the reference readable: members by theme instead of by kind, refusals as one list, and no mention of the class
 * of the chain that declares a method. A member without a theme fails the run.
 */

/** Theme -> members of the classes that have the methods of a client. */
const methodThemes = {
  Instances:
    "createInstance getInstance listInstances renameInstance restartInstance resizeFlavor resizeVolume deleteInstance",
  Replicas: "createReplica listReplicas detachReplica",
  "HA groups":
    "convertToHa createHaGroup getGroup listGroups addReplica removeReplica restartGroup resizeGroupFlavor resizeGroupVolumes attachGroupConfiguration detachGroupConfiguration addAcl listAcls deleteAcl deleteHaGroup",
  "Failover, for operators":
    "forceFailover disableFailover enableFailover updateProxyNodes repairGroup listFailovers",
  "Backups and schedules":
    "createBackup getBackup listBackups deleteBackup createSchedule getSchedule listSchedules updateSchedule deleteSchedule",
  Configurations:
    "createConfiguration getConfiguration listConfigurations updateConfiguration deleteConfiguration attachConfiguration detachConfiguration",
  "Databases and users":
    "createDatabases listDatabases deleteDatabase createUsers listUsers deleteUser",
  "Flavors and datastores": "listFlavors getFlavor listDatastores",
  "Writes and replication positions":
    "setWorkload replication setDataSize promoteReplica moveClients getReplicationStatus",
  Faults: "inject injectRandom injectRandomAmong failTask clearFault faults listFaults",
  Time: "now advance advanceTo step settle waitFor waitForBackup nextDueAt pending listPendingTasks",
  Worlds:
    "topology settings subscribe on at fork branch snapshot restore fingerprint state toString toJSON stateSpace",
  "Journal and causes": "journal history replay explain",
  Accounts: "accountId role view account",
  "All rows": "instances groups backups schedules",
  "Any command": "execute check try idOf",
};

/** Theme -> the files of `src` whose exports belong to it, on the page of the main entry point. */
const fileThemes = {
  "The simulator":
    "simulator simulator/accountClient simulator/accountView simulator/caller simulator/history simulator/stateSpace",
  "Methods of a client":
    "simulator/methods/catalog simulator/methods/instances simulator/methods/haGroups simulator/methods/operator simulator/methods/backups simulator/methods/configurations simulator/methods/databases simulator/methods/workload simulator/methods/faults simulator/methods/waits simulator/methods/rows simulator/methods/commands",
  Options:
    "simulator/options kernel/latency model/limits model/rates model/policy model/catalog model/distributions",
  "Input of commands":
    "model/commandTypes model/labels simulator/methods/listing simulator/methods/result",
  Rows: "model/rows model/datastores lifecycle/instanceStates lifecycle/groupStates lifecycle/backupStates service/placement/placement.model service/instances/instance.model service/haGroups/haGroup.model service/backups/backup.model service/schedules/schedule.model service/configurations/configuration.model kernel/queries",
  Errors: "model/errors",
  Roles: "model/operationPolicy",
  "Writes and replication positions":
    "service/replication/dataPlane.model service/replication/positions",
  Faults: "service/faults/fault.model",
  Time: "simulator/pending simulator/waitForStatus",
  "Worlds, journals and differences":
    "simulator/subscribers simulator/branches simulator/serialization simulator/choices simulator/commandCandidates simulator/shape simulator/savepoint simulator/diff simulator/worldDiff kernel/journal service/explain kernel/causalTree kernel/stateDifference service/accounts/rateLimiter kernel/snapshot kernel/keyedRandom",
  "Rows, views and invariants": "model/topology",
  Facts: "model/facts",
};

const themeOf = (themes) =>
  new Map(
    Object.entries(themes).flatMap(([theme, names]) =>
      names.split(" ").map((name) => [name, theme]),
    ),
  );
const themeOfMethod = themeOf(methodThemes);
const themeOfFile = themeOf(fileThemes);

/** @param {import("typedoc").Application} app */
export function load(app) {
  const files = new Map();
  app.on(Application.EVENT_BOOTSTRAP_END, () => {
    app.options.setValue("groupOrder", [
      "Constructors",
      ...new Set([...Object.keys(fileThemes), ...Object.keys(methodThemes)]),
      "Classes",
      "Functions",
      "*",
    ]);
  });
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    const [declaration] = context.getSymbolFromReflection(reflection)?.declarations ?? [];
    const path = declaration?.getSourceFile().fileName.split("/src/").at(-1);
    files.set(reflection, path?.replace(/\.ts$/, ""));
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) {
      delete reflection.inheritedFrom;
      delete reflection.overwrites;
      joinRefusals(reflection.comment);
      if (reflection.kindOf(ReflectionKind.Parameter)) nameParameter(reflection);
      const theme = themeFor(reflection);
      if (theme !== undefined) group(reflection, theme);
    }
  });
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    // Anchors of rows are numbered through a page, and would change with every property that comes or goes.
    page.contents = withContents(page.contents.replaceAll(/<a id="property-[^"]+"><\/a> /g, ""));
  });
  app.renderer.on(RendererEvent.END, ({ outputDirectory }) => mendReferenceLinks(outputDirectory));
  app.renderer.on(RendererEvent.BEGIN, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) {
      // The chain of classes that declares the methods is an implementation detail.
      if (hasMethods(reflection)) {
        delete reflection.extendedTypes;
        delete reflection.typeHierarchy;
      }
      delete reflection.implementedTypes;
    }
  });

  function themeFor(reflection) {
    const { parent, name } = reflection;
    if (reflection.kindOf(ReflectionKind.Constructor)) return undefined;
    if (parent !== undefined && hasMethods(parent) && reflection.kindOf(memberKinds)) {
      return known(themeOfMethod, name, `${parent.name}.${name}`);
    }
    if (parent?.name === "replication-simulator" && reflection.kindOf(exportedKinds)) {
      return known(themeOfFile, files.get(reflection), name);
    }
    return undefined;
  }

  function known(themes, key, what) {
    const theme = themes.get(key);
    if (theme === undefined)
      app.logger.error(`${what} (${key}) has no theme in scripts/typedoc-plugin.mjs`);
    return theme;
  }
}

const memberKinds = ReflectionKind.Method | ReflectionKind.Accessor | ReflectionKind.Property;
const exportedKinds =
  ReflectionKind.Class |
  ReflectionKind.Interface |
  ReflectionKind.TypeAlias |
  ReflectionKind.Function |
  ReflectionKind.Variable;

function hasMethods(reflection) {
  return (
    reflection.kindOf(ReflectionKind.ClassOrInterface) &&
    ["ReplicationSimulator", "AccountClient"].includes(reflection.name)
  );
}

function group(reflection, theme) {
  reflection.comment ??= new Comment();
  reflection.comment.blockTags.push(new CommentTag("@group", [{ kind: "text", text: theme }]));
}

/** One list under one heading, however many errors a method throws. */
function joinRefusals(comment) {
  const refusals = comment?.blockTags.filter(({ tag }) => tag === "@throws") ?? [];
  if (refusals.length === 0) return;
  const [first] = refusals;
  const content = refusals.flatMap((refusal) => [
    { kind: "text", text: "- " },
    ...refusal.content.map((part) =>
      part.kind === "text" ? { ...part, text: part.text.replaceAll("\n", " ") } : part,
    ),
    { kind: "text", text: "\n" },
  ]);
  comment.blockTags = comment.blockTags.filter((tag) => tag === first || !refusals.includes(tag));
  first.content = content;
}

/** A parameter that is taken apart at once has no name of its own: it gets that of its type. */
function nameParameter(parameter) {
  if (parameter.name !== "__namedParameters") return;
  const type = parameter.type?.type === "reference" ? parameter.type.name : "Options";
  parameter.name = type.endsWith("Options") ? "options" : type[0].toLowerCase() + type.slice(1);
}

/** A page with many sections begins with what is in them. */
function withContents(text) {
  const headings = headingsOf(text);
  const rows = headings.flatMap(({ level, title, anchor }, index) => {
    if (level !== 2) return [];
    const end = headings.findIndex((other, at) => at > index && other.level === 2);
    const inside = headings.slice(index + 1, end < 0 ? undefined : end);
    const links = inside
      .filter((heading) => heading.level === 3 && heading.title !== "Constructor")
      .map((heading) => `[${heading.title.replace("()", "")}](#${heading.anchor})`);
    return links.length === 0 ? [] : [`| [${title}](#${anchor}) | ${links.join(", ")} |`];
  });
  if (rows.length < 3) return text;
  const table = ["| | |", "| ------ | ------ |", ...rows].join("\n");
  return text.replace(/^## /m, `${table}\n\n## `);
}

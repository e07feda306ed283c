import { ReplicationSimulator } from "replication-simulator";
import {
  apiCommands,
  apiSetup,
  assertExplored,
  exploreClient,
  replayClient,
} from "replication-simulator/exploration";
import { createHandler, openApi } from "replication-simulator/http";
import {
  assertLost,
  coverageOf,
  coverageTable,
  matchers,
  showOnFailure,
} from "replication-simulator/matchers";
import { pageHtml } from "replication-simulator/page";
import { RealtimeDriver } from "replication-simulator/realtime";
import * as render from "replication-simulator/render";
import {
  journalToScenario,
  prepareScenario,
  runPrepared,
  runScenario,
  type ScenarioInput,
  scenario,
} from "replication-simulator/scenario";
import { parseScenarioFile } from "replication-simulator/scenario-file";
import { openSqliteStore, startServer } from "replication-simulator/server";
import * as fixtures from "replication-simulator/testing";
import {
  inputArbitrary,
  malformedInputArbitrary,
  scenarioArbitrary,
  scenarioReporter,
} from "replication-simulator/testing/fast-check";
import SimulationReporter from "replication-simulator/vitest";
import * as whatif from "replication-simulator/whatif";
import { bullmq, startShardWorker } from "replication-simulator/whatif/bullmq";
import { threads } from "replication-simulator/whatif/threads";
import { handleRequest } from "replication-simulator/wire";

/*
 * How each public function is called with one more option than it has. The other options are those that it needs, so
 * that nothing else can be the reason of a refusal. `test/unknownOptions.test.ts` finds the functions.
 */

type Call = (more: object) => unknown;

const small = { flavorId: 2, volumeGb: 1 };

/** An instance at rest, with a replica. */
function set(): {
  readonly sim: ReplicationSimulator;
  readonly id: string;
  readonly replica: string;
} {
  const sim = new ReplicationSimulator();
  const { source, replicas } = fixtures.createReplicationSet(sim);
  return { sim, id: source.id, replica: replicas[0]?.id ?? "" };
}

export const question: ScenarioInput = {
  scenario: 1,
  topology: { orders: { kind: "instance" } },
  random: {
    crashes: {
      fault: "crash",
      of: "orders",
      every: { exponential: "2d" },
      timeToRepair: { exponential: "6h" },
    },
  },
  horizon: "60d",
  measures: { down: { measure: "writesDown", of: "orders" } },
};

const parsed = () => scenario(question);
const client = () => Promise.resolve();
const exploring = { client, promises: [], runs: 1 };
const world = () => new ReplicationSimulator();

/** Results of a few futures. */
async function requested(): Promise<whatif.WhatIfAnswer> {
  return whatif.whatIf(question).run({ futures: 4 });
}

async function planned(): Promise<whatif.PreparedEnsemble> {
  const plan = { scenario: { data: parsed() as never }, futures: 4 };
  return whatif.prepareEnsemble(plan, () => whatif.dataScenario(question));
}

/** Methods of the simulator, by the parameter that has options: the other arguments come before. */
const methods: Readonly<Record<string, (sim: ReplicationSimulator, more: object) => unknown>> = {
  "account(options)": (sim, more) => sim.account("5678", { role: "admin", ...more }),
  "addReplica(input)": (sim, more) => sim.addReplica("any", { ...small, ...more }),
  "advance(options)": (sim, more) => sim.advance(1, more),
  "advanceTo(options)": (sim, more) => sim.advanceTo(sim.now, more),
  "backups(filter)": (sim, more) => sim.backups(more),
  "convertToHa(options)": (sim, more) => sim.convertToHa("any", { name: "ha", ...more }),
  "createBackup(input)": (sim, more) => sim.createBackup({ ownerId: "any", name: "b", ...more }),
  "createConfiguration(input)": (sim, more) =>
    sim.createConfiguration({ name: "c", values: { max_connections: 5 }, ...more }),
  "createHaGroup(input)": (sim, more) =>
    sim.createHaGroup({ name: "ha", source: small, replicas: [small], ...more }),
  "createInstance(input)": (sim, more) => sim.createInstance({ ...small, ...more }),
  "createReplica(input)": (sim, more) => sim.createReplica({ ...small, replicaOf: "any", ...more }),
  "createSchedule(input)": (sim, more) =>
    sim.createSchedule({ ownerId: "any", dayOfWeek: 1, hour: 2, minute: 3, ...more }),
  "detachReplica(options)": (sim, more) => sim.detachReplica("any", more),
  "failTask(input)": (sim, more) => sim.failTask({ task: "build", ...more }),
  "fork(changes)": (sim, more) => sim.fork({ seed: 7, ...more }),
  "groups(filter)": (sim, more) => sim.groups(more),
  "inject(options)": (sim, more) => sim.inject({ kind: "slowTasks", factor: 2 }, more),
  "injectRandom(input)": (sim, more) =>
    sim.injectRandom({ fault: "crash", target: "all", timeToFailure: 5, timeToRepair: 5, ...more }),
  "injectRandomAmong(input)": (sim, more) =>
    sim.injectRandomAmong({
      ...{ fault: "crash", target: "all", timeBetweenFailures: 5, timeToRepair: 5 },
      ...more,
    }),
  "instances(filter)": (sim, more) => sim.instances(more),
  "listBackups(options)": (sim, more) => sim.listBackups(more),
  "listConfigurations(options)": (sim, more) => sim.listConfigurations(more),
  "listGroups(options)": (sim, more) => sim.listGroups(more),
  "listInstances(options)": (sim, more) => sim.listInstances(more),
  "listSchedules(options)": (sim, more) => sim.listSchedules(more),
  "promoteReplica(options)": (sim, more) => sim.promoteReplica("any", more),
  "replay(hooks)": (sim, more) => ReplicationSimulator.replay(sim.journal(), more),
  "restore(hooks)": (sim, more) => ReplicationSimulator.restore(sim.snapshot(), more),
  "setWorkload(workload)": (sim, more) =>
    sim.setWorkload("any", { transactionsPerSecond: 1, ...more }),
  "settle(options)": (sim, more) => sim.settle(more),
  "subscribe(options)": (sim, more) => sim.subscribe(() => undefined, more),
  "updateConfiguration(changes)": (sim, more) =>
    sim.updateConfiguration("any", { values: { max_connections: 5 }, ...more }),
  "updateSchedule(changes)": (sim, more) => sim.updateSchedule("any", { hour: 1, ...more }),
  "waitFor(options)": (_, more) => {
    const { sim, id } = set();
    return sim.waitFor(id, "ACTIVE", more);
  },
  "waitForBackup(options)": (_, more) => {
    const { sim, id } = set();
    const backup = sim.createBackup({ ownerId: id, name: "b" });
    return sim.waitForBackup(backup.id, "COMPLETED", more);
  },
};

/** By entry point, name and parameter. */
export const calls: Readonly<Record<string, Call>> = {
  ...Object.fromEntries(
    Object.entries(methods).map(([name, call]) => [
      `main ReplicationSimulator.${name}`,
      (more: object) => call(world(), more),
    ]),
  ),
  "main ReplicationSimulator(options)": (more) => new ReplicationSimulator(more),
  "main SimulationHistory.replayEntries(options)": (more) =>
    world().history.replayEntries([], more),
  "main SimulationStateSpace.shape(options)": (more) =>
    new ReplicationSimulator({ journal: false }).stateSpace.shape(more),

  "exploration apiCommands(options)": (more) => apiCommands({ maxCommands: 1, ...more }),
  "exploration apiSetup(options)": (more) =>
    apiSetup({ baseUrl: "http://127.0.0.1/v1.0/1234", ...more }),
  "exploration assertExplored(options)": (more) => assertExplored({ ...exploring, ...more }),
  "exploration exploreClient(options)": (more) => exploreClient({ ...exploring, ...more }),
  "exploration replayClient(options)": (more) =>
    replayClient({ ...exploring, choices: [], ...more }),

  "http createHandler(options)": (more) => createHandler(world(), more),
  "http openApi(options)": (more) => openApi(more),

  "matchers ReplicationMatchers.toHaveLost(transactions)": (more) =>
    matchers.toHaveLost(world(), more),
  "matchers matchers.toHaveLost(transactions)": (more) => matchers.toHaveLost(world(), more),
  "matchers assertLost(transactions)": (more) => {
    assertLost(world(), more);
  },
  "matchers coverageTable(options)": (more) => coverageTable(coverageOf(world()), more),
  "matchers showOnFailure(options)": (more) => {
    showOnFailure(world(), { onTestFailed: () => undefined, ...more });
  },
  "page pageHtml(input)": (more) => pageHtml({ world: world(), ...more }),
  "realtime RealtimeDriver(options)": (more) => new RealtimeDriver(world(), more),
  "realtime RealtimeDriver.waitFor(wait)": (more) => {
    const { sim, id } = set();
    return new RealtimeDriver(sim).waitFor(id, "ACTIVE", more);
  },
  "render journalTimeline(options)": (more) => render.journalTimeline(world().journal(), more),
  "render timelineSvg(options)": (more) => render.timelineSvg(world().journal(), more),
  "render topologyDot(view)": (more) => render.topologyDot(world().topology, more),
  "render topologyMermaid(view)": (more) => render.topologyMermaid(world().topology, more),
  "render topologySvg(options)": (more) => render.topologySvg(world().topology, more),
  "render topologyTree(options)": (more) => render.topologyTree(world().topology, more),

  "scenario journalToScenario(hooks)": (more) => journalToScenario(world().journal(), more),
  "scenario prepareScenario(storage)": (more) => prepareScenario(parsed(), more),
  "scenario runPrepared(options)": (more) => runPrepared(prepareScenario(parsed()), more),
  "scenario runScenario(input)": (more) => runScenario({ ...question, ...more }),
  "scenario runScenario(options)": (more) => runScenario(question, more),
  "scenario scenario(input)": (more) => scenario({ ...question, ...more }),
  "scenario-file parseScenarioFile(options)": (more) => parseScenarioFile("scenario: 1", more),

  "server openSqliteStore(options)": (more) => openSqliteStore("no/such/folder/world.db", more),
  "server startServer(options)": (more) => startServer({ port: 0, ...more }),

  ...Object.fromEntries(
    (
      [
        "createActiveHaGroup",
        "createFullAccount",
        "createGroupInFailover",
        "createGroupWithLaggingReplica",
        "createLoneInstance",
        "createReplicationSet",
        "createScheduledGroup",
        "createSetWithLostSource",
      ] as const
    ).map((name) => [`testing ${name}(options)`, (more: object) => fixtures[name](world(), more)]),
  ),
  "testing createScenarioWorld(input)": (more) =>
    fixtures.createScenarioWorld({ ...question, ...more }),
  "testing createScenarioWorld(options)": (more) => fixtures.createScenarioWorld(question, more),
  "testing scenarioAsTest(options)": (more) => fixtures.scenarioAsTest(parsed(), more),
  "testing/fast-check inputArbitrary(options)": (more) => inputArbitrary("createInstance", more),
  "testing/fast-check malformedInputArbitrary(options)": (more) =>
    malformedInputArbitrary("createInstance", more),
  "testing/fast-check scenarioArbitrary(given)": (more) => scenarioArbitrary(more),
  "testing/fast-check scenarioReporter(options)": (more) => scenarioReporter(more),
  "vitest SimulationReporter(options)": (more) => new SimulationReporter(more),

  "whatif EnsembleResults(options)": async (more) =>
    new whatif.EnsembleResults((await planned()).spec, more),
  "whatif compareDesigns(options)": async (more) => {
    const named = { baseline: "scenario", design: "scenario", measure: "down" };
    return whatif.compareDesigns((await requested()).results, named, more);
  },
  "whatif dataScenario(input)": (more) => whatif.dataScenario({ ...question, ...more }),
  "whatif dataScenario(options)": (more) => whatif.dataScenario(question, {}, more),
  "whatif dataScenario(own)": (more) => whatif.dataScenario(question, more),
  "whatif estimateRare(input)": (more) => whatif.estimateRare({ ...question, ...more }),
  "whatif estimateRare(options)": (more) => whatif.estimateRare(question, more),
  "whatif exploreScenario(bounds)": (more) => whatif.exploreScenario(parsed(), more),
  "whatif figuresOf(options)": async (more) =>
    whatif.figuresOf((await requested()).results, "scenario", "down", more),
  "whatif functionScenario(options)": (more) =>
    whatif.functionScenario({ future: () => ({}), source: "", ...more }),
  "whatif overTime(options)": (more) =>
    whatif.overTime(parsed(), "down", { futures: 1, moments: 1, ...more }),
  "whatif pageFutures(options)": async (more) => whatif.pageFutures(await requested(), more),
  "whatif prepareEnsemble(plan)": (more) =>
    whatif.prepareEnsemble({ scenario: { data: parsed() as never }, futures: 1, ...more }, () =>
      whatif.dataScenario(question),
    ),
  "whatif prepareRare(input)": (more) => whatif.prepareRare({ ...question, ...more }),
  "whatif prepareRare(plan)": (more) => whatif.prepareRare(question, more),
  "whatif rareReportHtml(input)": (more) =>
    whatif.rareReportHtml({ title: "t", answers: [], scenario: "", command: "", ...more }),
  "whatif reportHtml(input)": (more) =>
    whatif.reportHtml({
      ...{ title: "t", summary: {} as never, measures: {}, scenario: "", command: "" },
      showCommand: () => "",
      ...more,
    }),
  "whatif runEnsemble(options)": async (more) => whatif.runEnsemble(await planned(), more),
  "whatif sensitivityOf(options)": async (more) =>
    whatif.sensitivityOf(parsed(), (await requested()).results, "down", more),
  "whatif shrink(options)": (more) => whatif.shrink(parsed(), 1, more),
  "whatif solveScenario(bounds)": (more) => whatif.solveScenario(parsed(), more),
  "whatif summarize(options)": async (more) => whatif.summarize((await requested()).results, more),
  "whatif untilHalfWidth(options)": (more) => whatif.untilHalfWidth({ halfWidth: 0.1, ...more }),
  "whatif whatIf(input)": (more) => whatif.whatIf({ ...question, ...more }),
  "whatif whatIf(own)": (more) => whatif.whatIf(question, more),
  "whatif whatIf.run(options)": (more) => whatif.whatIf(question).run({ futures: 1, ...more }),
  "whatif/bullmq bullmq(options)": (more) => bullmq({ connection: {}, ...more }),
  "whatif/bullmq startShardWorker(options)": (more) =>
    startShardWorker({ connection: {}, ...more }),
  "whatif/threads threads(options)": (more) => threads({ workers: 1, ...more }),
  "wire handleRequest(options)": (more) =>
    handleRequest(world(), { method: "GET", path: "/instances", query: {} } as never, more),
};

/** Parameters that look like options and are none, or belong to another library. */
export const exceptions: Readonly<Record<string, string>> = {
  "exploration IdMap.translated(options)": "a request of the explorer, given to it by itself",
  "lifecycle backupMachine.provide(implementations)": "a method of XState",
  "server MemoryStore.append(options)": "a batch, which the server alone appends",
  "whatif EnsembleError(details)": "an error keeps what it is given",
  "whatif bandOverTime(options)":
    "a formula of the statistics, which know neither errors nor options of the library",
};

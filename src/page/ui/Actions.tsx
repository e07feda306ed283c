import { useState } from "preact/hooks";
import { plain } from "../../outline/escape.js";
import type { InjectedFault } from "../../service/faults/fault.model.js";
import type { Journal } from "../../simulator/serialization.js";
import type { Place } from "./App.js";
import { rowOf } from "./branchModel.js";
import type { Connection } from "./connection.js";
import { clock, duration } from "./format.js";
import type { LiveOptions } from "./liveOptions.js";

interface ActionsProps extends LiveOptions {
  readonly connection: Connection;
  readonly place: Place;
  readonly runAction: (words: string, action: () => Promise<unknown>) => Promise<void>;
  readonly isOpen: boolean;
  readonly message: string;
  readonly onBranch: (name: string, journal: Journal) => void;
}

/** Everything that one can do to a running simulator. */
export function Actions(props: ActionsProps) {
  const { place, connection, isReadOnly, isOpen, message } = props;
  const { branch } = place;
  return (
    <section class="actions" aria-label="Actions">
      {!isReadOnly && <TimeActions {...props} />}
      {!isReadOnly && <WorldActions {...props} />}
      {!isReadOnly && <SelectedActions {...props} />}
      {!isReadOnly && <FaultList {...props} />}
      {!isReadOnly && <BranchActions {...props} />}
      <details class="menu">
        <summary>Downloads</summary>
        <div>
          <Download
            {...{ connection }}
            path="/_simulator/snapshot"
            file="snapshot.json"
            label="snapshot"
          />
          <Download
            {...{ connection }}
            path="/_simulator/journal"
            file="journal.json"
            label="journal"
          />
          <Download
            {...{ connection }}
            path="/_simulator/scenario"
            file="scenario.json"
            label="scenario so far"
          />
          <Download
            {...{ connection }}
            path="/_simulator/page"
            file="world.html"
            label="this page"
          />
        </div>
      </details>
      <output class="live-state" aria-live="polite">
        <i class={`dot ${isOpen ? "b1" : "off"}`} />
        {isOpen ? "live" : "not connected"} {clock(branch.endAt - branch.startAt)}
        {isReadOnly ? ", read-only" : ""} {plain(message)}
      </output>
    </section>
  );
}

function TimeActions({ connection, runAction, hasSpeed }: ActionsProps) {
  const advance = (ms: number) => () =>
    void runAction(`time +${duration(ms)}`, () =>
      connection.json("POST", "/_simulator/advance", { ms }),
    );
  return (
    <fieldset>
      <legend>time</legend>
      {[10_000, 60_000, 600_000].map((ms) => (
        <button key={ms} type="button" onClick={advance(ms)}>
          +{duration(ms)}
        </button>
      ))}
      <button
        type="button"
        title="Until no work is under way"
        onClick={() =>
          void runAction("settled", () => connection.json("POST", "/_simulator/settle"))
        }
      >
        settle
      </button>
      {hasSpeed && (
        <label>
          speed{" "}
          <select
            onChange={(event) => {
              const speed = Number(event.currentTarget.value);
              void runAction(`speed ${String(speed)}`, () =>
                connection.json("PUT", "/_simulator/speed", { speed }),
              );
            }}
          >
            <option value="" selected disabled>
              set
            </option>
            {[0, 1, 10, 60, 600].map((speed) => (
              <option key={speed} value={speed}>
                {speed === 0 ? "stand still" : `${String(speed)} ×`}
              </option>
            ))}
          </select>
        </label>
      )}
    </fieldset>
  );
}

function WorldActions({ connection, runAction, accountId, place }: ActionsProps) {
  const create = (): Promise<unknown> =>
    connection.json("POST", `/v1.0/${accountId}/instances`, {
      instance: { name: nextName("db", place), flavorRef: "2", volume: { size: 10 } },
    });
  return (
    <fieldset>
      <legend>world</legend>
      <button type="button" onClick={() => void runAction("instance created", create)}>
        new instance
      </button>
    </fieldset>
  );
}

function SelectedActions({ connection, runAction, accountId, place }: ActionsProps) {
  const { branch, selected } = place;
  const found = rowOf(branch.topologyAt(branch.length), selected);
  if (found === undefined) return null;
  const { row } = found;
  const command = (label: string, body: object) => () =>
    void runAction(label, () => connection.json("POST", "/_simulator/commands", body));
  const fault = (label: string, body: object) => () =>
    void runAction(label, () => connection.json("POST", "/_simulator/faults", body));
  const api = `/v1.0/${accountId}`;
  const name = branch.nameOf(row.id);
  if (found.kind === "group") {
    return (
      <fieldset>
        <legend>{name}</legend>
        <button
          type="button"
          onClick={command(`${name} fails over`, { type: "forceFailover", groupId: row.id })}
        >
          fail over
        </button>
        <button
          type="button"
          onClick={() =>
            void runAction("replica added", () =>
              connection.json("POST", "/_simulator/commands", {
                type: "addReplica",
                groupId: row.id,
                name: nextName(name, place),
                flavorId: row.flavorId,
                volumeGb: row.volumeGb,
              }),
            )
          }
        >
          add replica
        </button>
      </fieldset>
    );
  }
  const { sourceId, groupId } = found.row;
  return (
    <fieldset>
      <legend>{name}</legend>
      {sourceId === null && groupId === null && (
        <button
          type="button"
          onClick={() =>
            void runAction("replica created", () =>
              connection.json("POST", `${api}/instances`, {
                instance: {
                  name: nextName(`${name}-replica`, place),
                  replica_of: row.id,
                  flavorRef: row.flavorId,
                  volume: { size: row.volumeGb },
                },
              }),
            )
          }
        >
          add replica
        </button>
      )}
      {sourceId !== null && groupId === null && (
        <button
          type="button"
          onClick={() =>
            void runAction(`${name} detached`, () =>
              connection.json("PATCH", `${api}/instances/${row.id}`, {
                instance: { replica_of: "" },
              }),
            )
          }
        >
          detach
        </button>
      )}
      {groupId === null && (
        <button
          type="button"
          onClick={() =>
            void runAction("converted", () =>
              connection.json("POST", `${api}/instances/${sourceId ?? row.id}/action`, {
                convert_to_ha: { name: `${branch.nameOf(sourceId ?? row.id)}-ha` },
              }),
            )
          }
        >
          convert to HA
        </button>
      )}
      {sourceId === null && (
        <button
          type="button"
          onClick={command("clients write", {
            type: "setWorkload",
            instanceId: row.id,
            transactionsPerSecond: 100,
          })}
        >
          clients write 100/s
        </button>
      )}
      <button
        type="button"
        onClick={command(`${name} restarts`, { type: "restartInstance", instanceId: row.id })}
      >
        restart
      </button>
      <button
        type="button"
        class="bad"
        onClick={fault(`${name} crashed`, { kind: "crash", instanceId: row.id })}
      >
        crash
      </button>
      <button
        type="button"
        class="bad"
        onClick={fault(`${name} hangs`, { kind: "hang", instanceId: row.id, durationMs: 60_000 })}
      >
        hang 1 min
      </button>
      <button
        type="button"
        class="bad"
        onClick={fault(`${name} cut off`, {
          kind: "partition",
          instanceId: row.id,
          durationMs: 60_000,
        })}
      >
        partition 1 min
      </button>
      <button
        type="button"
        class="bad"
        title="All instances that stand there"
        onClick={fault(`${found.row.zone} crashed`, {
          kind: "correlated",
          effect: "crash",
          zone: found.row.zone,
          durationMs: 60_000,
        })}
      >
        crash {found.row.zone} 1 min
      </button>
      {sourceId !== null && (
        <button
          type="button"
          class="bad"
          onClick={fault(`link of ${name} cut`, { kind: "cutLink", replicaId: row.id })}
        >
          cut link
        </button>
      )}
      <button
        type="button"
        onClick={() =>
          void runAction(`${name} deleted`, () =>
            connection.json("DELETE", `${api}/instances/${row.id}`),
          )
        }
      >
        delete
      </button>
    </fieldset>
  );
}

/** A fault as the server lists it. */
type ListedFault = Pick<InjectedFault, "id" | "fault" | "phase"> & { readonly partOf?: string };

/** Faults that are scheduled or active, each with a way to clear it. */
function FaultList({ connection, runAction, place }: ActionsProps) {
  const [faults, setFaults] = useState<readonly ListedFault[]>([]);
  const load = async (): Promise<void> => {
    const { faults: found } = await connection.json<{ readonly faults: readonly ListedFault[] }>(
      "GET",
      "/_simulator/faults",
    );
    setFaults(found);
  };
  return (
    <details class="menu" onToggle={() => void load()}>
      <summary>Faults</summary>
      <ul>
        {faults.length === 0 && <li class="empty">No fault is scheduled or active.</li>}
        {faults.map(({ id, fault, phase, partOf }) => (
          <li key={id}>
            {id}: {fault.kind}{" "}
            {"instanceId" in fault
              ? place.branch.nameOf(fault.instanceId)
              : "replicaId" in fault
                ? place.branch.nameOf(fault.replicaId)
                : ""}
            , {phase}{" "}
            {isPart(fault, partOf) ? (
              <>part of {partOf}</>
            ) : (
              <button
                type="button"
                class="ref"
                onClick={() =>
                  void runAction(`${id} cleared`, () =>
                    connection.send("DELETE", `/_simulator/faults/${id}`),
                  ).then(load)
                }
              >
                clear
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Whether a fault is cleared only with the correlated one that it is a part of. */
function isPart({ kind }: ListedFault["fault"], partOf: string | undefined): partOf is string {
  return partOf !== undefined && kind !== "correlated";
}

/** Runs futures of this moment on the side: the world itself stays as it is. */
function BranchActions({ connection, runAction, place, onBranch }: ActionsProps) {
  const { branch, selected } = place;
  const runBranch = (name: string, body: object) => () =>
    void runAction(`branch ${name} ran`, async () => {
      const { journal } = await connection.json<{ readonly journal: Journal }>(
        "POST",
        "/_simulator/branches",
        { name, ms: 3_600_000, ...body },
      );
      onBranch(name, journal);
    });
  const isInstance = rowOf(branch.topologyAt(branch.length), selected)?.kind === "instance";
  return (
    <details class="menu">
      <summary>Branches</summary>
      <div>
        <p class="empty">
          An hour from now, beside this world. Choose compare to see the difference.
        </p>
        <button type="button" onClick={runBranch("as it is", {})}>
          as it is
        </button>
        {isInstance && selected !== null && (
          <button
            type="button"
            onClick={runBranch(`${branch.nameOf(selected)} crashes`, {
              fault: { kind: "crash", instanceId: selected },
            })}
          >
            {branch.nameOf(selected)} crashes
          </button>
        )}
        <button
          type="button"
          onClick={runBranch("slow monitor", { options: { latency: { detectFailure: 69_000 } } })}
        >
          slow monitor
        </button>
      </div>
    </details>
  );
}

function Download({
  connection,
  path,
  file,
  label,
}: {
  readonly connection: Connection;
  readonly path: string;
  readonly file: string;
  readonly label: string;
}) {
  const save = async (): Promise<void> => {
    const text = await connection.send("GET", path);
    const url = URL.createObjectURL(
      new Blob([text], { type: file.endsWith(".html") ? "text/html" : "application/json" }),
    );
    const link = document.createElement("a");
    link.href = url;
    link.download = file;
    link.click();
    setTimeout(() => {
      URL.revokeObjectURL(url);
    }, 10_000);
  };
  return (
    <button type="button" onClick={() => void save()}>
      {label}
    </button>
  );
}

/** The first name of its kind that nothing has. */
function nextName(prefix: string, { branch }: Place): string {
  for (let number = 1; ; number++) {
    const name = `${prefix}-${String(number)}`;
    if (branch.idOf(name) === undefined) return name;
  }
}

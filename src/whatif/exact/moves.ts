import type { Command } from "../../model/commandTypes.js";
import { InvalidInputError } from "../../model/errors.js";
import { parseReference } from "../../scenario/format/references.js";
import type { CommandActionOf, FaultActionOf, Scenario } from "../../scenario/format/scenario.js";
import { commandsOf } from "../../scenario/run/actions.js";
import { kindOf } from "../../scenario/run/created.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import type { ReplicationSimulator } from "../../simulator.js";

/** A command or a fault of a step that can come at any moment, in any order, again and again. */
export interface Move {
  readonly action: CommandActionOf<number> | FaultActionOf<number>;
  readonly label: string | undefined;
}

/** A move in one world: the command that it stands for there, and what it is called. */
export interface ReadyMove {
  readonly action: Move["action"];
  readonly command: Command;
  readonly event: string;
  readonly label: string | undefined;
}

/** The steps of a scenario as moves, whatever their times are. */
export function movesOf({ steps = [] }: Scenario): readonly Move[] {
  return steps.map(({ do: action, label }, at) => {
    const isMove = typeof action === "object" && ("command" in action || "fault" in action);
    if (isMove) return { action, label };
    const expected = "a command or a fault, which can come at any moment";
    const field = `steps[${String(at)}].do`;
    throw new InvalidInputError([{ field, value: action, expected, rule: "exact-scenario" }]);
  });
}

/** Returns what moves stand for in a world: one command for each instance that a reference stands for. */
export function readyMoves(moves: readonly Move[], names: NameTable): readonly ReadyMove[] {
  return moves.flatMap(({ action, label }) =>
    commandsOf(action, names, { label }).map((command) => ({
      action,
      command,
      event: eventOf(action, command, names),
      label,
    })),
  );
}

/** Executes a move in a world; returns whether the rules accept it. */
export function makeMove(
  { command, label }: ReadyMove,
  sim: ReplicationSimulator,
  names: NameTable,
): boolean {
  const result = sim.try.execute(command);
  if (!result.ok) return false;
  const { value } = result;
  const id = typeof value === "string" ? value : (value as { readonly id?: unknown } | null)?.id;
  if (label !== undefined && typeof id === "string") {
    const { accountId } = sim;
    names.add(label, { id, kind: kindOf(command), isFixture: false, accountId });
  }
  return true;
}

/** Rows that the names of a scenario distinguish from equal ones: where clients write, and what moves name by its birth. */
export function marksOf(moves: readonly Move[], names: NameTable): ReadonlyMap<string, string> {
  const marks = new Map<string, string>();
  const mark = (id: string | undefined, text: string): void => {
    if (id !== undefined) marks.set(id, `${marks.get(id) ?? ""} ${text}`);
  };
  for (const { name, clientsAt, groupId, isFixture } of names.things) {
    mark(clientsAt, `clients of ${name}`);
    if (groupId !== undefined && isFixture) mark(groupId, `group of ${name}`);
  }
  for (const { action } of moves) {
    for (const value of Object.values(action)) {
      if (typeof value !== "string" || !/\.\d+$/.test(value)) continue;
      const { name, born } = parseReference(value);
      if (born !== undefined) mark(names.thing(name)?.born[born - 1], value);
    }
  }
  return marks;
}

function eventOf(action: Move["action"], command: Command, names: NameTable): string {
  const actionName = "fault" in action ? action.fault : action.command;
  const ids = "fault" in command ? Object.values(command.fault) : Object.values(command);
  for (const { name, born, groupId } of names.things) {
    const at = born.findIndex((id) => ids.includes(id));
    if (at >= 0) return `${actionName} ${name}.${String(at + 1)}`;
    if (groupId !== undefined && ids.includes(groupId)) return `${actionName} ${name}`;
  }
  return actionName;
}

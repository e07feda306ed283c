import type { CommandOf, CommandType, ResultOf } from "../model/commandTypes.js";
import type { Field, RecordFields } from "../model/schema/fields.js";
import { commandFields } from "../service/commands/commandFields.js";
import type { AccountClient } from "../simulator/accountClient.js";
import type { Form } from "./bodyParser.js";
import type { WireContext } from "./context.js";
import type { JsonObject, JsonSchema } from "./json.js";
import type { Method } from "./wireRequest.js";

/** One operation of the API: where it is, what it takes, what it answers. Plain enough to make an OpenAPI page of. */
export interface Operation {
  readonly id: string;
  readonly method: Method;
  /** Below `/v1.0/{accountId}`, with its parameters in braces. */
  readonly path: string;
  /** Root member of the body that distinguishes the operations of one `/action`. */
  readonly action?: string;
  readonly summary: string;
  /** Section of the API document, or of the domain notes with its mark. */
  readonly source: string;
  readonly query?: readonly QueryParameter[];
  readonly success: 200 | 202;
  /** Parser of the body, if the operation has one; `requestSchema` is its public form. @internal */
  readonly body?: Body;
  /** Schema of what it answers; absent where it answers with an empty body. */
  readonly response?: JsonSchema;
  /** @internal */
  readonly handle: (call: Call) => JsonObject | undefined;
}

/** A parameter in the query. */
export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

/** The form of a body, and the fields that it fills. */
export interface Body {
  readonly form: Form;
  /** The commands that it can become; all of them count towards the same rate. */
  readonly commands: readonly [CommandType, ...CommandType[]];
  readonly fields: Field<unknown>;
}

/** One request on its way through its operation. */
export interface Call {
  readonly account: AccountClient;
  readonly context: WireContext;
  /** Parameters of the path by name, decoded once. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Path of the request, as it is linked to. */
  readonly path: string;
  /** The body as input of the command, with unvalidated values. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** The body of operations that fill the fields of these commands. */
export function bodyOf(form: Form, ...commands: Body["commands"]): Body {
  const shapes = commands.map((command) => commandFields[command].shape);
  const of: RecordFields<Record<string, unknown>> = Object.assign(
    {},
    ...shapes.map((shape) => (shape.kind === "record" ? shape.of : {})),
  ) as RecordFields<Record<string, unknown>>;
  const [first] = commands;
  return {
    form,
    commands,
    fields: { ...commandFields[first], shape: { kind: "record", of } } as Field<unknown>,
  };
}

/** Names of the path's parameters in the inputs of commands. */
const inputNames: Readonly<Record<string, string>> = { haId: "groupId" };

/** The parameter of a path that a field of an input comes from. */
export function parameterName(field: string): string {
  return Object.entries(inputNames).find(([, name]) => name === field)?.[0] ?? field;
}

/** Executes a command with the input from path and body. The method validates it. */
export function execute<K extends CommandType>(
  { account, parameters, input }: Call,
  type: K,
  more: Readonly<Record<string, unknown>> = {},
): ResultOf<K> {
  const ids = Object.entries(parameters).map(([name, id]) => [inputNames[name] ?? name, id]);
  const all: object = { type, ...input, ...Object.fromEntries(ids as [string, string][]), ...more };
  // The method validates its untrusted input. The type only determines the result.
  return account.execute(all as CommandOf<K>) as ResultOf<K>;
}

/** A parameter of the path; the route has proved that it is there. */
export function parameter({ parameters }: Call, name: string): string {
  return parameters[name] ?? "";
}

/** Handles an operation that is one command and answers with an empty body. */
export function acceptCommand(type: CommandType): Operation["handle"] {
  return (call) => {
    execute(call, type);
    return undefined;
  };
}

/** An operation of the service that the simulator does not have. */
export interface UnsupportedOperation {
  readonly method: string;
  readonly path: string;
  readonly action?: string;
}

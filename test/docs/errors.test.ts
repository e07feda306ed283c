import { readFileSync } from "node:fs";
import * as front from "replication-simulator";
import { httpStatusByCode } from "replication-simulator/wire";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");

test("docs/errors.md lists every fault with its number", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)];
  expect(Object.fromEntries(rows.map(([, name, number]) => [name, Number(number)]))).toEqual(
    httpStatusByCode,
  );
});

test("docs/errors.md lists every class that a caller can meet", () => {
  const classes = Object.entries(front)
    .filter(([, value]) => {
      const { prototype } = value as { readonly prototype?: object };
      return (
        prototype !== undefined &&
        Object.prototype.isPrototypeOf.call(front.ReplicationError.prototype, prototype)
      );
    })
    .map(([name]) => name);
  const rows = [...page.matchAll(/^\| `(\w+Error)` \|/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual(classes.sort());
});

import { documentedCatalog } from "replication-simulator";
import { after, empty, small } from "../fixtures.js";
import { configurationExists, configurationFits, knownPlace, labelUnique } from "../shared.js";
import { specify } from "../spec.js";
import {
  backedUp,
  restorePointCompleted,
  restorePointExists,
  restorePointFits,
} from "./backups.js";

const everyFlavor = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** A world in which the default version of the datastore is deprecated. */
const deprecating = () =>
  empty({
    catalog: {
      ...documentedCatalog,
      datastores: documentedCatalog.datastores.map((known) => ({
        ...known,
        deprecated: known.version === "5.6" && known.type === "mysql",
      })),
    },
  });

/** A world in which one account holds as many instances as are said. */
const holding = (count: number, limit?: number) => () => {
  const sim = empty(limit === undefined ? {} : { limits: { maxInstancesPerAccount: limit } });
  for (let i = 0; i < count; i++) sim.createInstance(small);
  return sim;
};

const restored = (restoreFrom: string) => ({ ...small, restoreFrom });

/** `backup-0` holds the database `shop`, and the user `app` from anywhere. */
const furnished = () =>
  after(
    empty(),
    (sim) =>
      sim.createInstance({
        ...small,
        databases: [{ name: "shop" }],
        users: [{ name: "app", password: "one" }],
      }),
    (sim) => sim.createBackup({ name: "full", ownerId: "instance-0" }),
  );

export const createInstance = specify("createInstance", {
  "restore-point-exists": restorePointExists(restored),
  "configuration-exists": configurationExists(
    (configurationId) => ({ ...small, configurationId }),
    empty,
  ),
  "flavor-exists": {
    code: "badRequest",
    refuses: [
      {
        when: "no flavor has the id",
        world: empty,
        input: { flavorId: "10", volumeGb: 1 },
        message: "flavor 10 not found",
        field: "flavorId",
        value: "10",
        allowed: everyFlavor,
      },
      {
        when: "the id is a number that no flavor has",
        world: empty,
        input: { flavorId: 0, volumeGb: 1 },
        message: "flavor 0 not found",
        field: "flavorId",
        value: "0",
        allowed: everyFlavor,
      },
    ],
    passes: everyFlavor.flatMap((flavorId) => [
      { when: `the flavor is ${flavorId}`, world: empty, input: { flavorId, volumeGb: 1 } },
      {
        when: `the flavor is the number ${flavorId}`,
        world: empty,
        input: { flavorId: Number(flavorId), volumeGb: 1 },
      },
    ]),
  },
  "known-place": knownPlace((place) => ({ ...small, ...place }), empty),
  "datastore-exists": {
    code: "badRequest",
    refuses: [
      {
        when: "the type is unknown",
        world: empty,
        input: { ...small, datastore: { type: "postgresql" } },
        message: "datastore postgresql not found",
        field: "datastore",
        value: "postgresql",
        allowed: [
          "mysql 5.1",
          "mysql 5.6",
          "mysql 5.7",
          "mysql 8.0",
          "percona 5.6",
          "percona 5.7",
          "mariadb 10",
          "mariadb 10.4",
        ],
      },
      {
        when: "the version is another type's",
        world: empty,
        input: { ...small, datastore: { type: "MariaDB", version: "5.6" } },
        message: "datastore mariadb 5.6 not found",
        field: "datastore",
        value: "mariadb 5.6",
        allowed: documentedCatalog.datastores.map(({ type, version }) => `${type} ${version}`),
      },
    ],
    passes: [
      { when: "nothing is said", world: empty, input: small },
      {
        when: "only the type is said",
        world: empty,
        input: { ...small, datastore: { type: "percona" } },
      },
      {
        when: "only the version is said",
        world: empty,
        input: { ...small, datastore: { version: "8.0" } },
      },
      {
        when: "the type is written in capitals",
        world: empty,
        input: { ...small, datastore: { type: "MYSQL", version: "5.7" } },
      },
    ],
  },
  "datastore-not-deprecated": {
    code: "badRequest",
    refuses: [
      {
        when: "the version is deprecated",
        world: deprecating,
        input: { ...small, datastore: { version: "5.6" } },
        message: "datastore mysql 5.6 is deprecated; no new instances can use it",
        field: "datastore",
        value: "mysql 5.6",
      },
      {
        when: "the default version is deprecated and no other is named",
        world: deprecating,
        input: small,
        message: "datastore mysql 5.6 is deprecated; no new instances can use it",
        field: "datastore",
        value: "mysql 5.6",
      },
    ],
    passes: [
      {
        when: "another version is deprecated",
        world: deprecating,
        input: { ...small, datastore: { version: "5.7" } },
      },
      { when: "no version is deprecated", world: empty, input: small },
    ],
  },
  "datastore-flavor": {
    code: "badRequest",
    refuses: ["5.7", "8.0"].map((version) => ({
      when: `mysql ${version} is asked for on 512 MB`,
      world: empty,
      input: { flavorId: "1", volumeGb: 1, datastore: { version } },
      message: `datastore mysql ${version} is not offered on flavor 1`,
      field: "flavorId",
      value: "1",
      allowed: ["2", "3", "4", "5", "6", "7", "8", "9"],
    })),
    passes: [
      {
        when: "mysql 5.7 is asked for on 1 GB",
        world: empty,
        input: { flavorId: "2", volumeGb: 1, datastore: { version: "5.7" } },
      },
      {
        when: "mysql 5.6 is asked for on 512 MB",
        world: empty,
        input: { flavorId: "1", volumeGb: 1, datastore: { version: "5.6" } },
      },
    ],
  },
  "configuration-fits": configurationFits({ ...small, configurationId: "configuration-0" }, empty),
  "restore-point-fits": (() => {
    const fits = restorePointFits<"createInstance">((difference) => ({
      ...restored("backup-0"),
      ...difference,
    }));
    return {
      ...fits,
      refuses: [
        ...fits.refuses,
        {
          when: "another version is asked for",
          world: backedUp,
          input: { ...restored("backup-0"), datastore: { version: "5.7" } },
          message: "backup backup-0 is a backup of mysql 5.6, not of mysql 5.7",
          field: "restoreFrom",
          value: "backup-0",
        },
        {
          when: "another type is asked for",
          world: backedUp,
          input: { ...restored("backup-0"), datastore: { type: "percona" } },
          message: "backup backup-0 is a backup of mysql 5.6, not of percona 5.6",
          field: "restoreFrom",
          value: "backup-0",
        },
      ],
    };
  })(),
  "restore-name-conflict": {
    code: "badRequest",
    refuses: [
      {
        when: "a database comes with the backup",
        world: furnished,
        input: { ...restored("backup-0"), databases: [{ name: "log" }, { name: "shop" }] },
        message: "database shop is already in backup backup-0; omit it",
        field: "databases",
        value: "shop",
      },
      {
        when: "a user comes with the backup",
        world: furnished,
        input: { ...restored("backup-0"), users: [{ name: "app", password: "two" }] },
        message: "user app is already in backup backup-0; omit it",
        field: "users",
        value: "app",
      },
    ],
    passes: [
      {
        when: "all names are new, or used from another host",
        world: furnished,
        input: {
          ...restored("backup-0"),
          databases: [{ name: "log" }],
          users: [
            { name: "audit", password: "two" },
            { name: "app", password: "two", host: "10.0.0.9" },
          ],
        },
      },
      {
        when: "the database was made after the backup",
        world: () =>
          after(furnished(), (sim) => sim.createDatabases("instance-0", [{ name: "log" }])),
        input: { ...restored("backup-0"), databases: [{ name: "log" }] },
      },
    ],
  },
  "unique-databases": {
    code: "badRequest",
    refuses: [
      {
        when: "a name comes twice",
        world: empty,
        input: { ...small, databases: [{ name: "a" }, { name: "shop" }, { name: "shop" }] },
        message: "database shop is listed twice",
        field: "databases",
        value: "shop",
      },
    ],
    passes: [
      { when: "no database is asked for", world: empty, input: { ...small, databases: [] } },
      {
        when: "names differ in one letter",
        world: empty,
        input: { ...small, databases: [{ name: "shop" }, { name: "Shop" }] },
      },
    ],
  },
  "unique-users": {
    code: "badRequest",
    refuses: [
      {
        when: "a name comes twice for any host",
        world: empty,
        input: {
          ...small,
          users: [
            { name: "app", password: "one" },
            { name: "app", password: "two", host: "%" },
          ],
        },
        message: "user app@% is listed twice",
        field: "users",
        value: "app@%",
      },
      {
        when: "a name comes twice for one host",
        world: empty,
        input: {
          ...small,
          users: [
            { name: "app", password: "one", host: "10.0.0.9" },
            { name: "app", password: "two", host: "10.0.0.9" },
          ],
        },
        message: "user app@10.0.0.9 is listed twice",
        field: "users",
        value: "app@10.0.0.9",
      },
    ],
    passes: [
      {
        when: "one name is used from two hosts",
        world: empty,
        input: {
          ...small,
          users: [
            { name: "app", password: "one" },
            { name: "app", password: "two", host: "10.0.0.9" },
          ],
        },
      },
      { when: "no user is asked for", world: empty, input: { ...small, users: [] } },
    ],
  },
  "user-databases-exist": {
    code: "badRequest",
    refuses: [
      {
        when: "a database is not among the new ones",
        world: empty,
        input: {
          ...small,
          databases: [{ name: "shop" }],
          users: [
            { name: "app", password: "one", databases: ["shop"] },
            { name: "audit", password: "two", databases: ["shop", "log"] },
          ],
        },
        message: "user audit cannot get access to database log; the request does not create it",
        field: "users",
        value: "log",
        allowed: ["shop"],
      },
      {
        when: "there are no new databases",
        world: empty,
        input: { ...small, users: [{ name: "app", password: "one", databases: ["shop"] }] },
        message: "user app cannot get access to database shop; the request does not create it",
        field: "users",
        value: "shop",
        allowed: [],
      },
    ],
    passes: [
      {
        when: "every database is among the new ones",
        world: empty,
        input: {
          ...small,
          databases: [{ name: "shop" }, { name: "log" }],
          users: [{ name: "app", password: "one", databases: ["log", "shop"] }],
        },
      },
      {
        when: "a user gets no database",
        world: empty,
        input: { ...small, users: [{ name: "app", password: "one" }] },
      },
    ],
  },
  "label-unique": labelUnique((label) => ({ ...small, label }), empty),
  "restore-point-completed": restorePointCompleted(restored),
  "instance-quota": {
    code: "overLimit",
    refuses: [
      {
        when: "the account has 25 instances",
        world: holding(25),
        input: small,
        message: "the account has 25 instances; its quota is 25",
        field: "accountId",
        value: "1234",
        allowed: "at most 25 instances",
      },
      {
        when: "the account has as many as an own quota allows",
        world: holding(1, 1),
        input: small,
        message: "the account has 1 instance; its quota is 1",
        field: "accountId",
        value: "1234",
        allowed: "at most 1 instance",
      },
    ],
    passes: [
      { when: "the account has 24 instances", world: holding(24), input: small },
      {
        when: "the account has fewer than an own quota allows",
        world: holding(25, 26),
        input: small,
      },
      {
        when: "another account has 25 instances",
        world: () => {
          const sim = empty();
          for (let i = 0; i < 25; i++) sim.account("5678").createInstance(small);
          return sim;
        },
        input: small,
      },
      {
        when: "one of 25 instances has been deleted",
        world: () => {
          const sim = holding(25)();
          sim.settle();
          sim.deleteInstance("instance-3");
          sim.settle();
          return sim;
        },
        input: small,
      },
    ],
  },
});

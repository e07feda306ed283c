import { as, ignored, list, type Members, nested, object, unwrap, value } from "./bodyParser.js";
import { datastore, flavorReference, gigabytes, lastSegment, reference } from "./coercions.js";

/** A database as a body names it. */
export const databaseForm = object({
  name: as("name"),
  character_set: as("characterSet"),
  collate: as("collate"),
});

/** A user as a body names it. */
export const userForm = object({
  name: as("name"),
  password: as("password"),
  host: as("host"),
  databases: as("databases", list(unwrap("name"))),
});

/** `volume: { size }`, with the type that some clients send empty. */
export const volume = nested({
  size: as("volumeGb", gigabytes),
  type: ignored((type) => type === "", "null or empty: the service has one type of volume"),
});

/** Members of one node of an HA group. */
export const nodeMembers: Members = {
  name: as("name"),
  flavorRef: as("flavorId", flavorReference),
  volume,
};

/** The body of `POST /instances`: an instance, a replica, or an instance from a backup. */
export const newInstance = object(
  {
    instance: nested({
      ...nodeMembers,
      replica_of: as("replicaOf", value(), { required: false }),
      slave_of: as(
        "replicaOf",
        value((id) => (id === "" ? undefined : id)),
        { required: false },
      ),
      configuration: as("configurationId", reference),
      datastore: as("datastore", datastore),
      databases: as("databases", list(databaseForm)),
      users: as("users", list(userForm)),
      restorePoint: {
        ...nested({ backupRef: as("restoreFrom", reference) }, { needs: ["backupRef"] }),
        required: false,
      },
      replica_count: ignored((count) => count === 1, "1: a request makes one instance"),
    }),
  },
  { needs: ["instance"] },
);

// "" and null both end replication; the key alone says what is meant (R31, R32).
const cleared = value(undefined, { type: ["string", "null"], minLength: 0 });

/** A configuration to attach; "" and null detach the present one (§1.5). */
export const attachable = as(
  "configurationId",
  value(lastSegment, { type: ["string", "null"], minLength: 0 }),
  { takesNull: true, required: false },
);

/** The body of PATCH and PUT on an instance. */
export const changedInstance = object(
  {
    instance: nested({
      name: as("name"),
      replica_of: as("replicaOf", cleared, { takesNull: true }),
      slave_of: as("slaveOf", cleared, { takesNull: true }),
      configuration: attachable,
    }),
  },
  { needs: ["instance"] },
);

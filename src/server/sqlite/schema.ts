/** "RSim", the application id in the SQLite header. */
export const applicationId = 0x5253_696d;
/** Version of the file layout, in SQLite's `user_version` and in the table `meta`. */
export const fileVersion = 1;

/** Name of the layout, in the table `meta`. */
export const fileFormat = "replication-simulator/state";

/** Content of an empty state file, described in docs/server.md. */
export const schema = `
BEGIN;
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${fileVersion};
CREATE TABLE meta (format TEXT NOT NULL, version INTEGER NOT NULL);
INSERT INTO meta VALUES ('${fileFormat}', ${fileVersion});
CREATE TABLE lines (seq INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE snapshots (seq INTEGER PRIMARY KEY, json TEXT NOT NULL, sha256 TEXT NOT NULL);
CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 1), now INTEGER NOT NULL);
COMMIT;
`;

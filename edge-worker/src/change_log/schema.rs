//! The tables, as the steps that led to them. A step is never changed once released.

/// The table that says how many steps were taken.
pub const VERSION_TABLE: &str = "CREATE TABLE IF NOT EXISTS version (number INTEGER NOT NULL)";

/// The steps; a log of version n has taken the first n.
pub const MIGRATIONS: &[&[&str]] = &[
    &[
        // Epoch, secret and the like.
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID",
        // The log itself.
        "CREATE TABLE log (
        position INTEGER PRIMARY KEY,
        document BLOB NOT NULL,
        generation INTEGER NOT NULL,
        hash BLOB NOT NULL,
        bytes BLOB NOT NULL,
        at INTEGER NOT NULL
    )",
        "CREATE UNIQUE INDEX log_by_name ON log (document, hash)",
        // Whose a writer is in a document, and the number of its last change.
        "CREATE TABLE writer (
        document BLOB NOT NULL,
        writer BLOB NOT NULL,
        device BLOB,
        sequence INTEGER NOT NULL,
        PRIMARY KEY (document, writer)
    ) WITHOUT ROWID",
        // Refused changes, with the reason.
        "CREATE TABLE quarantine (
        document BLOB NOT NULL,
        hash BLOB NOT NULL,
        bytes BLOB NOT NULL,
        reason TEXT NOT NULL,
        device BLOB NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (document, hash)
    ) WITHOUT ROWID",
    ],
    // `log` and `writer` move into these and then go; see `upgrade`.
    &[
        // Changes, as many in a row as were appended at once. `held` are in the row, `live` of them
        // are still in the log.
        "CREATE TABLE stretch (
        first INTEGER PRIMARY KEY,
        live INTEGER NOT NULL,
        held INTEGER NOT NULL,
        bytes BLOB NOT NULL
    )",
        // A row a document; its key is the position of the document's last entry.
        "CREATE TABLE record (
        last INTEGER PRIMARY KEY,
        document BLOB NOT NULL UNIQUE,
        raw INTEGER NOT NULL,
        line BLOB NOT NULL
    )",
        "CREATE INDEX record_loose ON record (last, raw) WHERE raw > 0",
        // Parcels of whole records, cut into parts; the part's number is the block's times 256 and
        // its place. The first part says how many records name the block.
        "CREATE TABLE block (part INTEGER PRIMARY KEY, current INTEGER, bytes BLOB NOT NULL)",
        // A number for a writer and the device that it is bound to.
        "CREATE TABLE actor (id INTEGER PRIMARY KEY, writer BLOB NOT NULL, device BLOB)",
        "CREATE INDEX actor_by_writer ON actor (writer)",
        // The log's entries that are no changes.
        "CREATE TABLE notice (
        position INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        person BLOB,
        document BLOB NOT NULL
    )",
        "CREATE INDEX notice_by_document ON notice (document)",
    ],
    &[
        // Behind which position each start of the process began to append, and the name it drew. All that
        // there was before has one name, the epoch.
        "CREATE TABLE era (after INTEGER PRIMARY KEY, name BLOB NOT NULL)",
        "INSERT INTO era (after, name) SELECT -1, value FROM meta WHERE key = 'epoch'",
    ],
    &[
        // The first four bytes of the ids of all that was put into a block, so that erasing opens few. A block
        // that was there before is marked when it is first looked for.
        "CREATE TABLE holding (block INTEGER PRIMARY KEY, marks BLOB NOT NULL)",
    ],
];

/// The statements that lead from a version to the newest, or `None` when it is newer still.
pub fn migrations_from(version: i64) -> Option<Vec<&'static str>> {
    let taken = usize::try_from(version).ok()?;
    let steps = MIGRATIONS.get(taken..)?;
    Some(steps.iter().flat_map(|step| step.iter().copied()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_leads_to_the_newest_and_a_newer_one_is_left_alone() {
        let newest = MIGRATIONS.len() as i64;
        let all = migrations_from(0).unwrap();
        assert_eq!(all.len(), MIGRATIONS.concat().len());
        assert_eq!(
            migrations_from(1).unwrap().len(),
            MIGRATIONS[1..].concat().len()
        );
        assert_eq!(migrations_from(newest), Some(Vec::new()));
        assert_eq!(migrations_from(newest + 1), None);
        assert_eq!(migrations_from(-1), None);
    }
}

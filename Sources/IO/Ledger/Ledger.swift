import Chrono
import GRDB
import Glibc

/// What outlives a session: changes made through weir, and drift that was seen before Flux erased it.
///
/// - Shape: rows are only ever added; the database itself refuses to change or remove one.
/// - Thread: any; several weirs may have the same file open. Calls block until the file is free, a second at most.
package final class Ledger: Sendable {
    let database: DatabasePool

    /// Opens the ledger, and makes it where there is none: the file is its owner's alone.
    package init(path: String) throws(LedgerFailure) {
        try Ledger.makeOwnFile(path)
        do {
            var configuration = GRDB.Configuration()
            configuration.busyMode = .timeout(1)
            configuration.label = "weir.ledger"
            // Meant for reading at the same time as others write; one reader is enough here.
            configuration.maximumReaderCount = 1
            database = try DatabasePool(path: path, configuration: configuration)
            try Ledger.migrate(database)
        } catch {
            throw LedgerFailure("the ledger \(path) cannot be opened: \(error)")
        }
    }

    /// The file with the rights of its owner alone, before SQLite could make it with others.
    private static func makeOwnFile(_ path: String) throws(LedgerFailure) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/").dropLast() {
            made += "/\(part)"
            if mkdir(made, 0o700) != 0, errno != EEXIST, errno != EROFS, errno != EACCES {
                throw LedgerFailure("the folder \(made) cannot be made: \(String(cString: strerror(errno)))")
            }
        }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw LedgerFailure("the ledger \(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        guard fchmod(file, 0o600) == 0 else {
            throw LedgerFailure("the ledger \(path) belongs to somebody else")
        }
    }

    /// Makes what is missing; another weir that makes it at the same moment is let go first.
    private static func migrate(_ database: DatabasePool) throws {
        var attempts = 3
        while true {
            do {
                try migrator.migrate(database)
                return
            } catch  where attempts > 1 {
                attempts -= 1
            }
        }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 audit and drift") { database in
            try database.execute(
                sql: """
                    CREATE TABLE asked (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        change TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
                        user TEXT NOT NULL, host TEXT NOT NULL, gitIdentity TEXT NOT NULL,
                        cluster TEXT NOT NULL, clusterIdentity TEXT NOT NULL,
                        action TEXT NOT NULL, subject TEXT NOT NULL,
                        plan TEXT NOT NULL, confirmation TEXT NOT NULL);
                    CREATE TABLE ended (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        change TEXT NOT NULL UNIQUE REFERENCES asked (change), at INTEGER NOT NULL,
                        result TEXT NOT NULL, message TEXT NOT NULL);
                    CREATE TABLE sighting (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        cluster TEXT NOT NULL, applier TEXT NOT NULL, object TEXT NOT NULL,
                        isEnd INTEGER NOT NULL, at INTEGER NOT NULL, began INTEGER,
                        hands TEXT NOT NULL, fields TEXT NOT NULL,
                        wasMissing INTEGER NOT NULL, ending TEXT NOT NULL);
                    CREATE INDEX sightingByTime ON sighting (at);
                    CREATE INDEX sightingByObject ON sighting (cluster, object, isEnd, at);
                    """
            )
            for table in ["asked", "ended", "sighting"] {
                try refuseChanges(of: table, database)
            }
        }
        migrator.registerMigration("2 rollouts") { database in
            try database.execute(sql: rolloutTables)
            for table in ["rollout", "rolloutPushed", "rolloutEnded"] {
                try refuseChanges(of: table, database)
            }
        }
        return migrator
    }

    /// Rows are only ever added: the database itself sees to that.
    private static func refuseChanges(of table: String, _ database: Database) throws {
        for verb in ["UPDATE", "DELETE"] {
            try database.execute(
                sql: """
                    CREATE TRIGGER \(table)Refuses\(verb) BEFORE \(verb) ON \(table)
                    BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END
                    """
            )
        }
    }

    func write(_ change: (Database) throws -> Void) throws(LedgerFailure) {
        do {
            try database.write(change)
        } catch {
            throw LedgerFailure("the ledger was not written: \(error)")
        }
    }

    /// Writes and returns when the disk has it, not only the system: for what must be known after a power cut.
    func writeDurably(_ change: (Database) throws -> Void) throws(LedgerFailure) {
        do {
            try database.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                defer { try? database.execute(sql: "PRAGMA synchronous = NORMAL") }
                try database.inTransaction {
                    try change(database)
                    return .commit
                }
            }
        } catch {
            throw LedgerFailure("the ledger was not written: \(error)")
        }
    }

    func read<Value>(_ question: (Database) throws -> Value) throws(LedgerFailure) -> Value {
        do {
            return try database.read(question)
        } catch {
            throw LedgerFailure("the ledger was not read: \(error)")
        }
    }
}

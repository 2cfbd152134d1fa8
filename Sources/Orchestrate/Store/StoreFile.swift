import Foundation
import GRDB

/// Opening the store's file, and telling what is wrong with it.
enum StoreFile {
    /// Makes the directory, and checks what SQLite itself reports badly.
    static func prepare(_ path: String) throws {
        let directory = (path as NSString).deletingLastPathComponent
        guard !directory.isEmpty else { return }
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw OrchestrateError(
                .storeUnwritable, "the directory '\(directory)' for Leat's records cannot be made: \(error.localizedDescription)",
                hint: "check who owns it, and whether a file is in its place")
        }
    }

    static func open(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "leat.store"
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 2
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            // A commit survives the death of the process; only a power failure may take the last ones, never their order.
            try db.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -1024; PRAGMA journal_size_limit = 4194304")
        }
        // The switch to WAL of a new file does not wait for another process that does the same.
        var attempt = 0
        while true {
            do {
                return try DatabasePool(path: path, configuration: configuration)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && attempt < 100 {
                attempt += 1
                usleep(20_000)
            }
        }
    }

    static func migrate(_ pool: DatabasePool) throws {
        let migrator = StoreSchema.migrator
        let state = try pool.read { db in
            (isCurrent: try migrator.hasCompletedMigrations(db), isTooNew: try migrator.hasBeenSuperseded(db))
        }
        if state.isTooNew {
            throw OrchestrateError(
                .storeTooNew, "Leat's records in '\(pool.path)' were written by a newer version of Leat",
                hint: "use that version, or move the file away to begin new records")
        }
        if state.isCurrent { return }
        // Another process may do the same at this moment: what one of them has done the other finds done, and goes on.
        var attempt = 0
        while true {
            do {
                return try migrator.migrate(pool)
            } catch let error as DatabaseError where attempt < 50 {
                attempt += 1
                usleep(20_000)
                if try pool.read({ try migrator.hasCompletedMigrations($0) }) { return }
                if attempt == 50 { throw error }
            }
        }
    }

    /// What an error of SQLite means to a person.
    static func explain(_ error: any Error, path: String) -> OrchestrateError {
        if let error = error as? OrchestrateError { return error }
        guard let error = error as? DatabaseError else {
            return OrchestrateError(.storeFailed, "Leat's records in '\(path)' cannot be used: \(error)")
        }
        let detail = ["SQLite says: \(error.message ?? "\(error.resultCode)")"]
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            return OrchestrateError(
                .storeCorrupt, "Leat's records in '\(path)' are damaged or not a SQLite database",
                hint: "move the file away to begin new records; only the history of runs is in it", details: detail)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return OrchestrateError(
                .storeUnwritable, "Leat's records in '\(path)' cannot be opened for writing",
                hint: "check who owns the file and its directory", details: detail)
        case .SQLITE_FULL, .SQLITE_IOERR:
            return OrchestrateError(
                .storeUnwritable, "Leat's records in '\(path)' cannot be written", hint: "is the disk full?", details: detail)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return OrchestrateError(
                .storeBusy, "Leat's records in '\(path)' have been locked by another process for too long",
                hint: "end the program that has the file open", details: detail)
        default:
            return OrchestrateError(.storeFailed, "Leat's records in '\(path)' cannot be used", details: detail)
        }
    }
}

import Postgres

extension PostgresService {
    /// Runs the init scripts that are new or have changed, each in its own transaction.
    ///
    /// - Returns: those that ran, and why one could not run again. That leaves everything as it was before, and ends the
    ///   work, since later scripts may need it; a script that never ran throws instead.
    func runScripts(
        _ folder: ServiceFolder, _ report: @escaping @Sendable (ServiceEvent.Step) -> Void
    ) async throws -> (run: [String], failure: ServicesError?) {
        var run: [String] = []
        for path in initScripts {
            let entry = ScriptRecord.load(folder.record).scripts[recordKey(path)] ?? ScriptRecord.Entry()
            if entry.pending == nil, let done = entry.done, isUnchanged(done) {
                report(.scriptUnchanged(path))
                continue
            }
            let connection = try await connect(over: folder, to: database, as: user)
            let hasRun: Bool
            do {
                hasRun = try await connection.perform { try runScript(path, $0, folder, report) }
            } catch {
                await connection.close()
                let hasRunBefore = ScriptRecord.load(folder.record).scripts[recordKey(path)]?.done != nil
                if let failure = error as? ServicesError, hasRunBefore { return (run, failure) }
                throw error
            }
            await connection.close()
            if hasRun { run.append(path) }
        }
        return (run, nil)
    }

    private func isUnchanged(_ version: ScriptRecord.Version) -> Bool {
        version.stamps.allSatisfy { $0 == ScriptRecord.Stamp($0.path, project: project) }
    }

    /// The script and the files that it copies, as far as they are not as they were.
    private func changes(since done: ScriptRecord.Version, in script: InitScript) -> [String] {
        var seen: Set<String> = []
        let changed = ([script.path] + script.copiedFiles).filter { path in
            guard seen.insert(path).inserted else { return false }
            let now = ScriptRecord.Stamp(path, project: project)
            // A file that it did not copy before is a change of the script, which says so itself.
            return done.stamps.contains { $0.path == path } && !done.stamps.contains(now)
        }
        return changed.isEmpty ? [script.path] : changed
    }

    private func recordKey(_ path: String) -> String { "\(database):\(path)" }

    /// - Returns: whether it had to run.
    private func runScript(
        _ path: String, _ connection: BlockingConnection, _ folder: ServiceFolder,
        _ report: @escaping @Sendable (ServiceEvent.Step) -> Void
    ) throws -> Bool {
        let key = recordKey(path)
        var record = ScriptRecord.load(folder.record)
        var entry = record.scripts[key] ?? ScriptRecord.Entry()
        // A run that was killed around its commit: the server knows how it ended.
        if let pending = entry.pending, let transaction = entry.transaction {
            if try hasCommitted(transaction, connection) { entry.done = pending }
            entry.pending = nil
            entry.transaction = nil
            record.scripts[key] = entry
            try record.save(folder.record)
        }
        let script = try InitScript(path, project: project)
        let runner = ScriptRunner(
            script: script, project: project, connection: connection, isAgain: entry.done != nil,
            onCopied: { report(.copied(file: $0, rows: $1)) })
        let version = try runner.version()
        let isUnchanged = entry.done?.fingerprint == version.fingerprint
        if isUnchanged {
            report(.scriptUnchanged(path))
        } else {
            report(.runningScript(path, changed: entry.done.map { changes(since: $0, in: script) } ?? []))
            try runner.run { transaction in
                entry.pending = version
                entry.transaction = transaction
                record.scripts[key] = entry
                try record.save(folder.record)
            }
        }
        record.scripts[key] = ScriptRecord.Entry(done: version)
        try record.save(folder.record)
        return !isUnchanged
    }

    /// How a transaction of an earlier connection ended; waits until it has.
    private func hasCommitted(_ transaction: Int, _ connection: BlockingConnection) throws -> Bool {
        while true {
            switch try connection.query("select txid_status($1)", [.int(transaction)]).scalar?.string {
            case "aborted": return false
            case "in progress": try connection.execute("select pg_sleep(0.05)")
            // Null: so long ago that the server has forgotten, which it does only with what is over.
            default: return true
            }
        }
    }
}

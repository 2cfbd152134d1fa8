import Postgres

/// A lock in the destination's server, by which syncs keep out of each other's way.
///
/// The server releases it when the session or transaction ends, however that comes about; so a killed sync leaves none.
struct AdvisoryLock {
    enum Scope {
        case session
        case transaction
    }

    /// What it protects, for messages: `connection 'Clients'`.
    let label: String
    let scope: Scope
    private let key: Int64

    init(_ kind: String, _ name: String, label: String, scope: Scope) {
        self.label = label
        self.scope = scope
        // FNV-1a: the same name must give the same key in every version of the program.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "leat \(kind) \(name)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        key = Int64(bitPattern: hash)
    }

    /// Takes the lock, if need be after waiting.
    ///
    /// - Parameter onWait: called once if it comes to waiting, with who holds the lock.
    /// - Throws: ``ConnectorError`` with the code `connector.busy` if it cannot be had in time.
    func take(on connection: BlockingConnection, wait: Duration, onWait: (String) -> Void = { _ in }) throws(ConnectorError) {
        let suffix = scope == .session ? "" : "_xact"
        let deadline = ContinuousClock.now + wait
        var hasTold = false
        do {
            while try connection.execute("select pg_try_advisory\(suffix)_lock(\(key))").scalar?.bool != true {
                let holder = try holder(on: connection)
                if !hasTold { onWait(holder ?? "another session") }
                hasTold = true
                guard ContinuousClock.now < deadline else {
                    throw busy(holder: holder, wait: wait)
                }
                // Polling, because a wait inside the server cannot end in a clear error without ending the transaction.
                try connection.execute("select pg_sleep(0.05)")
            }
        } catch let error as PostgresError {
            throw ConnectorError(.destination, while: "locking \(label)", error)
        } catch let error as ConnectorError {
            throw error
        } catch {
            throw ConnectorError(.destination, "locking \(label): \(error)")
        }
    }

    private func busy(holder: String?, wait: Duration) -> ConnectorError {
        var error = ConnectorError(
            .busy, "another sync of \(label) is running",
            hint: "wait until it ends; a sync that was killed is gone as soon as its server process has noticed",
            failureType: .transient)
        if let holder { error.details.append("held by \(holder)") }
        error.details.append("waited \(wait.components.seconds) s")
        return error
    }

    private func holder(on connection: BlockingConnection) throws(PostgresError) -> String? {
        try connection.execute(
            """
            select format('server process %s (%s, since %s)', a.pid, coalesce(nullif(a.application_name, ''), 'unnamed'),
              to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'))
            from pg_locks l join pg_stat_activity a using (pid)
            where l.locktype = 'advisory' and l.granted and l.objsubid = 1
              and l.database = (select oid from pg_database where datname = current_database())
              and l.classid = ((\(key)::bigint >> 32) & 4294967295)::oid
              and l.objid = (\(key)::bigint & 4294967295)::oid
            """
        ).scalar?.string
    }
}

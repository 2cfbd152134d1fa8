/// What `up` does at the moment, for a person who waits.
package struct ServiceEvent: Sendable, CustomStringConvertible {
    package enum Step: Sendable, Hashable {
        /// Another `leat` is at work on the service.
        case waitingForLock
        case initialising(version: String)
        /// The server runs with other settings (another port).
        case restarting
        case starting
        case creatingDatabase
        case runningScript(String)
        /// `COPY` of a file took so many rows.
        case copied(file: String, rows: Int)
        /// The script and its files are as they were when it ran last.
        case scriptUnchanged(String)
        case ready
    }

    package let service: String
    package let step: Step

    package init(service: String, step: Step) {
        self.service = service
        self.step = step
    }

    /// `initialising a PostgreSQL 15.4 cluster`, without the service's name.
    package var description: String {
        switch step {
        case .waitingForLock: "waiting for another leat"
        case .initialising(let version): "making a PostgreSQL \(version) cluster"
        case .restarting: "restarting with changed settings"
        case .starting: "starting"
        case .creatingDatabase: "creating user and database"
        case .runningScript(let path): "running \(path)"
        case .copied(let file, let rows): "loaded \(rows) rows of \(file)"
        case .scriptUnchanged(let path): "\(path) is unchanged"
        case .ready: "ready"
        }
    }
}

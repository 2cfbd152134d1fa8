/// What `up` does at the moment, for a person who waits.
package struct ServiceEvent: Sendable, CustomStringConvertible {
    package enum Step: Sendable, Hashable {
        /// Another `leat` is at work on the service.
        case waitingForLock
        /// The data lies outside of the project, because the server's user cannot enter a folder on the way there.
        case dataElsewhere(String, user: String, closed: String)
        case initialising(version: String)
        /// The server runs with other settings (another port).
        case restarting
        case starting
        /// The server was started by somebody else, and is not ready yet.
        case waitingForServer
        case creatingDatabase
        /// - Parameter changed: what is not as it was when the script ran last; empty the first time.
        case runningScript(String, changed: [String])
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
        case .dataElsewhere(let path, let user, let closed):
            "data in \(path), because user \(user) cannot enter \(closed)"
        case .initialising(let version): "making a PostgreSQL \(version) cluster"
        case .restarting: "restarting with changed settings"
        case .starting: "starting"
        case .waitingForServer: "waiting for the server, which is starting already"
        case .creatingDatabase: "creating user and database"
        case .runningScript(let path, changed: []): "running \(path)"
        case .runningScript(let path, let changed) where changed == [path]: "\(path) has changed: running it again"
        case .runningScript(let path, let changed):
            "\(changed.joined(separator: ", ")) \(changed.count == 1 ? "has" : "have") changed: running \(path) again"
        case .copied(let file, let rows): "loaded \(rows) \(rows == 1 ? "row" : "rows") of \(file)"
        case .scriptUnchanged(let path): "\(path) is unchanged"
        case .ready: "ready"
        }
    }
}

/// How a service is, as far as can be seen without changing anything.
package struct ServiceStatus: Sendable {
    package enum State: String, Sendable {
        /// No data yet.
        case absent
        case stopped
        /// The process lives but does not accept connections: it starts, recovers or ends.
        case starting
        case running
    }

    package let name: String
    package let state: State
    /// Where the server listens, or where leat.yml wants it.
    package let port: Int
    package let processID: Int?
    /// Of the running server, `15.4`, or only the major version of the data.
    package let version: String?
    package let dataDirectory: String
    package let logFile: String
}

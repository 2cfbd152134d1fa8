/// A service that is up.
package struct ServiceState: Sendable {
    package let name: String
    package let port: Int
    package let processID: Int
    /// Of the server: `15.4`.
    package let version: String
    package let dataDirectory: String
    package let logFile: String
    /// Whether the server ran before and was left as it is.
    package let wasRunning: Bool
    /// The init scripts that ran this time.
    package let scriptsRun: [String]
    package let duration: Duration
}

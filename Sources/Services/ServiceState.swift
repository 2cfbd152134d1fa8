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
    /// Why a script that had run before could not run again; the service is up, with the data from before.
    package let scriptFailure: ServicesError?
    package let duration: Duration
}

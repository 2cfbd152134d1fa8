import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTLS
import Logging
import NIOCore
package import Orchestrate
package import Project
import ServiceLifecycle

/// The pages and APIs of a project on one port.
///
/// ```swift
/// let server = try WebServer(project: current, store: store, access: access)
/// try await server.run { address in print("http://\(address)") }
/// ```
package struct WebServer: Sendable {
    let site: Site
    private let options: ServerOptions

    /// - Parameter store: the project's store, whose file is watched for changes.
    package init(
        project current: CurrentProject, store: any SchedulingStore & ValueStore, access: AccessStore,
        options: ServerOptions = ServerOptions(), metrics: ServerMetrics = ServerMetrics(),
        clock: any RunClock = SystemRunClock()
    ) throws {
        let project = current.project
        self.options = options
        let assets = Assets()
        let throttle = LoginThrottle()
        site = Site(
            current: current, store: store, access: access, gatekeeper: Gatekeeper(access: access, throttle: throttle),
            assets: assets, pages: PageRenderer(project: project.name, assetVersion: assets.version),
            pipelines: PipelineShelf(current, clock: clock), lineage: LineageShelf(current, clock: clock),
            warehouse: WarehouseShelf(current, clock: clock), pods: PodShelf(current, clock: clock), startedAt: clock.now(),
            feed: try ChangeFeed(path: ProjectStore.path(of: project)), clock: clock,
            isSecure: options.isBehindTLS || options.tls != nil,
            rate: RateLimit(rate: options.requestsPerSecond), metrics: metrics, requestLog: options.requestLog)
    }

    /// Serves until the Swift task is cancelled.
    /// - Parameter started: hears the address, such as `127.0.0.1:8080`, once requests are answered.
    /// - Throws: `ServeError` with code `serve.cannot_listen` or `serve.bad_certificate`.
    package func run(started: @escaping @Sendable (String) -> Void) async throws {
        try await Self.serve(site.router(), options, started: started)
    }

    /// Serves what a router answers until the Swift task is cancelled.
    static func serve(
        _ router: Router<RequestFrame>, _ options: ServerOptions, started: @escaping @Sendable (String) -> Void
    ) async throws {
        var logger = Logger(label: "leat.serve")
        logger.logLevel = .error
        let tls = try options.tls?.configuration()
        let application = Application(
            router: router, server: try tls.map { try .tls(.http1(), tlsConfiguration: $0) } ?? .http1(),
            configuration: ApplicationConfiguration(address: .hostname(options.host, port: options.port), serverName: "Leat"),
            onServerRunning: { [host = options.host] channel in
                started("\(host.contains(":") ? "[\(host)]" : host):\(channel.localAddress?.port ?? 0)")
            },
            logger: logger)
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(2)
        let group = ServiceGroup(configuration: configuration)
        // In a task of its own, so that answers under way are finished when this one is cancelled.
        let serving = Task { try await group.run() }
        do {
            try await withTaskCancellationHandler {
                try await serving.value
            } onCancel: {
                Task { await group.triggerGracefulShutdown() }
            }
        } catch let error as IOError {
            throw ServeError(
                .cannotListen, "the server cannot listen on \(options.host):\(options.port): \(error.localizedDescription)",
                hint: "choose another with --port or --host; perhaps a server runs there already")
        }
    }
}

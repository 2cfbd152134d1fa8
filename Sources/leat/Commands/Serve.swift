import ArgumentParser
import Documents
import Foundation
import Orchestrate
import Project
import Serve

struct Serve: AsyncParsableCommand, FormattedCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Run the scheduler and the web pages: obey the schedules of leat.yml, and what people and other commands ask for.",
        discussion: """
            It runs until Ctrl-C or SIGTERM. Tasks that are under way then are ended, and begun again by the next `leat serve`. leat.yml \
            is read again when it changes. The pages listen on this machine only unless --host says otherwise; where there is no user \
            yet, an admin is made and the password shown once.
            """)

    @OptionGroup var project: ProjectOptions

    @Option(name: .long, help: "The address that the pages listen on; 0.0.0.0 for all of this machine.")
    var host = "127.0.0.1"

    @Option(name: .long, help: "The port of the pages; 0 for any that is free.")
    var port = 8080

    @Flag(inversion: .prefixedNo, help: "Whether pages are served, or only the schedules obeyed.")
    var web = true

    @Flag(name: .long, help: "Browsers reach the pages over TLS, through a proxy: cookies ask for it.")
    var behindTLS = false

    @Option(name: .long, help: "How many requests each address may send a second; 0 for any number.")
    var rateLimit = 500

    @Flag(name: .long, help: "Tell of each request too: who asked for what, how long it took, and the id that its answer has.")
    var logRequests = false

    @Option(
        name: .customLong("tls-cert"), help: "A PEM file with the server's certificate and those above it: the pages speak TLS.")
    var tlsCertificate: String?

    @Option(name: .customLong("tls-key"), help: "The PEM file with the certificate's key, without a password.")
    var tlsKey: String?

    @Option(
        name: .long,
        help: "A lease in the cluster: of several servers that share the project's folder one serves, the others stand by.")
    var lease: String?

    @Option(name: .long, help: "How many seconds the lease lasts after it was renewed.")
    var leaseSeconds = 15

    @Option(name: .long, help: "text: a line for each thing that happens. json: one object a line.")
    var logFormat: LogFormat = .text

    mutating func validate() throws {
        if rateLimit < 0 { throw ValidationError("--rate-limit cannot be negative") }
        if leaseSeconds < 1 { throw ValidationError("--lease-seconds must be at least 1") }
        if (tlsCertificate == nil) != (tlsKey == nil) { throw ValidationError("--tls-cert and --tls-key go together") }
    }

    private var tls: TLSFiles? {
        tlsCertificate.flatMap { certificate in tlsKey.map { TLSFiles(certificate: certificate, key: $0) } }
    }

    private var serverOptions: ServerOptions {
        var options = ServerOptions(host: host, port: port, isBehindTLS: behindTLS, requestsPerSecond: rateLimit, tls: tls)
        if logRequests {
            let reporter = SchedulerReporter(format: logFormat)
            options.requestLog = { request in reporter.handle(request) }
        }
        return options
    }

    mutating func run() async throws {
        guard let lease else { return try await serve() }
        let command = self
        let lead = try ProjectLead(try project.load(), lease: lease, seconds: leaseSeconds)
        let reporter = SchedulerReporter(format: logFormat)
        try await lead.run(
            standby: {
                guard command.web else { return try await Task.sleep(for: .seconds(Int32.max)) }
                try await StandbyServer(options: command.serverOptions).run()
            },
            waiting: { reporter.standingBy(for: $0) }, leading: { try await command.serve() })
    }

    private func serve() async throws {
        let options = project
        let loaded = try options.load()
        let scheduler = try ProjectScheduler(loaded, read: { try options.load() })
        let server = web ? try await webServer(loaded, scheduler) { try options.load() } : nil
        let scheme = tls == nil ? "http" : "https"
        let events = scheduler.scheduler.events()
        let reporter = SchedulerReporter(format: logFormat)
        // A task of its own, for what happens while the scheduler stops is told as well.
        let reporting = Task { for await event in events { reporter.handle(event) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let server { group.addTask { try await server.run { reporter.listening(at: "\(scheme)://\($0)/") } } }
            group.addTask { try await scheduler.run() }
            // Neither goes on without the other.
            defer { group.cancelAll() }
            try await group.next()
        }
        await reporting.value
    }

    private func webServer(
        _ project: LeatProject, _ scheduler: ProjectScheduler, read: @escaping @Sendable () throws -> LeatProject
    ) async throws -> WebServer {
        let access = try AccessStore(path: ProjectStore.accessPath(of: project))
        if let first = try await access.makeFirstAdmin() {
            // To the terminal only: the log may be kept.
            Output.write("First login: \(first.name) with password \(first.password) (shown this once)", to: .standardError)
        }
        return try WebServer(
            project: try CurrentProject(project, read: read), store: scheduler.store, access: access, options: serverOptions,
            metrics: ServerMetrics(runs: scheduler.metrics, slots: scheduler.scheduler.slots))
    }
}

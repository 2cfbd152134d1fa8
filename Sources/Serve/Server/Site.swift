import Documents
import HTTPTypes
import Hummingbird
import Orchestrate
import Project

/// Everything that the pages stand on, and the table of all addresses.
struct Site: Sendable {
    let current: CurrentProject
    let store: any SchedulingStore & ValueStore
    let access: AccessStore
    let gatekeeper: Gatekeeper
    let assets: Assets
    let pages: PageRenderer
    let pipelines: PipelineShelf
    let lineage: LineageShelf
    let warehouse: WarehouseShelf
    let pods: PodShelf
    let startedAt: Timestamp
    let feed: ChangeFeed
    let clock: any RunClock
    /// Whether browsers reach the server over TLS, so that cookies may ask for it.
    let isSecure: Bool
    let rate: RateLimit
    let metrics: ServerMetrics
    /// Hears of each request that was answered; nil for no log of them.
    let requestLog: (@Sendable (RequestEntry) -> Void)?

    /// The project as it is now.
    var project: LeatProject { current.project }

    /// What starts, stops and repeats runs in the name of who asks.
    func control(_ context: RequestFrame) -> RunControl {
        RunControl(store: store, author: Author(context.visitor?.name ?? "nobody"), clock: clock)
    }

    /// All addresses of the server.
    var routes: [Route] {
        [
            [
                .get("/assets/:name", nil) { [assets] request, context in
                    try assets.response(for: try context.part("name"), request)
                },
                .get("/health", nil) { _, _ in Response(json: ["status": "ok"]) },
                // The same of a server that waits for the lead, which `/health` is not.
                .get("/health/live", nil) { _, _ in Response(json: ["status": "ok"]) },
            ],
            loginRoutes, homeRoutes, pipelineRoutes, triggerRoutes, backfillRoutes, runRoutes, selectionRoutes, taskRoutes,
            connectionRoutes, connectionFormRoutes, connectorRoutes, queryRoutes, lineageRoutes, modelRoutes, healthRoutes,
            userRoutes, valueRoutes, systemRoutes,
            liveRoutes, metricsRoutes,
            airflowRoutes, airbyteRoutes, LeatAPI(site: self).routes,
        ].flatMap { $0 }
    }

    /// The router over all routes, each behind its door.
    func router() -> Router<RequestFrame> {
        let router = Router(context: RequestFrame.self)
        router.add(middleware: Frame())
        if let requestLog { router.add(middleware: RequestLog(clock: clock, report: requestLog)) }
        router.add(middleware: ErrorAnswers(pages: pages))
        router.add(middleware: RateGuard(limit: rate))
        router.add(middleware: gatekeeper)
        router.add(middleware: ErrorAnswers(pages: pages))
        for route in routes {
            let doorman = Doorman(route: route)
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try doorman.check(request, context)
                var context = context
                if pages.isWanted(by: request) { context.storeVersion = await feed.version() }
                return try await route.handler(request, context)
            }
        }
        return router
    }
}

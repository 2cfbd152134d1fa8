import Documents
import Hummingbird
import Orchestrate
import Project
import ServiceLifecycle

extension LeatAPI {
    /// Health, the document of the API, events, and hooks.
    var systemRoutes: [Route] {
        [
            route(
                .get, "/health", nil,
                APIOperation(id: "health", summary: "How the server is", tag: "system", answer: .json(APISchemas.ref("Health")))
            ) { _, _ in
                [
                    "status": .string(site.current.problem == nil ? "ok" : "degraded"),
                    "scheduler": .bool(site.store.isSchedulerRunning()), "project": .string(site.project.name),
                    "problem": site.current.problem == nil
                        ? .null : "the project's file has a mistake; its last right state counts",
                ]
            },
            route(
                .get, "/openapi.json", nil,
                APIOperation(id: "openapi", summary: "This document", tag: "system", answer: .json(APISchemas.record))
            ) { _, _ in OpenAPIDocument(title: site.project.name, routes: site.routes).json },
            Route(
                method: .get, path: APIOperation.prefix + "/events", permission: .look,
                operation: APIOperation(
                    id: "events", summary: "An event `change` whenever anything in the records is new", tag: "system",
                    answer: .events)
            ) { _, _ in Self.events(site.feed) },
            Route(
                method: .post, path: APIOperation.prefix + "/hooks/:pipeline", permission: .run,
                operation: APIOperation(
                    id: "hook", summary: "Start a run from outside; the document is the run's parameters", tag: "system",
                    body: APISchemas.record, answer: .created(APISchemas.ref("Run")))
            ) { request, context in try await hook(request, context) },
        ]
    }

    private static func events(_ feed: ChangeFeed) -> Response {
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
            var number = 0
            for await isChange in EventPulse(feed.changes(since: nil)).cancelOnGracefulShutdown() {
                number += 1
                try await writer.write(
                    ByteBuffer(string: isChange ? "event: change\nid: \(number)\ndata: {}\n\n" : ": still here\n\n"))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }

    /// Services that send webhooks can often set no header but their own, and send what they like: what is no object, or nothing that
    /// the pipeline's parameters take, is refused with the reason.
    private func hook(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let pipeline = try site.pipeline(context)
        let body = try await Doorman.json(request, context)
        guard body.object != nil else {
            throw Problem(.unprocessableContent, "the document is no object", hint: "send the parameters of the run as an object")
        }
        let run = try await site.control(context).trigger(
            pipeline.definition, RunRequest(parameters: body, note: "webhook of \(site.author(context))"))
        return Response(json: Self.document(run), status: .created)
    }
}

import HTTPTypes
import Hummingbird
import ServiceLifecycle

extension Site {
    /// Server-sent events: `change` whenever something in the store is new, and a comment now and then so that proxies and
    /// servers notice when the other side has gone.
    var liveRoutes: [Route] {
        [
            .get("/events", .look) { [feed] request, _ in
                let known = request.fields["since"].flatMap { Int($0) }
                let body = ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                    for await isChange in EventPulse(feed.changes(since: known)).cancelOnGracefulShutdown() {
                        try await writer.write(ByteBuffer(string: isChange ? "event: change\ndata: {}\n\n" : ": still here\n\n"))
                    }
                    try await writer.finish(nil)
                }
                return Response(
                    status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
            }
        ]
    }
}

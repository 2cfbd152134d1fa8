import Documents
import Foundation
import Kubernetes
import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL
import Synchronization

/// An API server for tests. It has the parts of the real one that a client can trip over: versions of objects and watches from them,
/// bookmarks, 410 after a compaction, pages of lists, preconditions, refusals by rules of the cluster, streamed logs; and can be
/// told to lose answers, to have too much to do, to cut streams, and to go and come back.
package final class TestAPIServer: Sendable {
    /// Something that goes wrong with the next requests of a kind.
    package enum Fault: Sendable {
        case status(Int, retryAfter: Int? = nil, reason: String = "", message: String = "")
        /// Does what is asked, and hangs up before it answers.
        case loseAnswer
        /// Hangs up before it does anything.
        case hangUp
    }

    /// What a watch or log that is open shall do.
    enum Order: Sendable {
        case none, end, cut
        /// Send the first half of the next object, and hang up.
        case cutWithin
        /// Say that the version is too old.
        case expire
        case bookmark
    }

    struct State {
        var faults: [(verb: String, resource: String, fault: Fault)] = []
        var denied: Set<String> = []
        var tokens: Set<String> = []
        var orders: [Int: Order] = [:]
        var requests: [String] = []
        var channels: [ObjectIdentifier: any Channel] = [:]
        var listener: (any Channel)?
        var task: Task<Void, Never>?
        var port = 0
        var streamCount = 0
        var isStopped = false
    }

    package let store: ObjectStore
    let state = Mutex(State())
    private let tls: NIOSSLContext?

    package init(store: ObjectStore = ObjectStore(), tls: TLSConfiguration? = nil) throws {
        self.store = store
        self.tls = try tls.map { try NIOSSLContext(configuration: $0) }
        store.setAdmission { resource, object in
            if resource == "pods" { try ObjectRules.check(pod: object, object.at("metadata", "name")?.string ?? "") }
        }
    }

    package var port: Int { state.withLock { $0.port } }
    package var address: String { "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)" }

    /// Begins to listen: on any port the first time, on the same one after a stop.
    package func start() async throws {
        let tls = tls
        state.withLock { $0.isStopped = false }
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 1024)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandler(ResponseParts())
                    return try NIOAsyncChannel<HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>>(
                        wrappingChannelSynchronously: channel)
                }
            }
        let task = Task {
            await withDiscardingTaskGroup { group in
                try? await listener.executeThenClose { connections in
                    for try await connection in connections { group.addTask { await self.serve(connection) } }
                }
                group.cancelAll()
            }
        }
        state.withLock { state in
            state.port = listener.channel.localAddress?.port ?? 0
            state.listener = listener.channel
            state.task = task
        }
    }

    /// Hangs up on everybody and listens no more; what is stored stays.
    package func stop() async {
        let (listener, channels, task) = state.withLock { state in
            defer {
                state.listener = nil
                state.task = nil
            }
            state.isStopped = true
            return (state.listener, Array(state.channels.values), state.task)
        }
        try? await listener?.close().get()
        for channel in channels { try? await channel.close().get() }
        store.ring()
        await task?.value
    }

    private func serve(_ connection: NIOAsyncChannel<HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>>) async {
        let id = ObjectIdentifier(connection.channel)
        let isWelcome = state.withLock { state in
            state.channels[id] = connection.channel
            return !state.isStopped
        }
        defer { state.withLock { $0.channels[id] = nil } }
        try? await connection.executeThenClose { inbound, outbound in
            // Accepted in the moment of the stop.
            guard isWelcome else { return }
            var head: HTTPRequestHead?
            var body: [UInt8] = []
            for try await part in inbound {
                switch part {
                case .head(let new): (head, body) = (new, [])
                case .body(let buffer): body += buffer.readableBytesView
                case .end:
                    guard let head else { return }
                    let writer = ResponseWriter(outbound: outbound, channel: connection.channel)
                    try await RequestHandler(server: self, head: head, body: body, writer: writer).handle()
                }
            }
        }
    }

    // MARK: Trouble

    /// Has the next requests of a kind go wrong, one for each fault.
    package func fail(_ verb: String, _ resource: String, _ faults: Fault...) {
        state.withLock { $0.faults += faults.map { (verb, resource, $0) } }
    }

    /// Takes rights away: `create pods`.
    package func deny(_ rights: String...) { state.withLock { $0.denied.formUnion(rights) } }
    package func allowAll() { state.withLock { $0.denied = [] } }

    /// From now on only requests with one of these tokens are answered.
    package func accept(tokens: String...) { state.withLock { $0.tokens = Set(tokens) } }

    /// All requests so far: `list pods`.
    package var requests: [String] { state.withLock { $0.requests } }
    /// How many watches and logs are open.
    package var openStreams: Int { state.withLock { $0.orders.count } }

    package func endStreams() { order(.end) }
    package func cutStreams() { order(.cut) }
    package func cutWithinNextObject() { order(.cutWithin) }
    package func expireWatches() { order(.expire) }
    package func sendBookmarks() { order(.bookmark) }

    private func order(_ order: Order) {
        state.withLock { state in for id in state.orders.keys { state.orders[id] = order } }
        store.ring()
    }

    func takeFault(_ verb: String, _ resource: String) -> Fault? {
        state.withLock { state in
            guard let index = state.faults.firstIndex(where: { $0.verb == verb && $0.resource == resource }) else { return nil }
            return state.faults.remove(at: index).fault
        }
    }

    func note(_ request: String) { state.withLock { $0.requests.append(request) } }

    func openStream() -> Int {
        state.withLock { state in
            state.streamCount += 1
            state.orders[state.streamCount] = Order.none
            return state.streamCount
        }
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    func closeStream(_ id: Int) { state.withLock { $0.orders[id] = nil } }

    /// The order of a stream, once.
    func takeOrder(_ id: Int) -> Order {
        state.withLock { state in
            guard let order = state.orders[id] else { return .cut }
            if case .cutWithin = order { return order }
            state.orders[id] = Order.none
            return order
        }
    }
}

/// Turns the parts that cross threads into those of the HTTP pipeline.
private final class ResponseParts: ChannelOutboundHandler {
    typealias OutboundIn = HTTPPart<HTTPResponseHead, ByteBuffer>
    typealias OutboundOut = HTTPServerResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body(let buffer): context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: promise)
        case .end(let trailers): context.write(wrapOutboundOut(.end(trailers)), promise: promise)
        }
    }
}

/// Writes one answer.
struct ResponseWriter {
    let outbound: NIOAsyncChannelOutboundWriter<HTTPPart<HTTPResponseHead, ByteBuffer>>
    let channel: any Channel

    func answer(_ status: Int, _ body: [UInt8], type: String = "application/json", retryAfter: Int? = nil) async throws {
        var headers = HTTPHeaders([("content-type", type), ("content-length", String(body.count))])
        if let retryAfter { headers.add(name: "retry-after", value: String(retryAfter)) }
        try await outbound.write(contentsOf: [
            .head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)),
            .body(ByteBuffer(bytes: body)), .end(nil),
        ])
    }

    func begin(type: String) async throws {
        let headers = HTTPHeaders([("content-type", type), ("transfer-encoding", "chunked")])
        try await outbound.write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
    }

    func piece(_ bytes: some Sequence<UInt8>) async throws { try await outbound.write(.body(ByteBuffer(bytes: bytes))) }
    func end() async throws { try await outbound.write(.end(nil)) }
    func hangUp() async throws { try await channel.close().get() }
}

import Documents
import Foundation
import Kubernetes
import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL
import Synchronization
import TestSupport

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

    /// Somebody who has connected, and who answers there.
    struct Connection {
        let channel: any Channel
        let task: Task<Void, Never>
    }

    struct State {
        var faults: [(verb: String, resource: String, fault: Fault)] = []
        var denied: Set<String> = []
        var tokens: Set<String> = []
        var orders: [Int: Order] = [:]
        var requests: [String] = []
        var connections: [ObjectIdentifier: Connection] = [:]
        var listener: (any Channel)?
        var port = 0
        var streamCount = 0
        var isStopped = false
        var closesConnections = false
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
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (requests, continuation) = AsyncStream.makeStream(of: ReceivedRequest.self)
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandlers([ResponseParts(), RequestCollector(continuation)])
                    self.welcome(channel, requests)
                }
            }
        var attempt = 1
        while true {
            // One that no outgoing connection takes while the server is away.
            let wanted = try port == 0 ? TestCluster.freePort() : port
            do {
                let listener = try await bootstrap.bind(host: "127.0.0.1", port: wanted).get()
                return state.withLock { ($0.listener, $0.port) = (listener, wanted) }
            } catch  where port == 0 ? attempt < 5 : attempt < 1000 {
                attempt += 1
                // A process that is just being started holds all files of this one for a moment, also a listener that is closed.
                if port != 0 { try await Task.sleep(for: .milliseconds(10)) }
            }
        }
    }

    /// Hangs up on everybody and listens no more; what is stored stays.
    package func stop() async {
        let (listener, connections) = state.withLock { state in
            defer { state.listener = nil }
            state.isStopped = true
            return (state.listener, Array(state.connections.values))
        }
        try? await listener?.close().get()
        for connection in connections { try? await connection.channel.close().get() }
        for connection in connections { await connection.task.value }
    }

    private func welcome(_ channel: any Channel, _ requests: AsyncStream<ReceivedRequest>) {
        let id = ObjectIdentifier(channel)
        let task: Task<Void, Never>? = state.withLock { state in
            // Accepted in the moment of the stop.
            guard !state.isStopped else { return nil }
            let task = Task {
                await self.serve(channel, requests)
                self.state.withLock { $0.connections[id] = nil }
            }
            state.connections[id] = Connection(channel: channel, task: task)
            return task
        }
        guard let task else { return channel.close(promise: nil) }
        // Whoever hangs up waits for nothing more.
        channel.closeFuture.whenComplete { _ in task.cancel() }
    }

    private func serve(_ channel: any Channel, _ requests: AsyncStream<ReceivedRequest>) async {
        for await request in requests {
            let isLast = state.withLock { $0.closesConnections }
            do {
                try await RequestHandler(
                    server: self, head: request.head, body: request.body,
                    writer: ResponseWriter(channel: channel, isLast: isLast)
                ).handle()
                if isLast { break }
            } catch {
                break
            }
        }
        try? await channel.close().get()
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

    /// From now on each connection is good for one request, as of a server that is about to go.
    package func closeConnections() { state.withLock { $0.closesConnections = true } }

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

/// A request, whole.
private struct ReceivedRequest: Sendable {
    let head: HTTPRequestHead
    let body: [UInt8]
}

/// Gathers the parts of requests.
private final class RequestCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let requests: AsyncStream<ReceivedRequest>.Continuation
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ requests: AsyncStream<ReceivedRequest>.Continuation) { self.requests = requests }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let new): (head, body) = (new, [])
        case .body(let buffer): body += buffer.readableBytesView
        case .end: if let head { requests.yield(ReceivedRequest(head: head, body: body)) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        requests.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
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
    let channel: any Channel
    /// Whether nothing more is answered on this connection.
    var isLast = false

    private func write(_ parts: HTTPPart<HTTPResponseHead, ByteBuffer>...) async throws {
        for part in parts.dropLast() { channel.write(part, promise: nil) }
        if let last = parts.last { try await channel.writeAndFlush(last).get() }
    }

    func answer(_ status: Int, _ body: [UInt8], type: String = "application/json", retryAfter: Int? = nil) async throws {
        var headers = HTTPHeaders([("content-type", type), ("content-length", String(body.count))])
        if let retryAfter { headers.add(name: "retry-after", value: String(retryAfter)) }
        if isLast { headers.add(name: "connection", value: "close") }
        try await write(
            .head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)),
            .body(ByteBuffer(bytes: body)), .end(nil))
    }

    func begin(type: String) async throws {
        var headers = HTTPHeaders([("content-type", type), ("transfer-encoding", "chunked")])
        if isLast { headers.add(name: "connection", value: "close") }
        try await write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
    }

    func piece(_ bytes: some Sequence<UInt8>) async throws { try await write(.body(ByteBuffer(bytes: bytes))) }
    func end() async throws { try await write(.end(nil)) }
    func hangUp() async throws { try await channel.close().get() }
}

import HTTPTypes
import Hummingbird
import Synchronization

/// How many requests an address may send: so many a second, and some more at once. Styles and scripts do not count.
final class RateLimit: Sendable {
    private struct Bucket {
        var tokens: Double
        var last: ContinuousClock.Instant
    }

    private let rate: Double
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])
    private static let capacity = 10_000

    /// - Parameter rate: requests a second; 0 lets all through.
    init(rate: Int) {
        self.rate = Double(rate)
        burst = self.rate * 3
    }

    /// After how many seconds the next request is let through; nil for now.
    func wait(of key: String, at now: ContinuousClock.Instant = .now) -> Int? {
        guard rate > 0 else { return nil }
        return buckets.withLock { buckets in
            if buckets.count >= Self.capacity {
                buckets = buckets.filter { $0.value.last.duration(to: now) < .seconds(10) }
            }
            var bucket = buckets[key] ?? Bucket(tokens: burst, last: now)
            bucket.tokens = min(burst, bucket.tokens + bucket.last.duration(to: now).secondsValue * rate)
            bucket.last = now
            defer { buckets[key] = bucket }
            guard bucket.tokens >= 1 else { return max(1, Int(((1 - bucket.tokens) / rate).rounded(.up))) }
            bucket.tokens -= 1
            return nil
        }
    }
}

/// Turns away who sends more than the rate allows.
struct RateGuard: RouterMiddleware {
    typealias Context = RequestFrame

    let limit: RateLimit

    @concurrent func handle(
        _ request: Request, context: RequestFrame, next: @concurrent (Request, RequestFrame) async throws -> Response
    ) async throws -> Response {
        if !request.uri.path.hasPrefix("/assets/"), let seconds = limit.wait(of: context.remoteAddress) {
            var problem = Problem(
                .tooManyRequests, "these are too many requests", hint: "wait \(seconds) s, then go on more slowly")
            problem.retryAfter = seconds
            throw problem
        }
        return try await next(request, context)
    }
}

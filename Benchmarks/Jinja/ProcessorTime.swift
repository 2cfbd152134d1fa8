import Benchmark

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Measures CPU time, which other programs on the machine disturb little. google/swift-benchmark, which measures elapsed
/// time only, repeats the calls until there are enough of them.
enum ProcessorTime {
    /// The shortest time that a call has taken.
    private final class Best {
        var seconds = Double.infinity
    }

    /// The CPU seconds of one call: the best of all.
    static func best(_ name: String, _ body: @escaping () throws -> Void) throws -> Double {
        let best = Best()
        let suite = BenchmarkSuite(name: "Jinja")
        suite.benchmark(name) {
            let start = now()
            try body()
            best.seconds = min(best.seconds, now() - start)
        }
        var runner = BenchmarkRunner(
            suites: [suite], settings: [Format(.none), Quiet(true), MinTime(seconds: 0.4), WarmupIterations(1)],
            customDefaults: defaultSettings)
        try runner.run()
        return best.seconds
    }

    /// The CPU seconds of this process so far.
    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

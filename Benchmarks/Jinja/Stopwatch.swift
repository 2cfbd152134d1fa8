#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Measures CPU time, which other programs on the machine disturb little.
enum Stopwatch {
    /// The CPU seconds of one call: the best of several rounds of at least 50 ms each.
    static func best(rounds: Int = 4, _ body: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        var repeats = 1
        var round = 0
        while round < rounds {
            let start = now()
            for _ in 0..<repeats { try body() }
            let elapsed = now() - start
            if elapsed < 0.05 && round == 0 {
                repeats = max(repeats + 1, Int(Double(repeats) * 0.06 / max(elapsed, 1e-6)))
                continue
            }
            best = min(best, elapsed / Double(repeats))
            round += 1
        }
        return best
    }

    /// The CPU seconds of this process so far.
    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

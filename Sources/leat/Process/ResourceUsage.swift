import Foundation

/// What this process has used so far.
struct ResourceUsage: Sendable {
    var userSeconds: Double
    var systemSeconds: Double
    var peakKibibytes: Int
    var blocksRead: Int
    var blocksWritten: Int

    static func current() -> ResourceUsage {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
            let peak = Int(usage.ru_maxrss) / 1024
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            let peak = Int(usage.ru_maxrss)
        #endif
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
        return ResourceUsage(
            userSeconds: seconds(usage.ru_utime), systemSeconds: seconds(usage.ru_stime), peakKibibytes: peak,
            blocksRead: Int(usage.ru_inblock), blocksWritten: Int(usage.ru_oublock))
    }
}

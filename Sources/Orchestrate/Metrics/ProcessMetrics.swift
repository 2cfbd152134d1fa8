import Foundation

/// What Prometheus' clients tell of their own process, under the names that they have in common.
package enum ProcessMetrics {
    /// - Parameter startedAt: when the process began.
    package static func write(to out: inout MetricsText, startedAt: Timestamp) {
        var usage = rusage()
        #if canImport(Darwin)
            let status = getrusage(RUSAGE_SELF, &usage)
        #else
            let status = getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #endif
        if status == 0 {
            func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
            out.single(
                "process_cpu_seconds_total", .counter, "Processor time of the process.",
                seconds(usage.ru_utime) + seconds(usage.ru_stime))
        }
        if let bytes = residentMemory {
            out.single("process_resident_memory_bytes", .gauge, "Memory that the process holds.", Double(bytes))
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd").count {
            out.single("process_open_fds", .gauge, "Files that the process has open.", Double(files))
        }
        out.single(
            "process_start_time_seconds", .gauge, "When the process began, in seconds since 1970.",
            Double(startedAt.microseconds) / 1e6)
    }

    /// Where /proc tells it.
    private static var residentMemory: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let words = text.split(separator: " ")
        return words.count > 1 ? Int(words[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
    }
}

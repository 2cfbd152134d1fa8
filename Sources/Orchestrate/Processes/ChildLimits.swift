import Foundation
import Processes
import Synchronization

/// What a child and all that it has started may use.
package struct ChildLimits: Sendable, Hashable {
    /// Resident memory in bytes, of all its processes together.
    package var memory: Int?
    /// Processor time, of all its processes together.
    package var cpuTime: Duration?

    package init(memory: Int? = nil, cpuTime: Duration? = nil) {
        self.memory = memory
        self.cpuTime = cpuTime
    }

    var isEmpty: Bool { memory == nil && cpuTime == nil }

    /// The words that start a command under limits of the kernel's own, for who cannot be watched: of processor time, a second more.
    func wrapped(_ words: [String]) -> [String] {
        guard let cpuTime else { return words }
        let seconds = Int(cpuTime.inSeconds.rounded(.up)) + 1
        return ["/bin/sh", "-c", "ulimit -t \(seconds); exec \"$@\"", "limits"] + words
    }
}

/// Looks what a process group uses, and kills it where that is too much.
///
/// The system's own limits count each process by itself, and a program that meets them says so in its own words or not at all; so the
/// group is looked at four times a second. Who uses more within less time than that is found out a moment late.
final class LimitWatch: Sendable {
    private let limits: ChildLimits
    private let group: ProcessGroup
    private let breach = Mutex<TaskFailure?>(nil)

    private static let interval = Duration.milliseconds(250)

    /// nil where there is nothing to watch.
    init?(_ limits: ChildLimits, _ group: ProcessGroup) {
        guard !limits.isEmpty else { return nil }
        self.limits = limits
        self.group = group
    }

    /// Looks until the task is cancelled or a limit was met.
    func run() async {
        repeat {
            guard let usage = GroupUsage(of: group.id), let failure = failure(usage) else { continue }
            breach.withLock { $0 = failure }
            group.send(SIGKILL)
            return
        } while (try? await Task.sleep(for: Self.interval)) != nil
    }

    private func failure(_ usage: GroupUsage) -> TaskFailure? {
        if let limit = limits.memory, usage.memory > limit {
            return TaskFailure(
                "the command met its limit of memory: it held \(Self.megabytes(usage.memory)) MB, and may hold \(Self.megabytes(limit)) MB",
                code: "task.memory_limit", hint: "give it more: `memory:`")
        }
        if let limit = limits.cpuTime, usage.cpuTime > limit { return Self.cpuFailure(limit) }
        return nil
    }

    private static func megabytes(_ bytes: Int) -> Int { (bytes + 524_288) / 1_048_576 }

    private static func cpuFailure(_ limit: Duration) -> TaskFailure {
        TaskFailure(
            "the command met its limit of processor time, \(limit.shortText)", code: "task.cpu_limit",
            hint: "give it more: `cpu_time:`")
    }

    /// The limit that the command has met; nil where it ended for another reason.
    func failure(_ status: ExitStatus) -> TaskFailure? {
        if let failure = breach.withLock({ $0 }) { return failure }
        if let limit = limits.cpuTime, status == .signalled(SIGXCPU) { return Self.cpuFailure(limit) }
        return nil
    }
}

/// What the processes of a group use at the moment.
private struct GroupUsage {
    var memory = 0
    var cpuTime = Duration.zero

    /// nil where the system does not tell it (there is no /proc).
    init?(of group: Int32) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc"), names.contains("self") else {
            return nil
        }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        for name in names where name.first?.isNumber == true {
            guard let text = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")")
            else { continue }
            // The fields of proc(5) from the third on: what comes before is the name, which may hold anything.
            let fields = text[end...].dropFirst().split(separator: " ")
            guard fields.count > 21, Int32(fields[2]) == group else { continue }
            memory += (Int(fields[21]) ?? 0) * page
            // With those of children that were waited for.
            let used = fields[11...14].reduce(0.0) { $0 + (Double($1) ?? 0) }
            cpuTime += .microseconds(Int64(used / ticks * 1e6))
        }
    }
}

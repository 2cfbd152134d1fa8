import Foundation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Who listens on a port of this machine.
struct PortOwner: Sendable {
    /// Nil where the system does not tell, for instance about processes of other users.
    let processID: pid_t?
    let command: [String]

    /// Nil if the port is free on the loopback addresses.
    static func find(port: Int) -> PortOwner? {
        guard !canBind(port: port) else { return nil }
        let processID = listener(port: port)
        return PortOwner(processID: processID, command: processID.map(ServerProcess.commandLine) ?? [])
    }

    /// The data folder, if it is a PostgreSQL server that was started with one.
    var dataDirectory: String? {
        guard command.first?.hasSuffix("postgres") == true, let flag = command.firstIndex(of: "-D"), flag + 1 < command.count
        else {
            return nil
        }
        return command[flag + 1]
    }

    /// `the service 'clients' of /home/ada/shop (process 4711)`.
    var description: String {
        guard let processID else { return "another process" }
        if let folder = dataDirectory.map({ ($0 as NSString).deletingLastPathComponent }) {
            let name = (folder as NSString).lastPathComponent
            let parent = (folder as NSString).deletingLastPathComponent
            if parent.hasSuffix("/.leat/services") {
                return "the service '\(name)' of \(parent.dropLast("/.leat/services".count)) (process \(processID))"
            }
            if let project = FileSystem.read(parent + "/project") {
                return "the service '\(name)' of \(project.trimmingCharacters(in: .newlines)) (process \(processID))"
            }
        }
        let program = command.first.map { ($0 as NSString).lastPathComponent } ?? "another process"
        return "\(program) (process \(processID))"
    }

    private static func canBind(port: Int) -> Bool {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = in_port_t(port).bigEndian
        four.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = in_port_t(port).bigEndian
        six.sin6_addr = in6addr_loopback
        return canBind(AF_INET, four) && canBind(AF_INET6, six)
    }

    private static func canBind<Address>(_ family: Int32, _ address: Address) -> Bool {
        #if canImport(Darwin)
            let file = socket(family, SOCK_STREAM, 0)
        #else
            let file = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #endif
        // A machine without IPv6 has nothing that could be taken there.
        guard file >= 0 else { return true }
        defer { close(file) }
        var yes: Int32 = 1
        setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let status = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(file, $0, socklen_t(MemoryLayout<Address>.size)) }
        }
        return status == 0 || errno != EADDRINUSE
    }

    /// Linux lists the sockets in /proc/net and who has them open in /proc/PID/fd.
    private static func listener(port: Int) -> pid_t? {
        var sockets: Set<String> = []
        for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
            for line in (FileSystem.read(table) ?? "").split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                guard fields.count > 9, fields[3] == "0A", let number = fields[1].split(separator: ":").last else { continue }
                if Int(number, radix: 16) == port { sockets.insert("socket:[\(fields[9])]") }
            }
        }
        guard !sockets.isEmpty else { return nil }
        for processID in FileSystem.names(in: "/proc").compactMap({ pid_t($0) }) {
            let folder = "/proc/\(processID)/fd"
            for name in FileSystem.names(in: folder) {
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
                if let target, sockets.contains(target) { return processID }
            }
        }
        return nil
    }
}

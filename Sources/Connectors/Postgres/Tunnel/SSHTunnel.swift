import Processes
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A port of this machine that leads to a server which only another machine can reach, by the system's `ssh`.
///
/// It ends with the last reference; and with this process, however that ends.
final class SSHTunnel: Sendable {
    let port: Int
    private let process: SpawnedProcess
    private let complaints: Mutex<String>
    private let input: Mutex<Int32?>

    /// Opens it. Blocks until the way is there, or `timeout` is over.
    /// - Throws: ``ConnectorError``, with what `ssh` has said.
    init(
        _ settings: TunnelSettings, to host: String, _ remotePort: Int, timeout: Duration, isCancelled: () -> Bool
    ) throws(ConnectorError) {
        let deadline = ContinuousClock.now + timeout
        while true {
            let attempt = try Self.attempt(settings, host, remotePort, timeout, deadline, isCancelled)
            if let process = attempt.process {
                self.process = process
                port = attempt.port
                complaints = Mutex(attempt.said)
                input = Mutex(process.input)
                return
            }
            // Somebody else has taken the port since it was found to be free.
            guard attempt.said.contains("Address already in use"), ContinuousClock.now < deadline else {
                throw SSHComplaint(attempt.said, settings).error
            }
        }
    }

    deinit {
        closeInput()
        process.group.send(SIGTERM)
        _ = process.group.reap()
        close(process.output)
        close(process.errors)
    }

    /// As the end of this process would: the tunnel ends by itself.
    func closeInput() {
        input.withLock { file in
            if let file { close(file) }
            file = nil
        }
    }

    var isOpen: Bool { !process.group.hasEnded }

    /// What `ssh` has complained of so far: of a server that the other machine cannot reach, for instance.
    var said: String {
        complaints.withLock { text in
            text += Self.available(process.errors)
            return text
        }
    }

    private static func attempt(
        _ settings: TunnelSettings, _ host: String, _ remotePort: Int, _ timeout: Duration,
        _ deadline: ContinuousClock.Instant, _ isCancelled: () -> Bool
    ) throws(ConnectorError) -> (process: SpawnedProcess?, port: Int, said: String) {
        let port = freePort()
        var command = SSHCommand(settings, timeout: timeout)
        // Read when it logs in, not later.
        defer { command.removeFiles() }
        let target = host.contains(":") ? "[\(host)]" : host
        let words = try command.words(forwarding: "127.0.0.1:\(port):\(target):\(remotePort)")
        let process: SpawnedProcess
        do {
            process = try SpawnedProcess(words, environment: command.environment, hasInput: true)
        } catch {
            throw ConnectorError(.process, "the tunnel cannot be started: \(error.reason)", failureType: .system)
        }
        _ = fcntl(process.errors, F_SETFL, O_NONBLOCK)
        var heard = ""
        while !heard.contains(SSHCommand.ready) {
            var entry = pollfd(fd: process.output, events: Int16(POLLIN), revents: 0)
            let count = poll(&entry, 1, 100)
            let isLate = ContinuousClock.now >= deadline
            var hasEnded = isLate || isCancelled()
            if count > 0 {
                var bytes = [UInt8](repeating: 0, count: 256)
                let length = read(process.output, &bytes, bytes.count)
                if length > 0 { heard += String(decoding: bytes[..<length], as: UTF8.self) } else { hasEnded = true }
            }
            guard hasEnded else { continue }
            if let input = process.input { close(input) }
            process.group.send(SIGKILL)
            _ = process.group.reap()
            let said = available(process.errors)
            close(process.output)
            close(process.errors)
            return (nil, port, isLate && said.isEmpty ? SSHComplaint.timedOut : said)
        }
        return (process, port, "")
    }

    /// What can be read without waiting.
    private static func available(_ file: Int32) -> String {
        var text = ""
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(file, &bytes, bytes.count)
            if count <= 0 { return text }
            text += String(decoding: bytes[..<count], as: UTF8.self)
        }
    }

    /// A port that was free a moment ago; 0 if there is none.
    private static func freePort() -> Int {
        #if canImport(Darwin)
            let file = socket(AF_INET, SOCK_STREAM, 0)
        #else
            let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        defer { close(file) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(file, address, length) == 0 ? getsockname(file, address, &length) : -1
            }
        }
        return status == 0 ? Int(in_port_t(bigEndian: address.sin_port)) : 0
    }
}

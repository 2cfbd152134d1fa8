#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A program that was run to its end, and what it wrote.
package struct FinishedProcess: Sendable {
    package let status: ExitStatus
    package let output: [UInt8]
    /// What it wrote on standard error.
    package let errors: [UInt8]

    /// Runs `words[0]`, found on PATH unless it has a slash, and waits until it has ended; what it has left running is killed.
    ///
    /// Blocks: for threads that may.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments; at least one.
    ///   - environment: the whole environment, `NAME=value`; nil is that of this process.
    ///   - folder: where it runs; nil is where this process does.
    /// - Throws: ``SpawnError`` if it cannot be started. With a folder, that is the exit code 126 or 127 instead, as of a shell.
    package static func run(
        _ words: [String], environment: [String]? = nil, in folder: String? = nil
    ) throws(SpawnError) -> FinishedProcess {
        // posix_spawn cannot change the folder everywhere.
        let moving = folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0] } ?? []
        return FinishedProcess(attending: try SpawnedProcess(moving + words, environment: environment))
    }

    /// Takes what a process without input writes until it has ended; what it has left running is killed. Blocks.
    package init(attending process: SpawnedProcess) {
        var (output, errors) = (Collector(process.output), Collector(process.errors))
        while !output.hasEnded || !errors.hasEnded {
            var waits = [
                pollfd(fd: output.hasEnded ? -1 : output.file, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.hasEnded ? -1 : errors.file, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&waits, 2, 100)
            // Somebody that it has left behind may hold the other ends for ever.
            if ready == 0, process.group.hasEnded { break }
            if waits[0].revents != 0 { output.read() }
            if waits[1].revents != 0 { errors.read() }
        }
        status = process.group.reap()
        close(process.output)
        close(process.errors)
        self.output = output.bytes
        self.errors = errors.bytes
    }

    private struct Collector {
        let file: Int32
        var bytes: [UInt8] = []
        var hasEnded = false

        init(_ file: Int32) { self.file = file }

        mutating func read() {
            let piece = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                #if canImport(Darwin)
                    count = max(0, Darwin.read(file, buffer.baseAddress, buffer.count))
                #else
                    count = max(0, Glibc.read(file, buffer.baseAddress, buffer.count))
                #endif
            }
            bytes += piece
            hasEnded = piece.isEmpty
        }
    }
}

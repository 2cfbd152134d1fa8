import Clibpq

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension BlockingConnection {
    /// Runs a `COPY ... FROM STDIN`, whose data `body` writes; writes are gathered into messages of 64 KB.
    ///
    /// If `body` throws, the COPY is undone, and the connection remains usable.
    /// - Returns: the number of rows that the server took.
    @discardableResult
    package func copyIn(_ sql: String, _ body: (inout CopyWriter) throws -> Void) throws -> Int {
        try beginCopyIn(sql)
        var writer = CopyWriter(self)
        do {
            try body(&writer)
            try writer.flush()
        } catch {
            // The server's own complaint comes first: a write that failed is only its consequence.
            if copyState == .in { abandonCopy(reason: "the client gave up") }
            throw error
        }
        return try endCopyIn()
    }

    func beginCopyIn(_ sql: String) throws(PostgresError) {
        try beginCopy(sql, expecting: PGRES_COPY_IN)
        copyState = .in
        // libpq reads what the server says whenever it waits itself, and keeps it until the end; so the waiting is done here.
        PQsetnonblocking(try open(), 1)
    }

    /// Sends one message.
    ///
    /// - Throws: ``PostgresError`` also for a row that was sent earlier, soon after the server has refused it.
    func putCopyData(_ bytes: UnsafeRawBufferPointer) throws(PostgresError) {
        let raw = try open()
        // libpq counts in Int32.
        var rest = bytes[...]
        while !rest.isEmpty {
            if isReadable(raw), isRefused(raw) { throw failedCopyIn() }
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 20))
            if PQsslInUse(raw) == 0 { try send(part, raw) } else { try put(part, raw) }
            rest = rest.dropFirst(part.count)
        }
    }

    /// Sends a CopyData message past libpq, which holds nothing at this time: it would read the server's refusal while it
    /// waits, and say nothing of it until the end.
    private func send(_ bytes: UnsafeRawBufferPointer, _ raw: OpaquePointer) throws(PostgresError) {
        var hasBeenRefused = false
        var sent = 0
        let header = Self.copyDataHeader(bytes.count)
        let total = header.count + bytes.count
        while sent < total {
            let count = header.withUnsafeBytes { header in
                Self.send(header.dropFirst(sent), bytes.dropFirst(max(0, sent - header.count)), to: PQsocket(raw))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                var entry = pollfd(fd: PQsocket(raw), events: Int16(POLLIN | POLLOUT), revents: 0)
                _ = poll(&entry, 1, -1)
                // A message that was begun has to be finished, for the server to find the end of it.
                if entry.revents & Int16(POLLIN) != 0, isRefused(raw) { hasBeenRefused = true }
            } else if errno != EINTR {
                // libpq finds out why when it reads.
                _ = PQconsumeInput(raw)
                throw failedCopyIn()
            }
        }
        if hasBeenRefused { throw failedCopyIn() }
    }

    private static func copyDataHeader(_ count: Int) -> [UInt8] {
        [UInt8(ascii: "d")] + withUnsafeBytes(of: UInt32(count + 4).bigEndian, Array.init)
    }

    private static func send(
        _ first: Slice<UnsafeRawBufferPointer>, _ second: Slice<UnsafeRawBufferPointer>, to socket: Int32
    ) -> Int {
        var pieces = [first, second].map {
            iovec(
                iov_base: UnsafeMutableRawPointer(mutating: UnsafeRawBufferPointer(rebasing: $0).baseAddress), iov_len: $0.count)
        }
        return pieces.withUnsafeMutableBufferPointer { pieces in
            var message = msghdr()
            message.msg_iov = pieces.baseAddress
            message.msg_iovlen = numericCast(pieces.count)
            #if canImport(Darwin)
                // libpq has told the socket that nobody wants the signal.
                return sendmsg(socket, &message, 0)
            #else
                return sendmsg(socket, &message, Int32(MSG_NOSIGNAL))
            #endif
        }
    }

    /// Sends a message by libpq, which alone can encrypt. What the server says in between is seen most of the time.
    private func put(_ bytes: UnsafeRawBufferPointer, _ raw: OpaquePointer) throws(PostgresError) {
        guard PQputCopyData(raw, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count)) == 1 else {
            throw failedCopyIn()
        }
        while true {
            switch PQflush(raw) {
            case 0: return
            case 1: break
            default: throw failedCopyIn()
            }
            var entry = pollfd(fd: PQsocket(raw), events: Int16(POLLIN | POLLOUT), revents: 0)
            _ = poll(&entry, 1, -1)
            if entry.revents & Int16(POLLIN) != 0, isRefused(raw) { throw failedCopyIn() }
        }
    }

    private func isReadable(_ raw: OpaquePointer, within milliseconds: Int32 = 0) -> Bool {
        var entry = pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) > 0
    }

    /// Whether what the server has just sent is its refusal. During a COPY in it sends nothing else but notices, which libpq
    /// hands over, while it leaves an error where it is until the COPY ends. (An error right behind a notice is taken for part of
    /// that, and heard of at the end.)
    private func isRefused(_ raw: OpaquePointer) -> Bool {
        let before = noticeSink.count
        repeat {
            guard PQconsumeInput(raw) == 1 else { return true }
            // Makes libpq look at what there is.
            _ = PQisBusy(raw)
            if noticeSink.count != before { return false }
            // The rest of a notice would not be long in coming.
        } while isReadable(raw, within: 200)
        return true
    }

    /// Ends the data and waits for the server to have taken it all.
    func endCopyIn() throws(PostgresError) -> Int {
        let raw = try open()
        guard PQputCopyEnd(raw, nil) == 1 else { throw failedCopyIn() }
        copyState = .none
        defer { PQsetnonblocking(raw, 0) }
        return try lastResult().affectedRows
    }

    /// What the server had to say when it took no more data.
    private func failedCopyIn() -> PostgresError {
        let own = failure()
        if copyState == .in, let handle { _ = PQputCopyEnd(handle, "the server has refused it already") }
        copyState = .none
        defer { if let handle { PQsetnonblocking(handle, 0) } }
        do {
            _ = try lastResult()
            return own
        } catch {
            return error
        }
    }
}

/// Takes an HTTP answer apart while it comes.
struct AnswerReader {
    /// The next bytes; empty at the end of the connection.
    private let next: () throws -> [UInt8]
    private var buffer: ArraySlice<UInt8> = []
    private var length: Int?
    private var isChunked = false
    private var hasBody = true

    init(_ next: @escaping () throws -> [UInt8]) { self.next = next }

    /// Reads the head.
    /// - Returns: the status.
    mutating func head() throws -> Int {
        let first = try line()
        let words = first.split(separator: " ")
        guard words.count > 1, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw TaskFailure("the container engine does not answer in HTTP: \(first.prefix(100))", code: "container.engine")
        }
        while true {
            let header = try line().lowercased()
            if header.isEmpty { break }
            let value = header.drop { $0 != ":" }.dropFirst().drop { $0 == " " }
            if header.hasPrefix("content-length:") { length = Int(value) }
            if header.hasPrefix("transfer-encoding:") { isChunked = value.contains("chunked") }
        }
        hasBody = status != 204 && status != 304
        return status
    }

    /// Hands over the body, piece by piece.
    mutating func body(_ take: (ArraySlice<UInt8>) -> Void) throws {
        guard hasBody else { return }
        if isChunked {
            while true {
                let size = Int(try line().prefix { $0 != ";" }, radix: 16) ?? 0
                guard size > 0 else { return }
                try pass(size, take)
                _ = try line()
            }
        } else if let length {
            try pass(length, take)
        } else {
            repeat {
                if !buffer.isEmpty { take(buffer) }
                buffer = try next()[...]
            } while !buffer.isEmpty
        }
    }

    private mutating func pass(_ count: Int, _ take: (ArraySlice<UInt8>) -> Void) throws {
        var left = count
        while left > 0 {
            if buffer.isEmpty { try fill() }
            take(buffer.prefix(left))
            let taken = min(left, buffer.count)
            buffer = buffer.dropFirst(taken)
            left -= taken
        }
    }

    private mutating func line() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                let line = buffer[..<end]
                buffer = buffer[(end + 1)...]
                return String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
            }
            try fill()
        }
    }

    private mutating func fill() throws {
        let bytes = try next()
        guard !bytes.isEmpty else {
            throw TaskFailure("the container engine hung up within an answer", code: "container.engine", isInfrastructure: true)
        }
        buffer = buffer.isEmpty ? bytes[...] : buffer + bytes
    }
}

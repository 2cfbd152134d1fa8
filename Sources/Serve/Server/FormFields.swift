import Hummingbird
import NIOCore

/// The fields of a form or of a query: names and values, decoded, in their order.
///
/// Format: application/x-www-form-urlencoded of the WHATWG URL standard.
struct FormFields: Sendable {
    /// Names and values, in their order.
    let all: [(name: String, value: String)]

    init(parsing text: String) {
        all = text.utf8.split(separator: UInt8(ascii: "&")).compactMap { field in
            let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(String(Substring(parts[0]))) else { return nil }
            return (name, parts.count > 1 ? Self.decode(String(Substring(parts[1]))) ?? "" : "")
        }
    }

    private init(all: [(name: String, value: String)]) { self.all = all }

    /// All but those of one name.
    func without(_ name: String) -> FormFields { FormFields(all: all.filter { $0.name != name }) }

    /// The fields in a request's body, at most 1 MB of them.
    init(body request: Request) async throws {
        let buffer = try await request.body.collect(upTo: 1 << 20)
        self.init(parsing: String(buffer: buffer))
    }

    /// The first value of a field; nil where there is none.
    subscript(name: String) -> String? { all.first { $0.name == name }?.value }

    /// All values of a field.
    func all(_ name: String) -> [String] { all.filter { $0.name == name }.map(\.value) }

    /// Replaces `%41` and `+` by what they stand for; nil where the bytes are no UTF-8.
    static func decode(_ text: String, plusIsSpace: Bool = true) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// A text as one part of a path or query.
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Request {
    /// The fields of the query.
    var fields: FormFields { FormFields(parsing: uri.query ?? "") }
}

import Documents
import Jinja

/// The names that dbt gives to generic tests.
enum GenericTestName {
    /// The full name, for the id, and the one that fits a relation's name, which is hashed where the full one is too long.
    ///
    /// - Parameters:
    ///   - type: the test's name, with its namespace before it and `source_` before that of a source.
    ///   - target: the name of what is tested.
    static func synthesize(type: String, target: String, arguments: JSON.Members) -> (short: String, full: String) {
        var parts: [String] = []
        for entry in arguments.entries.sorted(by: { $0.key < $1.key }) where entry.key != "model" {
            switch entry.value {
            case .object(let members): parts += members.entries.map { python($0.value) }
            case .array(let items): parts += items.map(python)
            default: parts.append(python(entry.value))
            }
        }
        let identifier = type + "_" + target
        let full = identifier + "_" + parts.map(clean).joined(separator: "__")
        guard full.unicodeScalars.count >= 64 else { return (full, full) }
        let beginning = String(String.UnicodeScalarView(identifier.unicodeScalars.prefix(30)))
        return (beginning + "_" + Checksum.md5(full), full)
    }

    /// The last ten digits of the digest of everything that tells the test apart.
    static func hash(name: String, test: String, namespace: String?, arguments: JSON.Members) -> String {
        let metadata: JSON = [
            "namespace": namespace.map(JSON.string) ?? .null, "name": .string(test), "kwargs": .object(arguments),
        ]
        var bytes = Array(name.utf8)
        append(metadata, to: &bytes)
        return String(Checksum.md5(bytes).suffix(10))
    }

    /// Python's `repr` of the data with sorted keys and all scalars as texts.
    private static func append(_ value: JSON, to bytes: inout [UInt8]) {
        switch value {
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, entry) in members.entries.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { bytes.append(contentsOf: ", ".utf8) }
                append(text: entry.key, to: &bytes)
                bytes.append(contentsOf: ": ".utf8)
                append(entry.value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(contentsOf: ", ".utf8) }
                append(item, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .string(let text): append(text: text, to: &bytes)
        default: append(text: python(value), to: &bytes)
        }
    }

    /// A text as Python's `repr` writes it.
    private static func append(text: String, to bytes: inout [UInt8]) {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\\") }
        guard isPlain else { return bytes.append(contentsOf: Value.string(text).pythonRepr.utf8) }
        bytes.append(UInt8(ascii: "'"))
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: "'"))
    }

    private static func python(_ value: JSON) -> String { Value(value).pythonString }

    /// Every run of other characters than letters, digits and underscores becomes one underscore.
    private static func clean(_ text: String) -> String {
        var out: [UInt8] = []
        var isInRun = false
        for byte in text.utf8 {
            if (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "_") {
                out.append(byte)
                isInRun = false
            } else if !isInRun {
                out.append(UInt8(ascii: "_"))
                isInRun = true
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

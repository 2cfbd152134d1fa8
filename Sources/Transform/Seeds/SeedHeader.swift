import Diagnostics

/// The first row of a seed: the names of its columns.
struct SeedHeader {
    /// Unique, and none of them empty.
    private(set) var names: [String] = []
    private var written: Set<String> = []

    /// Reads the row and gives columns the names that agate gives them: a letter in place of none, a number to repeated ones.
    init(
        _ scanner: inout CSVScanner, in bytes: Span<UInt8>, place: SeedPlace, warnings: inout [SeedTable.Warning]
    ) throws(TransformError) {
        let start = scanner.offset
        guard start < bytes.count, !scanner.skipEmptyLine(in: bytes) else {
            throw TransformError(
                .seed, start < bytes.count ? "the first line of the seed is empty" : "the seed is empty",
                location: place.location(of: start), hint: "the first line names the columns")
        }
        var taken: Set<String> = []
        while true {
            let offset = scanner.offset
            let field = scanner.next(in: bytes)
            let text = field.isDecoded ? String(decoding: scanner.decoded, as: UTF8.self) : Self.text(bytes, field)
            written.insert(text)
            let wanted = text.isEmpty ? Self.letter(names.count) : text
            var name = wanted
            var number = 2
            while taken.contains(name) {
                name = "\(wanted)_\(number)"
                number += 1
            }
            if name != text {
                let message =
                    text.isEmpty
                    ? "column \(names.count + 1) of the seed has no name and is called '\(name)'"
                    : "the seed has more than one column '\(text)'; this one is called '\(name)'"
                warnings.append(SeedTable.Warning(message: message, location: place.location(of: offset)))
            }
            taken.insert(name)
            names.append(name)
            if field.endsRow { break }
        }
    }

    /// The types of `column_types` by the index of their column; warns of those that name no column, as dbt does.
    func overridden(
        by columnTypes: [String: String], seed: String, place: SeedPlace, warnings: inout [SeedTable.Warning]
    ) -> [Int: String] {
        var types: [Int: String] = [:]
        for (name, type) in columnTypes where written.contains(name) {
            if let index = names.firstIndex(of: name) { types[index] = type }
        }
        let unknown = columnTypes.keys.filter { !written.contains($0) }.sorted()
        if !unknown.isEmpty {
            let message =
                "Column types specified for non-existent columns in seed '\(seed)' (file: \(place.file)): "
                + "\(unknown.joined(separator: ", ")). These column type overrides will be ignored."
            warnings.append(SeedTable.Warning(message: message, location: SourceLocation(file: place.file, line: 1)))
        }
        return types
    }

    private static func text(_ bytes: Span<UInt8>, _ field: CSVScanner.Field) -> String {
        bytes.extracting(field.start..<field.end).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// a to z, then aa, bb ...
    private static func letter(_ index: Int) -> String {
        String(repeating: Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(index % 26))), count: index / 26 + 1)
    }
}

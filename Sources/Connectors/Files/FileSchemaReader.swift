import Diagnostics
import Records

/// Finds out which columns files have, and of which types.
struct FileSchemaReader {
    let settings: FileSettings
    let isCancelled: () -> Bool

    /// The stream that the files are.
    /// - Throws: ``ConnectorError`` where one of them is not what it should be.
    func stream(_ files: [FileEntry]) throws(ConnectorError) -> DiscoveredStream {
        var names: [String] = []
        var guesses: [String: TypeGuess] = [:]
        var documents = JSONLinesSchema()
        var rows = 0
        var bytes = 0
        for file in files {
            let format = try settings.format(of: file)
            let opened = try settings.open(file, isCancelled: isCancelled)
            if format == .jsonl {
                let reader = JSONLinesReader(opened, path: file.path)
                while settings.inferredRows == 0 || reader.line < settings.inferredRows, let line = try reader.next() {
                    if documents.take(line) {
                        rows += 1
                    } else if settings.invalidValues != .skip {
                        throw reader.broken(line)
                    }
                }
                bytes += reader.bytesTaken
                for name in documents.names where !names.contains(name) { names.append(name) }
            } else {
                let reader = try CSVReader(opened, path: file.path, dialect: settings.dialect(format))
                guard let header = try reader.header() else { continue }
                for name in header where guesses[name] == nil {
                    names.append(name)
                    guesses[name] = TypeGuess()
                }
                try infer(reader, header, &guesses)
                rows += reader.rows
                bytes += reader.bytesTaken
            }
        }
        guard !names.isEmpty else {
            throw ConnectorError(
                .data, "\(files.map(\.path).joined(separator: ", ")) has no columns",
                hint: "it is empty; name the columns with columns: [...] if that may be")
        }
        try checkTypes(names)
        let fields = names.map { name in
            let guess: LogicalType =
                guesses[name].map { settings.infersTypes ? $0.type : .string } ?? documents.type(of: name)
            return Field(name: name, type: settings.columnTypes[name] ?? guess)
        }
        var stream = DiscoveredStream(
            descriptor: StreamDescriptor(name: settings.streamName), kind: .file, fields: fields,
            estimatedRows: estimate(rows: rows, bytes: bytes, files))
        stream.hasOwnCursor = true
        return stream
    }

    private func infer(_ reader: CSVReader, _ header: [String], _ guesses: inout [String: TypeGuess]) throws(ConnectorError) {
        let nulls = settings.dialect.nulls
        var columns = header.map { guesses[$0] ?? TypeGuess() }
        while settings.inferredRows == 0 || reader.rows < settings.inferredRows, try reader.next(width: header.count) {
            for index in 0..<min(reader.count, header.count) {
                let field = reader.fields[index]
                let length = field.end - field.start
                let bytes = UnsafeBufferPointer(start: reader.base + field.start, count: length)
                if length == 0 || !field.isQuoted && nulls.contains(where: { $0.elementsEqual(bytes) }) {
                    columns[index].takeNull()
                } else if let start = bytes.baseAddress {
                    columns[index].take(start, length)
                }
            }
        }
        for (index, name) in header.enumerated() { guesses[name] = columns[index] }
    }

    private func checkTypes(_ names: [String]) throws(ConnectorError) {
        for name in settings.columnTypes.keys.sorted() where !names.contains(name) {
            throw ConnectorError(
                .configuration, "column_types names the column '\(name)', which \(settings.streamName) has not",
                hint: Suggestion.hint(for: name, in: names) ?? "its columns are \(names.joined(separator: ", "))")
        }
    }

    /// By the size of the files, where that is known.
    private func estimate(rows: Int, bytes: Int, _ files: [FileEntry]) -> Int? {
        let sizes = files.compactMap(\.size)
        guard rows > 0, bytes > 0, sizes.count == files.count, !files.contains(where: { $0.name.hasSuffix(".gz") }) else {
            return nil
        }
        return max(rows, Int(Double(sizes.reduce(0, +)) * Double(rows) / Double(bytes)))
    }
}

extension FileSettings {
    /// The dialect of files of a format.
    func dialect(_ format: Format) -> CSVDialect {
        var dialect = dialect
        if format == .tsv, dialect.delimiter == nil { dialect.delimiter = 0x09 }
        return dialect
    }
}

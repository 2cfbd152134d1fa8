import Documents
import Records

extension FileSourceSession {
    /// Tuples are handed over in pieces of about this many bytes.
    private static let pieceSize = 128 << 10

    /// Reads the files one after the other. What comes is COPY BINARY, with the changes of each row as last field where
    /// values may be changed.
    ///
    /// In an incremental sync only files that are new or have changed since the last are read; the state names them all.
    func read(_ request: ReadRequest, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let files = try settings.location.files(settings.download, isCancelled: isCancelled)
        var history = request.mode.isIncremental ? FileHistory(request.sourceState) : FileHistory(nil)
        changedValues = 0
        rejectedRows = 0
        rejected = []
        try RecordEncoder.header.withUnsafeBytes(body)
        for file in files where !history.has(file) {
            if try settings.format(of: file) == .jsonl {
                try readLines(file, request, body)
            } else {
                try readRows(file, request, body)
            }
            history.add(file)
        }
        try RecordEncoder.trailer.withUnsafeBytes(body)
        finalState = history.json
    }

    private func readRows(_ file: FileEntry, _ request: ReadRequest, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let isCancelled = isCancelled
        let opened = try settings.open(file, isCancelled: isCancelled)
        let reader = try CSVReader(opened, path: file.path, dialect: settings.dialect(try settings.format(of: file)))
        guard let header = try reader.header() else { return }
        let fields = request.columns.map { column in
            (name: column.field.column, type: column.cast == "text" ? .string : column.field.type)
        }
        var encoder = CSVTupleEncoder(reader, header: header, fields: fields, settings: settings)
        let output = TupleBuffer(capacity: Self.pieceSize + (64 << 10))
        while try reader.next(width: header.count) {
            do {
                try encoder.append(to: output)
            } catch {
                guard settings.invalidValues == .skip else { throw error }
                reject(error)
            }
            if output.count >= Self.pieceSize {
                try body(output.bytes)
                output.removeAll()
                if isCancelled() { throw CancellationError() }
            }
        }
        if output.count > 0 { try body(output.bytes) }
        changedValues += encoder.changes
    }

    private func readLines(_ file: FileEntry, _ request: ReadRequest, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let isCancelled = isCancelled
        let reader = JSONLinesReader(try settings.open(file, isCancelled: isCancelled), path: file.path)
        var encoder = RecordEncoder(columns: request.columns, sendsChanges: sendsChanges)
        var output: [UInt8] = []
        var skippedChanges = 0
        while let line = try reader.next() {
            let scanner = JSONScanner(bytes: line)
            let before = encoder.changes
            let start = output.count
            let isText = scanner.isText(0..<line.count)
            guard encoder.append(scanner, data: 0..<line.count, known: [], isText: isText, to: &output) else {
                guard settings.invalidValues == .skip else { throw reader.broken(line) }
                reject(reader.broken(line))
                continue
            }
            if encoder.changes > before, settings.invalidValues != .null, let change = encoder.lastChange {
                let error = unfit(change.field, scanner, change.value, reader)
                guard settings.invalidValues == .skip else { throw error }
                output.removeSubrange(start...)
                skippedChanges += encoder.changes - before
                reject(error)
            }
            if output.count >= Self.pieceSize {
                try output.withUnsafeBytes(body)
                output.removeAll(keepingCapacity: true)
                if isCancelled() { throw CancellationError() }
            }
        }
        try output.withUnsafeBytes(body)
        changedValues += encoder.changes - skippedChanges
    }

    private func unfit(
        _ field: Field, _ line: JSONScanner, _ value: Range<Int>, _ reader: JSONLinesReader
    ) -> ConnectorError {
        guard line.isText(value) else {
            return reader.error(
                "the value of '\(field.name)' is not UTF-8", line.bytes, at: value.lowerBound,
                hint: "set encoding if the file has another, or invalid_values: null")
        }
        if field.type == .string {
            return reader.error(
                "the value of '\(field.name)' holds the character zero, which PostgreSQL has not", line.bytes,
                at: value.lowerBound, hint: "set invalid_values: null to keep the row without it")
        }
        let text = line.text(value)
        return reader.error(
            "the value of '\(field.name)' is no \(field.type.rawValue): \(text.prefix(60))\(text.count > 60 ? "..." : "")",
            line.bytes, at: value.lowerBound, hint: "set column_types: {\(field.name): string}, or invalid_values: null")
    }
}

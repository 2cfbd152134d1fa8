import Records

/// Takes files apart, on a thread that may block.
struct FileReading: Sendable {
    typealias Pieces = ReadAhead<(figures: Figures, history: FileHistory)>

    /// What there is to say at the end.
    struct Figures: Sendable {
        /// How many values did not fit their columns and are null.
        var changedValues = 0
        /// How many rows were left out.
        var rejectedRows = 0
        /// Why the first of them were; each with its place.
        var rejected: [ConnectorError] = []

        /// Counts a row that is left out; of the first few it is said why.
        mutating func reject(_ error: ConnectorError) {
            rejectedRows += 1
            if rejected.count < 5 { rejected.append(error) }
        }
    }

    /// Tuples are handed over in pieces of about this many bytes.
    private static let pieceSize = 64 << 10

    private let settings: FileSettings
    private let request: ReadRequest
    private let files: [FileEntry]
    private let isCancelled: @Sendable () -> Bool
    private var figures = Figures()

    init(settings: FileSettings, request: ReadRequest, files: [FileEntry], isCancelled: @escaping @Sendable () -> Bool) {
        self.settings = settings
        self.request = request
        self.files = files
        self.isCancelled = isCancelled
    }

    /// Reads the files that are wanted.
    @Sendable
    func run(_ pieces: Pieces) throws -> (figures: Figures, history: FileHistory) {
        var reading = self
        var history = request.mode.isIncremental ? FileHistory(request.sourceState) : FileHistory(nil)
        for file in files where !history.has(file) {
            if try settings.format(of: file) == .jsonl {
                try reading.readLines(file, pieces)
            } else {
                try reading.readRows(file, pieces)
            }
            history.add(file)
        }
        return (reading.figures, history)
    }

    /// Whether to stop in the middle of a file that is slow to come.
    private func isCancelled(_ pieces: Pieces) -> () -> Bool {
        { [isCancelled] in isCancelled() || pieces.isAbandoned }
    }

    /// Hands over what there is and leaves nothing.
    private func hand(_ output: inout [UInt8], _ pieces: Pieces) throws {
        guard !output.isEmpty else { return }
        let buffer = pieces.buffer()
        buffer.append(output)
        pieces.keep(try pieces.exchange(buffer))
        output.removeAll(keepingCapacity: true)
    }

    private mutating func readRows(_ file: FileEntry, _ pieces: Pieces) throws {
        let opened = try settings.open(file, isCancelled: isCancelled(pieces))
        let reader = try CSVReader(opened, path: file.path, dialect: settings.dialect(try settings.format(of: file)))
        guard let header = try reader.header() else { return }
        let fields = request.columns.map { column in
            (name: column.field.column, type: column.cast == "text" ? .string : column.field.type)
        }
        var encoder = CSVTupleEncoder(reader, header: header, fields: fields, settings: settings)
        var output = pieces.buffer()
        while try reader.next(width: header.count) {
            do {
                try encoder.append(to: output)
            } catch {
                guard settings.invalidValues == .skip else { throw error }
                figures.reject(error)
            }
            if output.count >= Self.pieceSize {
                output = try pieces.exchange(output)
                if isCancelled() { throw CancellationError() }
            }
        }
        if output.count > 0 { pieces.keep(try pieces.exchange(output)) }
        figures.changedValues += encoder.changes
    }

    private mutating func readLines(_ file: FileEntry, _ pieces: Pieces) throws {
        let reader = JSONLinesReader(try settings.open(file, isCancelled: isCancelled(pieces)), path: file.path)
        var encoder = RecordEncoder(columns: request.columns, sendsChanges: settings.sendsChanges)
        var output: [UInt8] = []
        var skippedChanges = 0
        while let line = try reader.next() {
            let scanner = JSONScanner(bytes: line)
            let before = encoder.changes
            let start = output.count
            let isText = scanner.isText(0..<line.count)
            guard encoder.append(scanner, data: 0..<line.count, known: [], isText: isText, to: &output) else {
                guard settings.invalidValues == .skip else { throw reader.broken(line) }
                figures.reject(reader.broken(line))
                continue
            }
            if encoder.changes > before, settings.invalidValues != .null, let change = encoder.lastChange {
                let error = unfit(change.field, scanner, change.value, reader)
                guard settings.invalidValues == .skip else { throw error }
                output.removeSubrange(start...)
                skippedChanges += encoder.changes - before
                figures.reject(error)
            }
            if output.count >= Self.pieceSize {
                try hand(&output, pieces)
                if isCancelled() { throw CancellationError() }
            }
        }
        try hand(&output, pieces)
        figures.changedValues += encoder.changes - skippedChanges
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

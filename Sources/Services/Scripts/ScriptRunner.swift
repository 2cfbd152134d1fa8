import Crypto
import Diagnostics
import Foundation
import Postgres

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs one init script in one transaction, on a thread that may block.
struct ScriptRunner {
    let script: InitScript
    let project: String
    let connection: BlockingConnection
    /// Whether it ran before, so that what it makes is there already.
    var isAgain = false
    let onCopied: (_ file: String, _ rows: Int) -> Void

    /// SHA-256 over the script and the files that it copies.
    ///
    /// - Throws: ``ServicesError`` if one of them cannot be read.
    func version() throws -> ScriptRecord.Version {
        let paths = [script.path] + script.copiedFiles
        let stamps = paths.map { ScriptRecord.Stamp($0, project: project) }
        var hash = SHA256()
        hash.update(data: script.bytes)
        for step in script.steps {
            guard case .copy(let command, let offset) = step else { continue }
            hash.update(data: Array("\0\(command.file)\0".utf8))
            try read(command.file, named: offset) { hash.update(bufferPointer: $0) }
        }
        let fingerprint = hash.finalize().map { String(format: "%02x", $0) }.joined()
        return ScriptRecord.Version(fingerprint: fingerprint, stamps: stamps)
    }

    /// Runs everything and commits.
    ///
    /// - Parameter beforeCommit: gets the number of the transaction.
    /// - Throws: ``ServicesError`` with the place in the script or in the data; then nothing has changed.
    func run(beforeCommit: (Int) throws -> Void) throws {
        try connection.execute("begin")
        for step in script.steps {
            try Task.checkCancellation()
            switch step {
            case .statement(let text, let offset): try execute(text, at: offset)
            case .copy(let command, let offset): try copy(command, at: offset)
            case .inlineCopy(let text, let offset, let data): try inlineCopy(text, at: offset, data)
            }
        }
        try Task.checkCancellation()
        try beforeCommit(try connection.execute("select txid_current()").scalar?.int ?? 0)
        // Constraints that wait for the end may still fail.
        try execute("commit", at: max(0, script.bytes.count - 1), isInScript: false)
    }

    /// - Parameter isInScript: whether the script has this text at `offset`.
    @discardableResult
    private func execute(_ text: String, at offset: Int, isInScript: Bool = true) throws -> QueryResult {
        do {
            return try connection.execute(text)
        } catch {
            throw error.isCancellation ? error : failure(error, text, at: offset, isInScript: isInScript)
        }
    }

    private func inlineCopy(_ text: String, at offset: Int, _ data: Range<Int>) throws {
        do {
            try connection.copyIn(text) { writer in try writer.write(Array(script.bytes[data])) }
        } catch let error as PostgresError where !error.isCancellation {
            guard let complaint = CopyComplaint(error) else { throw failure(error, text, at: offset) }
            let first = script.location(data.lowerBound).line ?? 1
            var refused = failure(error, text, at: offset)
            refused.kind = .dataRefused
            refused.location = SourceLocation(file: script.path, line: first + complaint.line - 1)
            throw refused
        }
    }

    private func copy(_ command: CopyCommand, at offset: Int) throws {
        let columns = try columns(of: command, at: offset)
        do {
            let rows = try connection.copyIn(command.sql) { writer in
                try read(command.file, named: offset) { try writer.write($0) }
            }
            onCopied(command.file, rows)
        } catch let error as PostgresError where !error.isCancellation {
            guard let complaint = CopyComplaint(error) else { throw failure(error, command.sql, at: offset, isInScript: false) }
            throw refusal(error, complaint, command, columns, at: offset)
        }
    }

    /// The columns that the file's values go to, in order; asked for beforehand, since afterwards the transaction has failed.
    private func columns(of command: CopyCommand, at offset: Int) throws -> [String] {
        let list = command.columnList.isEmpty ? "*" : String(command.columnList.dropFirst().dropLast())
        let names = try execute("select \(list) from \(command.table) limit 0", at: offset, isInScript: false).columns.map(\.name)
        guard command.columnList.isEmpty else { return names }
        // Without a list, COPY leaves out what the server computes itself.
        let generated = try connection.query(
            "select attname from pg_attribute where attrelid = to_regclass($1) and attgenerated <> ''", [.string(command.table)])
        let computed = Set(generated.compactMap { $0[0].string })
        return names.filter { !computed.contains($0) }
    }

    /// A data file that does not fit: where in the file, and what stands there.
    private func refusal(
        _ error: PostgresError, _ complaint: CopyComplaint, _ command: CopyCommand, _ columns: [String], at offset: Int
    ) -> ServicesError {
        let format = DataFormat(options: command.options)
        let column = complaint.column(of: columns) ?? error.columnName
        var field = column.flatMap { columns.firstIndex(of: $0) }
        if field == nil, error.sqlState == .badCopyFileFormat {
            if error.message.hasPrefix("extra data") { field = columns.count }
            if error.message.hasPrefix("missing data") { field = .max }
        }
        var place: DataLocator.Place?
        if !format.isBinary, let data = try? Data(contentsOf: url(command.file), options: .alwaysMapped) {
            place = data.withUnsafeBytes { bytes in
                let locator = DataLocator(format: format)
                let culprit =
                    switch error.sqlState {
                    case "22021": locator.invalidByte(in: bytes)
                    case .badCopyFileFormat where error.message.hasPrefix("unterminated"): locator.openQuote(in: bytes)
                    default: nil as DataLocator.Place?
                    }
                return culprit ?? locator.find(line: complaint.line, field: field, in: bytes)
            }
        }
        var reason = error.message
        if let column, let value = place?.value {
            let suffix = ": \"\(value)\""
            if reason.hasSuffix(suffix) { reason.removeLast(suffix.count) }
            reason = "\"\(Self.shortened(value))\" does not fit column \(column) of \(command.table): \(reason)"
        } else {
            reason = "does not fit \(command.table): \(reason)"
        }
        return ServicesError(
            .dataRefused, reason,
            location: SourceLocation(file: command.file, line: place?.line ?? complaint.line, column: place?.column),
            hint: error.hint ?? (isAgain && error.sqlState == .uniqueViolation ? Self.againHint : nil),
            details: (error.detail.map { [$0] } ?? []) + ["read by \(script.location(offset)); nothing was changed"])
    }

    /// The error of a statement at its place in the script.
    private func failure(_ error: PostgresError, _ text: String, at offset: Int, isInScript: Bool = true) -> ServicesError {
        var place = offset
        if isInScript, let position = error.position {
            place += String(String.UnicodeScalarView(text.unicodeScalars.prefix(position - 1))).utf8.count
        }
        var hint = error.hint
        if hint == nil, error.sqlState?.rawValue.hasPrefix("42P0") == true || error.sqlState == .duplicateObject {
            if error.message.contains("already exists") {
                hint = Self.againHint
            }
        }
        return ServicesError(
            .scriptFailed, error.message, location: script.location(place), hint: hint,
            details: error.details.filter { !$0.hasPrefix("SQLSTATE") } + [
                "SQLSTATE \(error.sqlState?.rawValue ?? "-"); nothing was changed"
            ])
    }

    private static let againHint = """
        the script runs again when it or a file that it copies has changed: write `create table if not exists`, and \
        `truncate` before \\copy (all of it is one transaction, so nobody sees the table empty)
        """

    private func url(_ file: String) -> URL { URL(fileURLWithPath: InitScript.path(file, in: project)) }

    /// Hands a file's bytes to `body`, a megabyte at a time.
    private func read(_ name: String, named offset: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let file = open(InitScript.path(name, in: project), O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw unreadable(name, at: offset) }
        defer { close(file) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = systemRead(file, buffer.baseAddress, buffer.count)
            guard count >= 0 else { throw unreadable(name, at: offset) }
            if count == 0 { return }
            try Task.checkCancellation()
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The last system call failed on a data file.
    private func unreadable(_ name: String, at offset: Int) -> ServicesError {
        ServicesError(
            .scriptMissing, "the file \(name) cannot be read: \(String(cString: strerror(errno)))",
            location: script.location(offset), hint: "paths in init scripts are relative to the project's folder, \(project)")
    }

    private static func shortened(_ value: String) -> String { value.count > 100 ? value.prefix(100) + "..." : value }
}

#if canImport(Darwin)
    private let systemRead = Darwin.read
#else
    private let systemRead = Glibc.read
#endif

import Documents
import Records

/// What the configuration of a file source says.
struct FileSettings: Sendable {
    enum Format: String, Sendable, CaseIterable {
        case csv
        case tsv
        case jsonl
    }
    enum Compression: String, Sendable, CaseIterable {
        /// What the first bytes say.
        case auto
        case none
        case gzip
    }
    /// What becomes of values that are not of their column's type, not UTF-8, or hold the character zero.
    enum InvalidValues: String, Sendable, CaseIterable {
        /// The sync stops and names the place.
        case reject
        /// The row is kept, the value is null, and `_airbyte_meta` says so.
        case null
        /// The row is left out and counted as rejected.
        case skip
    }

    var location: FileLocation
    var datasetName: String?
    /// Nil goes by the file's name.
    var format: Format?
    var compression: Compression
    var encoding: TextEncoding?
    var dialect: CSVDialect
    var columnTypes: [String: LogicalType]
    var infersTypes: Bool
    var inferredRows: Int
    var invalidValues: InvalidValues
    var download: DownloadReader.Request

    static let fields: [ConfigField] = [
        ConfigField(
            "url", .string, "a path, a glob such as data/*.csv.gz, or an http(s) URL; relative paths begin at leat.yml",
            isRequired: true, otherNames: ["path", "file", "filename", "uri", "location", "glob", "globs", "stream"]),
        ConfigField(
            "dataset_name", .string, "the stream's name; by default the file's, without its endings",
            otherNames: ["name", "table", "stream_name"]),
        ConfigField(
            "format", .choice(Format.allCases.map(\.rawValue) + ["json"]),
            "csv, tsv or jsonl; by default what the file's name ends with",
            otherNames: ["filetype", "file_format", "file_type", "type"]),
        ConfigField(
            "compression", .choice(Compression.allCases.map(\.rawValue)), "gzip, none, or auto: what the first bytes say",
            defaultValue: "auto"),
        ConfigField(
            "encoding", .choice(TextEncoding.names.keys.sorted()),
            "the text's encoding; a byte order mark at its beginning goes before it", defaultValue: "utf-8",
            otherNames: ["charset"]),
        ConfigField(
            "delimiter", .string, "what stands between values; by default what the first line has most of: , ; tab or |",
            otherNames: ["sep", "separator", "field_delimiter"]),
        ConfigField(
            "quote_char", .string, "what stands around values that hold a delimiter; empty for none", defaultValue: "\"",
            otherNames: ["quote", "quotechar"]),
        ConfigField(
            "escape_char", .string, "what stands before a quote inside a quoted value, where that is not doubled",
            otherNames: ["escape", "escapechar"]),
        ConfigField("header", .boolean, "whether the first line names the columns", defaultValue: true),
        ConfigField(
            "columns", .strings, "the columns' names, for files without a header; else column_1, column_2, ...",
            otherNames: ["names", "column_names", "fields"]),
        ConfigField(
            "null_values", .strings, "texts that mean null where they are not quoted", defaultValue: [""],
            otherNames: ["null", "null_if", "na_values", "null_as"]),
        ConfigField(
            "skip_rows", .integer(0...1_000_000), "how many lines to leave out before the header", defaultValue: 0,
            otherNames: ["skiprows", "skip_lines", "skip", "skip_rows_before_header"]),
        ConfigField(
            "column_types", .map(LogicalType.allCases.map(\.rawValue)),
            "types of columns that are not to be inferred: {zip: string}", otherNames: ["types", "dtype", "schema"]),
        ConfigField(
            "infer_types", .boolean, "whether types are inferred; false makes every other column of a CSV file a string",
            defaultValue: true),
        ConfigField(
            "infer_rows", .integer(0...1_000_000_000), "how many rows of each file types are inferred from; 0 for all",
            defaultValue: 10_000, otherNames: ["sample_size", "sample_rows"]),
        ConfigField(
            "invalid_values", .choice(InvalidValues.allCases.map(\.rawValue)),
            "a value that its column cannot hold: reject stops with its place; null keeps the row and notes it in _airbyte_meta; skip leaves the row out and counts it",
            defaultValue: "reject", otherNames: ["on_error", "bad_values"]),
        ConfigField("username", .string, "who to log in as, for URLs", otherNames: ["user"]),
        ConfigField("password", .string, "the user's password, for URLs", isSecret: true),
        ConfigField("headers", .strings, "further lines of the request's header, for URLs: 'Name: value'", isSecret: true),
        ConfigField("user_agent", .string, "what we call ourselves, for URLs", defaultValue: "leat"),
        ConfigField(
            "provider",
            .object(
                [
                    ConfigField("storage", .choice(["local", "HTTPS"]), "local or HTTPS; the url says it already"),
                    ConfigField("user_agent", .ignored, "taken for configurations of Airbyte; has no meaning here"),
                ], shortForm: "storage"), "taken for configurations of Airbyte"),
    ]

    init(_ configuration: Configuration, folder: String?) throws(ConnectorError) {
        location = try FileLocation(configuration.string("url"), folder: folder)
        datasetName = configuration["dataset_name"]?.string
        format = configuration["format"]?.string.flatMap { Format(rawValue: $0 == "json" ? "jsonl" : $0) }
        compression = Compression(rawValue: configuration.string("compression")) ?? .auto
        encoding = TextEncoding.names[configuration.string("encoding")]
        dialect = try CSVDialect(configuration)
        let types = configuration["column_types"]?.object?.entries ?? []
        columnTypes = Dictionary(types.map { ($0.key, LogicalType(rawValue: $0.value.string ?? "") ?? .string) }) { $1 }
        infersTypes = configuration.bool("infer_types")
        inferredRows = configuration.int("infer_rows")
        invalidValues = InvalidValues(rawValue: configuration.string("invalid_values")) ?? .reject
        download = DownloadReader.Request(url: "", userAgent: configuration.string("user_agent"))
        download.headers = configuration.strings("headers")
        if let user = configuration["username"]?.string {
            download.credentials = "\(user):\(configuration["password"]?.string ?? "")"
        }
    }

    /// How a file is read.
    func format(of file: FileEntry) throws(ConnectorError) -> Format {
        if let format { return format }
        let name = file.name.lowercased()
        let bare = name.hasSuffix(".gz") ? name.dropLast(3) : name[...]
        switch bare.split(separator: ".").last {
        case "csv", "txt": return .csv
        case "tsv", "tab": return .tsv
        case "jsonl", "ndjson", "json": return .jsonl
        default:
            throw ConnectorError(
                .configuration, "the name of \(file.path) does not say what it holds",
                hint: "set format: \(Format.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    /// Whether rows come with what was changed in them. Otherwise there are no changes, and the server need not read a document for
    /// each row.
    var sendsChanges: Bool { invalidValues == .null }

    /// The stream's name.
    var streamName: String { datasetName ?? Self.streamName(of: location) }

    /// The name that files have in common: of `data/orders_*.csv.gz` it is `orders`.
    static func streamName(of location: FileLocation) -> String {
        var name = location.lastComponent[...]
        for ending in [".gz", ".csv", ".tsv", ".tab", ".txt", ".jsonl", ".ndjson", ".json"]
        where name.lowercased().hasSuffix(ending) {
            name = name.dropLast(ending.count)
        }
        let isEdge = { (character: Character) in "_-. ".contains(character) }
        let plain = name.split { "*?[]{}".contains($0) }.max { $0.count < $1.count } ?? ""
        let trimmed = plain.drop(while: isEdge)
        let end = trimmed.lastIndex { !isEdge($0) }.map { trimmed.index(after: $0) } ?? trimmed.startIndex
        return end == trimmed.startIndex ? "files" : String(trimmed[..<end])
    }
}

import Diagnostics
import Documents

/// Reads one entry under `unit_tests:`.
struct UnitTestReader {
    private let schema: SchemaFileReader
    private let file: PackageFile

    init(_ schema: SchemaFileReader, _ file: PackageFile) {
        self.schema = schema
        self.file = file
    }

    func read(_ entry: YAMLNode) throws -> UnitTest {
        let name = try schema.name(of: entry, "a unit test")
        let location = entry["name"]?.location ?? entry.location
        let values = try schema.renderer.render(entry, skipping: { $0.first == "description" }).object ?? JSON.Members()
        guard let model = values["model"]?.string else {
            throw TransformError(.schema, "the unit test '\(name)' names no model", location: location, hint: "add 'model: NAME'")
        }
        let package = schema.package.name
        let fqn = [package] + file.folders + [model, name]
        var test = UnitTest(
            id: NodeID("unit_test.\(package).\(model).\(name)"), name: name, model: model, packageName: package,
            path: file.path, originalPath: file.originalPath, fqn: fqn, location: location)
        test.description = values["description"]?.string ?? ""
        test.config = schema.resolver.resolve(.unitTest, fqn: fqn, package: package, patch: values["config"]?.object).config
        if let overrides = values["overrides"]?.object {
            var members = JSON.Members()
            for key in ["macros", "vars", "env_vars"] { members.append(key, overrides[key] ?? [:]) }
            test.overrides = .object(members)
        }
        if let versions = values["versions"]?.object {
            test.versions = ["include": versions["include"] ?? .null, "exclude": versions["exclude"] ?? .null]
        }
        for (index, value) in (values["given"]?.array ?? []).enumerated() {
            let place = entry["given"]?.items?[index].location ?? location
            var fixture = try self.fixture(value, of: name, at: place)
            fixture.input = value["input"]?.string ?? ""
            test.given.append(fixture)
        }
        guard let expect = values["expect"] else {
            throw TransformError(.schema, "the unit test '\(name)' expects nothing", location: location, hint: "add 'expect:'")
        }
        test.expect = try fixture(expect, of: name, at: entry["expect"]?.location ?? location)
        test.createdAt = schema.now
        return test
    }

    private func fixture(_ value: JSON, of test: String, at location: SourceLocation) throws -> UnitTest.Fixture {
        var fixture = UnitTest.Fixture()
        fixture.format = value["format"]?.string ?? "dict"
        fixture.file = value["fixture"]?.string
        fixture.rows = value["rows"] ?? .null
        switch fixture.format {
        case "dict":
            if fixture.rows.array == nil, !(fixture.rows.isNull && value["input"] != nil) {
                throw TransformError(.schema, "the rows of the unit test '\(test)' must be a list", location: location)
            }
        case "csv":
            let text = try fixture.file.map { try self.text(of: $0, "csv", at: location) } ?? fixture.rows.string
            guard let text else {
                throw TransformError(
                    .schema, "the rows of the unit test '\(test)' must be text in the format csv", location: location)
            }
            fixture.rows = .array(Self.rows(csv: text))
        case "sql":
            if let name = fixture.file { fixture.rows = .string(try text(of: name, "sql", at: location)) }
            guard fixture.rows.string != nil else {
                throw TransformError(.schema, "the rows of the unit test '\(test)' must be SQL", location: location)
            }
        default:
            throw TransformError(
                .schema, "the format of rows is dict, csv or sql, not '\(fixture.format)'", location: location)
        }
        fixture.rows = Self.withFullRowFirst(fixture.rows)
        return fixture
    }

    /// A file of `tests/fixtures`.
    private func text(of name: String, _ format: String, at location: SourceLocation) throws -> String {
        let folders = schema.package.definition.testPaths.map { $0 + "/fixtures" }
        guard let file = schema.package.files(in: folders, withExtensions: [format]).first(where: { $0.stem == name }) else {
            throw TransformError(
                .schema, "there is no file \(folders.joined(separator: " or "))/\(name).\(format)", location: location)
        }
        return try ProjectFileSystem.text(of: file.absolutePath, calledInErrors: file.displayPath).trimmingWhitespaceBytes
    }

    /// Empty cells are null, all others text.
    static func rows(csv text: String) -> [JSON] {
        var lines = CSVLines(text)
        guard let header = lines.next() else { return [] }
        var rows: [JSON] = []
        while let cells = lines.next() {
            var row = JSON.Members()
            for (index, name) in header.enumerated() {
                let cell = cells.indices.contains(index) ? cells[index] : ""
                row[name] = cell.isEmpty ? .null : .string(cell)
            }
            rows.append(.object(row))
        }
        return rows
    }

    /// Databases take the types from the first row, so one without nulls comes first.
    static func withFullRowFirst(_ rows: JSON) -> JSON {
        guard var items = rows.array, !items.isEmpty,
            let full = items.firstIndex(where: { $0.object?.entries.allSatisfy { !$0.value.isNull } ?? false })
        else { return rows }
        items.swapAt(0, full)
        return .array(items)
    }
}

/// The records of a CSV text.
struct CSVLines {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    mutating func next() -> [String]? {
        while rest.first == 0x0A { rest.removeFirst() }
        guard !rest.isEmpty else { return nil }
        var cells: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\"") where isQuoted && rest.first == UInt8(ascii: "\""):
                cell.append(byte)
                rest.removeFirst()
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                cells.append(String(decoding: cell, as: UTF8.self))
                cell = []
            case 0x0A where !isQuoted: return cells + [String(decoding: cell, as: UTF8.self)]
            default: cell.append(byte)
            }
        }
        return cells + [String(decoding: cell, as: UTF8.self)]
    }
}

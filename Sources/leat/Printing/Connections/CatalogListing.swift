import Diagnostics
import Records

/// What a source offers, for people.
struct CatalogListing {
    private let catalog: Catalog
    private let style: Style

    init(_ catalog: Catalog, style: Style) {
        self.catalog = catalog
        self.style = style
    }

    var text: String {
        let count = Figures.counted(catalog.streams.count, "stream")
        return (catalog.streams.map(listing) + [count]).joined(separator: "\n\n")
    }

    private func listing(of stream: DiscoveredStream) -> String {
        var facts = [stream.kind.rawValue]
        if let rows = stream.estimatedRows { facts.append("about \(Figures.counted(rows, "row"))") }
        if !stream.isReadable { facts.append("we may not read it") }
        let heading = style(stream.descriptor.description, .bold) + "  " + style(facts.joined(separator: ", "), .dim)
        let table = TextTable(
            columns: ["column", "type", "airbyte type", "null", "key"], rows: stream.fields.map { row(of: $0, in: stream) },
            maximumWidth: 60)
        return ([heading] + table.lines()).joined(separator: "\n")
    }

    private func row(of field: Field, in stream: DiscoveredStream) -> [String?] {
        let place = stream.primaryKey.firstIndex(of: field.name)
        let key = place.map { stream.primaryKey.count == 1 ? "key" : "key \($0 + 1)" }
        return [field.name, field.typeName, field.type.rawValue, field.isNullable ? "null" : nil, key]
    }
}

/// All streams that a source offers.
package struct Catalog: Sendable, Hashable {
    /// Sorted by namespace and name.
    package var streams: [DiscoveredStream]

    package init(streams: [DiscoveredStream]) {
        self.streams = streams.sorted { $0.descriptor < $1.descriptor }
    }

    package subscript(descriptor: StreamDescriptor) -> DiscoveredStream? {
        streams.first { $0.descriptor == descriptor }
    }

    /// The streams of these names, each with its namespace or without.
    /// - Throws: ``UnknownStream`` for a name that none has.
    package func only(_ names: [String]) throws(UnknownStream) -> Catalog {
        for name in names where !streams.contains(where: { $0.descriptor.answers(to: name) }) {
            throw UnknownStream(name: name, known: streams.map(\.descriptor.name))
        }
        return Catalog(streams: streams.filter { stream in names.contains { stream.descriptor.answers(to: $0) } })
    }

    /// A name that no stream has.
    package struct UnknownStream: Error {
        package var name: String
        package var known: [String]
    }

    /// All streams of this name, in whatever namespace.
    package func streams(named name: String) -> [DiscoveredStream] {
        streams.filter { $0.descriptor.name == name }
    }
}

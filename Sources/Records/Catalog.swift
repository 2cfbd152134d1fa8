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

    /// All streams of this name, in whatever namespace.
    package func streams(named name: String) -> [DiscoveredStream] {
        streams.filter { $0.descriptor.name == name }
    }
}

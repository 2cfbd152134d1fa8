import Documents

/// The batches that a microbatch model is built in.
struct BatchPlan {
    let size: BatchSize
    let windows: [EventWindow]

    /// - Parameters:
    ///   - isIncremental: whether the table is there and only what is new is built.
    ///   - now: where batches end, unless the command line says so.
    /// - Throws: ``TransformError`` where the model's configuration lacks what is needed.
    init(_ node: Node, isIncremental: Bool, options: InvocationOptions, now: DateTime) throws(TransformError) {
        size = try Self.size(of: node)
        let end = size.ceiling(try Self.time(options.eventTimeEnd, "--event-time-end") ?? now)
        let start: DateTime
        if let given = try Self.time(options.eventTimeStart, "--event-time-start") {
            start = size.truncated(given)
        } else if isIncremental {
            let lookback = node.config["lookback"]?.int ?? 1
            // An end on the border between two batches belongs to the one before.
            let isBorder = size.truncated(end) == end
            start = size.moved(end, by: -(isBorder ? lookback + 1 : lookback))
        } else {
            guard let begin = try Self.time(node.config["begin"]?.string, "the configuration 'begin'") else {
                throw TransformError(
                    .compilation, "Microbatch model '\(node.name)' requires a 'begin' configuration.", location: node.location)
            }
            start = size.truncated(begin)
        }
        var windows: [EventWindow] = []
        var current = start
        repeat {
            let next = size.moved(current, by: 1)
            windows.append(EventWindow(start: current, end: next))
            current = next
        } while current.microseconds < end.microseconds
        windows[windows.count - 1].end = end
        self.windows = windows
    }

    /// The batches that the run before has left.
    init(_ node: Node, remaining: [NodeResult.Batches.Bounds]) throws(TransformError) {
        size = try Self.size(of: node)
        var windows: [EventWindow] = []
        for bounds in remaining {
            let start = try Self.time(bounds.start, "the start of a batch in run_results.json")
            windows.append(EventWindow(start: start, end: try Self.time(bounds.end, "the end of a batch in run_results.json")))
        }
        self.windows = windows
    }

    private static func size(of node: Node) throws(TransformError) -> BatchSize {
        if let size = node.config["batch_size"]?.string.flatMap(BatchSize.init) { return size }
        let sizes = BatchSize.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        throw TransformError(
            .compilation, "Microbatch model '\(node.name)' does not have a 'batch_size' config (one of [\(sizes)]) specified.",
            location: node.location)
    }

    /// In UTC.
    static func time(_ text: String?, _ what: String) throws(TransformError) -> DateTime? {
        guard let text, !text.isEmpty else { return nil }
        guard let time = DateTime(parsing: text) else {
            throw TransformError(.selector, "\(what) must be a day or a moment, but is '\(text)'", hint: "write 2024-01-31")
        }
        return DateTime(microseconds: time.utcMicroseconds, offset: 0)
    }
}

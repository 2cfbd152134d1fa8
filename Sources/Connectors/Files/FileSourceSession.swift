import Documents
import Records
import Synchronization

/// A session with a file source: there is nothing to connect to.
final class FileSourceSession: SourceSession {
    let settings: FileSettings
    private let options: SessionOptions
    private let stopping = Stopping()
    var finalState: JSON?
    var figures = FileReading.Figures()
    var changedValues: Int { figures.changedValues }
    var rejectedRows: Int { figures.rejectedRows }
    /// Files know by themselves which of them are new.
    var isExternal: Bool { true }
    var sendsChanges: Bool { settings.sendsChanges }

    /// Whether another thread wants the reading to stop.
    private final class Stopping: Sendable {
        private let flag = Atomic(false)
        func stop() { flag.store(true, ordering: .relaxed) }
        var isAsked: Bool { flag.load(ordering: .relaxed) }
    }

    init(_ settings: FileSettings, _ options: SessionOptions) {
        self.settings = settings
        self.options = options
    }

    var interrupt: Interrupt {
        Interrupt(cancel: { [stopping] in stopping.stop() }, abort: { [stopping] in stopping.stop() })
    }

    var isCancelled: @Sendable () -> Bool { { [stopping, options] in stopping.isAsked || options.isCancelled() } }

    var databaseIdentity: String? { nil }

    func check() throws(ConnectorError) -> CheckReport {
        let files = try settings.location.files(settings.download, isCancelled: isCancelled)
        var limited = settings
        limited.inferredRows = 100
        let stream = try FileSchemaReader(settings: limited, isCancelled: isCancelled).stream(files)
        let count = files.count == 1 ? "1 file" : "\(files.count) files"
        return CheckReport("\(count), stream \(stream.descriptor.name) with \(stream.fields.count) columns")
    }

    func discover(only: [StreamDescriptor]?) throws(ConnectorError) -> Catalog {
        if let only, !only.contains(where: { $0.name == settings.streamName && $0.namespace == nil }) {
            return Catalog(streams: [])
        }
        let files = try settings.location.files(settings.download, isCancelled: isCancelled)
        return Catalog(streams: [try FileSchemaReader(settings: settings, isCancelled: isCancelled).stream(files)])
    }

    /// Files have no instant at which all is read.
    func beginSnapshot(isShared: Bool) throws(ConnectorError) -> SourceSnapshot {
        SourceSnapshot(id: nil, takenAt: PostgresSourceSession.now())
    }

    func rejections(of count: Int) -> [String] {
        let first = figures.rejected.map { error in "\(error.location.map { "\($0): " } ?? "")\(error.message)" }
        return ["\(count) row\(count == 1 ? "" : "s") could not be taken and \(count == 1 ? "was" : "were") left out"] + first
    }

    func join(_ snapshot: SourceSnapshot) throws(ConnectorError) {}

    func close() {}
}

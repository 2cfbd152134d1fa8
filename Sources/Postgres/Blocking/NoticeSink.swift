import Clibpq

/// Takes the notices of one connection, so that libpq does not print them to stderr.
final class NoticeSink {
    private let handler: (@Sendable (Notice) -> Void)?
    private var notices: [Notice] = []
    /// How many have come so far.
    private(set) var count = 0

    init(handler: (@Sendable (Notice) -> Void)?) { self.handler = handler }

    /// The sink must live as long as the connection.
    func attach(to connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { sink, result in
                guard let sink, let result else { return }
                Unmanaged<NoticeSink>.fromOpaque(sink).takeUnretainedValue().receive(Notice(result))
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    func take() -> [Notice] {
        defer { notices = [] }
        return notices
    }

    private func receive(_ notice: Notice) {
        count += 1
        if let handler { return handler(notice) }
        if notices.count >= 1000 { notices.removeFirst(500) }
        notices.append(notice)
    }
}

extension Notice {
    fileprivate init(_ result: OpaquePointer) {
        severity = errorField(result, "V") ?? errorField(result, "S") ?? "NOTICE"
        message = errorField(result, "M") ?? String(cString: PQresultErrorMessage(result)).trimmed
        detail = errorField(result, "D")
        hint = errorField(result, "H")
        sqlState = errorField(result, "C").map(SQLState.init(rawValue:))
    }
}

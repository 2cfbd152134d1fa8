package import Documents
package import Records

/// A connection to a source, for one thread that may block.
package protocol SourceSession: AnyObject {
    var interrupt: Interrupt { get }

    /// Tells one server's database from another's, so that a sync onto its own source is noticed; nil where unknown.
    var databaseIdentity: String? { get throws(ConnectorError) }

    /// Whether this configuration may do what a sync does.
    func check() throws(ConnectorError) -> CheckReport

    /// What there is to read.
    /// - Parameter only: looks at no other streams; those without a namespace are looked for in all.
    func discover(only: [StreamDescriptor]?) throws(ConnectorError) -> Catalog

    /// Begins to read at one instant: what others change later is not seen.
    /// - Parameter isShared: whether other sessions will ``join(_:)`` it.
    func beginSnapshot(isShared: Bool) throws(ConnectorError) -> SourceSnapshot

    /// Reads at the instant of another session's snapshot, which must still be open.
    func join(_ snapshot: SourceSnapshot) throws(ConnectorError)

    /// Reads a stream in its ``ReadRequest/format`` and calls `body` for each piece; the bytes live only during the call.
    ///
    /// - Throws: ``ConnectorError`` of its own, or whatever `body` throws.
    func read(_ request: ReadRequest, _ body: (UnsafeRawBufferPointer) throws -> Void) throws

    /// As ``read(_:_:)``, and calls `checkpoint` with each state of the source's own that it comes by: it stands for all rows that
    /// were handed over before, and a read that is handed it goes on behind them.
    func read(
        _ request: ReadRequest, _ body: (UnsafeRawBufferPointer) throws -> Void, checkpoint: (JSON) throws -> Void
    ) throws

    /// The stream in parts of about `size` bytes, for several sessions to read and to go on with after a failure; nil where it
    /// is too small for that or the source has none.
    func parts(of request: ReadRequest, size: Int) throws(ConnectorError) -> StreamParts?

    /// Whether a part that was read at another instant holds the same rows now. Says no in doubt.
    func isUnchanged(_ loaded: LoadedPart, of request: ReadRequest) throws(ConnectorError) -> Bool

    /// Values of the cursor field, in order and after the cursor of the request, that cut what is to be read into ranges of about
    /// `size` bytes; empty where it is too little for that or the source has none.
    func bounds(of request: ReadRequest, size: Int) throws(ConnectorError) -> [String]

    /// Whether the source keeps a state of its own, and runs no SQL of ours.
    var isExternal: Bool { get }

    /// Whether it sends what it had to change with each row, as a last field.
    var sendsChanges: Bool { get }

    /// What the last ``read(_:_:)`` ended with, for sources with a state of their own.
    var finalState: JSON? { get }

    /// How many values did not fit their columns in the last ``read(_:_:)`` and are null.
    var changedValues: Int { get }

    /// How many rows could not be taken in the last ``read(_:_:)`` and were left out.
    var rejectedRows: Int { get }

    /// For people: how many they were, and where the first of them are.
    func rejections(of count: Int) -> [String]

    /// Digests a stream as it is now; nil where the source cannot. The session can do nothing else afterwards.
    func digester(_ request: DigestRequest) throws(ConnectorError) -> (any RowDigester)?

    /// Ends the session and its snapshot.
    func close()
}

extension SourceSession {
    package func read(
        _ request: ReadRequest, _ body: (UnsafeRawBufferPointer) throws -> Void, checkpoint: (JSON) throws -> Void
    ) throws { try read(request, body) }

    package func parts(of request: ReadRequest, size: Int) throws(ConnectorError) -> StreamParts? { nil }
    package func isUnchanged(_ loaded: LoadedPart, of request: ReadRequest) throws(ConnectorError) -> Bool { false }
    package func bounds(of request: ReadRequest, size: Int) throws(ConnectorError) -> [String] { [] }
    package var isExternal: Bool { false }
    package var sendsChanges: Bool { isExternal }
    package var finalState: JSON? { nil }
    package var changedValues: Int { 0 }
    package var rejectedRows: Int { 0 }
    package func rejections(of count: Int) -> [String] { ["\(count) rows could not be taken and were left out"] }
    package func digester(_ request: DigestRequest) throws(ConnectorError) -> (any RowDigester)? { nil }
}

/// The instant at which a source is read.
package struct SourceSnapshot: Sendable {
    /// The name by which other sessions join; nil where they cannot.
    package var id: String?
    /// Microseconds since 1970 by our clock.
    package var takenAt: Int

    package init(id: String?, takenAt: Int) {
        self.id = id
        self.takenAt = takenAt
    }
}

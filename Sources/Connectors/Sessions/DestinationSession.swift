package import Documents
package import Records

/// A connection to a destination, for one thread that may block.
///
/// A stream is written in three steps, all in one transaction: ``begin(_:)``, ``load(_:)``, ``commit()``. Until the last
/// has returned, readers see what was there before; if the process or the connection dies, nothing is left behind.
package protocol DestinationSession: AnyObject {
    var interrupt: Interrupt { get }

    var databaseIdentity: String? { get throws(ConnectorError) }

    /// Whether this configuration may do what a sync does.
    func check() throws(ConnectorError) -> CheckReport

    /// Makes sure that no other sync of the connection runs, until the session ends.
    ///
    /// - Parameters:
    ///   - wait: how long to wait for another one; that of a process which was killed may live on for a moment.
    ///   - onWait: called once if it comes to waiting, with who holds the lock.
    /// - Throws: ``ConnectorError`` with the code `connector.busy`.
    func lock(connection: String, wait: Duration, onWait: (String) -> Void) throws(ConnectorError)

    /// Makes what the streams need: schemas, and the tables for states.
    /// - Returns: the number of this sync among those of the connection.
    func prepare(connection: String, schemas: [String]) throws(ConnectorError) -> Int

    /// What the source had at the last sync of each stream; empty where nothing is known.
    func recordedSchemas(connection: String) throws(ConnectorError) -> [StreamDescriptor: StreamSchema]

    /// Takes all rows out of the stream's table and forgets how far it was loaded, in one step.
    /// - Returns: how many rows went.
    func clear(_ request: WriteRequest) throws(ConnectorError) -> Int

    /// How the fields of each stream become columns here.
    func mapColumns(of streams: [DiscoveredStream]) throws(ConnectorError) -> [[ColumnMapping]]

    /// What writing a stream would do. Writes nothing.
    ///
    /// - Throws: ``ConnectorError`` where the sync would fail for what lies at the table's place.
    func forecast(_ request: WriteRequest) throws(ConnectorError) -> WriteForecast

    /// What the last sync left; nil where there was none.
    func written(_ request: WriteRequest) throws(ConnectorError) -> WrittenStream?

    /// Digests what was written; nil where the destination cannot. The session can do nothing else afterwards.
    func digester(_ request: DigestRequest) throws(ConnectorError) -> (any RowDigester)?

    /// Digests what `read` hands over, as a stream would be written; nil where the destination cannot. Nothing of it is kept, and the
    /// session can do nothing else afterwards.
    func digester(
        _ request: DigestRequest, copying write: WriteRequest, _ read: (_ append: Append, Checkpoint) throws -> Void
    ) throws -> (any RowDigester)?

    /// Begins to write a stream in parts, or goes on where a sync was that did not come to its end.
    ///
    /// - Returns: nil where the rows are to be added to others, or the destination takes no parts; then ``begin(_:)`` is due.
    func beginParts(_ request: WriteRequest, identity: String) throws(ConnectorError) -> PartialLoad?

    /// Forgets parts that are not what the source has any more.
    func discard(_ parts: [LoadedPart], of request: WriteRequest) throws(ConnectorError)

    /// Takes one part as ``load(_:)`` takes a stream, and keeps it, in one step.
    /// - Returns: the number of rows.
    func loadPart(
        _ part: LoadedPart, of request: WriteRequest, _ load: PartialLoad, _ read: (_ append: Append, Checkpoint) throws -> Void
    ) throws -> Int

    /// Makes all parts visible, as ``commit(sourceState:)``.
    func commitParts(of request: WriteRequest, _ load: PartialLoad, rows: Int) throws(ConnectorError) -> WriteOutcome

    /// Whether rows of an incremental sync are wanted in the order of their cursor.
    var wantsOrder: Bool { get }

    /// Whether an increment may be committed range by range, each with its cursor.
    var takesRanges: Bool { get }

    /// Begins to write a stream; tells what is known of it.
    func begin(_ request: WriteRequest) throws(ConnectorError) -> StreamState

    /// Takes a piece of COPY BINARY, of any size.
    typealias Append = (UnsafeRawBufferPointer) throws -> Void

    /// Makes what was taken so far visible, with the source's state that says so, in one step, and goes on in another transaction.
    ///
    /// Due between two rows, and only where rows are added to others (``StreamState/isAdding``) or the table is new.
    /// - Parameters:
    ///   - sourceState: what the source wants to hear, were it asked to go on from here.
    ///   - attemptID: tells the next transaction from all others.
    /// - Returns: what was committed, and how many rows were taken for it.
    typealias Checkpoint = (_ sourceState: JSON, _ attemptID: String) throws -> (outcome: WriteOutcome, rows: Int)

    /// Whether a ``Checkpoint`` may be asked for.
    var takesCheckpoints: Bool { get }

    /// Takes the rows that `read` hands over, in pieces of any size.
    ///
    /// - Returns: the number of rows taken since the last checkpoint.
    /// - Throws: ``ConnectorError`` of its own, or whatever `read` throws.
    func load(_ read: (_ append: Append, _ checkpoint: Checkpoint) throws -> Void) throws -> Int

    /// The rows taken so far by ``load(_:)``, since the last checkpoint.
    var rowsLoaded: Int { get }

    /// Makes the rows and the state that says so visible, in one step.
    /// - Parameter sourceState: what the source wants to hear at the next sync.
    func commit(sourceState: JSON?) throws(ConnectorError) -> WriteOutcome

    /// Gives up what was begun.
    func rollback()

    func close()
}

extension DestinationSession {
    package func beginParts(_ request: WriteRequest, identity: String) throws(ConnectorError) -> PartialLoad? { nil }

    package func discard(_ parts: [LoadedPart], of request: WriteRequest) throws(ConnectorError) {
        throw ConnectorError(.unsupported, "this destination takes no parts")
    }

    package func loadPart(
        _ part: LoadedPart, of request: WriteRequest, _ load: PartialLoad, _ read: (_ append: Append, Checkpoint) throws -> Void
    ) throws -> Int { throw ConnectorError(.unsupported, "this destination takes no parts") }

    package func commitParts(
        of request: WriteRequest, _ load: PartialLoad, rows: Int
    ) throws(ConnectorError) -> WriteOutcome {
        throw ConnectorError(.unsupported, "this destination takes no parts")
    }

    package func digester(
        _ request: DigestRequest, copying write: WriteRequest, _ read: (_ append: Append, Checkpoint) throws -> Void
    ) throws -> (any RowDigester)? { nil }

    package var wantsOrder: Bool { false }
    package var takesRanges: Bool { false }
    package var takesCheckpoints: Bool { false }

    package func recordedSchemas(connection: String) throws(ConnectorError) -> [StreamDescriptor: StreamSchema] { [:] }

    package func clear(_ request: WriteRequest) throws(ConnectorError) -> Int {
        throw ConnectorError(.unsupported, "this destination cannot clear \(request.table)")
    }
}

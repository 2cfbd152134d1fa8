package import Documents

/// Keeps changes of data, and which of them each pipeline has dealt with.
///
/// A change is an entry in one list. Each pipeline that waits for data has a place in it; a run takes all matching changes behind
/// that place and moves it on, in one transaction, so that each change counts once for each pipeline.
package protocol DataEventStore: Sendable {
    /// The number of the newest change; 0 where there is none.
    func latestDataEvent() async throws -> Int64
    /// Begins to look for these pipelines, from now on. Those that are known keep their place.
    func watchData(for pipelines: [PipelineID]) async throws
    /// Asks for a run of a pipeline if the changes since its last one are enough.
    func takeData(for pipeline: PipelineID, _ condition: DataCondition, at now: Timestamp) async throws -> DataTaken
    /// Records a change that somebody announces.
    func announce(_ event: DataEvent, by author: Author) async throws
    /// The changes that have begun a run, the oldest first.
    func dataEvents(of run: RunID) async throws -> [DataEvent]
    /// The newest changes first; of one kind of data, of one name, or all.
    func dataEvents(of reference: DataReference?, limit: Int) async throws -> [DataEvent]
}

/// What became of changes of data.
package enum DataTaken: Sendable, Hashable {
    /// They are not enough.
    case nothing
    /// A run for earlier ones has not begun yet: they wait for it to begin.
    case held
    case run(RunRecord)
}

extension RunControl {
    /// Says that something has happened that pipelines may wait for as `event:NAME`: what a webhook calls.
    package func announce(_ name: String, details: JSON = .null) async throws {
        guard let store = store as? any DataEventStore else { return }
        try await store.announce(DataEvent(at: clock.now(), DataReference(.event, name), details: details), by: author)
        self.store.ring()
    }

    /// Asks for a run as a webhook does: what was sent becomes the run's parameters.
    ///
    /// Of a pipeline that says which parameters it has only these are taken, since who sends cannot know them.
    /// - Throws: `OrchestrateError` with code `run.bad_parameters` where they do not fit.
    @discardableResult
    package func trigger(webhook pipeline: PipelineDefinition, payload: JSON, note: String? = nil) async throws -> RunRecord {
        var members = payload.object ?? JSON.Members(payload.isNull ? [] : [("payload", payload)])
        if !pipeline.parameters.isEmpty {
            let known = Set(pipeline.parameters.map(\.name))
            members = JSON.Members(members.entries.filter { known.contains($0.key) }.map { ($0.key, $0.value) })
        }
        return try await trigger(pipeline, RunRequest(kind: .triggered, parameters: .object(members), note: note))
    }
}

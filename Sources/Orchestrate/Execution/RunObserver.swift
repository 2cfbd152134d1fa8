/// Hears what happens in runs, whoever runs them: a scheduler or `leat run`. Notifications, lineage and metrics hang on it.
///
/// Events of one run come one at a time and in order; those of different runs come at the same time, on any thread. An observer
/// returns soon: what takes long it does on its own time, and finishes in `drain`. No event is left out.
package protocol RunObserver: Sendable {
    /// - Parameter run: the pipeline, and the record as it stands with the event.
    func observe(_ event: RunEvent, of run: ObservedRun)
    /// Returns when everything that it has heard of is dealt with, or given up. Called before the process ends.
    func drain() async
}

extension RunObserver {
    package func drain() async {}
}

/// A run as observers see it.
package struct ObservedRun: Sendable {
    package let definition: PipelineDefinition
    package let record: RunRecord

    package init(definition: PipelineDefinition, record: RunRecord) {
        self.definition = definition
        self.record = record
    }
}

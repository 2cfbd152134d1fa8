/// One run of a pipeline: the pipeline and the run's name within it, such as `manual__2026-09-18T12:00:00Z`.
package struct RunID: Sendable, Hashable, CustomStringConvertible {
    package let pipeline: PipelineID
    package let name: String

    package init(pipeline: PipelineID, name: String) {
        self.pipeline = pipeline
        self.name = name
    }

    package var description: String { "\(pipeline)/\(name)" }
}

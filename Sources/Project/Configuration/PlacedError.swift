import Connectors
import Diagnostics
import Orchestrate

/// An error of an engine, which knows no files, that can be given the place in leat.yml that it is about.
protocol PlacedError: Error {
    var location: SourceLocation? { get set }
}

extension ConnectorError: PlacedError {}
extension OrchestrateError: PlacedError {}

/// What `body` gives; its error gets the place of the value in leat.yml that it is about.
func located<Value, Failure: PlacedError>(
    at location: SourceLocation, _ body: () throws(Failure) -> Value
) throws(Failure) -> Value {
    do {
        return try body()
    } catch {
        var placed = error
        placed.location = location
        throw placed
    }
}

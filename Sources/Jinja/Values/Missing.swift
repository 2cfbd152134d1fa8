/// Marks the slot of a name that was looked up in vain, so that it is not looked up again.
///
/// Templates never get to see it: reading such a slot gives an undefined of the environment's kind.
final class Missing: Undefined {
    /// The only one. It has no state.
    nonisolated(unsafe) static let shared = Missing(.name(""))
}

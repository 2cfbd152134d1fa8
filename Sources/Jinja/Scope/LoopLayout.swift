/// The slots of a loop.
struct LoopLayout {
    /// The scope of one pass.
    var body = ScopeLayout.empty
    /// The scope of the `else` part.
    var otherwise = ScopeLayout.empty
    /// The slot of `loop`, when the body uses it.
    var loopSlot: Int32?
    /// The function of a recursive loop.
    var function = FunctionScope.none
}

/// What `loop(...)` of a recursive loop needs to run the loop again.
struct LoopRecursion {
    let statement: ForStatement
    let frame: Frame
    let isNative: Bool
}

/// `{% for %}`.
struct ForStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let isRecursive: Bool
        /// Whether the body may ask the loop for elements before.
        let tracksItems: Bool
        let target: Expression
        let iterable: Expression
        let condition: Expression?
        let body: Body
        let otherwise: Body
        /// Filled in by the scope resolver.
        var layout = LoopLayout()
    }

    static let kind = NodeKind.forLoop
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(
        _ target: Expression, in iterable: Expression, if condition: Expression?, _ body: Body, otherwise: Body,
        isRecursive: Bool, tracksItems: Bool, _ arena: Arena, offset: Int
    ) {
        node = arena.make(
            Storage(
                head: NodeHead(.forLoop, offset), isRecursive: isRecursive, tracksItems: tracksItems, target: target,
                iterable: iterable,
                condition: condition, body: body, otherwise: otherwise))
    }

    /// What is assigned in each pass.
    @inline(__always) var target: Expression { node.pointee.target }
    /// What the loop goes through.
    @inline(__always) var iterable: Expression { node.pointee.iterable }
    /// Which elements count.
    @inline(__always) var condition: Expression? { node.pointee.condition }
    /// What runs in each pass.
    @inline(__always) var body: Body { node.pointee.body }
    /// What runs when no pass was finished.
    @inline(__always) var otherwise: Body { node.pointee.otherwise }
    /// The slots.
    @inline(__always) var layout: LoopLayout { node.pointee.layout }

    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws {
        let value = try iterable.evaluate(frame, runtime)
        if node.pointee.isRecursive {
            let text = try recurse(over: value, frame, runtime, depth: 0, isNative: output.isNative)
            try output.append(text, runtime)
        } else {
            try run(over: value, frame, runtime, &output, depth: 0, recursion: nil)
        }
    }

    /// Runs the loop as a function of its own, which `loop(...)` can call again.
    func recurse(over value: Value, _ outer: Frame, _ runtime: Runtime, depth: Int, isNative: Bool) throws -> Value {
        runtime.depth += 1
        defer { runtime.depth -= 1 }
        try locating(outer) { try runtime.checkDepth() }
        let frame = Frame.make(layout.function, parent: outer)
        var output = Output(isNative: isNative)
        let recursion = LoopRecursion(statement: self, frame: outer, isNative: isNative)
        try run(over: value, frame, runtime, &output, depth: depth, recursion: recursion)
        return try output.value(runtime)
    }

    private func run(
        over value: Value, _ frame: Frame, _ runtime: Runtime, _ output: inout Output, depth: Int,
        recursion: LoopRecursion?
    ) throws {
        let finishedPass =
            if let slot = layout.loopSlot {
                try run(over: value, frame, runtime, &output, loopSlot: slot, depth: depth, recursion: recursion)
            } else {
                try runPlain(over: value, frame, runtime, &output)
            }
        frame.leave(layout.body)
        if !finishedPass && !otherwise.list.isEmpty {
            try frame.enter(layout.otherwise, runtime)
            _ = try otherwise.execute(frame, runtime, &output)
            frame.leave(layout.otherwise)
        }
    }

    /// Runs the loop with a `loop` variable.
    private func run(
        over value: Value, _ frame: Frame, _ runtime: Runtime, _ output: inout Output, loopSlot slot: Int32, depth: Int,
        recursion: LoopRecursion?
    ) throws -> Bool {
        var finishedPass = false
        if condition == nil, !node.pointee.tracksItems, let target = pairTarget, let pairs = pairs(of: value) {
            let loop = LoopObject(ElementIterator(pairs: pairs), depth: depth, recursion: recursion, tracksItems: false)
            return try run(pairs, target, loop, in: slot, frame, runtime, &output)
        }
        var elements = try iterable.locating(frame) { try ElementIterator(value) }
        if condition != nil { elements = ElementIterator(items: try filter(&elements, frame, runtime)) }
        let loop = LoopObject(elements, depth: depth, recursion: recursion, tracksItems: node.pointee.tracksItems)
        while let element = loop.advance() {
            if !frame.holds(loop, in: slot) { frame[slot] = .object(loop) }
            let completion = try pass(element, frame, runtime, &output)
            if completion == .breakLoop { break }
            if completion == .normal { finishedPass = true }
        }
        return finishedPass
    }

    private func filter(_ elements: inout ElementIterator, _ frame: Frame, _ runtime: Runtime) throws -> [Value] {
        var kept: [Value] = []
        while let element = elements.next() {
            try locating(frame) { try runtime.countStep() }
            try assign(element, frame, runtime)
            if try condition?.test(frame, runtime) ?? true { kept.append(element) }
        }
        return kept
    }
}

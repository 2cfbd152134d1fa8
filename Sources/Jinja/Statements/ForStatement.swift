/// `{% for %}`.
package final class ForStatement: Statement, @unchecked Sendable {
    package let target: Expression
    package let iterable: Expression
    package let condition: Expression?
    package let body: Body
    package let otherwise: Body
    let isRecursive: Bool
    let targetName: NameExpression?
    /// Filled in by the scope resolver.
    @exclusivity(unchecked) var layout = LoopLayout() {
        didSet {
            passScope = .passUnretained(layout.body)
            entersBody = !layout.body.isTrivial
        }
    }
    /// The scope of a pass, kept alive by ``layout``.
    @exclusivity(unchecked) private(set) var passScope = Unmanaged.passUnretained(ScopeLayout.empty)
    @exclusivity(unchecked) private(set) var entersBody = false

    init(
        _ target: Expression, in iterable: Expression, if condition: Expression?, _ body: Body, otherwise: Body,
        isRecursive: Bool, offset: Int
    ) {
        self.target = target
        self.iterable = iterable
        self.condition = condition
        self.body = body
        self.otherwise = otherwise
        self.isRecursive = isRecursive
        targetName = target as? NameExpression
        super.init(offset: offset)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        let value = try iterable.evaluate(frame, runtime)
        if isRecursive {
            let text = try recurse(over: value, frame, runtime, depth: 0, isNative: output.isNative)
            try output.append(text, runtime)
        } else {
            try run(over: value, frame, runtime, &output, depth: 0, recursion: nil)
        }
        return .normal
    }

    /// Runs the loop as a function of its own, which `loop(...)` can call again.
    func recurse(over value: Value, _ outer: Frame, _ runtime: Runtime, depth: Int, isNative: Bool) throws -> Value {
        guard let function = layout.function else { return .none }
        runtime.depth += 1
        defer { runtime.depth -= 1 }
        try locating(outer) { try runtime.checkDepth() }
        let frame = Frame.make(function, parent: outer)
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
        if !finishedPass && !otherwise.statements.isEmpty {
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
        var elements = try iterable.locating(frame) { try ElementIterator(value) }
        if condition != nil { elements = ElementIterator(items: try filter(&elements, frame, runtime)) }
        let loop = LoopObject(elements, depth: depth, recursion: recursion)
        while let element = loop.advance() {
            frame[slot] = .object(loop)
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

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(iterable)
        visit(target)
        if let condition { visit(condition) }
        body.visitChildren(visit)
        otherwise.visitChildren(visit)
    }
}

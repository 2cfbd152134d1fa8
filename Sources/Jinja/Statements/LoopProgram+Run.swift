extension LoopProgram {
    /// The numbers that a loop counts through.
    struct Count {
        /// The loop; the number goes into its variable.
        let loop: ForStatement
        let variable: Variable
        let scope: ScopeLayout
        var number: Int
        let step: Int
        /// How many passes are to come.
        var rest: Int
        /// Whether a pass was finished.
        var finishedPass = false

        /// Begins the next pass; false when there is none.
        @inline(__always) mutating func advance(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
            guard rest > 0 else { return false }
            rest &-= 1
            try loop.step(frame, runtime)
            frame.store(integer: number, variable)
            number &+= step
            if !scope.isTrivial { try frame.enter(scope, runtime) }
            return true
        }
    }

    /// Runs the steps until one leaves the body.
    func run(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        try run(frame, runtime, &output, nil)
    }

    /// Runs the steps for each of some numbers.
    func run(_ count: inout Count, _ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws {
        guard try count.advance(frame, runtime) else { return }
        // The pointer is used during the call only.
        _ = try withUnsafeMutablePointer(to: &count) { try run(frame, runtime, &output, $0) }
    }

    /// Runs the steps until one leaves the body or, where there is a count, the loop.
    ///
    /// This is the innermost loop of the engine. What is seldom needed stands in functions of its own, so that this one
    /// keeps its few variables in registers.
    @inline(never) private func run(
        _ frame: Frame, _ runtime: Runtime, _ output: inout Output, _ count: UnsafeMutablePointer<Count>?
    ) throws -> Completion {
        var next = first
        while true {
            let step = next
            next += 1
            switch step.pointee.code {
            case .text:
                output.bytes.append(
                    padded: UnsafePointer(step.pointee.place.assumingMemoryBound(to: UInt8.self)), step.pointee.length)
                try runtime.checkOutput(output.bytes.count)
            case .writeName:
                let place = frame.peek(step.pointee.view(NameExpression.self).variable)
                if let place, case .int(let number) = place.pointee {
                    output.bytes.append(integer: number)
                } else if let place, output.bytes.append(shortStringAt: place) {
                    // That was all.
                } else {
                    try write(step.pointee.view(NameExpression.self), frame, runtime, &output)
                }
                try runtime.checkOutput(output.bytes.count)
            case .writeNumber:
                if let number = step.pointee.view(BinaryExpression.self).integer(frame) {
                    output.bytes.append(integer: number)
                } else {
                    try step.pointee.expression.write(frame, runtime, into: &output.bytes)
                }
                try runtime.checkOutput(output.bytes.count)
            case .writeFilter:
                try step.pointee.view(FilterExpression.self).write(frame, runtime, into: &output.bytes)
                try runtime.checkOutput(output.bytes.count)
            case .write:
                try step.pointee.expression.write(frame, runtime, into: &output.bytes)
                try runtime.checkOutput(output.bytes.count)
            case .jump: next = first + Int(step.pointee.target)
            case .jumpIfNumber:
                let comparison = step.pointee.view(CompareExpression.self)
                let holds: Bool
                if let number = comparison.node.pointee.first.operand(frame) {
                    holds = comparison.holds(number, comparison.node.pointee.number)
                } else {
                    holds = try comparison.testOther(frame, runtime)
                }
                if holds == step.pointee.when { next = first + Int(step.pointee.target) }
            case .jumpIfComparison:
                if try step.pointee.view(CompareExpression.self).testOther(frame, runtime) == step.pointee.when {
                    next = first + Int(step.pointee.target)
                }
            case .jumpIfTest:
                if try step.pointee.view(TestExpression.self).test(frame, runtime) == step.pointee.when {
                    next = first + Int(step.pointee.target)
                }
            case .jumpIfFlag:
                let holds: Bool
                if let flag = step.pointee.view(AttributeExpression.self).loopFlag(frame) {
                    holds = flag
                } else {
                    holds = try step.pointee.expression.test(frame, runtime)
                }
                if holds == step.pointee.when { next = first + Int(step.pointee.target) }
            case .jumpIf:
                if try step.pointee.expression.test(frame, runtime) == step.pointee.when {
                    next = first + Int(step.pointee.target)
                }
            case .setNumber:
                let statement = step.pointee.view(SetStatement.self)
                if let number = statement.node.pointee.value.view(BinaryExpression.self).integer(frame) {
                    frame.store(integer: number, statement.node.pointee.target.view(NameExpression.self).variable)
                } else {
                    try statement.execute(frame, runtime)
                }
            case .statement:
                let completion = try step.pointee.statement.run(frame, runtime, &output)
                if completion == .normal { continue }
                guard completion == .continueLoop, let count else { return completion }
                guard try count.pointee.advance(frame, runtime) else { return .normal }
                next = first
            case .finish:
                guard let count else { return .normal }
                count.pointee.finishedPass = true
                guard try count.pointee.advance(frame, runtime) else { return .normal }
                next = first
            case .breakLoop: return .breakLoop
            case .continueLoop:
                guard let count else { return .continueLoop }
                guard try count.pointee.advance(frame, runtime) else { return .normal }
                next = first
            }
        }
    }

    /// Writes a variable that holds no small integer.
    @inline(never) private func write(
        _ name: NameExpression, _ frame: Frame, _ runtime: Runtime, _ output: inout Output
    ) throws {
        if case .string(let text)? = frame.peek(name.variable)?.pointee { return output.bytes.append(text: text) }
        try Expression(name).write(frame, runtime, into: &output.bytes)
    }
}

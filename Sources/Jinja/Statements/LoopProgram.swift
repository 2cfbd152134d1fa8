/// The body of a loop as a line of steps: of `if` and of `and`, `or` and `not` in conditions, only tests and jumps are left.
///
/// A pass of a loop often does so little that walking its statements is most of the work. The steps lie behind each other
/// in the memory of the template; those that do more than write or compare small things lead back to the tree.
///
/// A program is for output that is text and is not escaped; everything else walks the tree.
struct LoopProgram {
    /// What a step does.
    enum Code: UInt8 {
        /// Writes text.
        case text
        /// Writes a variable, the result of arithmetic, of a filter, or any expression.
        case writeName, writeNumber, writeFilter, write
        /// Goes on elsewhere: always, or when a comparison with a number, a comparison, a test or any expression is as wanted.
        case jump, jumpIfNumber, jumpIfComparison, jumpIfTest, jumpIfFlag, jumpIf
        /// Sets a variable to the result of arithmetic; runs any statement.
        case setNumber, statement
        /// Leaves the body.
        case finish, breakLoop, continueLoop
    }

    struct Step {
        let code: Code
        /// Which result of a condition jumps.
        let when: Bool
        /// The step that a jump leads to. While steps are being made: the jump before that leads to the same place, plus one.
        var target: Int32
        /// The node or text.
        let place: UnsafeMutableRawPointer
        /// How long the text is.
        let length: Int

        /// The node as what it is known to be.
        @inline(__always) func view<View: NodeView>(_ type: View.Type = View.self) -> View {
            View(node: place.assumingMemoryBound(to: View.Storage.self))
        }

        /// The expression.
        @inline(__always) var expression: Expression { Expression(head: place.assumingMemoryBound(to: NodeHead.self)) }

        /// The statement.
        @inline(__always) var statement: Statement { Statement(head: place.assumingMemoryBound(to: NodeHead.self)) }
    }

    /// The steps; the last one leaves the body.
    let first: UnsafeMutablePointer<Step>

    /// The program of a body. `steps` is memory to work in.
    init(_ body: Body, _ arena: Arena, _ steps: inout [Step]) {
        steps.removeAll(keepingCapacity: true)
        var maker = Maker(steps: steps)
        steps = []
        maker.add(body)
        maker.add(.finish, UnsafeMutableRawPointer(arena.allocate(0)))
        steps = maker.steps
        first = steps.withUnsafeBufferPointer { arena.copy($0) }
    }

    /// Makes steps of statements.
    private struct Maker {
        var steps: [Step]

        mutating func add(
            _ code: Code, _ place: UnsafeMutableRawPointer, length: Int = 0, when: Bool = false, target: Int32 = 0
        ) {
            steps.append(Step(code: code, when: when, target: target, place: place, length: length))
        }

        mutating func add(_ body: Body) { for statement in body.list { add(statement) } }

        private mutating func add(_ statement: Statement) {
            switch statement.kind {
            case .output:
                for piece in statement.view(OutputStatement.self).node.pointee.pieces { add(piece) }
            case .ifBranches: add(statement.view(IfStatement.self))
            case .jump:
                let completion = statement.view(JumpStatement.self).node.pointee.completion
                add(completion == .breakLoop ? .breakLoop : .continueLoop, UnsafeMutableRawPointer(statement.head))
            case .set:
                let set = statement.view(SetStatement.self).node
                let isNumber = set.pointee.target.kind == .name && set.pointee.value.kind == .binary
                add(isNumber ? .setNumber : .statement, UnsafeMutableRawPointer(set))
            default: add(.statement, UnsafeMutableRawPointer(statement.head))
            }
        }

        private mutating func add(_ piece: OutputStatement.Piece) {
            if piece.length > 0 { add(.text, UnsafeMutableRawPointer(mutating: piece.text), length: piece.length) }
            guard let expression = piece.expression else { return }
            let code: Code =
                switch expression.kind {
                case .name: .writeName
                case .binary: .writeNumber
                case .filter: .writeFilter
                default: .write
                }
            add(code, UnsafeMutableRawPointer(expression.head))
        }

        private mutating func add(_ statement: IfStatement) {
            let node = statement.node
            var ends: Int32 = 0
            let count = node.pointee.branches.count
            let hasOtherwise = !node.pointee.otherwise.list.isEmpty
            for (index, branch) in node.pointee.branches.enumerated() {
                var next: Int32 = 0
                addJump(branch.condition, when: false, &next)
                add(branch.body)
                if index + 1 < count || hasOtherwise { addJump(.jump, UnsafeMutableRawPointer(node), when: true, &ends) }
                land(next)
            }
            add(node.pointee.otherwise)
            land(ends)
        }

        /// Adds a jump to a place that is not known yet; `jumps` is the newest of those that lead there, plus one.
        private mutating func addJump(
            _ code: Code, _ place: UnsafeMutableRawPointer, when: Bool, _ jumps: inout Int32
        ) {
            add(code, place, when: when, target: jumps)
            jumps = Int32(steps.count)
        }

        /// Adds steps that jump when an expression is true, or when it is not.
        private mutating func addJump(_ condition: Expression, when: Bool, _ jumps: inout Int32) {
            switch condition.kind {
            case .not: return addJump(condition.view(NotExpression.self).node.pointee.operand, when: !when, &jumps)
            case .logical:
                let node = condition.view(LogicalExpression.self).node
                if node.pointee.isAnd != when {
                    // Either operand decides.
                    addJump(node.pointee.left, when: when, &jumps)
                    return addJump(node.pointee.right, when: when, &jumps)
                }
                var past: Int32 = 0
                addJump(node.pointee.left, when: !when, &past)
                addJump(node.pointee.right, when: when, &jumps)
                return land(past)
            default: break
            }
            addJump(LoopProgram.code(of: condition), UnsafeMutableRawPointer(condition.head), when: when, &jumps)
        }

        /// Lets jumps lead to the step that comes next.
        private mutating func land(_ jumps: Int32) {
            var rest = jumps
            while rest > 0 {
                let index = Int(rest) - 1
                rest = steps[index].target
                steps[index].target = Int32(steps.count)
            }
        }
    }

    /// The step that tests a condition.
    private static func code(of condition: Expression) -> Code {
        switch condition.kind {
        case .compare: condition.view(CompareExpression.self).node.pointee.hasNumber ? .jumpIfNumber : .jumpIfComparison
        case .test: .jumpIfTest
        case .attribute: condition.view(AttributeExpression.self).isLoopFlag ? .jumpIfFlag : .jumpIf
        default: .jumpIf
        }
    }
}

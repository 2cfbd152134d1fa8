/// A filter or test of an environment, with what the parser may rely on.
final class FunctionEntry<Box: AnyObject & Sendable>: Sendable {
    /// The function; of Jinja's own, the one that checks its arguments.
    let box: Box
    /// Whether it is Jinja's own.
    let isStandard: Bool
    /// Whether the result depends on nothing but the arguments, so that it can be found while parsing.
    let isPure: Bool
    /// The function without a check of its arguments.
    let unchecked: Box
    /// The parameters, when there is a fixed number of them.
    private let parameters: [String]?
    /// Which filter of elements it is, if it is one.
    let elementKind: ElementFilter.Kind?

    /// A function of Jinja's.
    init(
        _ unchecked: Box, checked: Box, parameters: [String]?, isPure: Bool, elementKind: ElementFilter.Kind? = nil
    ) {
        self.elementKind = elementKind
        box = checked
        self.unchecked = unchecked
        self.parameters = parameters
        self.isPure = isPure
        isStandard = true
    }

    /// A function of the host's.
    init(_ box: Box) {
        self.box = box
        unchecked = box
        parameters = nil
        isPure = false
        isStandard = false
        elementKind = nil
    }

    /// The function for the arguments of a call: the one without check, if they are known to be right.
    func fitting(_ arguments: CallArguments) -> Box {
        guard arguments.isSimple, let parameters, arguments.items.count <= parameters.count else { return box }
        for argument in arguments.keyed {
            guard parameters.dropFirst(arguments.items.count).contains(argument.name.text) else { return box }
        }
        return unchecked
    }
}

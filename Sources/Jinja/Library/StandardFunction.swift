/// One of Jinja's own filters or tests.
///
/// It holds boxes, since closures that pass through generic code are wrapped at each step.
struct StandardFunction<Box: Sendable>: Sendable {
    /// The function.
    let body: Box
    /// The function with a check of its arguments.
    let checked: Box
    /// The parameters, when there is a fixed number of them.
    let parameters: [String]?
    /// Whether the result depends on nothing but the arguments, so that it can be found while parsing.
    let isPure: Bool

    /// The function for the arguments of a call: the one without check, if they are known to be right.
    func fitting(_ arguments: CallArguments) -> Box {
        guard arguments.isSimple, let parameters, arguments.positional.count <= parameters.count else { return checked }
        for argument in arguments.named {
            guard parameters.dropFirst(arguments.positional.count).contains(argument.name) else { return checked }
        }
        return body
    }
}

/// What a node of the syntax tree is.
enum NodeKind: UInt8 {
    case literal, name, attribute, item, slice, call, filter, test
    case binary, compare, logical, not, sign, concatenation, conditional, sequence, dict, namespaceTarget
    case output, forLoop, ifBranches, macro, callBlock, filterBlock, set, setBlock, with, autoescape
    case doExpression, block, extends, include, importModule, fromImport, jump, host
}

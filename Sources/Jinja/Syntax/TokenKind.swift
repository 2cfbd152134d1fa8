/// What a token is.
enum TokenKind: UInt8 {
    case data, variableBegin, variableEnd, blockBegin, blockEnd
    case name, string, integer, float
    case add, assign, colon, comma, divide, dot, equal, floorDivide, greater, greaterEqual
    case leftBrace, leftBracket, leftParenthesis, less, lessEqual, modulo, multiply, notEqual
    case pipe, power, rightBrace, rightBracket, rightParenthesis, semicolon, subtract, tilde
    case failure, end

    /// Whether an expression is over where such a token follows.
    @inline(__always) var endsExpression: Bool {
        switch self {
        case .comma, .rightParenthesis, .rightBracket, .rightBrace, .variableEnd, .blockEnd, .colon, .assign: true
        default: false
        }
    }

    /// Whether a comparison may follow.
    @inline(__always) var mayCompare: Bool {
        switch self {
        case .name, .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: true
        default: false
        }
    }

    /// The token in words, for messages.
    var described: String {
        switch self {
        case .data: "template data / text"
        case .variableBegin: "begin of print statement"
        case .variableEnd: "end of print statement"
        case .blockBegin: "begin of statement block"
        case .blockEnd: "end of statement block"
        case .name: "name"
        case .string: "string"
        case .integer: "integer"
        case .float: "float"
        case .add: "+"
        case .assign: "="
        case .colon: ":"
        case .comma: ","
        case .divide: "/"
        case .dot: "."
        case .equal: "=="
        case .floorDivide: "//"
        case .greater: ">"
        case .greaterEqual: ">="
        case .leftBrace: "{"
        case .leftBracket: "["
        case .leftParenthesis: "("
        case .less: "<"
        case .lessEqual: "<="
        case .modulo: "%"
        case .multiply: "*"
        case .notEqual: "!="
        case .pipe: "|"
        case .power: "**"
        case .rightBrace: "}"
        case .rightBracket: "]"
        case .rightParenthesis: ")"
        case .semicolon: ";"
        case .subtract: "-"
        case .tilde: "~"
        case .failure: "invalid text"
        case .end: "end of template"
        }
    }
}

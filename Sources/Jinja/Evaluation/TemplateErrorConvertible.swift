/// A host error that has its own words for the message of a ``TemplateError`` around it.
public protocol TemplateErrorConvertible: Error {
    /// The message for a person, without place.
    var templateMessage: String { get }
}

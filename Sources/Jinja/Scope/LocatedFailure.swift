/// An error with the place in the source it belongs to, before the source is known.
struct LocatedFailure: Error {
    let error: TemplateError
    let offset: Int
}

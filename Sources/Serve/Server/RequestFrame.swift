import Hummingbird
import Logging
import NIOCore

/// What is known of a request while it is answered.
struct RequestFrame: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address of who connected, without port.
    let remoteAddress: String
    /// Who asks; nil for nobody we know.
    var visitor: Visitor?
    /// Has the visitor's name as soon as it is known.
    let caller = Caller()
    /// The version of the store that a page begins with, so that it hears of everything later.
    var storeVersion: Int?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }

    /// A part of the path by the name that the route gives it, decoded.
    func part(_ name: String) throws -> String {
        guard let text = parameters.get(name), let decoded = FormFields.decode(text, plusIsSpace: false) else {
            throw Problem(.badRequest, "the address has a part that is no text")
        }
        return decoded
    }
}

import Orchestrate

/// The seal of a project's definitions, by the keys that its other secrets are sealed with.
struct ProjectSeal: TextSeal {
    let keys: SecretKeySource

    func seal(_ text: String, as label: String) throws -> String {
        try SecretBox(try keys.keysMakingFirst(), from: keys.place).seal(text, as: label)
    }

    func open(_ sealed: String, as label: String) throws -> String {
        try SecretBox(try keys.keys(), from: keys.place).open(sealed, as: label)
    }
}

/// Requirements on fields, all of which have to hold.
struct FieldSelector {
    let text: String

    init(_ requirements: [(field: String, value: String)]) {
        text = requirements.map { "\($0.field)=\(Self.escaped($0.value))" }.joined(separator: ",")
    }

    /// The three characters that Kubernetes' parser gives a meaning to.
    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            if #"\,="#.contains(character) { text.append("\\") }
            text.append(character)
        }
    }
}

/// The XML that a REST service's requests are.
enum XMLBody {
    static func encode(_ fields: AWSFields, root: (name: String, namespace: String)) -> [UInt8] {
        let namespace = root.namespace.isEmpty ? "" : " xmlns=\"\(escaped(root.namespace))\""
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        return Array("\(head)<\(root.name)\(namespace)>\(elements(fields))</\(root.name)>".utf8)
    }

    private static func elements(_ fields: AWSFields) -> String {
        fields.members.map { element($0.name, $0.value) }.joined()
    }

    private static func element(_ name: String, _ value: AWSField) -> String {
        let inside: String
        switch value {
        case .text(let text): inside = escaped(text)
        case .bare(let text): inside = text
        case .time(let time): inside = AWSTime.text(time)
        case .fields(let fields): inside = elements(fields)
        case .list(let values, item: nil): return values.map { element(name, $0) }.joined()
        case .list(let values, let item?): inside = values.map { element(item, $0) }.joined()
        case .map(let values):
            inside = values.sorted { $0.key < $1.key }
                .map { "<entry><key>\(escaped($0.key))</key>\(element("value", $0.value))</entry>" }.joined()
        }
        return "<\(name)>\(inside)</\(name)>"
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
            .replacing("\r", with: "&#13;")
    }
}

/// The form that EC2's and the query services' requests are.
enum FormBody {
    /// - Parameter hasItemNames: between a list's name and an element's number stands what elements are called.
    static func encode(_ fields: AWSFields, operation: String, version: String, hasItemNames: Bool) -> [UInt8] {
        var pairs = [("Action", operation), ("Version", version)]
        append(fields, prefix: "", hasItemNames, to: &pairs)
        return Array(pairs.map { "\(PercentEncoding.encode($0))=\(PercentEncoding.encode($1))" }.joined(separator: "&").utf8)
    }

    private static func append(_ fields: AWSFields, prefix: String, _ hasItemNames: Bool, to pairs: inout [(String, String)]) {
        for member in fields.members { append(member.value, name: prefix + member.name, hasItemNames, to: &pairs) }
    }

    private static func append(_ value: AWSField, name: String, _ hasItemNames: Bool, to pairs: inout [(String, String)]) {
        switch value {
        case .text(let text), .bare(let text): pairs.append((name, text))
        case .time(let time): pairs.append((name, AWSTime.text(time)))
        case .fields(let fields): append(fields, prefix: "\(name).", hasItemNames, to: &pairs)
        case .list(let values, let item):
            let base = hasItemNames && item != nil ? "\(name).\(item ?? "")" : name
            for (index, value) in values.enumerated() { append(value, name: "\(base).\(index + 1)", hasItemNames, to: &pairs) }
        case .map(let values):
            for (index, entry) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                pairs.append(("\(name).entry.\(index + 1).key", entry.key))
                append(entry.value, name: "\(name).entry.\(index + 1).value", hasItemNames, to: &pairs)
            }
        }
    }
}

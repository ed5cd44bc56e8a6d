import Foundation

/// An answer as lines, without what is nil or empty.
enum Shown {
    static func text(_ value: Any) -> String { lines(value, indent: "").joined(separator: "\n") + "\n" }

    private static func lines(_ value: Any, indent: String) -> [String] {
        Mirror(reflecting: value).children.flatMap { child -> [String] in
            guard let value = unwrapped(child.value) else { return [] }
            let name = "\(indent)\(child.label ?? "-"):"
            if let time = value as? Date { return ["\(name) \(time.formatted(.iso8601))"] }
            if let text = value as? String { return ["\(name) \"\(text)\""] }
            if let bytes = value as? [UInt8] { return bytes.isEmpty ? [] : ["\(name) \(bytes)"] }
            let inside = lines(value, indent: indent + "  ")
            if !inside.isEmpty { return [name] + inside }
            let isCollection = Mirror(reflecting: value).displayStyle == .collection
            return isCollection ? [] : ["\(name) \(Mirror(reflecting: value).displayStyle == .struct ? "-" : "\(value)")"]
        }
    }

    private static func unwrapped(_ value: Any) -> Any? {
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .optional else { return value }
        return mirror.children.first.flatMap { unwrapped($0.value) }
    }
}

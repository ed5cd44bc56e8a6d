import Yams

extension KubeconfigDocument {
    func entries(_ section: Section) -> [Node] { root[section.rawValue]?.sequence.map(Array.init) ?? [] }

    var currentContext: String? {
        get { root["current-context"]?.scalar?.string }
        set { if newValue != currentContext { root["current-context"] = .text(newValue ?? "") } }
    }

    /// The names of the contexts that refer to the cluster's own entries: those that bear a name of ours first, then
    /// those that somebody renamed.
    func ownContexts(_ owned: OwnedNames) -> [String] {
        let names = entries(.contexts).filter { entry in
            let body = entry.mapping?[Section.contexts.body]?.mapping
            return body?["cluster"]?.scalar?.string == owned.entry && body?["user"]?.scalar?.string == owned.entry
        }.compactMap(\.entryName)
        return owned.contexts.filter(names.contains) + names.filter { !owned.contexts.contains($0) }
    }

    /// The best name for a new context that no other has.
    func freeContextName(_ owned: OwnedNames) throws -> String {
        let taken = Set(entries(.contexts).compactMap(\.entryName))
        guard let name = owned.contexts.first(where: { !taken.contains($0) }) else {
            throw KubeconfigProblem(cause: "every name for the context is taken: \(owned.contexts.joined(separator: ", "))")
        }
        return name
    }

    /// Changes the body of the entry of this name, which is made when there is none. Clients read the first entry of a
    /// name only: the first is changed, further ones go.
    mutating func update(_ section: Section, named name: String, _ edit: (inout Node.Mapping) -> Void) {
        var entries = self.entries(section)
        let first = entries.firstIndex { $0.entryName == name }
        var entry = first.flatMap { entries[$0].mapping } ?? section.newEntry(named: name)
        var body = entry[section.body]?.mapping ?? Node.Mapping([])
        edit(&body)
        entry[section.body] = .mapping(body)
        if let first {
            entries[first] = .mapping(entry)
            let later = entries[(first + 1)...].filter { $0.entryName != name }
            entries = entries[...first] + later
        } else {
            entries.append(.mapping(entry))
        }
        set(section, to: entries)
    }

    mutating func remove(_ section: Section, where matches: (String) -> Bool) {
        let entries = self.entries(section)
        let kept = entries.filter { entry in !(entry.entryName.map(matches) ?? false) }
        if kept.count != entries.count { set(section, to: kept) }
    }

    private mutating func set(_ section: Section, to entries: [Node]) { root[section.rawValue] = Node(entries) }
}

extension KubeconfigDocument.Section {
    /// kubectl writes the keys of an entry in alphabetical order.
    fileprivate func newEntry(named name: String) -> Node.Mapping {
        let pairs: [(Node, Node)] = [(.text("name"), .text(name)), (.text(body), Node.mapping([:]))]
        return Node.Mapping(body < "name" ? pairs.reversed() : pairs)
    }
}

extension Node {
    fileprivate var entryName: String? { mapping?["name"]?.scalar?.string }
}

import ClusterModel

/// One check of the security benchmark (CIS 1.12 for Kubernetes 1.32 to 1.34), and how Slipway answers it.
public struct BenchmarkCheck: Sendable {
    public enum Answer: Sendable, Equatable {
        case holds
        /// From this minor release of Kubernetes on, which is the first that knows it.
        case holdsFrom(minor: Int)
        /// Another way was chosen, for the reason that `how` gives; the test checks that way.
        case deviates
        /// Not the cluster's but its users' to answer.
        case users
    }

    public enum Scope: Sendable, Equatable { case masters, nodes }

    /// What is wrong on a node, one line each.
    public typealias Test = @Sendable (BenchmarkNode) -> [String]

    /// The benchmark's own number.
    public var id: String
    /// What it asks for, in short.
    public var asks: String
    public var answer: Answer
    public var how: String
    public var scope: Scope
    var test: Test?

    init(
        _ id: String, _ asks: String, _ how: String, _ answer: Answer = .holds, on scope: Scope = .masters, test: Test? = nil
    ) {
        self.id = id
        self.asks = asks
        self.answer = answer
        self.how = how
        self.scope = scope
        self.test = test
    }

    /// A test looks at nodes for it.
    public var isTested: Bool { test != nil }

    /// Whether this check has something to look at on the node.
    public func concerns(_ node: BenchmarkNode) -> Bool {
        if case .holdsFrom(let minor) = answer, node.minor < minor { return false }
        return test != nil && (scope == .nodes || node.isMaster)
    }

    /// What is wrong on the node; empty is good.
    public func problems(on node: BenchmarkNode) -> [String] {
        guard concerns(node), let test else { return [] }
        return test(node).map { "\(id) \(asks): \($0)" }
    }
}

/// What tests are made of.
extension BenchmarkCheck {
    /// Each path is there, with these permissions or fewer.
    static func mode(_ mode: Int, _ paths: @escaping @Sendable (BenchmarkNode) -> [String]) -> Test {
        { node in
            let found = paths(node)
            return (found.isEmpty ? ["nothing to look at"] : [])
                + found.compactMap { path in
                    guard let file = node.files[path] else { return "\(path) is not there" }
                    return file.mode & ~mode == 0 ? nil : "\(path) has mode \(String(file.mode, radix: 8))"
                }
        }
    }

    static func owner(_ owner: String = "root:root", _ paths: @escaping @Sendable (BenchmarkNode) -> [String]) -> Test {
        { node in
            let found = paths(node)
            return (found.isEmpty ? ["nothing to look at"] : [])
                + found.compactMap { path in
                    guard let file = node.files[path] else { return "\(path) is not there" }
                    return file.owner == owner ? nil : "\(path) is \(file.owner)'s"
                }
        }
    }

    static func mode(_ mode: Int, _ paths: String...) -> Test { self.mode(mode) { _ in paths } }
    static func owner(_ paths: String...) -> Test { owner { _ in paths } }

    /// The program runs, and every one of its flags is as `isGood` wants it.
    static func flags(_ program: String, _ names: String..., isGood: @escaping @Sendable (String?) -> Bool) -> Test {
        { node in
            guard node.commands[program] != nil else { return ["\(program) does not run"] }
            return names.compactMap { name in
                let value = node.flag(program, name)
                return isGood(value) ? nil : "\(program) has --\(name)\(value.map { "=\($0)" } ?? " not set")"
            }
        }
    }

    static func given(_ program: String, _ names: String...) -> Test {
        { node in names.flatMap { flags(program, $0) { $0?.isEmpty == false }(node) } }
    }

    static func absent(_ program: String, _ names: String...) -> Test {
        { node in names.flatMap { flags(program, $0) { $0 == nil }(node) } }
    }

    static func flag(_ program: String, _ name: String, is value: String) -> Test { flags(program, name) { $0 == value } }
    static func flag(_ program: String, _ name: String, atLeast least: Int) -> Test { flags(program, name) { Int($0 ?? "") ?? 0 >= least } }
    static func flag(_ program: String, _ name: String, has word: String) -> Test {
        flags(program, name) { $0?.split(separator: ",").contains { $0 == word } == true }
    }
    static func flag(_ program: String, _ name: String, lacks word: String) -> Test {
        flags(program, name) { $0?.split(separator: ",").contains { $0 == word } != true }
    }

    static func field(_ path: String, of file: String, _ isGood: @escaping @Sendable (JSONValue?) -> Bool) -> Test {
        { node in
            guard node.configurations[file] != nil else { return ["\(file) is not there"] }
            let value = node.field(path, of: file)
            return isGood(value) ? [] : ["\(file) has \(path): \(value.map { "\($0)" } ?? "nothing")"]
        }
    }

    static func all(_ tests: Test...) -> Test { { node in tests.flatMap { $0(node) } } }
}

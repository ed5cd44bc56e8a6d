public import ClusterModel
import Foundation

/// What the security benchmark looks at on one node, rendered or running.
public struct BenchmarkNode: Sendable {
    public struct File: Sendable, Equatable {
        /// Permission bits.
        public var mode: Int
        /// `user:group`.
        public var owner: String

        public init(mode: Int, owner: String) {
            self.mode = mode
            self.owner = owner
        }
    }

    public var isMaster: Bool
    /// The minor release of its Kubernetes.
    public var minor: Int
    /// By program: its arguments.
    public var commands: [String: [String]] = [:]
    /// By path, folders among them.
    public var files: [String: File] = [:]
    /// By path.
    public var configurations: [String: JSONValue] = [:]

    public init(isMaster: Bool, minor: Int) {
        self.isMaster = isMaster
        self.minor = minor
    }

    public mutating func addConfiguration(_ path: String, _ yaml: String) throws {
        configurations[path] = try JSONValue(yaml: yaml)
    }

    /// The value of a program's flag, nil when it is not given or the program is not there.
    func flag(_ program: String, _ name: String) -> String? {
        let prefix = "--\(name)="
        return commands[program]?.last { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    func paths(under folder: String, suffix: String = "") -> [String] {
        files.keys.filter { ($0 == folder || $0.hasPrefix(folder + "/")) && $0.hasSuffix(suffix) }.sorted()
    }

    /// A field by its path, as `authentication.anonymous.enabled`.
    func field(_ path: String, of configuration: String) -> JSONValue? {
        path.split(separator: ".").reduce(configurations[configuration]) { $0?[String($1)] }
    }
}

// MARK: A running node

extension BenchmarkNode {
    /// Prints everything that `init(isMaster:minor:report:)` reads, one item a line, without secrets.
    public static let script = """
        for name in etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy; do
            pid=$(pidof "$name") || continue
            printf 'COMMAND\\t%s\\t' "$name"
            tr '\\0' '\\t' <"/proc/$pid/cmdline"
            echo
        done
        find /etc/kubernetes /etc/systemd/system /etc/cni/net.d /var/lib/etcd /var/lib/kubelet/pki -maxdepth 3 -not -type l \\
            -exec stat --format 'FILE\\t%a\\t%U:%G\\t%n' {} + 2>/dev/null | sed 's/\\\\t/\\t/g'
        for file in kubelet kube-proxy audit-policy encryption admission; do
            [ -e "/etc/kubernetes/$file.yaml" ] || continue
            printf 'TEXT\\t/etc/kubernetes/%s.yaml\\n' "$file"
            sed 's/secret:.*/secret: hidden/; s/^/ /' "/etc/kubernetes/$file.yaml"
        done
        """

    public init(isMaster: Bool, minor: Int, report: String) throws {
        self.init(isMaster: isMaster, minor: minor)
        var texts: [String: String] = [:]
        var path = ""
        for line in report.split(separator: "\n") {
            let words = line.split(separator: "\t").map(String.init)
            switch words.first {
            case "COMMAND" where words.count > 2: commands[words[1]] = Array(words[3...])
            case "FILE" where words.count == 4: files[words[3]] = File(mode: Int(words[1], radix: 8) ?? -1, owner: words[2])
            case "TEXT" where words.count == 2: path = words[1]
            default: texts[path, default: ""] += line.dropFirst() + "\n"
            }
        }
        for (path, text) in texts { try addConfiguration(path, text) }
    }
}

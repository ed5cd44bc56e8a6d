import Foundation
import Glibc
import TestSupport

/// Looks for a cluster's secrets where they must not be. What is secret it takes from the machines themselves.
struct SecretSearch: Sendable {
    private var needles: [(name: String, bytes: Data)] = []

    /// Keys of the machines' files, of their SSH daemons and of the exported kubeconfig.
    init(_ standing: Standing) async throws {
        for machine in standing.machines {
            let listing = try await standing.on(
                machine,
                """
                for file in $(find /etc/kubernetes /etc/ssh -type f \\( -name '*.key' -o -name '*_key' \\)); do
                    echo "FILE $file"; cat "$file"
                done
                """)
            var file = ""
            for line in listing.split(separator: "\n") {
                if line.hasPrefix("FILE ") {
                    file = "\(machine.name):\(line.dropFirst(5))"
                } else if !line.contains("-----"), line.count > 30 {
                    add("\(file)", String(line))
                }
            }
        }
        let control = try standing.control
        let encryption = try await standing.on(control, "cat /etc/kubernetes/encryption.yaml")
        for line in encryption.split(separator: "\n") where line.contains("secret:") {
            add("the key that encrypts Secrets", line.split(separator: " ").last.map(String.init) ?? "")
        }
        let kubeconfig = try String(contentsOfFile: standing.bench.kubeconfig, encoding: .utf8)
        for line in kubeconfig.split(separator: "\n") where line.contains("client-key-data:") {
            add("the kubeconfig's key", line.split(separator: " ").last.map(String.init) ?? "")
        }
        let key = try String(contentsOfFile: standing.bench.keyFile, encoding: .utf8)
        for line in key.split(separator: "\n") where !line.hasPrefix("#") { add("the key file", String(line)) }
        try check(needles.count > 100, "only \(needles.count) forms of secrets were found to search for")
        // That a key is told apart from a certificate is what the search rests on.
        try check(needles.contains { $0.name.contains("ca.key") }, "the authority's key is not among them")
        try check(needles.contains { $0.name.contains("ssh_host") }, "the host keys are not among them")
    }

    var count: Int { Set(needles.map(\.name)).count }

    /// As it stands, what it is the base64 of, and both in base64.
    private mutating func add(_ name: String, _ text: String) {
        for form in SecretForms.ofLines(text) { needles.append((name, form)) }
    }

    /// Which secrets are in a text; anything that looks like a private key, too.
    func found(in data: Data) -> [String] {
        needles.filter { data.range(of: $0.bytes) != nil }.map(\.name)
            + Self.marks.filter { data.range(of: Data($0.utf8)) != nil }.map { "something that looks like a private key (\($0))" }
    }

    /// The words of a PEM file, and the same in base64, wherever in a group of three they begin.
    private static let marks = ["PRIVATE KEY-----", "UFJJVkFURSBLRV", "BSSVZBVEUgS0VZ", "QUklWQVRFIEtFW"]
}

/// The arguments of every process of the host, gathered while something runs.
actor ArgumentWatch {
    private(set) var seen: Set<String> = []

    func look() {
        for name in HostMachines.names(in: "/proc") where Int32(name) != nil {
            seen.insert(HostMachines.text("/proc/\(name)/cmdline"))
        }
    }
}

/// The security benchmark, CIS 1.12, whole: every check with what it asks for and how Slipway answers it.
public enum Benchmark {
    public static let checks: [BenchmarkCheck] =
        files + apiserver + controllers + etcd + authentication + nodeFiles + kubelet + policies

    /// Those that no node can answer but its API: the end-to-end tests ask it.
    public static let askedOfTheAPI: Set<String> = ["5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.10", "5.1.11"]

    /// The table of the documentation.
    public static var markdown: String {
        var text = "| check | asks for | Slipway |\n|---|---|---|\n"
        for check in checks {
            let answer =
                switch check.answer {
                case .holds: check.how
                case .holdsFrom(let minor): "from 1.\(minor) on: \(check.how)"
                case .deviates: "**no**: \(check.how)"
                case .users: "yours: \(check.how)"
                }
            text += "| \(check.id) | \(check.asks) | \(answer) |\n"
        }
        return text
    }

    static func unit(_ name: String) -> String { "/etc/systemd/system/\(name).service" }
    static func kubernetes(_ name: String) -> String { "/etc/kubernetes/\(name)" }
}

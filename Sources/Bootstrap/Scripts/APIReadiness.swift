public import ClusterModel
import Templates

/// How a control plane machine's own API server is, asked on the machine itself: where nobody else can reach it.
public enum APIReadiness {
    /// Prints what `/readyz?verbose` answers, and the status on a line of its own.
    public static let script: String = {
        let client = "\(NodePaths.pki)/apiserver-kubelet-client"
        let files = ["--cacert", NodePaths.authority(.kubernetes), "--cert", client + ".crt", "--key", client + ".key"]
        return "curl --silent --show-error --max-time 10 \(ShellQuoting.words(files)) --write-out '\\n%{http_code}\\n' "
            + "'https://127.0.0.1:\(NodePorts.api)/readyz?verbose'"
    }()

    /// - Parameters:
    ///   - output: of the script, and what it said of errors.
    public static func health(from output: String, errors: String) -> APIHealth {
        let lines = output.split(whereSeparator: \.isNewline)
        guard let status = lines.last.flatMap({ Int($0) }), status > 0 else {
            let said = errors.split(whereSeparator: \.isNewline).last.map(String.init)
            return APIHealth(status: .unreachable, details: [said ?? "it does not answer on the machine itself"])
        }
        guard status != 200 else { return APIHealth(status: .ready) }
        let failing = APIHealth.failures(in: output)
        return APIHealth(status: .notReady, details: failing.isEmpty ? ["it answered HTTP \(status)"] : failing)
    }
}

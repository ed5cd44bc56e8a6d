public import ClusterModel

/// The last words of a service, for the error that its failure becomes.
public enum UnitLog {
    /// Prints the newest lines of the service's journal, oldest first, each without its date.
    public static func script(for service: NodeService, lines: Int = 20) -> String {
        "journalctl --no-pager --output=cat --lines=\(max(1, lines)) --unit=\(ShellQuoting.word(service.unit)) 2>&1 || true\n"
    }
}

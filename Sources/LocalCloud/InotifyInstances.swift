import ClusterModel

/// The watchers of files (inotify(7)) that the processes of all local machines share with this host: the kernel gives each user
/// a number of them, and machines have the host's users. Without one kube-proxy and kubelet end again and again.
enum InotifyInstances {
    static let setting = "fs.inotify.max_user_instances"

    /// Counted on a control plane machine that runs: systemd 5, kubelet 4, and 1 each for containerd, kube-proxy and the controller
    /// manager.
    static let perMachine = 12
    /// Left to everybody else on the host.
    private static let others = 8

    /// What to say when the host's setting is too low for so many machines; nil when it is not.
    static func obstacle(machines: Int, limit: Int) -> (cause: String, hint: String)? {
        let needed = machines * perMachine + others
        guard needed > limit else { return nil }
        let most = max(0, (limit - others) / perMachine)
        return (
            "\(machines) machines on this host need \(needed) inotify instances, and \(setting) is \(limit): enough for \(most)",
            "sysctl -w \(setting)=\(rounded(needed))"
        )
    }

    /// The next power of two: there may be one machine more tomorrow, and the kernel pays for what is used only.
    private static func rounded(_ needed: Int) -> Int {
        var value = 256
        while value < needed { value *= 2 }
        return value
    }

    /// As the kernel has it now; nil where it does not say.
    static func limit() -> Int? {
        let text = try? Files.text("/proc/sys/fs/inotify/max_user_instances")
        return text.flatMap { $0 }?.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
    }
}

extension LocalCloud {
    /// - Throws: `.refused` when the host does not have enough for the machines of the spec beside those of other clusters.
    func checkInotifyInstances(_ spec: Cluster) throws {
        let others = try records.networks().filter { $0.identity.name != spec.name }
        let there = try others.map { try records.allMachines($0.identity.uid).count { !$0.isTerminated } }.reduce(0, +)
        let wanted = spec.spec.controlPlane.count + spec.spec.pools.map(\.count).reduce(0, +)
        guard let limit = inotifyInstances(),
            let obstacle = InotifyInstances.obstacle(machines: there + wanted, limit: limit)
        else { return }
        throw SlipwayError(
            .refused, doing: "checking that local machines can run here", cause: obstacle.cause, hint: obstacle.hint)
    }
}

extension Conditions {
    /// As measured with local machines on two cores, Kubernetes 1.20.2 and a cluster of two machines. They do not slow each
    /// other down here, as machines on one host do.
    public static func typical(seed: UInt64 = 1) -> Conditions {
        func about(_ seconds: Double, _ sigma: Double = 0.2) -> Latency { .logNormal(median: seconds, sigma: sigma) }
        return Conditions(
            seed: seed,
            latencies: [
                .preflight: about(0.1), .observe: about(0.05), .clusters: about(0.05), .ensureNetwork: about(0.1),
                .tagNetwork: about(0.02), .deleteNetwork: about(0.3), .createMachine: about(0.85), .startMachine: about(0.6),
                .stopMachine: about(3, 0.5), .deleteMachine: about(0.7), .setRoute: about(0.05), .deleteRoute: about(0.05),
                .boot: about(1.3), .script: about(0.12), .upload: .stragglers(of: about(3.6), share: 0.05, factor: 2),
                .deliver: about(1.8), .apiRead: about(0.03), .apiWrite: about(0.05), .startEtcd: about(1.8),
                .startAPIServer: .stragglers(of: about(7), share: 0.05, factor: 1.5), .startContainerd: about(2.2),
                .startKubelet: about(2.5), .startUnit: about(0.5), .join: about(1.2),
            ])
    }
}

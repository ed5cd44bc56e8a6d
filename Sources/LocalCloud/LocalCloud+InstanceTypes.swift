public import ClusterModel

extension LocalCloud {
    public func instanceTypes() async throws -> [InstanceOffer] {
        let host = try self.host()
        return InstanceType.local.map { type in
            InstanceOffer(type, obstacle: host.fits(type) ? nil : "this host has \(host.resources.words)")
        }
    }

    /// Machines may ask for more memory together than there is, as they seldom use all of theirs; it is said.
    public func remarks(on spec: Cluster) async throws -> [String] {
        let host = try self.host()
        var remarks: [String] = []
        do {
            try checkFits([spec.spec.controlPlane.instanceType] + spec.spec.pools.map(\.instanceType))
            try checkInotifyInstances(spec)
        } catch let error as SlipwayError {
            remarks.append("it would be refused: \(error.cause)")
        }
        let machines =
            [(spec.spec.controlPlane.count, spec.spec.controlPlane.instanceType)] + spec.spec.pools.map { ($0.count, $0.instanceType) }
        let memory = try machines.map { $0.0 * (try Self.type(named: $0.1).resources.memory) }.reduce(0, +)
        if memory > host.memory {
            remarks.append(
                "the machines may use \(ComputeResources.memoryWords(memory)) of memory in all, this host has "
                    + "\(ComputeResources.memoryWords(host.memory)): when they need it together, some of their processes are killed")
        }
        return remarks
    }

    /// - Throws: `.refused` when one of the types does not exist or is larger than this host, with those that fit.
    func checkFits(_ names: [String]) throws {
        let host = try self.host()
        let unfit = Set(try names.map { try Self.type(named: $0) }).filter { !host.fits($0) }
        guard !unfit.isEmpty else { return }
        let fitting = InstanceType.local.filter { host.fits($0) }.map(\.name)
        throw SlipwayError(
            .refused, doing: "choosing the instance type",
            cause: "this host has \(host.resources.words): too little for "
                + unfit.sorted { $0.name < $1.name }.map { "\($0.name) (\($0.resources.words))" }.joined(separator: ", "),
            hint: fitting.isEmpty
                ? "local machines need a host of at least \(InstanceType.local[0].resources.words)"
                : "use a type that fits this host: \(fitting.joined(separator: ", "))")
    }

    /// - Throws: `.refused` for a type that the local cloud does not have.
    static func type(named name: String) throws -> InstanceType {
        if let type = InstanceType.local.first(where: { $0.name == name }) { return type }
        throw SlipwayError(
            .refused, doing: "choosing the instance type", cause: "the local cloud has no '\(name)'",
            hint: "it has: \(InstanceType.local.map(\.name).joined(separator: ", "))")
    }
}

public import ClusterModel
import Glibc

extension LocalCloud {
    public func createMachine(_ request: MachineRequest) async throws -> MachineRecord {
        let cluster = request.cluster
        return try await at(Address(.machine, request.name), doing: "creating the machine") {
            try LocalNames.check(machine: request.name)
            try checkFits([request.instanceType])
            let image = try await LocalImage.ensure(cacheRoot: cacheRoot, progress: progress)
            let wanted = try await WantedFiles(request.wantedFiles, cacheRoot: cacheRoot)
            try await withClusterLock(cluster) {
                _ = try await publishMachine(request, image: image, wanted: wanted)
            }
            return try await startMachine(cluster, name: request.name)
        }
    }

    public func startMachine(_ cluster: ClusterIdentity, name: String) async throws -> MachineRecord {
        let doing = "starting the machine"
        return try await at(Address(.machine, name), doing: doing) {
            let names = try LocalNames(uid: cluster.uid)
            _ = try existingMachine(cluster, name, doing: doing)
            return try await withMachineLock(cluster, name) {
                let machine = try existingMachine(cluster, name, doing: doing)
                guard !machine.isTerminated else {
                    throw SlipwayError(
                        .refused, doing: doing, cause: "its delete has begun", hint: "finish it: run the command that deleted it again")
                }
                let processes = MachineProcesses(cgroups: try Cgroups.current(), cgroup: names.machine(name))
                if let leader = try processes.leader {
                    try await withClusterLock(cluster) {
                        try await works(cluster, doing: doing).connect(machine, leader: leader.pid)
                    }
                } else {
                    try await boot(machine, of: cluster, processes: processes)
                }
                return machine.record(.running)
            }
        }
    }

    public func stopMachine(_ cluster: ClusterIdentity, name: String) async throws {
        let doing = "stopping the machine"
        try await at(Address(.machine, name), doing: doing) {
            let names = try LocalNames(uid: cluster.uid)
            _ = try existingMachine(cluster, name, doing: doing)
            try await withMachineLock(cluster, name) {
                let machine = try existingMachine(cluster, name, doing: doing)
                try await MachineProcesses(cgroups: try Cgroups.current(), cgroup: names.machine(name)).stop(patience: stopPatience)
                try await withClusterLock(cluster) {
                    try await NetworkWorks(try existingNetwork(cluster, doing: doing)).disconnect(machine)
                }
            }
        }
    }

    public func resizeMachine(_ cluster: ClusterIdentity, name: String, instanceType: String) async throws {
        let doing = "changing the machine's size"
        try await at(Address(.machine, name), doing: doing) {
            let names = try LocalNames(uid: cluster.uid)
            try checkFits([instanceType])
            try await withMachineLock(cluster, name) {
                var machine = try existingMachine(cluster, name, doing: doing)
                guard machine.instanceType != instanceType else { return }
                guard try MachineProcesses(cgroups: try Cgroups.current(), cgroup: names.machine(name)).leader == nil else {
                    throw SlipwayError(.refused, doing: doing, cause: "it runs", hint: "stop it first")
                }
                machine.instanceType = instanceType
                try records.write(machine, of: cluster.uid)
            }
        }
    }

    public func deleteMachine(_ cluster: ClusterIdentity, name: String) async throws {
        let doing = "deleting the machine"
        try await at(Address(.machine, name), doing: doing) {
            let names = try LocalNames(uid: cluster.uid)
            try LocalNames.check(machine: name)
            let processes = MachineProcesses(cgroups: try Cgroups.current(), cgroup: names.machine(name))
            guard Files.exists(records.machine(cluster.uid, name)) else {
                // Of a machine whose record is lost.
                try await processes.kill()
                return try await NetworkWorks.removeNamespace(names.machine(name))
            }
            try await withMachineLock(cluster, name) {
                let machine = try records.machine(cluster.uid, named: name)
                if var terminated = machine, !terminated.isTerminated {
                    terminated.isTerminated = true
                    try records.write(terminated, of: cluster.uid)
                }
                try await processes.kill()
                let gone = "\(records.machines(cluster.uid))/.gone-\(name)"
                try await withClusterLock(cluster) {
                    if var network = try records.network(cluster.uid) {
                        let works = try NetworkWorks(network)
                        if let machine { try await works.disconnect(machine) }
                        // Its address can be given to another machine from now on.
                        for (range, route) in network.routes where route.machine == name {
                            if let podCIDR = IPv4CIDR(range) { try await works.removeRoute(podCIDR) }
                            network.routes[range] = nil
                        }
                        try records.write(network)
                    }
                    try await NetworkWorks.removeNamespace(names.machine(name))
                    try await Tool.remove(gone)
                    try Files.move(records.machine(cluster.uid, name), to: gone)
                    try Files.sync(folder: records.machines(cluster.uid))
                }
                try await Tool.remove(gone)
            }
        }
    }

    public func tagMachine(_ cluster: ClusterIdentity, name: String, tags: [String: String]) async throws {
        let doing = "tagging the machine"
        try await at(Address(.machine, name), doing: doing) {
            try await withMachineLock(cluster, name) {
                var machine = try existingMachine(cluster, name, doing: doing)
                machine.tags.merge(tags) { $1 }
                try records.write(machine, of: cluster.uid)
            }
        }
    }

    // The machines share the address of the API among themselves.
    public func joinEndpoint(_ cluster: ClusterIdentity, machine: String) async throws {}
    public func leaveEndpoint(_ cluster: ClusterIdentity, machine: String) async throws {}

    // MARK: Parts

    /// The machine's folder, complete and with an address of its own, seen by others from its last moment on. Finds the one
    /// that exists under the same token. Under the cluster's lock.
    @discardableResult
    func publishMachine(_ request: MachineRequest, image: LocalImage, wanted: WantedFiles) async throws -> MachineFile {
        let doing = "creating the machine"
        let uid = request.cluster.uid
        if let machine = try records.machine(uid, named: request.name) {
            guard machine.token == request.token else {
                throw SlipwayError(
                    .refused, doing: doing, cause: "another machine of this name exists, made for another request",
                    hint: "names of machines are not used twice: run slipway update cluster \(request.cluster.name) again")
            }
            return machine
        }
        try await sweep(request.cluster)
        let network = try existingNetwork(request.cluster, doing: doing)
        let machines = records.machines(uid)
        let machine = MachineFile(
            name: request.name, providerID: "slipway-local://\(uid)/\(request.name)", zone: request.zone, role: request.role,
            instanceType: request.instanceType, token: request.token,
            address: try network.addresses().machineAddress(taken: Set(try records.allMachines(uid).map(\.address))),
            tags: request.tags, image: image.digest)
        let staged = "\(machines)/.new-\(request.name)"
        try await MachineDisk.lay(machine, for: request, image: image, wanted: wanted, addresses: try network.addresses(), at: staged)
        try Files.move(staged, to: records.machine(uid, request.name))
        try Files.sync(folder: machines)
        try Files.sync(folder: records.cluster(uid))
        return machine
    }

    private func works(_ cluster: ClusterIdentity, doing: String) async throws -> NetworkWorks {
        let works = try NetworkWorks(try existingNetwork(cluster, doing: doing))
        guard try await works.isUp() else {
            throw SlipwayError(
                .failed, doing: doing, cause: "the cluster's network is down", hint: "run slipway update cluster \(cluster.name)")
        }
        return works
    }

    /// Boots a machine that does not run. Under the machine's lock.
    private func boot(_ machine: MachineFile, of cluster: ClusterIdentity, processes: MachineProcesses) async throws {
        let doing = "starting the machine"
        let folder = records.machine(cluster.uid, machine.name)
        guard let image = try await image(of: machine) else {
            throw SlipwayError(
                .failed, doing: doing, cause: "its image \(machine.image) is no longer in \(cacheRoot)/images",
                hint: "restore the image, or replace the machine")
        }
        // What a start that was killed, or a machine that was, has left.
        try await processes.kill()
        try await withClusterLock(cluster) {
            try await works(cluster, doing: doing).connect(machine, leader: nil, fresh: true)
        }
        let type = try Self.type(named: machine.instanceType)
        let host = try self.host()
        let limits = MachineLimits(type, host: host)
        try processes.cgroups.make(processes.cgroup)
        try processes.cgroups.limit(processes.cgroup, to: limits)
        let launch = MachineLaunch(
            name: machine.name, folder: folder, imageRoot: image.root, namespace: processes.cgroup,
            devices: ["/dev/kmsg", "/dev/fuse"].filter { Files.exists($0) }, limits: limits, systemReserved: host.beyond(type))
        rename(launch.console, "\(launch.console).1")
        try Files.write([], to: launch.console, mode: 0o600)
        do {
            try await launch.start(in: processes.cgroups, cgroup: processes.cgroup)
            try await waitForInit(processes)
        } catch {
            try? await processes.kill()
            guard var failure = error as? SlipwayError else { throw error }
            failure.log = try Console.tail(launch.console, lines: 20)
            throw failure
        }
    }

    /// The image that the machine was made from; made again when it is missing and its recipe is still this one.
    private func image(of machine: MachineFile) async throws -> LocalImage? {
        if let image = LocalImage.find(machine.image, in: cacheRoot) { return image }
        guard machine.image == LocalImage.recipeDigest else { return nil }
        return try await LocalImage.ensure(cacheRoot: cacheRoot, progress: progress)
    }

    /// Waits until the machine's process 1 is its own systemd.
    private func waitForInit(_ processes: MachineProcesses) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(60)
        while clock.now < deadline {
            if try processes.leader?.command == "systemd" { return }
            let isAlive = try processes.cgroups.members(processes.cgroup).contains { ProcessFacts.read("\($0)")?.isDead == false }
            guard isAlive else {
                throw SlipwayError(
                    .failed, doing: "starting the machine", cause: "it ended before its system was up",
                    hint: "see its console's last lines",
                    retry: .transient)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw SlipwayError(
            .failed, doing: "starting the machine", cause: "its system did not come up within a minute",
            hint: "see its console's last lines", retry: .transient)
    }
}

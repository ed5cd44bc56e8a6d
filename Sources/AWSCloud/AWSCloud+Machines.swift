import AWSAPI
import AWSRequests
public import ClusterModel
import Foundation
import Synchronization

extension AWSCloud {
    public func createMachine(_ request: MachineRequest) async throws -> MachineRecord {
        try await at(Address(.machine, request.name), doing: "creating the machine") {
            let earlier = try await instances(request.cluster, token: request.token)
            if let instance = earlier.first {
                try await removeDoubles(earlier.dropFirst().compactMap(\.instanceId), of: request.name)
                return try await settle(instance, request.cluster)
            }
            let instance = try await spot(request) {
                try await self.once(
                    find: { try await self.instances(request.cluster, token: request.token).first },
                    make: { try await self.run(request, $0) })
            }
            return try await settle(instance, request.cluster)
        }
    }

    public func startMachine(_ cluster: ClusterIdentity, name: String) async throws -> MachineRecord {
        try await at(Address(.machine, name), doing: "starting the machine") {
            let instance = try await existing(cluster, name)
            if instance.status == .stopped {
                _ = try await aws.send(EC2.StartInstancesRequest(instanceIds: [instance.instanceId ?? ""]))
            }
            return try await settle(instance, cluster)
        }
    }

    public func stopMachine(_ cluster: ClusterIdentity, name: String) async throws {
        try await at(Address(.machine, name), doing: "stopping the machine") {
            let instance = try await existing(cluster, name)
            // EC2 stops no spot instance. Of those only such are asked to stop that leave anyway.
            guard instance.market != .spot else { return try await end([instance], cluster) }
            _ = try await aws.send(EC2.StopInstancesRequest(instanceIds: [instance.instanceId ?? ""]))
            try await wait(for: "stopped", instance, cluster) { $0.state?.name == "stopped" }
        }
    }

    public func resizeMachine(_ cluster: ClusterIdentity, name: String, instanceType: String) async throws {
        let doing = "changing the machine's size"
        try await at(Address(.machine, name), doing: doing) {
            let instance = try await existing(cluster, name)
            guard instance.instanceType != instanceType else { return }
            guard instance.status == .stopped else {
                throw SlipwayError(.refused, doing: doing, cause: "it runs", hint: "stop it first")
            }
            _ = try await aws.send(
                EC2.ModifyInstanceAttributeRequest(
                    instanceId: instance.instanceId, instanceType: EC2.AttributeValue(value: instanceType)))
        }
    }

    public func deleteMachine(_ cluster: ClusterIdentity, name: String) async throws {
        try await at(Address(.machine, name), doing: "terminating the machine") {
            let all = try await aws.instances(of: cluster, tag: AWSTags.machine, name)
            let living = all.filter { $0.state?.name != "terminated" }
            known.withLock { $0.instances[cluster.uid]?[name] = nil }
            guard !living.isEmpty else { return }
            if living.contains(where: { $0.role == .controlPlane }) {
                try await leave(cluster, instances: living.compactMap(\.instanceId))
            }
            try await end(living, cluster)
        }
    }

    public func tagMachine(_ cluster: ClusterIdentity, name: String, tags: [String: String]) async throws {
        try await at(Address(.machine, name), doing: "tagging the machine") {
            _ = try await aws.send(EC2.CreateTagsRequest(resources: [try await id(of: name, cluster)], tags: AWSTags.ec2(tags)))
        }
    }

    public func consoleTail(_ cluster: ClusterIdentity, name: String, lines: Int) async throws -> [String] {
        try await at(Address(.machine, name), doing: "reading the console") {
            let answer = try await aws.send(EC2.GetConsoleOutputRequest(instanceId: try await id(of: name, cluster)))
            guard let bytes = answer.output.flatMap({ Data(base64Encoded: $0, options: .ignoreUnknownCharacters) }) else { return [] }
            return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(lines).map(String.init)
        }
    }

    // MARK: Parts

    private func run(_ request: MachineRequest, _ account: OnceAccount) async throws -> EC2.Instance? {
        let names = AWSNames(cluster: request.cluster)
        guard let settings = request.cloud?.aws else {
            throw SlipwayError(.bug, doing: "creating the machine", cause: "there are no settings of AWS for it")
        }
        let ids = try await ids(request.cluster)
        let place = ids.place(of: request.role)
        guard let subnet = ids.subnets[place.use]?[request.zone] else { throw Self.missing("subnet of \(request.zone)", request.cluster) }
        guard let group = ids.groups[request.role] else { throw Self.missing("security group", request.cluster) }
        let image = try await image(settings.image, for: request.instanceType)
        let tags = AWSTags.owned(
            request.tags.merging([AWSTags.machine: request.name]) { _, ours in ours }, cluster: request.cluster, name: request.name)
        let userData = UserData(
            machine: request.name, hostKey: request.hostKey, authorizedKeys: request.authorizedKeys, programsCheck: request.programsCheck)
        let run = EC2.RunInstancesRequest(
            blockDeviceMappings: [
                EC2.BlockDeviceMapping(
                    deviceName: image.rootDevice,
                    ebs: EC2.EbsBlockDevice(
                        deleteOnTermination: true, encrypted: true, volumeSize: max(settings.volumeSize, image.smallestVolume),
                        volumeType: "gp3"))
            ],
            // At most 64 characters.
            clientToken: String(request.token.suffix(64)),
            iamInstanceProfile: request.role.isOfNodes ? EC2.IamInstanceProfileSpecification(name: names.profile(request.role)) : nil,
            imageId: image.id,
            instanceInitiatedShutdownBehavior: request.market == .spot ? "terminate" : "stop",
            instanceMarketOptions: request.market.map(EC2.InstanceMarketOptionsRequest.init), instanceType: request.instanceType,
            keyName: names.keyPair, maxCount: 1,
            metadataOptions: EC2.InstanceMetadataOptionsRequest(
                httpEndpoint: "enabled", httpPutResponseHopLimit: 1, httpTokens: "required"),
            minCount: 1,
            networkInterfaces: [
                EC2.InstanceNetworkInterfaceSpecification(
                    associatePublicIpAddress: place.isPublic, deleteOnTermination: true, deviceIndex: 0, groups: [group], subnetId: subnet
                )
            ],
            tagSpecifications: [
                AWSTags.spec("instance", tags), AWSTags.spec("volume", tags), AWSTags.spec("network-interface", tags),
            ],
            userData: Data(userData.text.utf8).base64EncodedString())
        return try await account.send(run).instances.first
    }

    private func end(_ instances: [EC2.Instance], _ cluster: ClusterIdentity) async throws {
        // Once: an answer that was lost is found out by the next look.
        _ = try await aws.once(EC2.TerminateInstancesRequest(instanceIds: instances.compactMap(\.instanceId)))
        // Until then its network interface is in use, and its network cannot go.
        for instance in instances { try await wait(for: "terminated", instance, cluster) { $0.state?.name == "terminated" } }
    }

    private func instances(_ cluster: ClusterIdentity, token: String) async throws -> [EC2.Instance] {
        try await aws.instances(of: cluster, tag: Tag.token, token, living: true)
    }

    /// A request that was not answered may have been carried out later than it was looked for.
    private func removeDoubles(_ ids: [String], of name: String) async throws {
        guard !ids.isEmpty else { return }
        say("\(name): terminating \(ids.joined(separator: ", ")), made by a request that was never answered")
        _ = try await aws.send(EC2.TerminateInstancesRequest(instanceIds: ids))
    }

    /// The id of a machine that lives. What is known of it stays true: a name is never given again.
    func id(of name: String, _ cluster: ClusterIdentity) async throws -> String {
        if let id = known.withLock({ $0.instances[cluster.uid]?[name] }) { return id }
        let id = try answered(try await existing(cluster, name).instanceId, "the instance's id")
        known.withLock { $0.instances[cluster.uid, default: [:]][name] = id }
        return id
    }

    /// A machine by its name.
    /// - Throws: `.notFound` when none lives.
    func existing(_ cluster: ClusterIdentity, _ name: String) async throws -> EC2.Instance {
        guard let instance = try await aws.instances(of: cluster, tag: AWSTags.machine, name, living: true).first else {
            throw SlipwayError(
                .notFound, at: Address(.machine, name), doing: "looking for it on AWS", cause: "no instance carries its tags",
                hint: "run: slipway update cluster \(cluster.name)")
        }
        return instance
    }

    /// Waits until the instance runs with its addresses and passes on what is not for itself: pods have addresses of their own.
    private func settle(_ instance: EC2.Instance, _ cluster: ClusterIdentity) async throws -> MachineRecord {
        if instance.sourceDestCheck != false {
            _ = try await aws.send(
                EC2.ModifyInstanceAttributeRequest(
                    instanceId: instance.instanceId, sourceDestCheck: EC2.AttributeBooleanValue(value: false)))
        }
        if let name = instance.machineName, let id = instance.instanceId {
            known.withLock { $0.instances[cluster.uid, default: [:]][name] = id }
        }
        let isPublic = try await ids(cluster).place(of: instance.role ?? .worker).isPublic
        if instance.hasStarted(isPublic: isPublic), let record = instance.record { return record }
        let running = try await wait(for: "running", instance, cluster) { $0.hasStarted(isPublic: isPublic) }
        return try answered(running.record, "the machine's tags")
    }

    @discardableResult
    private func wait(
        for state: String, _ instance: EC2.Instance, _ cluster: ClusterIdentity, _ isThere: @Sendable @escaping (EC2.Instance) -> Bool
    ) async throws -> EC2.Instance {
        let id = instance.instanceId ?? ""
        let reached = try await context.poll(every: .seconds(2), for: Self.patience, ridingOut: { _ in }) {
            () async throws -> EC2.Instance? in
            let seen = try await AWSInventory.missing("InvalidInstanceID.NotFound") {
                try await self.aws.pages(EC2.DescribeInstancesRequest(instanceIds: [id])).flatMap(\.reservations).flatMap(\.instances).first
            }
            if let seen, state != "terminated", seen.status == .terminated {
                throw SlipwayError(
                    .failed, doing: "waiting until it is \(state)",
                    cause: "EC2 ended it: \(seen.stateReason?.message ?? seen.stateTransitionReason ?? "it does not say why")",
                    hint: "mend that and run the same command again")
            }
            return seen.flatMap { isThere($0) ? $0 : nil }
        }
        guard let reached else {
            throw SlipwayError(
                .failed, doing: "waiting until it is \(state)", cause: "it was not within \(Self.patience)", hint: "run it again",
                retry: .transient)
        }
        return reached
    }
}

extension EC2.Instance {
    /// A machine in a public subnet has an address outside a moment after it runs.
    func hasStarted(isPublic: Bool) -> Bool {
        state?.name == "running" && privateIpAddress != nil && (publicIpAddress != nil || !isPublic)
    }
}

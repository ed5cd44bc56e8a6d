import AWSAPI
import AWSRequests
import ClusterModel
import Synchronization

/// Images as machines boot from them.
enum AWSImages {
    struct Resolved: Sendable {
        var id: String
        var name: String
        var architecture: AWSArchitecture?
        /// The device that the root volume is attached as.
        var rootDevice: String
        /// What the image's own root volume has, in GiB: no other may be smaller.
        var smallestVolume: Int

        init?(_ image: EC2.Image) {
            guard let id = image.imageId else { return nil }
            self.id = id
            name = image.name ?? id
            architecture = image.architecture.flatMap(AWSArchitecture.init(rawValue:))
            rootDevice = image.rootDeviceName ?? "/dev/xvda"
            smallestVolume = image.blockDeviceMappings.first { $0.deviceName == image.rootDeviceName }?.ebs?.volumeSize ?? 1
        }
    }
}

extension AWSCloud {
    /// The image that a machine of a type boots from. Each is looked up once.
    /// - Throws: `.refused` when there is none, or it is for other processors than the type has.
    func image(_ wanted: AWSImage?, for instanceType: String) async throws -> AWSImages.Resolved {
        let architecture = try await architecture(of: instanceType)
        let wanted = wanted ?? .debian12(architecture)
        if let known = known.withLock({ $0.images[wanted] }) { return known }
        guard let image = try await find(wanted, architecture) else {
            throw SlipwayError(
                .refused, doing: "choosing the image", cause: "there is no image '\(wanted)' for \(architecture.rawValue) in \(aws.region)",
                hint: "name another: slipway set cluster NAME spec.cloud.aws.image=ami-ID")
        }
        if let its = image.architecture, its != architecture {
            throw SlipwayError(
                .refused, doing: "choosing the image",
                cause: "the image \(image.id) is for \(its.rawValue), and \(instanceType) has \(architecture.rawValue) processors",
                hint: "an image for \(architecture.rawValue), or another instance type")
        }
        known.withLock { $0.images[wanted] = image }
        return image
    }

    private func find(_ wanted: AWSImage, _ architecture: AWSArchitecture) async throws -> AWSImages.Resolved? {
        switch wanted {
        case .id(let id): return try await image(id: id)
        case .parameter(let name):
            let id = try await AWSInventory.missing("ParameterNotFound") {
                try await self.aws.send(SSM.GetParameterRequest(name: name)).parameter?.value
            }
            guard let id else { return nil }
            return try await image(id: id)
        case .newest(let owner, let name):
            let request = EC2.DescribeImagesRequest(
                filters: [
                    AWSInventory.filter("name", name), AWSInventory.filter("architecture", architecture.rawValue),
                    AWSInventory.filter("state", "available"),
                ], owners: [owner])
            // Dates in ISO 8601 sort as texts.
            return try await aws.pages(request).flatMap(\.images).max {
                ($0.creationDate ?? "", $0.imageId ?? "") < ($1.creationDate ?? "", $1.imageId ?? "")
            }
            .flatMap(AWSImages.Resolved.init)
        }
    }

    private func image(id: String) async throws -> AWSImages.Resolved? {
        let found = try await AWSInventory.missing("InvalidAMIID.NotFound") {
            try await self.aws.pages(EC2.DescribeImagesRequest(imageIds: [id])).flatMap(\.images).first
        }
        return found.flatMap(AWSImages.Resolved.init)
    }

    /// Asks for several types in one call. Of one that is not there `architecture(of:)` says so.
    func noteArchitectures(of types: [String]) async throws {
        let found = try await AWSInventory.missing("InvalidInstanceType") {
            try await self.aws.pages(EC2.DescribeInstanceTypesRequest(instanceTypes: types)).flatMap(\.instanceTypes)
        }
        for info in found ?? [] {
            guard let type = info.instanceType, let architecture = info.architecture else { continue }
            known.withLock { $0.architectures[type] = architecture }
        }
    }

    /// The kind of processors that an instance type has.
    /// - Throws: `.refused` for a type that the region does not have.
    func architecture(of instanceType: String) async throws -> AWSArchitecture {
        if let known = known.withLock({ $0.architectures[instanceType] }) { return known }
        let found = try await AWSInventory.missing("InvalidInstanceType") {
            try await self.aws.pages(EC2.DescribeInstanceTypesRequest(instanceTypes: [instanceType])).flatMap(\.instanceTypes).first
        }
        guard let architecture = found?.architecture else {
            throw SlipwayError(
                .refused, doing: "choosing the instance type", cause: "\(aws.region) has no '\(instanceType)'",
                hint: "list them: slipway get instance-types --cloud aws")
        }
        known.withLock { $0.architectures[instanceType] = architecture }
        return architecture
    }
}

extension EC2.InstanceTypeInfo {
    fileprivate var architecture: AWSArchitecture? {
        processorInfo?.supportedArchitectures.lazy.compactMap(AWSArchitecture.init(rawValue:)).first
    }
}

/// What a machine is made from, besides its zone and its type. It cannot be changed where it is: one that is made from something
/// else than the spec says is to be replaced.
public struct MachineMake: Codable, Sendable, Equatable {
    /// As the spec had it when the machine was made; nil for the default. Of an image that is named by a pattern the name counts:
    /// that there is a newer one replaces nothing.
    public var image: String?
    /// Of its root volume, in GiB.
    public var volumeSize: Int

    public init(image: String?, volumeSize: Int) {
        self.image = image
        self.volumeSize = volumeSize
    }

    /// Nil on clouds whose machines are all made from the same.
    public init?(_ cloud: CloudSpec) {
        guard let aws = cloud.aws else { return nil }
        self.init(image: aws.image.map { "\($0)" }, volumeSize: aws.volumeSize)
    }

    /// The field in which one made from this differs from `wanted`; nil when it does in none.
    public func difference(from wanted: MachineMake) -> Reason? {
        if image != wanted.image { return Reason("image", old: image ?? Self.defaultImage, new: wanted.image ?? Self.defaultImage) }
        if volumeSize != wanted.volumeSize { return Reason("volumeSize", old: "\(volumeSize) GiB", new: "\(wanted.volumeSize) GiB") }
        return nil
    }

    private static let defaultImage = "the default"
}

extension MachineMake {
    /// As tags of the machine: a lost state is rebuilt from them.
    public var tags: [String: String] { [Tag.image: image ?? "", Tag.volumeSize: "\(volumeSize)"] }

    /// Nil for a machine whose tags do not say it.
    public init?(tags: [String: String]) {
        guard let volumeSize = tags[Tag.volumeSize].flatMap({ Int($0) }) else { return nil }
        let image = tags[Tag.image] ?? ""
        self.init(image: image.isEmpty ? nil : image, volumeSize: volumeSize)
    }
}

extension CloudSpec {
    /// The same with machines made from this.
    public func making(_ make: MachineMake?) -> CloudSpec {
        guard let make else { return self }
        var cloud = self
        cloud.aws?.image = make.image.flatMap { AWSImage($0) }
        cloud.aws?.volumeSize = make.volumeSize
        return cloud
    }
}

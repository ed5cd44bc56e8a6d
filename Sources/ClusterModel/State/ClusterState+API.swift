extension ClusterState {
    /// `https://NAME:PORT` of the API for people; nil while there is no network. Slipway itself goes to the network's own address,
    /// which needs nobody's resolver to know a name of the spec's.
    public var apiURL: String? {
        guard let network else { return nil }
        return desired.spec.cloud.aws?.dnsName.map { "https://\($0):\(NodePorts.api)" } ?? network.accessURL
    }
}

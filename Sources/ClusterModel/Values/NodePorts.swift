/// Ports of a node.
public enum NodePorts {
    public static let api = 6443
    public static let etcdClient = 2379
    public static let etcdPeer = 2380
    /// On 127.0.0.1 only, without TLS: `/health` and `/metrics`.
    public static let etcdMetrics = 2381
    public static let kubelet = 10250
    /// On 127.0.0.1 only, without TLS: `/healthz`.
    public static let kubeletHealth = 10248
    /// On 127.0.0.1 only, with TLS: `/healthz`.
    public static let controllerManager = 10257
    /// On 127.0.0.1 only, with TLS: `/healthz`.
    public static let scheduler = 10259
    /// On the machine's address, without TLS: `/healthz`.
    public static let proxyHealth = 10256
}

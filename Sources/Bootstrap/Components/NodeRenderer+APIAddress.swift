import ClusterModel
import Templates

extension NodeRenderer {
    /// The stable address of the API. Every master has the same unit; VRRP decides which of them holds the address.
    mutating func addAPIAddress() throws {
        addScript("slipway-api-address", NodeTemplates.apiAddressScript, effect: .restart([.apiAddress]))
        addScript("slipway-api-ready", NodeTemplates.apiReadyScript, effect: .nothing)
        let client = "\(NodePaths.pki)/apiserver-kubelet-client"
        let check = [
            NodePaths.script("slipway-api-ready"), NodePaths.authority(.kubernetes), client + ".crt", client + ".key",
            "https://127.0.0.1:\(NodePorts.api)/readyz",
        ].joined(separator: " ")
        addUnit(
            .apiAddress, part: .machine,
            try unitText(
                NodeTemplates.apiAddressUnit,
                values: [
                    "environment": environment([
                        ("MACHINE_ADDRESS", input.late.address), ("API_ADDRESS", input.late.apiAddress),
                        ("VRRP_ID", String(virtualRouter)), ("CHECK", check),
                    ]),
                    "command": UnitQuoting.argument(NodePaths.script("slipway-api-address")),
                ]))
    }

    /// 1 to 255, the same on all masters of a cluster. Clusters that share a network mostly differ.
    private var virtualRouter: Int { (Int(input.cluster.uid.prefix(4), radix: 16) ?? 0) % 255 + 1 }
}

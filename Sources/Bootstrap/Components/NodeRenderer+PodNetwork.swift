import ClusterModel
import Templates

/// The bridge that a machine's pods hang on.
enum PodBridge {
    static let name = "cni0"

    /// A hardware address that follows from the bridge's address.
    static func hardwareAddress(_ address: IPv4Address) -> String {
        "0a:58:"
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: address.rawValue >> $0) }.hexadecimal
            .enumerated().map { $0.offset > 0 && $0.offset % 2 == 0 ? ":\($0.element)" : "\($0.element)" }.joined()
    }
}

extension NodeRenderer {
    mutating func addPodNetwork() throws {
        addScript("slipway-pod-bridge", NodeTemplates.podBridgeScript, effect: .restart([.podBridge]))
        addUnit(
            .podBridge, part: .machine, effect: .replace,
            try unitText(
                NodeTemplates.podBridgeUnit,
                values: [
                    "environment": environment([
                        ("BRIDGE", PodBridge.name), ("BRIDGE_ADDRESS", "\(input.bridgeAddress)/\(input.podCIDR.prefix)"),
                        ("BRIDGE_MAC", PodBridge.hardwareAddress(input.bridgeAddress)),
                    ]),
                    "command": UnitQuoting.argument(NodePaths.script("slipway-pod-bridge")),
                ]))
        folders.append(NodeFolder("/etc/cni/net.d", mode: 0o755))
        // Pods keep the addresses they got, so a machine whose pod range changed is replaced.
        addConfiguration(
            "/etc/cni/net.d/10-slipway.conflist", CanonicalJSON.text(conflist, pretty: true) + "\n", part: .machine, effect: .replace)
    }

    /// The runtime sets up the loopback link by itself.
    private var conflist: JSONValue {
        [
            "cniVersion": "0.4.0",
            "name": "slipway",
            "plugins": [
                [
                    "type": "bridge", "bridge": .string(PodBridge.name), "isGateway": true, "hairpinMode": true, "ipMasq": false,
                    "ipam": [
                        "type": "host-local",
                        "ranges": [[["subnet": .string(input.podCIDR.description), "gateway": .string(input.bridgeAddress.description)]]],
                        "routes": [["dst": "0.0.0.0/0"]],
                    ],
                ],
                ["type": "portmap", "capabilities": ["portMappings": true]],
            ],
        ]
    }
}

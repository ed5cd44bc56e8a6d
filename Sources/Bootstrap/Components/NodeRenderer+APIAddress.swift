import ClusterModel
import Templates

extension NodeRenderer {
    /// The stable address of the API, on the master that holds it.
    mutating func addAPIAddress() throws {
        let script = NodePaths.script("slipway-api-address")
        addScript("slipway-api-address", NodeTemplates.apiAddressScript, effect: .restart([.apiAddress]))
        addUnit(
            .apiAddress, part: .machine,
            try unitText(
                NodeTemplates.apiAddressUnit,
                values: [
                    "environment": environment([("MACHINE_ADDRESS", input.late.address), ("API_ADDRESS", input.late.apiAddress)]),
                    "command": UnitQuoting.argument(script),
                ]))
    }
}

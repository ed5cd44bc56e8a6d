/// Rules for where machines on AWS are, and for the ways in and out.
extension SpecRules {
    mutating func checkTopology(_ aws: AWSCloudSpec) {
        guard aws.isPrivate else {
            let means = "machines with public addresses have no use for it"
            if aws.natGateways != nil {
                error(.natGateways, "there are no private subnets: \(means)", "topology: private, or leave it out")
            }
            if aws.bastionType != nil {
                error(.bastionType, "there are no private subnets: \(means)", "topology: private, or leave it out")
            }
            return
        }
        if aws.vpcCIDR.prefix > AWSNetworkDesign.smallestPrivateVPC {
            error(
                .vpcCIDR, "\(aws.vpcCIDR) is too small for private and public subnets in each zone",
                "a /16 to a /\(AWSNetworkDesign.smallestPrivateVPC)", related: [.topology])
        }
        if let type = aws.bastionType {
            checkInstanceType(type, at: .bastionType)
            checkMachineNames(pool: MachineRole.bastionPool, zones: spec.controlPlane.zones, at: .name)
        } else {
            warning(
                .topology, "without a bastion nobody reaches the machines who is not in their network already",
                "bastionType: t3.micro, or run Slipway inside of the VPC or a network connected to it")
        }
    }
}

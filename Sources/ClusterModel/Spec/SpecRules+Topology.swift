/// Rules for where machines on AWS are, and for the ways in and out.
extension SpecRules {
    mutating func checkTopology(_ aws: AWSCloudSpec) {
        checkSubnets(aws)
        guard aws.isPrivate else {
            let means = "machines with public addresses have no use for it"
            for (path, isSet) in [
                (FieldPath.natGateways, aws.natGateways != nil), (.bastionType, aws.bastionType != nil),
                (.publicSubnets, aws.publicSubnets != nil),
            ] where isSet {
                error(path, "there are no private subnets: \(means)", "topology: private, or leave it out", related: [.topology])
            }
            return
        }
        if aws.subnets == nil, aws.vpcCIDR.prefix > AWSNetworkDesign.smallestPrivateVPC {
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

    private mutating func checkSubnets(_ aws: AWSCloudSpec) {
        for (path, subnets) in [(FieldPath.subnets, aws.subnets), (.publicSubnets, aws.publicSubnets)] {
            for (zone, id) in (subnets ?? [:]).sorted(by: { $0.key < $1.key }) where !AWSID.isSubnet(id) {
                error(path.key(zone), "\(TerminalText.quoted(id)) is no id of a subnet", "as subnet-0123456789abcdef0")
            }
        }
        guard let subnets = aws.subnets else {
            if aws.isPrivate, aws.publicSubnets != nil {
                error(.publicSubnets, "the cluster makes its subnets itself, both kinds", "subnets: those of its machines, or leave it out")
            }
            return
        }
        if aws.vpcID == nil {
            error(.subnets, "subnets that are there are in a VPC that is there", "vpcID: the one that they are in", related: [.vpcID])
        }
        if aws.natGateways != nil {
            error(.natGateways, "subnets that are there have ways out of their own", "leave it out", related: [.subnets])
        }
        let zones = Set(spec.controlPlane.zones + spec.pools.flatMap(\.zones)).sorted()
        for zone in zones where subnets[zone] == nil {
            error(
                .subnets, "it names no subnet for the zone \(TerminalText.quoted(zone))", "\(zone): subnet-ID",
                related: [.controlPlaneZones])
        }
        guard aws.isPrivate, aws.apiExposure == .internetFacing || aws.bastionType != nil else { return }
        let missing = spec.controlPlane.zones.filter { aws.publicSubnets?[$0] == nil }
        guard let zone = missing.first else { return }
        let what = aws.bastionType == nil ? "the balancer that faces the internet" : "the bastion, and what faces the internet,"
        error(
            aws.publicSubnets == nil ? .subnets : .publicSubnets, "\(what) has no public subnet in \(TerminalText.quoted(zone))",
            "publicSubnets: {\(zone): subnet-ID}, or apiExposure: internal and no bastion", related: [.topology, .apiExposure])
    }
}

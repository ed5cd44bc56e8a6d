/// Names of the spec's fields, for telling what an unknown key was probably meant to be.
enum SpecSchema {
    static let document = ["apiVersion", "kind", "metadata", "spec"]
    static let metadata = ["name"]
    static let spec = ["kubernetesVersion", "cloud", "access", "controlPlane", "pools", "network", "assets", "deletionProtection"]
    static let cloud = ["provider", "local", "aws"]
    static let localCloud = ["cidr"]
    static let aws = [
        "region", "vpcID", "vpcCIDR", "subnets", "publicSubnets", "topology", "natGateways", "bastionType", "image", "volumeSize",
        "apiExposure", "dnsName",
        "hostedZone",
    ]
    static let access = ["api", "ssh", "sshPublicKeys"]
    static let controlPlane = ["count", "zones", "instanceType", "update"]
    static let controlPlaneUpdate = ["strategy"]
    static let pool = ["name", "zones", "count", "instanceType", "labels", "taints", "spot", "update"]
    static let taint = ["key", "value", "effect"]
    static let update = ["strategy", "maxSurge", "maxUnavailable", "drainTimeout"]
    static let network = ["podCIDR", "serviceCIDR"]
    static let assets = ["source"]

    private static let homes: [(path: String, fields: [String])] = [
        ("the document", document), ("metadata", metadata), ("spec", spec), ("spec.cloud", cloud), ("spec.cloud.local", localCloud),
        ("spec.cloud.aws", aws),
        ("spec.access", access), ("spec.controlPlane", controlPlane), ("spec.controlPlane.update", controlPlaneUpdate),
        ("spec.pools[]", pool), ("spec.pools[].taints[]", taint),
        ("spec.pools[].update", update), ("spec.network", network), ("spec.assets", assets),
    ]

    /// What other tools call our fields.
    private static let synonyms: [String: String] = [
        "masters": "controlPlane", "master": "controlPlane", "controlplanes": "controlPlane", "nodes": "pools", "nodepools": "pools",
        "workers": "pools", "nodegroups": "pools", "instancegroups": "pools", "version": "kubernetesVersion",
        "k8sversion": "kubernetesVersion", "replicas": "count", "size": "instanceType", "machinetype": "instanceType",
        "type": "instanceType", "zone": "zones", "subnets": "zones", "nodelabels": "labels", "servicesubnet": "serviceCIDR",
        "serviceclusteriprange": "serviceCIDR", "podsubnet": "podCIDR", "clustercidr": "podCIDR", "sshkeys": "sshPublicKeys",
        "authorizedkeys": "sshPublicKeys", "cloudprovider": "cloud",
        "networkcidr": "vpcCIDR", "subnetids": "subnets", "utilitysubnets": "publicSubnets", "bastion": "bastionType",
        "bastionsize": "bastionType", "natgateway": "natGateways", "nat": "natGateways",
        "networkid": "vpcID", "vpc": "vpcID", "ami": "image", "rootvolumesize": "volumeSize",
        "masterpublicname": "dnsName", "dnszone": "hostedZone", "hostedzoneid": "hostedZone",
        "maxprice": "spot", "spotprice": "spot", "market": "spot", "markettype": "spot", "capacitytype": "spot",
    ]

    /// What would be right instead of `key`, where only `known` keys may stand.
    static func suggestion(forUnknown key: String, known: [String]) -> String {
        if let near = Suggestion.nearest(to: key, among: known) { return "did you mean '\(near)'?" }
        let folded = key.lowercased().filter { $0.isLetter || $0.isNumber }
        if let meant = synonyms[folded], known.contains(meant) { return "did you mean '\(meant)'?" }
        let elsewhere = homes.filter { $0.fields.contains(key) }
        if elsewhere.count == 1 { return "'\(key)' belongs into \(elsewhere[0].path)" }
        return "known here: \(known.joined(separator: ", "))"
    }
}

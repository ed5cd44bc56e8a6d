// swift-tools-version: 6.2
import PackageDescription

// The house. A target imports only targets that stand below it in this list; nothing imports
// SlipwayCommands. ClusterModel, Planning, Bootstrap and PKI import no networking library.

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // A warning in our own targets fails every build; those of the dependencies are none of our business.
    .treatAllWarnings(as: .error),
]

func target(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil, resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, resources: resources, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + dependencies, exclude: exclude,
        swiftSettings: swiftSettings)
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = "Yams"
let http: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

/// Units and scripts of a node, under `templates/`.
let nodeTemplates = [
    "node-api-address.service", "node-api-address.sh", "node-api-ready.sh", "node-containerd-config.sh", "node-containerd.service",
    "node-control-plane.service", "node-etcd-start.sh", "node-etcd.service", "node-hardening.conf", "node-host-key-activate.sh",
    "node-host-key-proof.sh", "node-host-key-stage.sh", "node-install.sh",
    "node-kube-apiserver.service", "node-kube-proxy.service", "node-kubelet-prepare.sh", "node-kubelet.service",
    "node-network-gate.sh", "node-observe.sh", "node-pod-bridge.service", "node-pod-bridge.sh", "node-required-programs.sh",
]

/// Scripts and configuration of local machines, under `templates/`.
let localTemplates = [
    "local-image.sh", "local-journald.conf", "local-launch.sh", "local-setup.service", "local-setup.sh", "local-sshd.conf",
    "local-start.sh", "local-system.conf",
]

let package = Package(
    name: "slipway",
    products: [.executable(name: "slipway", targets: ["slipway"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    ],
    targets: [
        .executableTarget(name: "slipway", dependencies: ["SlipwayCommands"], swiftSettings: swiftSettings),
        target(
            "SlipwayCommands",
            [
                "Operations", "Engine", "Planning", "SimulatedCloud", "LocalCloud", "AWSCloud", "AWSAPI", "SSH", "KubernetesAPI", "Assets",
                "StateStore", "PKI",
                "Bootstrap", "ClusterModel",
                argumentParser, yams,
            ]),
        target(
            "Operations", ["Engine", "Drivers", "Planning", "SimulatedCloud", "Bootstrap", "PKI", "StateStore", "ClusterModel", crypto]),
        target("Engine", ["ClusterModel"]),
        target("Drivers", ["Planning", "Bootstrap", "PKI", "ClusterModel"]),
        target("Planning", ["Bootstrap", "ClusterModel"]),
        target("SimulatedCloud", ["Bootstrap", "StateStore", "ClusterModel", crypto]),
        target("Bootstrap", ["ClusterModel", "Templates", yams, mustache, crypto]),
        target("PKI", ["ClusterModel", x509, crypto, asn1, yams]),
        target("StateStore", ["AWSRequests", "AWSAPI", "ClusterModel", crypto, cryptoExtras]),
        // Made by scripts/aws-requests.
        target("AWSRequests", ["AWSAPI"]),
        target("AWSAPI", ["ClusterModel", http, nioCore, nioPosix, nioHTTP1, nioSSL, crypto, subprocess, systemPackage]),
        target("KubernetesAPI", ["ClusterModel", http, nioCore, nioPosix, nioHTTP1, nioSSL]),
        target("Assets", ["ClusterModel", http, nioCore, nioHTTP1, crypto]),
        target("SSH", ["ClusterModel", "CLibSSH2", crypto]),
        .systemLibrary(name: "CLibSSH2", pkgConfig: "libssh2", providers: [.apt(["libssh2-1-dev"])]),
        target("AWSCloud", ["AWSAPI", "AWSRequests", "ClusterModel"]),
        target("LocalCloud", ["ClusterModel", "Templates", subprocess, systemPackage, mustache, crypto]),
        target("ClusterModel", [yams]),
        target("Templates", [], path: "templates", resources: (nodeTemplates + localTemplates).map { .embedInCode($0) }),
        target("TestSupport", ["ClusterModel", crypto, yams]),
        // Measures for `make bench`; in no product that is installed.
        .executableTarget(
            name: "slipway-bench",
            dependencies: [
                "Operations", "Engine", "Planning", "SimulatedCloud", "AWSCloud", "AWSAPI", "StateStore", "PKI", "ClusterModel",
                "TestSupport",
            ], path: "Benchmarks", exclude: ["terraform"], swiftSettings: swiftSettings),
        tests("ClusterModel", [yams], exclude: ["Golden"]),
        tests("Bootstrap", [yams, subprocess], exclude: ["Facts", "Golden"]),
        tests("PKI", [x509, crypto, yams]),
        tests("StateStore", ["AWSAPI", "AWSRequests", crypto, subprocess, systemPackage], exclude: ["Fixtures"]),
        tests("AWSRequests", ["AWSAPI"], exclude: ["Golden"]),
        tests("AWSAPI", [], exclude: ["SignatureVectors.json"]),
        tests("KubernetesAPI", [nioCore, nioPosix, nioHTTP1, nioSSL]),
        tests("Assets", [crypto]),
        tests("SSH", ["Bootstrap", crypto, subprocess]),
        tests("AWSCloud", ["AWSAPI", "AWSRequests", "Bootstrap", subprocess, systemPackage], exclude: ["account.py", "zones.py"]),
        tests("LocalCloud", ["Bootstrap", subprocess]),
        tests("Planning", ["Engine"]),
        tests("Engine", []),
        tests("Drivers", ["Bootstrap", "PKI", "SimulatedCloud"]),
        tests("SimulatedCloud", []),
        tests("Operations", ["Drivers", "Engine", "PKI", "Planning", "SimulatedCloud", "StateStore"]),
        tests(
            "SlipwayCommands", ["Assets", argumentParser, "Engine", "Operations", "PKI", "Planning", "SimulatedCloud", "StateStore", yams],
            exclude: ["Golden"]),
        .testTarget(
            name: "CrashMatrixTests",
            dependencies: ["Operations", "SimulatedCloud", "StateStore", "ClusterModel", "TestSupport", subprocess, systemPackage],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "EndToEndTests", dependencies: ["ClusterModel", "TestSupport", subprocess, systemPackage], swiftSettings: swiftSettings),
    ]
)

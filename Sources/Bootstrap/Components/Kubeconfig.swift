import ClusterModel

enum Kubeconfig {
    /// A kubeconfig with one cluster and one user, by paths of files on the same machine.
    static func object(cluster: String, server: String, certificate: String, key: String) -> JSONValue {
        [
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                [
                    "name": .string(cluster),
                    "cluster": [
                        "server": .string(server), "certificate-authority": .string(NodePaths.authority(.kubernetes)),
                    ],
                ]
            ],
            "users": [["name": "node", "user": ["client-certificate": .string(certificate), "client-key": .string(key)]]],
            "contexts": [["name": "default", "context": ["cluster": .string(cluster), "user": "node"]]],
            "current-context": "default",
        ]
    }
}

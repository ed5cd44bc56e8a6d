/// Answers of real API servers, shortened.
enum Recorded {
    static func list(_ items: [String], kind: String = "NodeList", next: String? = nil) -> String {
        let token = next.map { #","continue":"\#($0)","remainingItemCount":7"# } ?? ""
        return """
            {"kind":"\(kind)","apiVersion":"v1","metadata":{"selfLink":"/api/v1/nodes","resourceVersion":"812"\(token)},\
            "items":[\(items.joined(separator: ","))]}
            """
    }

    static func bareNode(_ name: String) -> String {
        #"{"metadata":{"name":"\#(name)","uid":"u","resourceVersion":"1"},"spec":{},"status":{}}"#
    }

    static let version = """
        {
          "major": "1",
          "minor": "20",
          "gitVersion": "v1.20.2",
          "gitCommit": "faecb196815e248d3ecfb03c680a4507229c2a56",
          "gitTreeState": "clean",
          "buildDate": "2021-01-13T13:20:00Z",
          "goVersion": "go1.15.5",
          "compiler": "gc",
          "platform": "linux/amd64"
        }
        """

    static let coreResources = """
        {"kind":"APIResourceList","groupVersion":"v1","resources":[
        {"name":"bindings","singularName":"","namespaced":true,"kind":"Binding","verbs":["create"]},
        {"name":"configmaps","singularName":"","namespaced":true,"kind":"ConfigMap","verbs":["create","delete","get","list","patch"],
        "shortNames":["cm"],"storageVersionHash":"qFsyl6wFWjQ="},
        {"name":"namespaces","singularName":"","namespaced":false,"kind":"Namespace","verbs":["create","get","patch"],"shortNames":["ns"]},
        {"name":"namespaces/finalize","singularName":"","namespaced":false,"kind":"Namespace","verbs":["update"]},
        {"name":"pods/attach","singularName":"","namespaced":true,"kind":"PodAttachOptions","verbs":["create","get"]},
        {"name":"pods/status","singularName":"","namespaced":true,"kind":"Pod","verbs":["get","patch","update"]},
        {"name":"pods","singularName":"","namespaced":true,"kind":"Pod","verbs":["create","get","patch"],"shortNames":["po"]},
        {"name":"secrets","singularName":"","namespaced":true,"kind":"Secret","verbs":["create","get","patch"]}]}
        """

    static let rbacResources = """
        {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"rbac.authorization.k8s.io/v1","resources":[
        {"name":"clusterrolebindings","singularName":"","namespaced":false,"kind":"ClusterRoleBinding","verbs":["patch"]},
        {"name":"roles","singularName":"","namespaced":true,"kind":"Role","verbs":["patch"]}]}
        """

    /// `/readyz?verbose` of 1.20 while etcd is away.
    static let notReady = """
        [+]ping ok
        [+]log ok
        [-]etcd failed: reason withheld
        [+]informer-sync ok
        [+]poststarthook/start-kube-apiserver-admission-initializer ok
        [-]poststarthook/rbac/bootstrap-roles failed: reason withheld
        [-]shutdown failed: process is shutting down
        readyz check failed

        """

    static let ready = """
        [+]ping ok
        [+]log ok
        [+]etcd ok
        [+]shutdown ok
        readyz check passed

        """
}

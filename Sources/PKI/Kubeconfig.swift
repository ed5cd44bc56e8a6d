public import ClusterModel
import Foundation
import Yams

/// Edits kubeconfig files, as text: whoever calls reads and writes the file.
///
/// **Whose entry is whose.** The cluster's and the user's entry are called `slipway-NAME-UID`. The UID is the cluster's
/// own, so whatever bears that name is ours, and nothing else ever is: clusters of the same name from two state stores
/// stand side by side. A context is ours when it refers to both of these entries, also after its user renamed it or gave
/// it a namespace. A new context is called NAME as people type it; when somebody else's context has that name, it is
/// called NAME-UID and the other one stays as it is.
///
/// **What is kept.** All other entries and keys, known or not, with their order, values and quoting. What YAML readers do
/// not see is not kept when something changes (comments, flow style, anchors), as with kubectl. A file that would not
/// change is given back byte for byte. Before a text is returned it is read again and compared with what was meant.
///
/// Texts hold private keys; errors never quote them.
public enum Kubeconfig {
    /// The text with the cluster added, or brought up to date when it is there already, and its context made current.
    ///
    /// - Parameter text: The file as it is; nil (or blank) when there is none yet.
    /// - Throws: `SlipwayError` when `text` is not a kubeconfig. Then nothing should be written.
    public static func adding(_ entry: KubeconfigEntry, to text: String?) throws -> String {
        try editing(text ?? "", doing: "adding the cluster to the kubeconfig file", for: entry.identity) { document in
            let owned = OwnedNames(entry.identity)
            document.update(.clusters, named: owned.entry) { cluster in
                // These would contradict the authority given here.
                cluster["certificate-authority"] = nil
                cluster["insecure-skip-tls-verify"] = nil
                cluster["certificate-authority-data"] = .base64(entry.endpoint.authority.utf8)
                cluster["server"] = .text(entry.endpoint.url)
            }
            document.update(.users, named: owned.entry) { user in
                user = Node.Mapping([
                    (.text("client-certificate-data"), .base64(entry.endpoint.certificate.utf8)),
                    (.text("client-key-data"), .base64(entry.endpoint.key.reveal())),
                ])
            }
            let context = try document.ownContexts(owned).first ?? document.freeContextName(owned)
            document.update(.contexts, named: context) { body in
                body["cluster"] = .text(owned.entry)
                body["user"] = .text(owned.entry)
            }
            document.currentContext = context
        }
    }

    /// The text without the cluster's entries. The current context is cleared if it was the cluster's.
    ///
    /// - Throws: `SlipwayError` when `text` is not a kubeconfig. Then nothing should be written.
    public static func removing(cluster: ClusterIdentity, from text: String) throws -> String {
        try editing(text, doing: "removing the cluster from the kubeconfig file", for: cluster) { document in
            let owned = OwnedNames(cluster)
            let contexts = document.ownContexts(owned)
            document.remove(.contexts) { contexts.contains($0) }
            document.remove(.clusters) { $0 == owned.entry }
            document.remove(.users) { $0 == owned.entry }
            if let current = document.currentContext, contexts.contains(current) { document.currentContext = "" }
        }
    }

    /// The name of the cluster's context in the text, nil when it has none.
    /// - Throws: `SlipwayError` when `text` is not a kubeconfig.
    public static func contextName(of cluster: ClusterIdentity, in text: String) throws -> String? {
        try reading(text, doing: "looking for the cluster in the kubeconfig file", for: cluster).ownContexts(OwnedNames(cluster)).first
    }

    /// Whether the text names no cluster, no user and no context: a file that could as well not be there.
    /// - Throws: `SlipwayError` when `text` is not a kubeconfig.
    public static func isEmpty(_ text: String) throws -> Bool {
        let document = try reading(text, doing: "reading the kubeconfig file", for: nil)
        return KubeconfigDocument.Section.allCases.allSatisfy { document.entries($0).isEmpty }
    }

    private static func editing(
        _ text: String, doing: String, for cluster: ClusterIdentity, _ edit: (inout KubeconfigDocument) throws -> Void
    ) throws -> String {
        let before = try reading(text, doing: doing, for: cluster)
        var after = before
        do {
            try edit(&after)
            return after.root == before.root ? text : try after.rendered()
        } catch let problem as KubeconfigProblem {
            throw problem.error(doing: doing, for: cluster)
        }
    }

    private static func reading(_ text: String, doing: String, for cluster: ClusterIdentity?) throws -> KubeconfigDocument {
        do {
            return try KubeconfigDocument(text)
        } catch let problem as KubeconfigProblem {
            throw problem.error(doing: doing, for: cluster)
        }
    }
}

/// The names that belong to one cluster and to no other.
struct OwnedNames {
    /// Of the cluster's and the user's entry.
    let entry: String
    /// What the context may be called, best first.
    let contexts: [String]

    init(_ cluster: ClusterIdentity) {
        entry = "slipway-\(cluster.name)-\(cluster.uid)"
        contexts = [cluster.name, "\(cluster.name)-\(cluster.uid)", entry]
    }
}

/// Why a kubeconfig cannot be edited. Holds nothing of the file but names and positions.
struct KubeconfigProblem: Error {
    var cause: String
    var line: Int?

    func error(doing: String, for cluster: ClusterIdentity?) -> SlipwayError {
        SlipwayError(
            .failed, at: cluster.map { Address(.kubeconfig, $0.name) }, doing: doing,
            cause: line.map { "line \($0): \(cause)" } ?? cause,
            hint: "The file was left as it is. Correct it, or move it away, or point KUBECONFIG to another file; then run it again.")
    }
}
